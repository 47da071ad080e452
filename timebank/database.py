"""The database: one metadata for all tables, the engines, the transactions; the one place that commits.

What a reader must know before changing this:

- SQLite runs with `synchronous=FULL`, foreign keys, recursive triggers (else `INSERT OR REPLACE` slips past the
  append-only triggers) and `BEGIN IMMEDIATE` for writers; WAL only on a version without the WAL-reset bug.
- PostgreSQL runs at READ COMMITTED with bounded waits. An application that logs in as the owner of the schema steps
  down to the role `timebank_app`, which has no UPDATE, DELETE or TRUNCATE on the books.
- Reading and writing use different sessions: a session opened for reading cannot change anything on either database.
"""

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as PageSession
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import DateTime, TypeDecorator

from timebank import turns
from timebank.refusal import Refusal

APP_ROLE: Final = "timebank_app"
"""PostgreSQL role of the running application; made and granted by the migrations."""

POSTGRESQL_LIMITS: Final = (
    "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
)
BUSY_TIMEOUT_MS: Final = 5000
SQLITE_GENERIC_ERROR: Final = 1
"""SQLite's number for a statement that is wrong: what is locked, full or unreadable has other numbers, one class."""
SQLITE_READ_ONLY: Final = 8
"""SQLite's number for a write where nothing may be written: the program's fault where it only reads."""
FAULTS_OF_A_WRITER: Final = frozenset({SQLITE_GENERIC_ERROR})
FAULTS_OF_A_READER: Final = FAULTS_OF_A_WRITER | {SQLITE_READ_ONLY}


def _sqlite_module() -> Any:  # two modules with the same DB-API and no common type
    """Return the newer of Python's own SQLite and the bundled one of `pysqlite3`."""
    try:
        bundled = importlib.import_module("pysqlite3.dbapi2")
    except ModuleNotFoundError:
        return sqlite3
    return bundled if bundled.sqlite_version_info > sqlite3.sqlite_version_info else sqlite3


SQLITE: Final = _sqlite_module()


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite version is free of the WAL-reset bug.

    Source: the bug is in 3.7.0 to 3.51.2; fixed in 3.51.3 and in the backports 3.50.7 and 3.44.6.
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of all rows; one metadata, one naming convention."""

    metadata = sa.MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment; store UTC."""
        if value is None:
            return None
        assert value.tzinfo is not None, f"naive datetime {value}"
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC on both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def whole(column: str, low: int, high: int) -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """Build the CHECKs that keep a column a whole number in a range (both ends included).

    SQLite would store `1.5` and `'9x'` in an integer column, so there the type is checked as well.
    """
    in_range = sa.CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"{column}_range")
    is_whole = sa.CheckConstraint(f"typeof({column}) IN ('integer', 'null')", name=f"{column}_whole")
    return in_range, is_whole.ddl_if(dialect="sqlite")


def new_engine(url: str) -> Engine:
    """Open an engine on a database of ours, with everything that its promises rest on."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    options = f"{POSTGRESQL_LIMITS} -c jit=off -c role={APP_ROLE}"
    return sa.create_engine(
        url, pool_pre_ping=True, connect_args={"application_name": "timebank", "options": options, "connect_timeout": 5}
    )


def _sqlite_engine(url: str) -> Engine:
    # Last in, first out: a connection that has read reads again, and one that has written writes again.
    engine = sa.create_engine(url, module=SQLITE, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, pool_use_lifo=True)
    sa.event.listen(engine, "connect", prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def prepare_sqlite(connection: Any, _record: object) -> None:  # a DB-API connection of either module
    """Set what every SQLite connection of ours needs; the journal mode depends on the version (WAL-reset bug)."""
    connection.isolation_level = None
    journal = "WAL" if wal_is_safe(SQLITE.sqlite_version_info) else "DELETE"
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin as a reader that cannot write, or as a writer that has the lock before it reads.

    The pragma is set only where it changes something, for it makes SQLite prepare every statement anew.
    """
    reading_only = connection.get_execution_options().get("reading_only", False)
    if connection.info.get(_READING_ONLY) is not reading_only:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading_only else 'OFF'}")
        connection.info[_READING_ONLY] = reading_only
    connection.exec_driver_sql("BEGIN DEFERRED" if reading_only else "BEGIN IMMEDIATE")


