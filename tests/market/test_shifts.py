"""Shifts: the till is opened, handed over and closed with what was counted; no basket is forgotten in it."""

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import XFL, a_good, a_lot, a_volunteer, pieces_of, redeem, undo
from tests.market.by_hand import REFUSED
from tests.people.builders import acting_as as acting_as_volunteer
from timebank.market import operations, queries
from timebank.market.operations import (
    BasketLine,
    BasketsParked,
    CountedGood,
    NotYourShift,
    ParkedBasketGone,
    ParkedBasketWrong,
    ShiftClosed,
    ShiftIsYours,
    ShiftNotCounted,
    ShiftOpen,
)
from timebank.market.queries import NoSuchShift, ShiftLine
from timebank.market.rules import WriteOffCause
from timebank.market.tables import shifts as tables
from timebank.people.queries import NotAllowed

TILL = "一号收银台"


def begin(shop, till=TILL, by=None):
    return operations.open_shift(shop.session, shop.act(by), till=till)["number"]


def take_over(shop, number, by=None):
    operations.take_over_shift(shop.session, shop.act(by or shop.other_clerk), shift_number=number)


def close(shop, number, by=None, **counted):
    goods = tuple(CountedGood(good, pieces) for good, pieces in counted.items())
    return operations.close_shift(shop.session, shop.act(by), shift_number=number, counted=goods)


def park(shop, *lines, volunteer=None, till=TILL):
    basket = tuple(BasketLine(*line) for line in lines)
    number = volunteer.number if volunteer else None
    act = shop.act()
    return operations.park_basket(shop.session, act, till=till, volunteer_number=number, basket=basket)["number"]


def unpark(shop, number, by=None):
    return operations.unpark_basket(shop.session, shop.act(by), parked_number=number)


class TestShift:
    """experience.md T1, T8 and T10: open, hand over, close with what was counted beside what should be there."""

    def test_only_what_moved_is_counted_and_the_difference_is_seen(self, shop):
        redeem(shop, a_volunteer(shop, points_e2=300), (a_good(shop, pieces=5), 1))
        soap, rice = a_good(shop, pieces=5), a_good(shop, pieces=5)
        number = begin(shop)
        redeem(shop, a_volunteer(shop, points_e2=900), (soap, 2))
        undo(shop, redeem(shop, a_volunteer(shop, points_e2=900), (rice, 1)))
        assert (soap, rice) == queries.moved_since(
            shop.session, XFL, queries.shift(shop.session, XFL, number).after_seq
        )

        answer = close(shop, number, **{soap: 2, rice: 5})

        found = queries.shift(shop.session, XFL, number)
        assert 1 == answer["differences"]
        assert (1, 600) == (found.redemptions, found.points_e2)
        assert (ShiftLine(soap, 2, 3), ShiftLine(rice, 5, 5)) == found.lines
        assert 3 == pieces_of(shop, soap, "L000002")

    def test_what_came_was_spoilt_or_was_moved_is_counted_too(self, shop):
        """Issue, point 6: expected against counted for what moved, whichever way it moved."""
        came, spoilt, moved, still = (a_good(shop, pieces=5) for _ in range(4))
        lots = {one.lot.good_number: one.lot.number for one in queries.stock(shop.session, XFL, NOON)}
        number = begin(shop)
        a_lot(shop, came, 4)
        off = operations.propose_write_off(
            shop.session, shop.act(), lot_number=lots[spoilt], pieces=2, cause=WriteOffCause.DAMAGED, note="压坏了"
        )
        operations.confirm_write_off(shop.session, shop.act(shop.coordinator), write_off_number=off["number"])
        operations.move_stock(shop.session, shop.act(), lot_number=lots[moved], pieces=1, to_place="二号架", note="")

        with pytest.raises(ShiftNotCounted) as refused:
            close(shop, number)
        answer = close(shop, number, **{came: 9, spoilt: 2, moved: 5})

        assert {"goods": [came, spoilt, moved]} == refused.value.facts
        assert 1 == answer["differences"]
        assert still not in {line.good_number for line in queries.shift(shop.session, XFL, number).lines}

    def test_what_is_put_aside_has_not_moved_until_it_is_fetched(self, shop):
        soap, volunteer = a_good(shop, pieces=5), a_volunteer(shop, points_e2=900)
        number = begin(shop)
        act = acting_as_volunteer(volunteer)
        put = operations.reserve(shop.session, act, volunteer_number=volunteer.number, basket=(BasketLine(soap, 1),))
        after = queries.shift(shop.session, XFL, number).after_seq
        assert () == queries.moved_since(shop.session, XFL, after)

        operations.pick_up(shop.session, shop.act(), reservation_number=put["number"], basket=None)

        assert (soap,) == queries.moved_since(shop.session, XFL, after)

    def test_a_shift_in_which_nothing_moved_is_closed_at_once(self, shop):
        a_good(shop)
        assert 0 == close(shop, begin(shop))["differences"]

    @pytest.mark.parametrize("counted", [{}, {"G0001": -1}, {"G0001": 9, "G0002": 1}, {"G0002": 1}])
    def test_all_that_moved_and_nothing_else_is_counted(self, shop, counted):
        soap, _rice = a_good(shop), a_good(shop)
        number = begin(shop)
        redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1))
        with pytest.raises(ShiftNotCounted):
            close(shop, number, **counted)

    def test_one_shift_a_till(self, shop):
        first = begin(shop)
        with pytest.raises(ShiftOpen):
            begin(shop)
        begin(shop, "二号收银台")
        close(shop, first)
        begin(shop)

    def test_whoever_has_it_closes_it(self, shop):
        number = begin(shop)
        with pytest.raises(ShiftIsYours):
            take_over(shop, number, by=shop.clerk)
        take_over(shop, number)
        with pytest.raises(NotYourShift):
            close(shop, number)

        close(shop, number, by=shop.other_clerk)

        holders = queries.shift(shop.session, XFL, number).holders
        assert (shop.clerk.person_id, shop.other_clerk.person_id) == holders

    def test_a_closed_shift_stays_closed(self, shop):
        number = begin(shop)
        close(shop, number)
        for work in (close, take_over):
            with pytest.raises(ShiftClosed):
                work(shop, number)
        with pytest.raises(NoSuchShift):
            close(shop, "T0009")
        with pytest.raises(NotAllowed):
            begin(shop, by=shop.coordinator)


