"""A small demo, made once for the whole run; tests only look at it. On SQLite, for the demo refuses anything else."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests.fixtures.databases import SqliteFiles
from tests.fixtures.run_folder import made_once
from tests.people.builders import VAULT
from timebank.database import new_engine, reading, writing
from timebank.demo import operations
from timebank.demo.diary import SMALL
from timebank.demo.operations import Demo
from timebank.demo.stage import COMMUNITY
from timebank.evidence.keys import new_keys

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def made_in(url: str) -> None:
    """Make the small demo in a migrated database."""
    engine = new_engine(url)
    log_key = str(new_keys(bytes(32)).verifier(COMMUNITY))
    with writing(engine) as session:
        operations.make(
            session, Demo(now=NOW, vault=VAULT, log_key=log_key, scale=SMALL), progress=lambda _done, _of: None
        )
    engine.dispose()


def _make() -> str:
    url = SqliteFiles().migrated()
    made_in(url)
    return url


@pytest.fixture(scope="module")
def demo() -> Iterator[Session]:
    """A session that reads the small demo."""
    engine = new_engine(made_once("small-demo", _make))
    with reading(engine) as session:
        yield session
    engine.dispose()
