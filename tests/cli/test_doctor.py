"""`timebank doctor`: whether an installation is whole, and what of it is missing."""

import os

import pytest
import sqlalchemy as sa

from tests.books.weakening import weaken
from timebank.app import create_app
from timebank.config import read
from timebank.schema import SchemaDamaged

TAKEN = {
    "a number without its range": "transfer.ck_transfer_amount_range",
    "a reference that is not looked up": "line.fk_line_previous",
    "a key that may come twice": "entry.uq_entry_community_id_event_id",
    "a row that may come twice": "hold_resolution.pk_hold_resolution",
    "a column that may be empty": "entry.actor NOT NULL",
    "an index that is gone": "trail.ix_trail_actor",
    "a trigger that sleeps": "entry.entry_in_order",
}
"""One guard of each kind."""


@pytest.fixture
def damaged(database, office):
    """An office at a database that has lost one guard of each kind; the application may change what it must not."""
    engine = sa.create_engine(database.url)
    with engine.begin() as connection:
        for guard in TAKEN.values():
            weaken(connection, guard)
        if database.kind == "postgresql":
            connection.execute(sa.text("GRANT UPDATE ON entry TO timebank_app"))
    engine.dispose()
    database.engine.dispose()
    return office


class TestAWholeInstallation:
    """experience.md C: the operator asks one thing."""

    def test_says_that_it_is_whole(self, office, database):
        said = office("doctor")

        assert 0 == said.code
        assert "complete" in said.out


class TestWhatIsMissing:
    """ledger.md section 3: a missing guard stops writing and is named, one of every kind."""

    def test_the_doctor_names_all_of_it(self, damaged, database_kind):
        said = damaged("doctor", "--json")

        assert 0 != said.code
        assert [] == [guard for guard in TAKEN.values() if guard not in said.out + said.err]
        assert ("grant.entry.update" in said.out + said.err) == (database_kind == "postgresql")

    def test_the_service_does_not_start_and_names_all_of_it(self, damaged):
        with pytest.raises(SchemaDamaged) as refused:
            create_app(read(os.environ))

        assert [] == [guard for guard in TAKEN.values() if guard not in str(refused.value.facts["missing"])]

    def test_nothing_is_written(self, damaged):
        said = damaged("redeem", "V0001", "2100000000012", "--as", "zhao")

        assert 0 != said.code
        assert "entry.entry_in_order" in said.out + said.err