_READING_ONLY: Final = "timebank reading only"


def reading_engine(engine: Engine) -> Engine:
    """Return the same engine for reading: one consistent snapshot, and no way to change anything."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading_only=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


class ReadingSession(PageSession):
    """The session of the pages: it only reads. Writing goes through `writing()`."""

    _reading: Engine | None = None

    def get_bind(self, *arguments: Any, **options: Any) -> Engine | sa.Connection:  # SQLAlchemy's own
        """Read through an engine that cannot write: always the same, for each engine has a connection of its own."""
        if self._reading is None:
            bind = super().get_bind(*arguments, **options)
            assert isinstance(bind, Engine), bind
            self._reading = reading_engine(bind)
        return self._reading

    def close(self) -> None:
        """Let go. A connection that broke has nothing left to undo, and the page's answer must not be lost for it."""
        try:
            super().close()
        except (sa.exc.OperationalError, sa.exc.InterfaceError):
            self.invalidate()


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with our engines."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return new_engine(sa.make_url(options["url"]).render_as_string(hide_password=False))


db = Database(model_class=Base, session_options={"class_": ReadingSession})
"""The reading sessions of the pages (`db.session`) and the engine of the application (`db.engine`)."""


class Busy(Refusal):
    """The database could not be had in time; the same request may be sent again and counts once."""

    code = "busy"


@contextmanager
def writing(engine: Engine | None = None) -> Iterator[Session]:
    """Open a session of its own, begin, and commit at the end: the only commit in the code.

    Any error rolls everything back. A refusal that was stored under its request key is the one exception: what it did
    is already undone, and the stored refusal is kept. The page that has written reads on from a new snapshot, in which
    it sees what it wrote.

    Args:
        engine: where to write; None takes the application's.

    Raises:
        Busy: the database is locked or away; the caller may try again with the same request key.
    """
    engine_used = engine or db.engine
    with _turn(engine_used), _out_of_reach_is_busy(), Session(engine_used, expire_on_commit=False) as session:
        session.connection()
        try:
            yield session
        except Refusal as refusal:
            if refusal.remembered:
                session.commit()
            raise
        session.commit()
    if engine is None:
        db.session.rollback()


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let the writers of a SQLite file come one after the other; PostgreSQL has a queue of its own."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    try:
        with turns.turn(path, patience_seconds=BUSY_TIMEOUT_MS / 1000):
            yield
    except turns.TooLong as error:
        raise Busy() from error


@contextmanager
def _out_of_reach_is_busy(faults: frozenset[int] = FAULTS_OF_A_WRITER) -> Iterator[None]:
    """Where the connection breaks during the commit nobody knows what became of it: the same key tells."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        if is_fault_of_the_program(error, faults):
            raise
        raise Busy() from error


def is_fault_of_the_program(error: BaseException, faults: frozenset[int] = FAULTS_OF_A_WRITER) -> bool:
    """Tell a statement that is wrong from a database that is out of reach; the first error of the chain decides.

    Where SQLite gives up a whole transaction by itself (disk full), undoing its savepoint is one more error after that.
    """
    numbers = {getattr(link, "sqlite_errorcode", None) for link in _chain(error)} - {None}
    return bool(numbers) and numbers <= faults


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__context__


@contextmanager
def rehearsing(engine: Engine | None = None) -> Iterator[Session]:
    """Open a writing session whose work is always undone: the dry run does what the real run would do."""
    engine_used = engine or db.engine
    with _turn(engine_used), _out_of_reach_is_busy(), Session(engine_used, expire_on_commit=False) as session:
        session.connection()
        try:
            yield session
        finally:
            session.rollback()


@contextmanager
def reading(engine: Engine | None = None) -> Iterator[Session]:
    """Open a session that only reads, on one consistent snapshot.

    Raises:
        Busy: the database is locked or away.
    """
    with _out_of_reach_is_busy(FAULTS_OF_A_READER), Session(reading_engine(engine or db.engine)) as session:
        try:
            yield session
        finally:
            session.rollback()
