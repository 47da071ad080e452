"""What the tests of batches may ask for: an office that is open already, made once per worker and database.

Every test works in a transaction that is undone, so all may share it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.fixtures.databases import Server
from tests.imports.builders import Office, an_office
from timebank.database import new_engine, writing


@dataclass(frozen=True)
class Premises:
    """A database with an open office in it, and who works there."""

    engine: Engine
    office: Office


@pytest.fixture(scope="session")
def all_premises() -> Iterator[dict[str, Premises]]:
    """The databases with an open office, by kind."""
    found: dict[str, Premises] = {}
    yield found
    for premises in found.values():
        premises.engine.dispose()


@pytest.fixture
def premises(database_kind: str, database_server: Server, all_premises: dict[str, Premises]) -> Premises:
    """The database with an open office of this kind; nobody commits in it any more."""
    if database_kind not in all_premises:
        engine = new_engine(database_server.migrated())
        with writing(engine) as session:
            office = an_office(session)
        sa.event.listen(engine, "commit", _refuse_to_commit)
        all_premises[database_kind] = Premises(engine, office)
    return all_premises[database_kind]


def _refuse_to_commit(_connection: sa.Connection) -> None:
    pytest.fail("this session is undone at the end of the test; a test that commits asks for `database`")


@pytest.fixture
def common_engine(premises: Premises) -> Engine:
    """In this folder `session` works where an office is open."""
    return premises.engine


@pytest.fixture
def office(session: Session, premises: Premises) -> Office:
    """An open office without any volunteers, in the transaction of this test."""
    return replace(premises.office, session=session)
