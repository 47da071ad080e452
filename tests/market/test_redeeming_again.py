"""Redeeming more than once: the limits of a month, the same request twice, points and goods put aside."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.market.builders import (
    A_DAY,
    XFL,
    a_good,
    a_volunteer,
    codes,
    earn,
    passbook,
    pieces_of,
    points_e2_of,
    reasons,
    redeem,
    shelf,
    undo,
)
from timebank.books import holds, journal
from timebank.books.requests import RequestKeyReused
from timebank.market import queries
from timebank.market.rules import BasketRefused


class TestLimitsOfAMonth:
    """domain.md section 2: at most two redemptions a month, and a limit of pieces where a good has one."""

    def test_two_pieces_of_two_and_not_a_third(self, shop):
        volunteer = a_volunteer(shop, points_e2=9000)
        soap = a_good(shop, month_pieces_max=2)
        redeem(shop, volunteer, (soap, 2))

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 1))

        assert [{"code": "good_limit_reached", "month_pieces_max": 2, "had_pieces": 2, "pieces": 1}] == reasons(
            refused.value
        )

    def test_two_redemptions_and_not_a_third(self, shop):
        volunteer = a_volunteer(shop, points_e2=9000)
        soap = a_good(shop)
        redeem(shop, volunteer, (soap, 1))
        redeem(shop, volunteer, (soap, 1))

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 1))

        assert [{"code": "redemptions_limit_reached", "redemptions": 2, "redemptions_max": 2}] == reasons(refused.value)

    def test_another_person_has_limits_of_their_own(self, shop):
        volunteer, other = a_volunteer(shop, points_e2=9000), a_volunteer(shop, points_e2=9000)
        soap = a_good(shop, month_pieces_max=2)
        redeem(shop, volunteer, (soap, 2))

        redeem(shop, other, (soap, 2))

        assert 8400 == points_e2_of(shop, other)

    def test_a_month_is_the_civil_one(self, shop):
        volunteer = a_volunteer(shop, points_e2=9000)
        soap = a_good(shop, month_pieces_max=1)
        last_minute = NOON.replace(day=30, hour=15, minute=59)
        redeem(shop, volunteer, (soap, 1), at=last_minute)

        with pytest.raises(BasketRefused):
            redeem(shop, volunteer, (soap, 1), at=last_minute)
        redeem(shop, volunteer, (soap, 1), at=last_minute + timedelta(minutes=1))

        assert 8400 == points_e2_of(shop, volunteer)

    def test_what_was_undone_does_not_count(self, shop):
        volunteer = a_volunteer(shop, points_e2=9000)
        soap = a_good(shop, month_pieces_max=2)
        for _time in range(2):
            undo(shop, redeem(shop, volunteer, (soap, 2)))

        redeem(shop, volunteer, (soap, 2))

        assert 8400 == points_e2_of(shop, volunteer)


class TestPressedTwice:
    """trust.md R8, R10 and R12: the same request counts once and is answered alike."""

    def test_counts_once(self, shop):
        volunteer = a_volunteer(shop, points_e2=6000)
        soap = a_good(shop)

        first = redeem(shop, volunteer, (soap, 1), request_key="the-same-key")
        again = redeem(shop, volunteer, (soap, 1), request_key="the-same-key")

        assert first == again
        assert (5700, 9) == (points_e2_of(shop, volunteer), pieces_of(shop, soap))

    def test_the_same_key_with_another_basket_is_refused(self, shop):
        volunteer = a_volunteer(shop, points_e2=6000)
        soap = a_good(shop)
        redeem(shop, volunteer, (soap, 1), request_key="the-same-key")

        with pytest.raises(RequestKeyReused):
            redeem(shop, volunteer, (soap, 2), request_key="the-same-key")

        assert 5700 == points_e2_of(shop, volunteer)

    def test_what_was_declined_stays_declined_even_if_points_arrive(self, shop):
        volunteer = a_volunteer(shop, points_e2=100)
        soap = a_good(shop)
        with pytest.raises(BasketRefused) as first:
            redeem(shop, volunteer, (soap, 1), request_key="the-same-key")
        earn(shop, volunteer, 6000)

        with pytest.raises(BasketRefused) as again:
            redeem(shop, volunteer, (soap, 1), request_key="the-same-key")

        assert first.value.facts == again.value.facts
        assert 6100 == points_e2_of(shop, volunteer)

    def test_two_keys_are_two_redemptions(self, shop):
        volunteer = a_volunteer(shop, points_e2=6000)
        soap = a_good(shop)

        redeem(shop, volunteer, (soap, 1))
        redeem(shop, volunteer, (soap, 1))

        assert 5400 == points_e2_of(shop, volunteer)


class TestPointsOnHold:
    """ledger.md section 1, decision 7: what is put aside cannot be spent until its time is over."""

    def test_points_put_aside_cannot_be_spent(self, shop):
        volunteer = a_volunteer(shop, points_e2=1000)
        put_aside(shop, volunteer, 800, expires_at=NOON + A_DAY)

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (a_good(shop), 1))

        assert 200 == refused.value.facts["available_points_e2"]

    def test_points_whose_hold_is_over_can_be_spent_without_waiting_for_the_night(self, shop):
        volunteer = a_volunteer(shop, points_e2=1000)
        put_aside(shop, volunteer, 800, expires_at=NOON)

        answer = redeem(shop, volunteer, (a_good(shop, price_e2=1000), 1))

        assert (0, 0) == (answer["available_e2"], points_e2_of(shop, volunteer))

    def test_goods_put_aside_are_not_for_sale_until_the_hold_is_over(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop, pieces=1)
        put_aside(shop, volunteer, 300, good=soap, expires_at=NOON + A_DAY)

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 1))
        answer = redeem(shop, volunteer, (soap, 1), at=NOON + A_DAY)

        assert ["out_of_stock"] == codes(refused.value)
        assert 2700 == answer["available_e2"]

    def test_points_that_are_owed_cannot_be_spent(self, shop):
        volunteer = a_volunteer(shop)
        award = earn(shop, volunteer, 600)
        redeem(shop, volunteer, (a_good(shop, price_e2=500), 1))
        earn(shop, volunteer, 300, vintage=2026)
        journal.reverse(shop.session, shop.act(), seq=award, reason="录错了")

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (a_good(shop, price_e2=100), 1))
        earn(shop, volunteer, 900)

        assert 0 == refused.value.facts["available_points_e2"]
        assert 700 == queries.passbook(shop.session, XFL, volunteer.number, NOON).available_e2


def put_aside(shop, volunteer, points_e2, *, expires_at, good=None):
    """Put points aside and, if a good is named, one piece of its first lot."""
    parts = [(passbook(volunteer), points_e2)]
    if good is not None:
        parts.append((shelf(good), 1))
    holds.place(shop.session, shop.act(), parts=parts, expires_at=expires_at, source="test", memo="")
