"""Waiting for goods that have run out, in the order of joining; and times for fetching what is reserved."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import TODAY, XFL, a_good, a_lot, a_volunteer, pieces_of, points_e2_of, redeem
from tests.market.by_hand import REFUSED
from tests.people import builders as people
from timebank.audit.verification import examine
from timebank.market import operations, queries
from timebank.market.operations import (
    BasketLine,
    GoodStillThere,
    PickUpTimeMissing,
    PickUpTimeTaken,
    ReserveForAnother,
    WaitingAlready,
    WaitingOver,
    WaitingPieces,
)
from timebank.market.queries import NoSuchWaiting
from timebank.market.rules import GoodNotOffered
from timebank.market.tables import WaitingEndRow, WaitingRow
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role
from timebank.timetable import operations as timetable
from timebank.timetable.asked import NewTimetable
from timebank.timetable.rules import DayKind, Use, WeekWindow, Window

AN_HOUR = timedelta(hours=1)
TWO_DAYS = timedelta(hours=48)


def join(shop, volunteer, good, pieces=1, *, by=None, at=NOON):
    act = shop.act(by, at=at) if by else people.acting_as(volunteer, at=at)
    return operations.join_waiting(
        shop.session, act, volunteer_number=volunteer.number, good_number=good, pieces=pieces
    )


def gone(shop, **changes):
    """A good of which nothing is left."""
    return a_good(shop, pieces=0, **changes)


def line_of(shop):
    return [(one.volunteer_number, one.place) for one in queries.waiting_list(shop.session, XFL)]


def reserved_by(shop, volunteer, at=NOON):
    found = queries.reservations_of(shop.session, XFL, volunteer.number, at)
    return [one.number for one in found if one.state == queries.OPEN]


class TestTheLine:
    """domain.md V: a good that has run out is given to whoever has waited longest, not to whoever is there first."""

    def test_goods_that_come_are_put_aside_in_the_order_of_joining(self, shop):
        rice = gone(shop)
        first, second, third = (a_volunteer(shop, points_e2=300) for _one in range(3))
        assert [1, 2, 3] == [join(shop, one, rice)["place"] for one in (first, second, third)]

        lot = a_lot(shop, rice, 2)

        assert [["Y000001"], ["Y000002"], []] == [reserved_by(shop, one) for one in (first, second, third)]
        assert (0, 0) == (pieces_of(shop, rice, lot), points_e2_of(shop, first))
        assert [(third.number, 1)] == line_of(shop)
        (mine,) = queries.waiting_of(shop.session, XFL, first.number)
        assert ("turn", 0, "Y000001") == (mine.state, mine.place, mine.reservation_number)
        assert {first.number, second.number} == {one.volunteer_number for one in queries.turns(shop.session, XFL)}

    def test_it_is_kept_for_the_time_of_the_rule_and_then_the_next_one_has_their_turn(self, shop):
        rice = gone(shop)
        first, second = (a_volunteer(shop, points_e2=300) for _one in range(2))
        join(shop, first, rice), join(shop, second, rice)
        a_lot(shop, rice, 1)

        for at, given in ((NOON + TWO_DAYS - AN_HOUR, []), (NOON + TWO_DAYS, ["Y000002"])):
            answer = operations.give_turns(shop.session, shop.act(at=at))
            assert given == answer["reservations"]
        assert 300 == queries.passbook(shop.session, XFL, first.number, NOON + TWO_DAYS).available_e2
        assert ["Y000002"] == reserved_by(shop, second, NOON + TWO_DAYS)

    def test_whoever_cannot_take_their_turn_keeps_their_place(self, shop):
        rice = gone(shop)
        poor, rich = a_volunteer(shop, points_e2=299), a_volunteer(shop, points_e2=300)
        join(shop, poor, rice), join(shop, rich, rice)

        a_lot(shop, rice, 5)

        assert ["Y000001"] == reserved_by(shop, rich)
        assert [(poor.number, 1)] == line_of(shop)

    def test_what_is_put_aside_is_fetched_at_the_till_and_the_books_hold(self, shop):
        rice, wang = gone(shop), a_volunteer(shop, points_e2=600)
        join(shop, wang, rice, 2, by=shop.clerk)
        a_lot(shop, rice, 2)

        act = shop.act(at=NOON + AN_HOUR)
        operations.pick_up(shop.session, act, reservation_number="Y000001", basket=None)

        found = [one.check for one in examine(shop.session, XFL, ()).findings]
        assert not [check for check in found if "redemption" in check or check == "record_unlike_entry"]

    def test_only_for_what_has_run_out_once_and_from_the_own_passbook(self, shop):
        soap, rice = a_good(shop, pieces=1), gone(shop)
        wang, chen = a_volunteer(shop, points_e2=900), a_volunteer(shop)
        with pytest.raises(GoodStillThere) as refused:
            join(shop, wang, soap)
        assert 1 == refused.value.facts["left_pieces"]
        redeem(shop, wang, (soap, 1))
        join(shop, wang, soap)
        join(shop, wang, rice)
        with pytest.raises(WaitingAlready):
            join(shop, wang, rice)
        with pytest.raises(ReserveForAnother):
            operations.join_waiting(
                shop.session,
                people.acting_as(chen, at=NOON),
                volunteer_number=wang.number,
                good_number=rice,
                pieces=1,
            )
        for pieces in (0, 100):
            with pytest.raises(WaitingPieces):
                join(shop, chen, rice, pieces)
        join(shop, chen, rice, 99)

    def test_not_for_what_is_off_the_list(self, shop):
        rice = gone(shop, name="大米")
        act = shop.act(shop.coordinator)
        good = operations.NewGood(barcode=None, name="大米", unit_word="袋", month_pieces_max=None)
        operations.change_good(shop.session, act, good_number=rice, good=good, active=False)

        with pytest.raises(GoodNotOffered):
            join(shop, a_volunteer(shop), rice)

    def test_leaving_moves_the_others_up(self, shop):
        rice = gone(shop)
        first, second = (a_volunteer(shop, points_e2=300) for _one in range(2))
        number = join(shop, first, rice)["number"]
        join(shop, second, rice)
        leaving = {"waiting_number": number}
        with pytest.raises(ReserveForAnother):
            operations.leave_waiting(shop.session, people.acting_as(second, at=NOON), **leaving)

        operations.leave_waiting(shop.session, people.acting_as(first, at=NOON), **leaving)

        assert [(second.number, 1)] == line_of(shop)
        with pytest.raises(WaitingOver):
            operations.leave_waiting(shop.session, shop.act(), **leaving)
        with pytest.raises(NoSuchWaiting):
            operations.leave_waiting(shop.session, shop.act(), waiting_number="Q999999")

    def test_not_everybody_gives_turns(self, shop):
        with pytest.raises(NotAllowed):
            operations.give_turns(shop.session, shop.act(people.a_staff_member(shop.session, Role.AUDITOR)))

    def test_the_database_keeps_it(self, shop):
        number = join(shop, a_volunteer(shop), gone(shop))["number"]
        wrong = {"community_id": XFL, "waiting_number": number, "outcome": "turn", "reservation_id": None}
        for statement, values in (
            (sa.update(WaitingRow).values(pieces=2), None),
            (sa.delete(WaitingRow), None),
            (sa.insert(WaitingEndRow), wrong | {"ended_at": NOON, "ended_by": "S001"}),
        ):
            with pytest.raises(REFUSED), shop.session.begin_nested():
                shop.session.execute(statement, values)


class TestPickUpTimes:
    """Opening calendar with sessions, slots and capacity: a reservation says when it is fetched."""

    @pytest.fixture
    def calendar(self, shop):
        act = shop.act(shop.coordinator)
        new = NewTimetable(use=Use.PICK_UP, name="取货", place="服务站", slot_minutes=60, places=1)
        number = timetable.make(shop.session, act, new=new)
        windows = (WeekWindow(DayKind.FRIDAY, Window(540, 660)),)
        timetable.set_hours(shop.session, shop.act(shop.coordinator), number=number, valid_from=TODAY, windows=windows)
        return number

    def reserve(self, shop, volunteer, good, key=None, at=NOON):
        act = people.acting_as(volunteer, at=at)
        basket = (BasketLine(good, 1),)
        return operations.reserve(shop.session, act, volunteer_number=volunteer.number, basket=basket, pick_up_time=key)

    def test_without_a_calendar_nobody_is_asked(self, shop):
        assert queries.pick_up_times(shop.session, XFL, NOON) is None

    def test_the_slots_of_the_next_two_weeks_are_offered_and_kept_until_they_end(self, shop, calendar):
        offered = queries.pick_up_times(shop.session, XFL, NOON)
        assert offered is not None
        assert [date(2026, 11, 27)] * 2 + [date(2026, 12, 4)] * 2 == [one.starts_at.date() for one in offered]
        soap, wang = a_good(shop), a_volunteer(shop, points_e2=900)

        answer = self.reserve(shop, wang, soap, offered[0].key)

        assert offered[0].ends_at == datetime.fromisoformat(answer["expires_at"])
        found = queries.reservation(shop.session, XFL, answer["number"], NOON)
        chosen = queries.pick_up_time_of(shop.session, XFL, found.id)
        assert (offered[0].starts_at, offered[0].ends_at) == chosen
        assert time(1) == offered[0].starts_at.time()

    def test_it_must_be_said_and_be_free(self, shop, calendar):
        soap = a_good(shop)
        wang, chen = a_volunteer(shop, points_e2=900), a_volunteer(shop, points_e2=900)
        offered = queries.pick_up_times(shop.session, XFL, NOON) or ()
        with pytest.raises(PickUpTimeMissing):
            self.reserve(shop, wang, soap)
        for key in ("KF01 2026-11-27T03:00:00+00:00", "nonsense"):
            with pytest.raises(PickUpTimeTaken):
                self.reserve(shop, wang, soap, key)
        first = self.reserve(shop, wang, soap, offered[0].key)
        with pytest.raises(PickUpTimeTaken):
            self.reserve(shop, chen, soap, offered[0].key)
        act = people.acting_as(wang, at=NOON + AN_HOUR)
        operations.release_reservation(shop.session, act, reservation_number=first["number"])

        self.reserve(shop, chen, soap, offered[0].key, at=NOON + AN_HOUR)
