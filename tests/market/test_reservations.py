"""Reservations: points and goods are put aside together, fetched once, and come back when their time is over."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import (
    TODAY,
    XFL,
    a_good,
    a_lot,
    a_price,
    a_volunteer,
    codes,
    earn,
    pieces_of,
    points_e2_of,
    redeem,
    undo,
)
from tests.market.by_hand import REFUSED
from tests.people import builders as people
from tests.people.builders import acting_as as acting_as_volunteer
from timebank.audit.verification import examine
from timebank.ledger.codes import CodeKind, read_code
from timebank.market import operations, queries
from timebank.market.operations import (
    AlreadyUndone,
    BasketLine,
    NotReserved,
    RedeemForOneself,
    ReservationOpen,
    ReservationOver,
    ReserveForAnother,
)
from timebank.market.queries import NoSuchReservation
from timebank.market.rules import BasketRefused
from timebank.market.tables import ReservationEndRow
from timebank.people.roles import Role

TWO_DAYS = timedelta(hours=48)
AN_HOUR = timedelta(hours=1)
A_SECOND = timedelta(seconds=1)


def reserve(shop, volunteer, *lines, at=NOON, of=None):
    """Let a volunteer reserve from the phone: pairs of a good and its pieces."""
    basket = tuple(BasketLine(*line) for line in lines)
    act = acting_as_volunteer(volunteer, at=at)
    return operations.reserve(shop.session, act, volunteer_number=(of or volunteer).number, basket=basket)


def pick_up(shop, reserved, *lines, by=None, at=NOON + AN_HOUR):
    """Let a clerk hand it out: all of it, or pairs of a good and its pieces."""
    basket = tuple(BasketLine(*line) for line in lines) or None
    return operations.pick_up(shop.session, shop.act(by, at=at), reservation_number=reserved["number"], basket=basket)


def release(shop, reserved, volunteer=None, by=None, at=NOON + AN_HOUR):
    act = acting_as_volunteer(volunteer, at=at) if volunteer else shop.act(by, at=at)
    return operations.release_reservation(shop.session, act, reservation_number=reserved["number"])


def state(shop, reserved, at=NOON + AN_HOUR):
    return queries.reservation(shop.session, XFL, reserved["number"], at).state


class TestReserving:
    """Issue, point 4: points and goods are held; neither can be spent twice."""

    def test_points_and_goods_are_put_aside(self, shop):
        soap, volunteer = a_good(shop, pieces=5), a_volunteer(shop, points_e2=1000)

        answer = reserve(shop, volunteer, (soap, 2))

        assert (3, 400) == (pieces_of(shop, soap), points_e2_of(shop, volunteer))
        (item,) = queries.stock(shop.session, XFL, NOON)
        assert (3, 2) == (item.free_pieces, item.reserved_pieces)
        assert 600 == queries.passbook(shop.session, XFL, volunteer.number, NOON).held_e2
        assert ("Y000001", 600) == (answer["number"], answer["points_e2"])
        assert CodeKind.RESERVATION == read_code(answer["code"]).kind
        assert (NOON + TWO_DAYS).isoformat() == answer["expires_at"]

    def test_what_is_reserved_is_not_sold_to_another(self, shop):
        soap = a_good(shop, pieces=1)
        reserve(shop, a_volunteer(shop, points_e2=300), (soap, 1))

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1))
        assert ["out_of_stock"] == codes(refused.value)

    def test_points_that_are_put_aside_are_not_spent_at_the_till(self, shop):
        soap, volunteer = a_good(shop), a_volunteer(shop, points_e2=599)
        reserve(shop, volunteer, (soap, 1))

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 1))
        assert ["points_short"] == codes(refused.value)

    def test_a_basket_is_refused_as_at_the_till(self, shop):
        soap, volunteer = a_good(shop, pieces=1), a_volunteer(shop, points_e2=300)
        with pytest.raises(BasketRefused) as refused:
            reserve(shop, volunteer, (soap, 2))
        assert {"points_short", "out_of_stock"} == set(codes(refused.value))
        assert (1, 300) == (pieces_of(shop, soap), points_e2_of(shop, volunteer))

    def test_what_would_expire_meanwhile_is_not_reserved(self, shop):
        milk, volunteer = a_good(shop, pieces=0), a_volunteer(shop, points_e2=300)
        a_lot(shop, milk, 1, expires_on=TODAY + timedelta(days=1))
        with pytest.raises(BasketRefused):
            reserve(shop, volunteer, (milk, 1))
        lot = a_lot(shop, milk, 1, expires_on=TODAY + timedelta(days=2))

        reserve(shop, volunteer, (milk, 1))

        assert 0 == pieces_of(shop, milk, lot)

    def test_only_from_the_own_passbook_and_one_at_a_time(self, shop):
        soap, volunteer = a_good(shop), a_volunteer(shop, points_e2=900)
        with pytest.raises(ReserveForAnother):
            reserve(shop, volunteer, (soap, 1), of=a_volunteer(shop, points_e2=300))
        first = reserve(shop, volunteer, (soap, 1))
        with pytest.raises(ReservationOpen):
            reserve(shop, volunteer, (soap, 1))
        release(shop, first, volunteer)
        reserve(shop, volunteer, (soap, 1), at=NOON + AN_HOUR)


class TestLimits:
    """Issue, point 4: limits count reserved pieces."""

    def test_reserved_pieces_count_against_the_month(self, shop):
        soap, volunteer = a_good(shop, month_pieces_max=2), a_volunteer(shop, points_e2=900)
        reserve(shop, volunteer, (soap, 2))

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 1))
        assert ["good_limit_reached"] == codes(refused.value)
        assert 1 == queries.till_view(shop.session, XFL, volunteer.number, NOON).redemptions_left

    def test_what_was_given_back_or_has_expired_does_not_count(self, shop):
        soap, volunteer = a_good(shop, month_pieces_max=2), a_volunteer(shop, points_e2=900)
        release(shop, reserve(shop, volunteer, (soap, 2)), volunteer)
        reserve(shop, volunteer, (soap, 2), at=NOON + AN_HOUR)

        redeem(shop, volunteer, (soap, 2), at=NOON + AN_HOUR + TWO_DAYS)

    def test_what_was_fetched_counts_once(self, shop):
        soap, volunteer = a_good(shop, month_pieces_max=3), a_volunteer(shop, points_e2=900)
        pick_up(shop, reserve(shop, volunteer, (soap, 2)))

        redeem(shop, volunteer, (soap, 1), at=NOON + AN_HOUR)


class TestFetching:
    """Issue, point 4: pick-up code, partial pick-up at the till."""

    def test_all_of_it_is_a_redemption_with_a_slip(self, shop):
        soap, volunteer = a_good(shop, pieces=5), a_volunteer(shop, points_e2=1000)
        reserved = reserve(shop, volunteer, (soap, 2))

        answer = pick_up(shop, reserved)

        assert (3, 400) == (pieces_of(shop, soap), points_e2_of(shop, volunteer))
        slip = queries.slip(shop.session, XFL, answer["number"])
        assert (600, 400) == (slip.redemption.points_e2, slip.balance_after_e2)
        found = queries.reservation(shop.session, XFL, reserved["number"], NOON)
        assert ("picked-up", answer["number"]) == (found.state, found.redemption_number)

    def test_part_of_it_and_the_rest_goes_back_in_the_same_entry(self, shop):
        soap, rice = a_good(shop, pieces=5), a_good(shop, pieces=5, price_e2=1000)
        volunteer = a_volunteer(shop, points_e2=5000)
        reserved = reserve(shop, volunteer, (soap, 2), (rice, 2))

        answer = pick_up(shop, reserved, (soap, 1), (rice, 1))

        assert 1300 == answer["points_e2"]
        assert (4, 4) == (pieces_of(shop, soap), pieces_of(shop, rice, "L000002"))
        assert 3700 == points_e2_of(shop, volunteer)
        assert 3700 == queries.slip(shop.session, XFL, answer["number"]).balance_after_e2
        assert 0 == queries.passbook(shop.session, XFL, volunteer.number, NOON).held_e2

    def test_at_the_price_of_the_day_on_which_it_was_reserved(self, shop):
        soap, volunteer = a_good(shop, price_e2=300), a_volunteer(shop, points_e2=300)
        reserved = reserve(shop, volunteer, (soap, 1))
        tomorrow = NOON + timedelta(days=1)
        a_price(shop, soap, 500, wanted_from=tomorrow.date())

        assert 300 == pick_up(shop, reserved, at=tomorrow)["points_e2"]

    def test_the_oldest_points_are_used_and_the_younger_come_back(self, shop):
        soap, volunteer = a_good(shop, price_e2=300), a_volunteer(shop, points_e2=300, vintage=2025)
        earn(shop, volunteer, 300, vintage=2026)
        reserved = reserve(shop, volunteer, (soap, 2))

        pick_up(shop, reserved, (soap, 1))

        assert (0, 300) == (points_e2_of(shop, volunteer, 2025), points_e2_of(shop, volunteer, 2026))

    @pytest.mark.parametrize("pieces", [0, -1, 3])
    def test_no_more_than_was_reserved(self, shop, pieces):
        soap, volunteer = a_good(shop), a_volunteer(shop, points_e2=900)
        reserved = reserve(shop, volunteer, (soap, 2))
        with pytest.raises(NotReserved):
            pick_up(shop, reserved, (soap, pieces))
        with pytest.raises(NotReserved):
            pick_up(shop, reserved, ("G0009", 1))
        with pytest.raises(NotReserved):
            pick_up(shop, reserved, (soap, 1), (soap, 1))
        assert "open" == state(shop, reserved)

    def test_nobody_hands_out_to_themselves(self, shop):
        soap, volunteer = a_good(shop), a_volunteer(shop, points_e2=300)
        clerk = people.a_staff_member(shop.session, Role.CLERK, volunteer_number=volunteer.number)
        reserved = reserve(shop, volunteer, (soap, 1))
        with pytest.raises(RedeemForOneself):
            pick_up(shop, reserved, by=clerk)
        pick_up(shop, reserved)

    def test_it_can_be_undone_like_any_redemption_once(self, shop):
        soap, volunteer = a_good(shop, pieces=5), a_volunteer(shop, points_e2=1000)
        answer = pick_up(shop, reserve(shop, volunteer, (soap, 2)), (soap, 1))

        undo(shop, answer, at=NOON + AN_HOUR)

        assert (5, 1000) == (pieces_of(shop, soap), points_e2_of(shop, volunteer))
        with pytest.raises(AlreadyUndone):
            undo(shop, answer, at=NOON + AN_HOUR)

    def test_the_books_and_the_records_agree(self, shop):
        soap, volunteer = a_good(shop, pieces=5), a_volunteer(shop, points_e2=1000)
        a_price(shop, soap, 900, wanted_from=TODAY + timedelta(days=1))
        before = findings(shop)
        answer = pick_up(shop, reserve(shop, volunteer, (soap, 2)), (soap, 1), at=NOON + timedelta(days=1))
        assert before == findings(shop)
        undo(shop, answer, at=NOON + timedelta(days=1))
        assert before == findings(shop)


def findings(shop):
    """What a verification of the whole books finds: points that a test gave have no record behind them."""
    return [(finding.check, finding.subject) for finding in examine(shop.session, XFL, ()).findings]


class TestHowItEnds:
    """Issue, point 4: released after the rule's hours; each reservation ends once."""

    def test_at_its_last_second_it_can_be_fetched_and_then_no_more(self, shop):
        soap, volunteer = a_good(shop, pieces=2), a_volunteer(shop, points_e2=600)
        reserved = reserve(shop, volunteer, (soap, 1))
        over = NOON + TWO_DAYS
        assert ("open", "expired") == (state(shop, reserved, over - A_SECOND), state(shop, reserved, over))

        with pytest.raises(ReservationOver):
            pick_up(shop, reserved, at=over)
        assert 600 == queries.passbook(shop.session, XFL, volunteer.number, over).available_e2
        assert () == queries.open_reservations(shop.session, XFL, over)
        redeem(shop, volunteer, (soap, 2), at=over)

    def test_the_volunteer_or_the_till_gives_it_back_and_nobody_else(self, shop):
        soap, volunteer = a_good(shop, pieces=2), a_volunteer(shop, points_e2=600)
        other = a_volunteer(shop)
        reserved = reserve(shop, volunteer, (soap, 1))
        for stranger in ({"volunteer": other}, {"by": shop.coordinator}):
            with pytest.raises(ReserveForAnother):
                release(shop, reserved, **stranger)
        release(shop, reserved, volunteer)
        release(shop, reserve(shop, volunteer, (soap, 1), at=NOON + AN_HOUR), by=shop.clerk, at=NOON + AN_HOUR)

        assert (2, 600) == (pieces_of(shop, soap), points_e2_of(shop, volunteer))

    @pytest.mark.parametrize("end", [pick_up, release])
    @pytest.mark.parametrize("again", [pick_up, release])
    def test_it_ends_once(self, shop, end, again):
        soap, volunteer = a_good(shop), a_volunteer(shop, points_e2=600)
        reserved = reserve(shop, volunteer, (soap, 1))
        end(shop, reserved)
        with pytest.raises(ReservationOver):
            again(shop, reserved)

    def test_it_is_found_by_its_code_and_by_no_other(self, shop):
        soap, volunteer = a_good(shop), a_volunteer(shop, points_e2=600)
        reserved = reserve(shop, volunteer, (soap, 1))
        payload = read_code(reserved["code"]).payload

        assert reserved["number"] == queries.reservation_of_code(shop.session, XFL, payload, NOON).number
        with pytest.raises(NoSuchReservation):
            queries.reservation_of_code(shop.session, XFL, (payload + 1) % 10**16, NOON)
        assert ["Y000001"] == [one.number for one in queries.open_reservations(shop.session, XFL, NOON)]


