"""Places: where the databases of the benchmark are made: files in a folder, or databases on a server that is named.

What takes long to make is kept under a name that holds a hash of the schema, and copied.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from timebank import schema
from timebank.bench.measuring import cpu_seconds_of, own_cpu_seconds
from timebank.database import new_engine
from timebank.resources import migrations_folder

PREFIX: Final = "timebank_bench"
"""How the names of our databases begin on a server."""
Build = Callable[[Engine], None]


class Place(Protocol):
    """Databases of one kind."""

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""

    def copy_of(self, name: str, build: Build) -> str:
        """Return the address of a copy of what `build` makes; that itself is made once and kept under its name."""

    def drop(self, url: str) -> None:
        """Remove a copy."""

    def forget(self) -> None:
        """Remove what was made in this run to be copied."""

    @property
    def not_durable(self) -> str:
        """Why a commit here may be lost; empty where it may not."""


@contextmanager
def opened(place: Place, name: str, build: Build) -> Iterator[Engine]:
    """Open a copy of what `build` makes, and remove it afterwards."""
    url = place.copy_of(name, build)
    engine = new_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
        place.drop(url)


def cpu_with(backend: int | None) -> Callable[[], float]:
    """Return what reads the CPU of this process and of the database's process that works for it.

    Args:
        backend: number of that process; None where the database is a library, or the process cannot be seen.
    """
    if backend is None:
        return own_cpu_seconds
    return lambda: own_cpu_seconds() + (cpu_seconds_of(backend) or 0.0)


def backend_of(engine: Engine) -> int | None:
    """Return the number of the database's process that works for an engine of one connection."""
    if engine.dialect.name == "sqlite":
        return None
    with engine.connect() as connection:
        backend: int = connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0
    return backend if cpu_seconds_of(backend) is not None else None


def schema_hash() -> str:
    """Return eight hex digits that change whenever a migration does."""
    steps = sorted((migrations_folder() / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(step.read_bytes() for step in steps)).hexdigest()[:8]


def _make(url: str, build: Build) -> None:
    schema.upgrade(url)
    engine = new_engine(url)
    build(engine)
    engine.dispose()
    if sa.make_url(url).get_backend_name() == "postgresql":
        _count_rows(url)


def _count_rows(url: str) -> None:
    """Let the planner know how large the tables are, as a server's own housekeeping does within minutes.

    A copy that nobody has counted is planned as if it were empty, and the figures would tell of that.
    """
    owner = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with owner.connect() as connection:
        connection.execute(sa.text("ANALYZE"))


@dataclass
class Files:
    """SQLite files in a folder. kept: the folder of what is made once."""

    folder: Path
    kept: Path
    kind: str = "sqlite"
    copies: int = 0

    def copy_of(self, name: str, build: Build) -> str:
        """See `Place`."""
        original = self.kept / f"{schema_hash()}-{name}.db"
        if not original.exists():
            self.kept.mkdir(parents=True, exist_ok=True)
            half_made = original.with_suffix(".part")
            self._remove(half_made)
            _make(f"sqlite:///{half_made}", build)
            half_made.rename(original)
        self.copies += 1
        copy = self.folder / f"{self.copies}.db"
        shutil.copyfile(original, copy)
        return f"sqlite:///{copy}"

    def drop(self, url: str) -> None:
        """See `Place`."""
        self._remove(Path(url.removeprefix("sqlite:///")))

    def forget(self) -> None:
        """See `Place`; the folder is the caller's."""

    @property
    def not_durable(self) -> str:
        """See `Place`: every connection of ours says `synchronous=FULL`, and `promises` asks it."""
        return ""

    def _remove(self, file: Path) -> None:
        for ending in ("", "-wal", "-shm", "-journal", "-turn"):
            Path(f"{file}{ending}").unlink(missing_ok=True)


class Server:
    """Databases on a PostgreSQL server; whoever is named in the address may create databases there."""

    kind = "postgresql"

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self._url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self._admin = sa.create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._prefix = prefix
        self._copies = 0
        self._made: list[str] = []

    def copy_of(self, name: str, build: Build) -> str:
        """See `Place`."""
        original = f"{self._prefix}_{schema_hash()}_{name}"
        if not self._exists(original):
            half_made = f"{original}_part"
            self._run(f'DROP DATABASE IF EXISTS "{half_made}"', f"CREATE DATABASE \"{half_made}\" ENCODING 'UTF8'")
            _make(self._address(half_made), build)
            self._run(f'ALTER DATABASE "{half_made}" RENAME TO "{original}"')
            self._made.append(original)
        self._copies += 1
        copy = f"{self._prefix}_{os.getpid()}_{self._copies}"
        self._run(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)', f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
        return self._address(copy)

    def drop(self, url: str) -> None:
        """See `Place`."""
        self._run(f'DROP DATABASE IF EXISTS "{sa.make_url(url).database}" WITH (FORCE)')

    def forget(self) -> None:
        """See `Place`."""
        self._run(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in self._made))

    @property
    def not_durable(self) -> str:
        """See `Place`."""
        with self._admin.connect() as connection:
            told = {name: connection.scalar(sa.text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit")}
        off = [f"{name}={value}" for name, value in told.items() if value == "off"]
        return f"commits are not durable on this server: {', '.join(off)}" if off else ""

    def _address(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def _exists(self, database: str) -> bool:
        with self._admin.connect() as connection:
            found = connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": database})
        return found is not None

    def _run(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
