"""What the tests of batches may ask for: an office that is open already, made once per worker and database.

Every test works in a transaction that is undone, so all may share it.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.fixtures.databases import Premises, Server, SharedPremises, built_once
from tests.imports.builders import Office, an_office


@pytest.fixture(scope="session")
def shared_premises() -> Iterator[SharedPremises[Office]]:
    """The databases with an open office, by kind."""
    with built_once(an_office) as premises:
        yield premises


@pytest.fixture
def premises(database_kind: str, database_server: Server, shared_premises: SharedPremises[Office]) -> Premises[Office]:
    """The database with an open office of this kind."""
    return shared_premises.of(database_kind, database_server)


@pytest.fixture
def common_engine(premises: Premises[Office]) -> Engine:
    """In this folder `session` works where an office is open."""
    return premises.engine


@pytest.fixture
def office(session: Session, premises: Premises[Office]) -> Office:
    """An open office without any volunteers, in the transaction of this test."""
    return replace(premises.place, session=session)
