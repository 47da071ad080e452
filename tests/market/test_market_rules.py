"""The small decisions of the market: from when a price holds, who may undo, how much is left in a word."""

from datetime import date
from uuid import UUID

import pytest

from timebank.market.rules import (
    RedemptionFacts,
    StockLevel,
    UndoForOneself,
    UndoNeedsAnother,
    check_undo,
    first_day_for,
    stock_level_for,
)

YESTERDAY, TODAY, TOMORROW, LATER = (date(2026, 11, day) for day in (22, 23, 24, 30))
CLERK, OTHER, VOLUNTEER, DAUGHTER = (UUID(int=number) for number in range(4))


class TestFromWhichDayAPriceHolds:
    """trust.md T8: nobody lowers a price, redeems, and puts it back on the same day."""

    @pytest.mark.parametrize(
        ("first_day", "wanted_from", "has_price"),
        [
            (TODAY, YESTERDAY, False),
            (TODAY, TODAY, False),
            (TOMORROW, TOMORROW, False),
            (TOMORROW, YESTERDAY, True),
            (TOMORROW, TODAY, True),
            (TOMORROW, TOMORROW, True),
            (LATER, LATER, True),
        ],
    )
    def test_a_first_price_may_hold_today_and_a_change_tomorrow_at_the_earliest(
        self, first_day, wanted_from, has_price
    ):
        assert first_day == first_day_for(wanted_from=wanted_from, today=TODAY, has_price=has_price)


class TestWhoMayTakeARedemptionBack:
    """S5 and trust.md T7: the same day whoever serves, later another person; never for oneself."""

    SERVED = RedemptionFacts(person_id=VOLUNTEER, served_by_id=CLERK, redeemed_on=TODAY)

    @pytest.mark.parametrize(("undoer", "day"), [(CLERK, TODAY), (OTHER, TODAY), (OTHER, TOMORROW)])
    def test_who_may(self, undoer, day):
        check_undo(self.SERVED, undoer_id=undoer, close=(), today=day)

    def test_who_served_may_not_on_a_later_day(self):
        with pytest.raises(UndoNeedsAnother):
            check_undo(self.SERVED, undoer_id=CLERK, close=(), today=TOMORROW)

    def test_nobody_may_for_themselves(self):
        with pytest.raises(UndoForOneself):
            check_undo(self.SERVED, undoer_id=VOLUNTEER, close=(), today=TODAY)

    def test_nobody_may_for_somebody_close_to_them(self):
        with pytest.raises(UndoForOneself):
            check_undo(self.SERVED, undoer_id=DAUGHTER, close={VOLUNTEER}, today=TODAY)


class TestHowMuchIsLeft:
    """experience.md section 3: stock in words, 充足, 偏少, 快没了."""

    @pytest.mark.parametrize(
        ("level", "pieces"),
        [
            (StockLevel.NONE, 0),
            (StockLevel.LAST, 1),
            (StockLevel.LAST, 3),
            (StockLevel.LOW, 4),
            (StockLevel.LOW, 10),
            (StockLevel.PLENTY, 11),
        ],
    )
    def test_a_number_of_pieces_has_one_word(self, level, pieces):
        assert level is stock_level_for(pieces, 10)
