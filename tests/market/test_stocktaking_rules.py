"""What a count decides, without a database: what was counted, what is missing, on which lots it is booked."""

from datetime import date

import pytest

from timebank.market.rules import (
    CountBelowReserved,
    Counted,
    CountGoodsMoved,
    CountIncomplete,
    ShelfLot,
    SurplusWithoutLot,
    Tally,
    adjustments_for,
    counted_for,
)

SOON, LATER = date(2026, 12, 1), date(2027, 3, 1)


class TestWhatWasCounted:
    """trust.md X17: the difference is the one at the moment of counting."""

    def test_lines_of_several_people_add_up(self):
        lines = [Tally("G0001", 1, 5, 9), Tally("G0001", 1, 4, 9), Tally("G0001", 1, -1, 9)]

        assert (Counted("G0001", 8, 9),) == counted_for(lines, ["G0001"])
        assert -1 == counted_for(lines, [])[0].difference

    def test_a_later_round_takes_the_place_of_the_earlier_one(self):
        lines = [Tally("G0001", 1, 5, 9), Tally("G0001", 2, 0, 7), Tally("G0001", 2, 7, 7)]

        assert (Counted("G0001", 7, 7),) == counted_for(lines, ["G0001"])

    def test_a_good_that_moved_between_two_lines_is_counted_again(self):
        with pytest.raises(CountGoodsMoved) as refused:
            counted_for([Tally("G0001", 1, 5, 9), Tally("G0001", 1, 3, 8)], [])
        assert {"goods": ["G0001"]} == refused.value.facts

    def test_a_good_that_nobody_counted_is_named(self):
        with pytest.raises(CountIncomplete) as refused:
            counted_for([Tally("G0001", 1, 0, 0)], ["G0001", "G0002"])
        assert {"goods": ["G0002"]} == refused.value.facts


class TestOnWhichLots:
    """What is missing went from the lots that expire first; what is too many stands in the one that expires last."""

    FREE = (ShelfLot("L000002", LATER, 5), ShelfLot("L000001", SOON, 2))

    def test_what_is_missing_is_taken_from_the_lots_that_expire_first(self):
        counted = Counted("G0001", 4, 7)

        assert (("L000001", -2), ("L000002", -1)) == adjustments_for(counted, self.FREE, {})

    def test_what_is_too_many_goes_to_the_lot_that_expires_last_even_if_it_is_used_up(self):
        lots = {"L000001": SOON, "L000002": LATER, "L000003": SOON}

        assert (("L000002", 3),) == adjustments_for(Counted("G0001", 10, 7), (), lots)

    def test_what_is_put_aside_is_not_taken(self):
        assert (("L000001", -2), ("L000002", -5)) == adjustments_for(Counted("G0001", 1, 8), self.FREE, {})
        with pytest.raises(CountBelowReserved) as refused:
            adjustments_for(Counted("G0001", 0, 8), self.FREE, {})
        assert {"good": "G0001", "pieces": 1} == refused.value.facts

    def test_a_good_that_was_never_received_is_no_surplus(self):
        with pytest.raises(SurplusWithoutLot):
            adjustments_for(Counted("G0001", 1, 0), (), {})
