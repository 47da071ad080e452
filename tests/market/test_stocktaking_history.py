"""What was written off and counted stays, whoever writes."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.market.builders import XFL, a_good
from tests.market.by_hand import REFUSED
from tests.market.test_stocktaking import begin, confirm, counted, propose, submit, tally
from timebank.market.tables import stocktaking

ROWS = [row for row in vars(stocktaking).values() if getattr(row, "__module__", "") == stocktaking.__name__]
TABLES = sorted(row.__tablename__ for row in ROWS if hasattr(row, "__tablename__"))


class TestWhatIsWrittenStays:
    """lessons.md D15 and D17: the history of the shelf is neither changed nor removed, whoever writes."""

    @pytest.fixture
    def books(self, shop):
        soap = a_good(shop, pieces=10)
        confirm(shop, propose(shop))
        counted(shop, soap, 7, G0001="少了一块")
        return replace(shop)

    @pytest.mark.parametrize("table", TABLES)
    def test_no_row_is_changed_or_deleted(self, books, table):
        assert books.session.scalar(sa.text(f"SELECT 1 FROM {table}"))
        for statement in (f"UPDATE {table} SET community_id = 'abc'", f"DELETE FROM {table}"):
            with pytest.raises(REFUSED), books.session.begin_nested():
                books.session.execute(sa.text(statement))

    def test_the_database_itself_demands_two_persons(self, shop):
        soap = a_good(shop, pieces=10)
        write_off, count = propose(shop), begin(shop)
        tally(shop, count, soap, 10)
        submit(shop, count)
        alone = {
            "community_id": XFL,
            "decided_by_id": shop.clerk.person_id,
            "decided_at": shop.act().at,
            "entry_seq": 1,
        }
        clerk = shop.clerk.person_id
        for row, values in (
            (
                stocktaking.WriteOffDecisionRow,
                {"write_off_number": write_off, "outcome": "confirmed", "proposed_by_id": clerk},
            ),
            (
                stocktaking.CountDecisionRow,
                {"count_number": count, "outcome": "finalised", "submitted_by_id": clerk, "reason": ""},
            ),
        ):
            with pytest.raises(REFUSED), shop.session.begin_nested():
                shop.session.execute(sa.insert(row), alone | values)
