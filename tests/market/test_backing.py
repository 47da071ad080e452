"""Backing: what the shelf is worth beside the points that are out, when that is too little, and points by month."""

from datetime import date, timedelta

import pytest

from tests.builders import NOON
from tests.market.builders import TODAY, XFL, a_good, a_volunteer, redeem, undo
from timebank.books.by_month import PointsMonth, points_by_month
from timebank.market.queries import Backing


class TestTheAlert:
    """domain.md section 4: backing ratio, alert; the threshold is the community's."""

    @pytest.mark.parametrize(("shelf_e2", "short"), [(4_999, True), (5_000, False), (5_001, False)])
    def test_below_the_rule_it_is_short(self, shelf_e2, short):
        assert short == Backing(shelf_e2, 10_000, 0).is_short(50)

    def test_never_without_a_rule_or_without_points(self):
        assert not Backing(0, 10_000, 0).is_short(None)
        assert not Backing(0, 0, 0).is_short(50)


class TestMonthByMonth:
    """Points issued, redeemed and expired, by the day for which they count."""

    def test_what_was_taken_back_is_taken_off(self, shop):
        soap, wang = a_good(shop), a_volunteer(shop, points_e2=1_000)
        redeem(shop, wang, (soap, 1))
        undo(shop, redeem(shop, wang, (soap, 1)))
        redeem(shop, wang, (soap, 1), at=NOON + timedelta(days=10))

        assert (
            PointsMonth(date(2026, 11, 1), 1_000, 300, 0),
            PointsMonth(date(2026, 12, 1), 0, 300, 0),
        ) == points_by_month(shop.session, XFL, TODAY)
        assert () == points_by_month(shop.session, XFL, date(2027, 1, 31))
