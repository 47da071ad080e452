"""The pace at the till: nobody is served again and again within an hour, at the counter or for what was reserved."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.market.builders import a_good, a_volunteer, redeem, undo
from tests.people.builders import acting_as as acting_as_volunteer
from timebank.market import operations
from timebank.market.operations import BasketLine
from timebank.market.rules import Pace, RedeemedTooOften, ServedTooOften, check_pace
from timebank.rulebook.rules import ordinary_document

A_MINUTE = timedelta(minutes=1)
SHOP = ordinary_document().market


class TestTheNumbers:
    """The community decides: one clerk twenty times, all clerks together thirty times."""

    @pytest.mark.parametrize("pace", [Pace(0, 0), Pace(19, 29)])
    def test_below_both_limits_goes_on(self, pace):
        check_pace(SHOP, pace, "V0001")

    def test_one_clerk_twenty_times(self):
        with pytest.raises(ServedTooOften) as refused:
            check_pace(SHOP, Pace(20, 20), "V0001")
        assert {"volunteer": "V0001", "times": 20} == refused.value.facts

    def test_thirty_times_whoever_serves(self):
        with pytest.raises(RedeemedTooOften) as refused:
            check_pace(SHOP, Pace(10, 30), "V0001")
        assert {"volunteer": "V0001", "times": 30} == refused.value.facts


class TestPace:
    """trust.md X18: undone ones count too, another clerk goes on, and an hour later the first."""

    @pytest.fixture
    def wang(self, shop):
        return a_volunteer(shop, points_e2=3000)

    def serve_again_and_again(self, shop, wang, soap, times=SHOP.served_an_hour_max, by=None):
        for minute in range(times):
            moment = NOON + minute * A_MINUTE
            undo(shop, redeem(shop, wang, (soap, 1), by=by, at=moment), by=by, at=moment)

    def test_another_clerk_goes_on_until_thirty_and_an_hour_later_it_is_forgotten(self, shop, wang):
        soap = a_good(shop)
        self.serve_again_and_again(shop, wang, soap)

        with pytest.raises(ServedTooOften):
            redeem(shop, wang, (soap, 1), at=NOON + 59 * A_MINUTE)
        redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1), at=NOON + 30 * A_MINUTE)
        self.serve_again_and_again(shop, wang, soap, times=10, by=shop.other_clerk)
        with pytest.raises(RedeemedTooOften):
            redeem(shop, wang, (soap, 1), by=shop.other_clerk, at=NOON + 59 * A_MINUTE)
        redeem(shop, wang, (soap, 1), at=NOON + 61 * A_MINUTE)

    def test_what_was_reserved_is_not_fetched_around_it(self, shop, wang):
        soap = a_good(shop)
        act = acting_as_volunteer(wang, at=NOON)
        basket = (BasketLine(soap, 1),)
        reserved = operations.reserve(shop.session, act, volunteer_number=wang.number, basket=basket)
        self.serve_again_and_again(shop, wang, soap)

        with pytest.raises(ServedTooOften):
            operations.pick_up(
                shop.session, shop.act(at=NOON + 30 * A_MINUTE), reservation_number=reserved["number"], basket=None
            )
