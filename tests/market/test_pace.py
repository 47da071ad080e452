"""The pace at the till: one clerk does not serve one volunteer again and again within an hour."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.market.builders import a_good, a_volunteer, redeem, undo
from timebank.market.operations import ServedTooOften
from timebank.market.rules import SERVED_AN_HOUR_MAX

A_MINUTE = timedelta(minutes=1)


class TestPace:
    """Issue, fraud; trust.md X18: undone ones count too, another clerk goes on, and an hour later the first."""

    @pytest.fixture
    def wang(self, shop):
        return a_volunteer(shop, points_e2=3000)

    def serve_again_and_again(self, shop, wang, soap):
        for minute in range(SERVED_AN_HOUR_MAX):
            moment = NOON + minute * A_MINUTE
            undo(shop, redeem(shop, wang, (soap, 1), at=moment), at=moment)

    def test_twenty_within_an_hour_are_all(self, shop, wang):
        soap = a_good(shop)
        self.serve_again_and_again(shop, wang, soap)

        with pytest.raises(ServedTooOften) as refused:
            redeem(shop, wang, (soap, 1), at=NOON + 59 * A_MINUTE)
        assert {"volunteer": wang.number, "times": SERVED_AN_HOUR_MAX} == refused.value.facts

    def test_another_clerk_goes_on_and_so_does_the_first_with_another(self, shop, wang):
        soap = a_good(shop)
        self.serve_again_and_again(shop, wang, soap)

        redeem(shop, wang, (soap, 1), by=shop.other_clerk, at=NOON + 30 * A_MINUTE)
        redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1), at=NOON + 30 * A_MINUTE)

    def test_an_hour_later_it_is_forgotten(self, shop, wang):
        soap = a_good(shop)
        self.serve_again_and_again(shop, wang, soap)

        redeem(shop, wang, (soap, 1), at=NOON + 61 * A_MINUTE)