class TestParkedBaskets:
    """experience.md 0.4 and T8: a parked basket deducts nothing, is taken up once, and keeps the shift open."""

    def test_it_waits_with_its_customer_and_goods_and_deducts_nothing(self, shop):
        soap, volunteer = a_good(shop, pieces=5), a_volunteer(shop, points_e2=300)
        number = park(shop, (soap, 9), volunteer=volunteer)

        (found,) = queries.parked_baskets(shop.session, XFL, TILL)

        assert (number, volunteer.number, ((soap, 9),)) == (found.number, found.volunteer_number, found.lines)
        assert 5 == pieces_of(shop, soap)
        assert () == queries.parked_baskets(shop.session, XFL, "二号收银台")

    def test_it_is_taken_up_once(self, shop):
        number = park(shop, (a_good(shop), 2))
        assert {"volunteer": None, "lines": [["G0001", 2]]} == unpark(shop, number, by=shop.other_clerk)
        for gone in (number, "K000009"):
            with pytest.raises(ParkedBasketGone):
                unpark(shop, gone)

    def test_a_shift_is_not_closed_while_one_waits(self, shop):
        soap, number = a_good(shop), begin(shop)
        parked = park(shop, (soap, 1))
        park(shop, (soap, 1), till="二号收银台")
        with pytest.raises(BasketsParked) as refused:
            close(shop, number)
        assert 1 == refused.value.facts["baskets"]
        unpark(shop, parked)
        close(shop, number)

    @pytest.mark.parametrize("lines", [(), (("G0001", 0),), (("G0001", 100),), (("G0001", 1), ("G0001", 2))])
    def test_what_is_no_basket_is_not_parked(self, shop, lines):
        a_good(shop)
        with pytest.raises(ParkedBasketWrong):
            park(shop, *lines)


ROWS = [row for row in vars(tables).values() if getattr(row, "__module__", "") == tables.__name__]


class TestWhatIsWrittenStays:
    """lessons.md D15: what was counted and who had the till is neither changed nor removed, whoever writes."""

    def test_no_row_is_changed_or_deleted(self, shop):
        soap, number = a_good(shop), begin(shop)
        redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1))
        unpark(shop, park(shop, (soap, 1)))
        take_over(shop, number)
        close(shop, number, by=shop.other_clerk, **{soap: 9})

        for table in sorted(row.__tablename__ for row in ROWS if hasattr(row, "__tablename__")):
            assert shop.session.scalar(sa.text(f"SELECT 1 FROM {table}")), table
            for statement in (f"UPDATE {table} SET community_id = 'abc'", f"DELETE FROM {table}"):
                with pytest.raises(REFUSED), shop.session.begin_nested():
                    shop.session.execute(sa.text(statement))