class TestWhatIsWrittenStays:
    """lessons.md D15: the history of reservations is neither changed nor removed, whoever writes."""

    @pytest.mark.parametrize("table", ["reservation", "reservation_line", "reservation_end"])
    def test_no_row_is_changed_or_deleted(self, shop, table):
        soap, volunteer = a_good(shop), a_volunteer(shop, points_e2=600)
        release(shop, reserve(shop, volunteer, (soap, 1)))
        for statement in (f"UPDATE {table} SET community_id = 'abc'", f"DELETE FROM {table}"):
            with pytest.raises(REFUSED), shop.session.begin_nested():
                shop.session.execute(sa.text(statement))

    def test_nobody_fetches_their_own_past_the_program(self, shop):
        soap, volunteer = a_good(shop), a_volunteer(shop, points_e2=600)
        answer = reserve(shop, volunteer, (soap, 1))
        found = queries.reservation(shop.session, XFL, answer["number"], NOON)
        redemption = pick_up(shop, reserve(shop, a_volunteer(shop, points_e2=600), (soap, 1)))
        row = {
            "community_id": XFL,
            "reservation_id": found.id,
            "outcome": "picked-up",
            "person_id": found.person_id,
            "ended_by_id": found.person_id,
            "ended_at": NOON,
            "redemption_id": queries.redemption(shop.session, XFL, redemption["number"]).id,
            "entry_seq": redemption["seq"],
        }
        with pytest.raises(REFUSED), shop.session.begin_nested():
            shop.session.execute(sa.insert(ReservationEndRow), row)
