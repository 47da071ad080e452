"""What the tests of the market may ask for: a shop that is open already, made once per worker and database.

Making one takes a tenth of a second; every test works in a transaction that is undone, so all may share it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.fixtures.databases import Server
from tests.market.builders import Shop, a_shop
from timebank.database import new_engine, writing


@dataclass(frozen=True)
class Premises:
    """A database with an open shop in it, and who works there."""

    engine: Engine
    shop: Shop


@pytest.fixture(scope="session")
def all_premises() -> Iterator[dict[str, Premises]]:
    """The databases with an open shop, by kind."""
    found: dict[str, Premises] = {}
    yield found
    for premises in found.values():
        premises.engine.dispose()


@pytest.fixture
def premises(database_kind: str, database_server: Server, all_premises: dict[str, Premises]) -> Premises:
    """The database with an open shop of this kind; nobody commits in it any more."""
    if database_kind not in all_premises:
        engine = new_engine(database_server.migrated())
        with writing(engine) as session:
            shop = a_shop(session)
        sa.event.listen(engine, "commit", _refuse_to_commit)
        all_premises[database_kind] = Premises(engine, shop)
    return all_premises[database_kind]


def _refuse_to_commit(_connection: sa.Connection) -> None:
    pytest.fail("this session is undone at the end of the test; a test that commits asks for `database`")


@pytest.fixture
def common_engine(premises: Premises) -> Engine:
    """In this folder `session` works where a shop is open."""
    return premises.engine


@pytest.fixture
def shop(session: Session, premises: Premises) -> Shop:
    """An open shop with nothing on its shelf, in the transaction of this test."""
    return replace(premises.shop, session=session)
