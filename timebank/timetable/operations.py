"""What can be done with opening calendars: make one, say when it is open, book a slot, give it back, close it."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.plain_text import find_text_fault
from timebank.people.queries import Volunteer, check_may, volunteer
from timebank.people.queries.helping import helped_by
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.timetable import queries
from timebank.timetable.asked import NewTimetable
from timebank.timetable.queries import Timetable, timetable
from timebank.timetable.rules import (
    Exceptional,
    NotForBooking,
    SlotOver,
    TimetableClosed,
    Use,
    WeekWindow,
    Window,
    check_begins,
    check_booking,
    check_exception,
    check_shape,
    check_week,
    written,
)
from timebank.timetable.tables import SlotBookingRow, TimetableExceptionRow, TimetableHoursRow, TimetableRow

LONGEST: Final[Mapping[str, int]] = {"name": 60, "place": 100, "label": 20, "reason": 100, "about": 100}
"""The most characters of each text."""


class TimetableTextUnclear(Refusal):
    """A text is too long, or has characters that nobody can see or that turn the reading direction."""

    code = "timetable_text_unclear"


@once("timetable.make")
def make(session: Session, act: Act, *, new: NewTimetable) -> str:
    """Make a calendar; return its number. It is shut until its hours are set.

    Raises:
        NotAllowed: the actor keeps no calendars.
        TimetableUnclear, TimetableTextUnclear: it cannot be one.
    """
    check_may(session, act, Permission.KEEP_TIMETABLE)
    check_shape(name=new.name, place=new.place, slot_minutes=new.slot_minutes, places=new.places)
    _check_texts(name=new.name, place=new.place)
    count = session.scalar(
        sa.select(sa.func.count()).select_from(TimetableRow).where(TimetableRow.community_id == act.community_id)
    )
    row = TimetableRow(
        community_id=act.community_id,
        id=act.new_id("timetable"),
        number=f"KF{(count or 0) + 1:02}",
        used_for=new.use.value,
        name=new.name.strip(),
        place=new.place.strip(),
        slot_minutes=new.slot_minutes,
        places=new.places,
        made_by=act.number,
        made_at=act.at,
        state="open",
    )
    session.add(row)
    return row.number


@once("timetable.set_hours", subject="number")
def set_hours(session: Session, act: Act, *, number: str, valid_from: date, windows: tuple[WeekWindow, ...]) -> None:
    """Set the hours of a week from a day on; what was booked before stays booked.

    Raises:
        NotAllowed: the actor keeps no calendars.
        NoSuchTimetable, TimetableClosed, HoursInThePast, TooManyWindows, WindowUnclear, WindowsOverlap,
            TimetableTextUnclear: they cannot be set.
    """
    found = _in_use(session, act, number)
    check_begins(valid_from, today=act.today)
    check_week(windows, found.slot_minutes)
    _check_labels(one.window for one in windows)
    told = [[one.day.value, one.window.opens, one.window.closes, one.window.label.strip()] for one in windows]
    session.add(
        TimetableHoursRow(
            community_id=act.community_id,
            timetable_id=found.id,
            turn=len(found.hours) + 1,
            valid_from=valid_from,
            windows=json.dumps(told, ensure_ascii=False),
            set_by=act.number,
            set_at=act.at,
        )
    )


@once("timetable.set_exception", subject="number")
def set_exception(
    session: Session,
    act: Act,
    *,
    number: str,
    first_on: date,
    last_on: date,
    windows: tuple[Window, ...] | None,
    reason: str,
) -> None:
    """Let days differ: closed (no windows), with other windows, or (None) as ordinary again; the last word holds.

    Raises:
        NotAllowed: the actor keeps no calendars.
        NoSuchTimetable, TimetableClosed, ExceptionUnclear, HoursInThePast, TooManyWindows, WindowUnclear,
            WindowsOverlap, TimetableTextUnclear: they cannot.
    """
    found = _in_use(session, act, number)
    check_exception(Exceptional(first_on, last_on, windows, reason), found.slot_minutes, today=act.today)
    _check_texts(reason=reason)
    _check_labels(windows or ())
    told = None if windows is None else [[one.opens, one.closes, one.label.strip()] for one in windows]
    session.add(
        TimetableExceptionRow(
            community_id=act.community_id,
            timetable_id=found.id,
            turn=len(found.exceptions) + 1,
            first_on=first_on,
            last_on=last_on,
            windows=None if told is None else json.dumps(told, ensure_ascii=False),
            reason=reason.strip(),
            set_by=act.number,
            set_at=act.at,
        )
    )


@once("timetable.close", subject="number")
def close(session: Session, act: Act, *, number: str) -> None:
    """Use a calendar no more; nothing further is offered or booked.

    Raises:
        NotAllowed: the actor keeps no calendars.
        NoSuchTimetable, TimetableClosed: there is nothing to close.
    """
    found = _in_use(session, act, number)
    session.execute(
        sa.update(TimetableRow)
        .where(TimetableRow.community_id == act.community_id, TimetableRow.id == found.id)
        .values(state="ended", ended_at=act.at, ended_by=act.number)
    )


def _in_use(session: Session, act: Act, number: str) -> Timetable:
    check_may(session, act, Permission.KEEP_TIMETABLE)
    found = timetable(session, act.community_id, number)
    if not found.is_open:
        raise TimetableClosed(number=number)
    return found


@once("timetable.book", subject="volunteer_number")
def book(
    session: Session, act: Act, *, number: str, starts_at: datetime, volunteer_number: str, about: str = ""
) -> str:
    """Book an appointment for somebody: oneself, somebody for whom one is a named helper, or at the desk.

    Returns:
        The id of the booking.

    Raises:
        NotAllowed: it is about somebody else, and the actor is no helper of theirs and keeps no calendars.
        NoSuchTimetable, TimetableClosed, NotForBooking, NoSuchSlot, NoSuchVolunteer: there is nothing to book.
        SlotOver, BookedAlready, SlotFull, TimetableTextUnclear: it cannot be booked like this.
    """
    person = volunteer(session, act.community_id, volunteer_number)
    _check_may_act_for(session, act, person)
    found = timetable(session, act.community_id, number)
    if not found.is_open:
        raise TimetableClosed(number=number)
    if found.use is not Use.APPOINTMENTS:
        raise NotForBooking(number=number)
    _check_texts(about=about)
    slot = queries.slot_at(session, act.community_id, number, starts_at)
    own = queries.bookings_of(session, act.community_id, person.person_id, act.at)
    has_it = any(one.timetable_id == found.id and one.starts_at == starts_at for one in own)
    check_booking(slot.times, taken=slot.taken, places=slot.places, has_it=has_it, at=act.at)
    row = SlotBookingRow(
        community_id=act.community_id,
        id=act.new_id("slot-booking"),
        timetable_id=found.id,
        starts_at=slot.times.starts_at,
        ends_at=slot.times.ends_at,
        person_id=person.person_id,
        volunteer_number=person.number,
        about=about.strip(),
        booked_by=act.number,
        booked_at=act.at,
        state="open",
    )
    session.add(row)
    return str(row.id)


@once("timetable.give_back", subject="booking_id")
def give_back(session: Session, act: Act, *, booking_id: UUID) -> None:
    """Give a booked slot back before it begins; somebody else can have it.

    Raises:
        NotAllowed: it is about somebody else, and the actor is no helper of theirs and keeps no calendars.
        NoSuchBooking, SlotOver: there is nothing to give back any more.
    """
    found = queries.booking(session, act.community_id, booking_id)
    _check_may_act_for(session, act, volunteer(session, act.community_id, found.volunteer_number))
    if found.state != "open":
        raise queries.NoSuchBooking(booking=str(booking_id))
    if found.starts_at <= act.at:
        raise SlotOver(starts=written(found.starts_at))
    session.execute(
        sa.update(SlotBookingRow)
        .where(SlotBookingRow.community_id == act.community_id, SlotBookingRow.id == booking_id)
        .values(state="ended", ended_at=act.at, ended_by=act.number)
    )


def _check_may_act_for(session: Session, act: Act, person: Volunteer) -> None:
    helped = helped_by(session, act.community_id, act.person_id, act.today)
    if person.person_id not in {act.person_id, *(one.person_id for one in helped)}:
        check_may(session, act, Permission.KEEP_TIMETABLE, org_unit_id=person.org_unit_id)


def _check_labels(windows: Iterable[Window]) -> None:
    for window in windows:
        _check_texts(label=window.label)


def _check_texts(**texts: str) -> None:
    for field, text in texts.items():
        if len(text) > LONGEST[field] or find_text_fault(text.strip(), multiline=False) is not None:
            raise TimetableTextUnclear(field=field, longest=LONGEST[field])
