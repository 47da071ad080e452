"""Baskets: priced as a whole, or refused as a whole with every reason."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.market.builders import reasons
from timebank.market.rules import (
    BASKET_GOODS_MAX,
    PIECES_MAX,
    BasketLine,
    BasketRefused,
    BasketSize,
    CustomerFacts,
    GoodFacts,
    Price,
    PricedLine,
    ShelfLot,
    first_expired_first_out,
    free_pieces,
    price_basket,
)

TODAY = date(2026, 11, 23)
SOAP, RICE = "G0001", "G0002"


def a_good(number=SOAP, **changes):
    """A good at 3 points with ten pieces of one lot on the shelf."""
    plain = GoodFacts(
        number=number,
        name="香皂",
        unit_word="块",
        active=True,
        price=Price(points_e2=300, version=1),
        lots=(ShelfLot("L000001", None, 10),),
        month_pieces_max=None,
        had_pieces=0,
    )
    return replace(plain, **changes)


def a_customer(points_e2=100_000, redemptions=0, redemptions_max=2):
    return CustomerFacts(points_e2, redemptions, redemptions_max)


def priced(*lines, goods=(), customer=None):
    known = {good.number: good for good in goods or [a_good()]}
    return price_basket([BasketLine(*line) for line in lines], known, customer or a_customer(), TODAY)


def problems(*lines, goods=(), customer=None):
    """Return the reasons for which a basket is refused."""
    with pytest.raises(BasketRefused) as refused:
        priced(*lines, goods=goods, customer=customer)
    return reasons(refused.value)


class TestPricing:
    """experience.md 0.2: no amounts are typed; the total is computed from the list in force."""

    def test_a_line_costs_pieces_times_price(self):
        basket = priced((SOAP, 2))

        assert 600 == basket.points_e2
        assert (PricedLine(SOAP, "L000001", 2, Price(300, 1)),) == basket.lines

    def test_two_goods_cost_both(self):
        goods = [a_good(), a_good(RICE, price=Price(4450, 2), lots=(ShelfLot("L000002", None, 1),))]

        assert 300 + 4450 == priced((SOAP, 1), (RICE, 1), goods=goods).points_e2

    def test_one_good_may_come_from_two_lots(self):
        lots = (ShelfLot("L000001", None, 1), ShelfLot("L000002", date(2026, 12, 1), 2))

        basket = priced((SOAP, 3), goods=[a_good(lots=lots)])

        assert [("L000002", 2), ("L000001", 1)] == [(line.lot_number, line.pieces) for line in basket.lines]
        assert 900 == basket.points_e2

    @pytest.mark.parametrize("pieces", [1, PIECES_MAX])
    def test_one_to_ninety_nine_pieces_go_through(self, pieces):
        goods = [a_good(lots=(ShelfLot("L000001", None, 99),))]

        assert pieces * 300 == priced((SOAP, pieces), goods=goods).points_e2

    @pytest.mark.parametrize("pieces", [0, -1, PIECES_MAX + 1, 2**63, True])
    def test_other_numbers_of_pieces_are_refused(self, pieces):
        assert [{"code": "pieces_out_of_range", "pieces_max": 99}] == problems((SOAP, pieces))

    def test_an_empty_basket_is_refused(self):
        with pytest.raises(BasketSize) as refused:
            priced()

        assert {"goods": 0, "goods_max": BASKET_GOODS_MAX} == refused.value.facts

    @pytest.mark.parametrize(("kinds", "fits"), [(BASKET_GOODS_MAX, True), (BASKET_GOODS_MAX + 1, False)])
    def test_fifty_kinds_of_goods_fit_and_no_more(self, kinds, fits):
        goods = [a_good(f"G{number:04d}") for number in range(1, kinds + 1)]
        lines = [(good.number, 1) for good in goods]

        if fits:
            assert kinds * 300 == priced(*lines, goods=goods).points_e2
        else:
            with pytest.raises(BasketSize):
                priced(*lines, goods=goods)


class TestWhyABasketIsRefused:
    """experience.md 2.4: the sentence says how many points are missing, how many are left, how many were had."""

    def test_one_hundredth_too_few_points(self):
        found = problems((SOAP, 2), customer=a_customer(points_e2=599))

        expected = {
            "code": "points_short",
            "missing_points_e2": 1,
            "needed_points_e2": 600,
            "available_points_e2": 599,
        }
        assert [expected] == found

    def test_just_enough_points(self):
        assert 600 == priced((SOAP, 2), customer=a_customer(points_e2=600)).points_e2

    def test_the_last_piece_goes_and_one_more_does_not(self):
        assert 3000 == priced((SOAP, 10)).points_e2
        assert [{"code": "out_of_stock", "left_pieces": 10, "pieces": 11}] == problems((SOAP, 11))

    def test_the_monthly_limit_is_reached_and_not_passed(self):
        goods = [a_good(month_pieces_max=2, had_pieces=1)]

        assert 300 == priced((SOAP, 1), goods=goods).points_e2
        assert [{"code": "good_limit_reached", "month_pieces_max": 2, "had_pieces": 1, "pieces": 2}] == problems(
            (SOAP, 2), goods=goods
        )

    def test_the_second_redemption_of_a_month_goes_and_the_third_does_not(self):
        assert 300 == priced((SOAP, 1), customer=a_customer(redemptions=1)).points_e2
        assert [{"code": "redemptions_limit_reached", "redemptions": 2, "redemptions_max": 2}] == problems(
            (SOAP, 1), customer=a_customer(redemptions=2)
        )

    def test_a_limit_that_is_switched_off_limits_nothing(self):
        assert 300 == priced((SOAP, 1), customer=a_customer(redemptions=99, redemptions_max=None)).points_e2

    def test_an_unknown_good(self):
        assert [{"code": "unknown_good"}] == problems(("G0099", 1))

    def test_a_good_without_a_price(self):
        assert [{"code": "no_price"}] == problems((SOAP, 1), goods=[a_good(price=None)])

    def test_a_good_that_is_no_longer_offered(self):
        assert [{"code": "good_not_offered"}] == problems((SOAP, 1), goods=[a_good(active=False)])

    def test_a_price_that_is_not_the_one_that_was_shown(self):
        assert [{"code": "price_changed", "shown_points_e2": 299, "price_points_e2": 300}] == problems((SOAP, 1, 299))
        assert 300 == priced((SOAP, 1, 300)).points_e2

    def test_a_good_named_twice_is_not_added_up(self):
        found = problems((SOAP, 2), (SOAP, 2))

        assert [{"code": "good_repeated"}] == found

    def test_every_reason_is_named_at_once(self):
        goods = [a_good(lots=()), a_good(RICE, price=Price(5000, 1), month_pieces_max=1, had_pieces=1)]

        found = problems((SOAP, 1), (RICE, 1), ("G0099", 1), goods=goods, customer=a_customer(100, redemptions=2))

        assert [
            "redemptions_limit_reached",
            "points_short",
            "out_of_stock",
            "good_limit_reached",
            "unknown_good",
        ] == [problem["code"] for problem in found]

    def test_a_reason_names_the_good_as_people_call_it(self):
        with pytest.raises(BasketRefused) as refused:
            priced((SOAP, 11))

        problems: Any = refused.value.facts["problems"]
        assert {"good_number": SOAP, "good_name": "香皂", "unit_word": "块"}.items() <= problems[0].items()


class TestFirstExpiredFirstOut:
    """domain.md S3 and S4: what expires first is handed out first; what has expired never is."""

    LATER = ShelfLot("L000001", date(2027, 3, 31), 5)
    SOONER = ShelfLot("L000002", date(2026, 12, 1), 5)
    NEVER = ShelfLot("L000003", None, 5)

    def test_what_expires_first_goes_first_and_what_never_expires_last(self):
        chosen = first_expired_first_out([self.NEVER, self.LATER, self.SOONER], 11, TODAY)

        assert (("L000002", 5), ("L000001", 5), ("L000003", 1)) == chosen

    def test_of_two_alike_the_older_lot_goes_first(self):
        lots = [ShelfLot("L1000000", None, 1), ShelfLot("L999999", None, 1)]

        assert (("L999999", 1),) == first_expired_first_out(lots, 1, TODAY)

    @pytest.mark.parametrize(("day", "pieces"), [(22, 0), (23, 5), (24, 5)])
    def test_the_last_day_is_still_good_and_the_day_before_today_is_not(self, day, pieces):
        assert pieces == free_pieces([ShelfLot("L000001", date(2026, 11, day), 5)], TODAY)

    def test_an_expired_lot_is_not_sold_even_if_it_is_the_only_one(self):
        goods = [a_good(lots=(ShelfLot("L000001", date(2026, 11, 22), 5),))]

        assert [{"code": "out_of_stock", "left_pieces": 0, "pieces": 1}] == problems((SOAP, 1), goods=goods)

    @given(st.lists(st.tuples(st.integers(-5, 5), st.integers(1, 9)), max_size=6), st.data())
    def test_it_takes_exactly_what_is_asked_and_nothing_expired(self, lots, data):
        shelf = [
            ShelfLot(f"L{place:06d}", TODAY + timedelta(days=days), pieces) for place, (days, pieces) in enumerate(lots)
        ]
        pieces = data.draw(st.integers(0, free_pieces(shelf, TODAY)))

        chosen = first_expired_first_out(shelf, pieces, TODAY)

        there = {lot.number: lot for lot in shelf}
        days = [there[number].expires_on or TODAY for number, _part in chosen]
        assert pieces == sum(part for _number, part in chosen)
        assert all(0 < part <= there[number].pieces for number, part in chosen)
        assert all(day >= TODAY for day in days)
        assert sorted(days) == days
