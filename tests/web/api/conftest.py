"""The service itself over the town: gunicorn with two processes on a port, started once for each kind of database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from tests.evidence.builders import KEYS
from tests.fixtures.databases import Server as DatabaseServer
from tests.fixtures.servers import Installation, running
from tests.web import town
from timebank.config import Keys, store_keys
from timebank.database import new_engine, writing
from timebank.evidence import keys as log_keys


@dataclass(frozen=True)
class Served:
    """The running service: its address, and an engine on its database for what a test does past it."""

    url: str
    engine: Engine


@contextmanager
def _serving(databases: DatabaseServer, folder: Path) -> Iterator[Served]:
    url = databases.migrated()
    engine = new_engine(url)
    with writing(engine) as session:
        town.build(session)
    store_keys(folder, Keys(b"s" * 32, b"e" * 32, b"l" * 32))
    log_keys.store_keys(folder, KEYS)
    with running(Installation(database_url=url, folder=folder)) as server:
        yield Served(f"{server.url}/api/v1", engine)
    engine.dispose()


@pytest.fixture(scope="session")
def start_once() -> Iterator[Callable[[str, DatabaseServer, Path], Served]]:
    """Start the service of this worker on a kind of database, where it is not running yet."""
    made: dict[str, Served] = {}
    with ExitStack() as started:

        def start(kind: str, databases: DatabaseServer, folder: Path) -> Served:
            if kind not in made:
                made[kind] = started.enter_context(_serving(databases, folder))
            return made[kind]

        yield start


@pytest.fixture
def served(start_once, database_kind, database_server, tmp_path_factory) -> Served:
    """The service over the town; what one test has written is there for the next one too."""
    found: Served = start_once(database_kind, database_server, tmp_path_factory.mktemp("served"))
    return found
