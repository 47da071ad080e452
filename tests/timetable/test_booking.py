"""Calendars are kept, slots are booked and given back; each counts once and nothing of the past is lost."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.service.builders import XFL, a_community, a_coordinator, a_volunteer, acting, moment, person_id
from timebank.people.operations import helping
from timebank.people.queries import NotAllowed
from timebank.timetable import operations, queries
from timebank.timetable.asked import NewTimetable
from timebank.timetable.operations import TimetableTextUnclear
from timebank.timetable.queries import NoSuchBooking, NoSuchSlot, NoSuchTimetable
from timebank.timetable.rules import (
    BookedAlready,
    DayKind,
    HoursInThePast,
    NotForBooking,
    SlotFull,
    SlotOver,
    TimetableClosed,
    Use,
    WeekWindow,
    Window,
    written,
)

WEDNESDAY = date(2026, 11, 25)
AT_NINE, AT_HALF_PAST = moment("2026-11-25 09:00"), moment("2026-11-25 09:30")
OPEN = (WeekWindow(DayKind.WEDNESDAY, Window(540, 600, "错时")),)
MOTHER, DAUGHTER, OTHER = "V0001", "V0002", "V0003"


@pytest.fixture(autouse=True)
def community(session):
    """A community with three volunteers; today is 21 November."""
    a_community(session)
    for number in (MOTHER, DAUGHTER, OTHER):
        a_volunteer(session, number)


def a_calendar(session, *, use=Use.APPOINTMENTS, slot_minutes=30, places=1, windows=OPEN, **changes):
    """Make a calendar that is open on Wednesdays from nine to ten."""
    new = NewTimetable(use=use, name="理发", place="服务站", slot_minutes=slot_minutes, places=places, **changes)
    number = operations.make(session, acting(), new=new)
    operations.set_hours(session, acting(), number=number, valid_from=acting().today, windows=windows)
    return number


def booked(session, number, who=MOTHER, *, starts_at=AT_NINE, by=None, **changes):
    return operations.book(
        session, acting(by or who, **changes), number=number, starts_at=starts_at, volunteer_number=who, about="剪发"
    )


def starts(session, number, days=7):
    found = queries.slots(session, XFL, number, first_on=acting().today, days=days)
    return [written(one.times.starts_at) for one in found if one.is_free]


class TestKeeping:
    """A calendar is data: hours by the week, days that differ, numbers that people read aloud."""

    def test_a_calendar_is_shut_until_it_has_hours(self, session):
        new = NewTimetable(use=Use.PICK_UP, name="领取", place="爱心超市")
        number = operations.make(session, acting(), new=new)

        assert "KF01" == number
        assert [] == starts(session, number)
        assert [number] == [one.number for one in queries.timetables(session, XFL, use=Use.PICK_UP)]
        assert () == queries.timetables(session, XFL, use=Use.APPOINTMENTS)

    def test_offers_what_its_week_and_its_days_say(self, session):
        number = a_calendar(session)
        assert ["2026-11-25 09:00", "2026-11-25 09:30"] == starts(session, number)

        _differs(session, number, windows=())
        assert [] == starts(session, number)
        _differs(session, number, windows=(Window(840, 870),))
        assert ["2026-11-25 14:00"] == starts(session, number)
        _differs(session, number, windows=None)
        assert 2 == len(starts(session, number))

    def test_a_closed_calendar_offers_nothing_and_stays_readable(self, session):
        number = a_calendar(session)
        operations.close(session, acting(), number=number)

        assert [] == starts(session, number)
        assert "理发" == queries.timetable(session, XFL, number).name
        for doing in (
            lambda: operations.close(session, acting(), number=number),
            lambda: booked(session, number),
        ):
            with pytest.raises(TimetableClosed):
                doing()

    def test_only_who_keeps_calendars_changes_them_and_never_the_past(self, session):
        number = a_calendar(session)
        a_coordinator(session, "S009", role="clerk")

        with pytest.raises(NotAllowed):
            operations.set_hours(session, acting("S009"), number=number, valid_from=WEDNESDAY, windows=())
        with pytest.raises(HoursInThePast):
            operations.set_hours(session, acting(), number=number, valid_from=date(2026, 11, 20), windows=())
        with pytest.raises(NoSuchTimetable):
            operations.set_hours(session, acting(), number="KF99", valid_from=WEDNESDAY, windows=())
        with pytest.raises(TimetableTextUnclear):
            _differs(session, number, windows=(), reason="看\u202e不见")


def _differs(session, number, *, windows, reason="临时"):
    operations.set_exception(
        session, acting(), number=number, first_on=WEDNESDAY, last_on=WEDNESDAY, windows=windows, reason=reason
    )


class TestBooking:
    """domain.md section 1.7: slots with capacity, booked by oneself, by a helper or at the counter."""

    def test_takes_the_place_and_giving_back_frees_it(self, session):
        number = a_calendar(session)
        booking = booked(session, number)

        assert ["2026-11-25 09:30"] == starts(session, number)
        (own,) = queries.bookings_of(session, XFL, person_id(MOTHER), NOON)
        assert (booking, "剪发", number, MOTHER) == (str(own.id), own.about, own.timetable_number, own.booked_by)
        operations.give_back(session, acting(MOTHER), booking_id=own.id)
        assert 2 == len(starts(session, number))
        assert () == queries.bookings_to_come(session, XFL, number, NOON)
        with pytest.raises(NoSuchBooking):
            operations.give_back(session, acting(MOTHER), booking_id=own.id)

    def test_a_slot_has_so_many_places_and_a_person_has_it_once(self, session):
        number = a_calendar(session, places=2)
        booked(session, number)
        with pytest.raises(BookedAlready):
            booked(session, number)
        booked(session, number, OTHER)
        with pytest.raises(SlotFull):
            booked(session, number, DAUGHTER)
        booked(session, number, DAUGHTER, starts_at=AT_HALF_PAST)

    def test_pressed_twice_counts_once(self, session):
        number = a_calendar(session, places=2)
        act = acting(MOTHER)

        first, again = (
            operations.book(session, act, number=number, starts_at=AT_NINE, volunteer_number=MOTHER) for _ in "ab"
        )

        assert first == again
        assert 1 == len(queries.bookings_to_come(session, XFL, number, NOON))

    def test_by_the_desk_by_a_named_helper_and_by_nobody_else(self, session):
        number = a_calendar(session, places=3)
        booked(session, number, OTHER, by="S001")
        with pytest.raises(NotAllowed):
            booked(session, number, MOTHER, by=DAUGHTER)
        until = acting().today + timedelta(days=9)
        helping.name_helper(session, acting(), number=MOTHER, helper_number=DAUGHTER, relation="女儿", until_on=until)
        booked(session, number, MOTHER, by=DAUGHTER)

        assert {MOTHER, OTHER} == {one.volunteer_number for one in queries.bookings_to_come(session, XFL, number, NOON)}

    def test_not_what_is_over_not_there_or_not_booked_here(self, session):
        number = a_calendar(session)
        booking = queries.booking(session, XFL, UUID(booked(session, number)))
        with pytest.raises(NoSuchSlot):
            booked(session, number, starts_at=moment("2026-11-25 09:15"))
        with pytest.raises(SlotOver):
            booked(session, number, OTHER, starts_at=AT_NINE, at=AT_NINE)
        with pytest.raises(SlotOver):
            operations.give_back(session, acting(MOTHER, at=AT_NINE), booking_id=booking.id)
        elsewhere = a_calendar(session, use=Use.PICK_UP)
        with pytest.raises(NotForBooking):
            booked(session, elsewhere)
