"""What the tests of the market may ask for: a shop that is open already, made once per worker and database.

Every test works in a transaction that is undone, so all may share it.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.fixtures.databases import Premises, Server, SharedPremises, built_once
from tests.market.builders import Shop, a_shop


@pytest.fixture(scope="session")
def shared_premises() -> Iterator[SharedPremises[Shop]]:
    """The databases with an open shop, by kind."""
    with built_once(a_shop) as premises:
        yield premises


@pytest.fixture
def premises(database_kind: str, database_server: Server, shared_premises: SharedPremises[Shop]) -> Premises[Shop]:
    """The database with an open shop of this kind."""
    return shared_premises.of(database_kind, database_server)


@pytest.fixture
def common_engine(premises: Premises[Shop]) -> Engine:
    """In this folder `session` works where a shop is open."""
    return premises.engine


@pytest.fixture
def shop(session: Session, premises: Premises[Shop]) -> Shop:
    """An open shop with nothing on its shelf, in the transaction of this test."""
    return replace(premises.place, session=session)
