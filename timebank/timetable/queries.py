"""Questions about opening calendars: which there are, when they are open, which slots are free, who has booked.

Other rooms that hold something at set times ask here: `slots` for what is offered, `slot_at` for the slot that somebody
has chosen, and keep the slot's start beside what they hold.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.days import day_of, moment_of
from timebank.refusal import Refusal
from timebank.rulebook.queries import rules_on_days
from timebank.timetable.rules import (
    DayKind,
    Exceptional,
    Hours,
    Times,
    Use,
    WeekWindow,
    Window,
    slots_on,
    windows_on,
    written,
)
from timebank.timetable.tables import SlotBookingRow, TimetableExceptionRow, TimetableHoursRow, TimetableRow

DAYS_MAX: Final = 92
"""Slots are listed for a quarter at most at a time."""


class NoSuchTimetable(Refusal):
    """There is no calendar of this number."""

    code = "no_such_timetable"


class NoSuchSlot(Refusal):
    """The calendar has no slot that begins then."""

    code = "no_such_slot"


class NoSuchBooking(Refusal):
    """There is no such booking."""

    code = "no_such_booking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A calendar.

    Attributes:
        number: `KF01`.
        use: what it is for; slot_minutes: how long a slot is, None where a window is one.
        places: how many may have one slot, None for any number.
        hours: of its weeks, in the order in which they were set; exceptions: days that differ, likewise.
    """

    id: UUID
    number: str
    use: Use
    name: str
    place: str
    slot_minutes: int | None
    places: int | None
    is_open: bool
    hours: tuple[Hours, ...]
    exceptions: tuple[Exceptional, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot, and how many have booked it here."""

    times: Times
    places: int | None
    taken: int

    @property
    def is_free(self) -> bool:
        """Whether somebody can still book it."""
        return self.places is None or self.taken < self.places


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A slot that somebody has; booked_by: the number of who booked it."""

    id: UUID
    timetable_id: UUID
    timetable_number: str
    timetable_name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    person_id: UUID
    volunteer_number: str
    about: str
    booked_by: str
    state: str


def timetables(session: Session, community_id: str, *, use: Use | None = None) -> tuple[Timetable, ...]:
    """Return the calendars that are in use, by number; of one use only, where that is asked for."""
    wanted = [TimetableRow.state == "open"] + ([] if use is None else [TimetableRow.used_for == use.value])
    return tuple(_found(session, community_id, *wanted))


def timetable(session: Session, community_id: str, number: str) -> Timetable:
    """Return a calendar, also one that is not used any more.

    Raises:
        NoSuchTimetable: there is none of this number.
    """
    found = next(_found(session, community_id, TimetableRow.number == number), None)
    if found is None:
        raise NoSuchTimetable(number=number)
    return found


def _found(session: Session, community_id: str, *wanted: sa.ColumnElement[bool]) -> Iterator[Timetable]:
    query = sa.select(TimetableRow).where(TimetableRow.community_id == community_id, *wanted)
    rows = session.scalars(query.order_by(TimetableRow.number)).all()
    ids = [row.id for row in rows]
    hours, exceptions = _hours(session, community_id, ids), _exceptions(session, community_id, ids)
    for row in rows:
        yield Timetable(
            id=row.id,
            number=row.number,
            use=Use(row.used_for),
            name=row.name,
            place=row.place,
            slot_minutes=row.slot_minutes,
            places=row.places,
            is_open=row.state == "open",
            hours=tuple(hours[row.id]),
            exceptions=tuple(exceptions[row.id]),
        )


def _hours(session: Session, community_id: str, ids: list[UUID]) -> dict[UUID, list[Hours]]:
    row = TimetableHoursRow
    query = sa.select(row).where(row.community_id == community_id, row.timetable_id.in_(ids))
    found: dict[UUID, list[Hours]] = {timetable_id: [] for timetable_id in ids}
    for one in session.scalars(query.order_by(row.timetable_id, row.turn)):
        windows = tuple(WeekWindow(DayKind(day), Window(*window)) for day, *window in json.loads(one.windows))
        found[one.timetable_id].append(Hours(one.valid_from, windows))
    return found


def _exceptions(session: Session, community_id: str, ids: list[UUID]) -> dict[UUID, list[Exceptional]]:
    row = TimetableExceptionRow
    query = sa.select(row).where(row.community_id == community_id, row.timetable_id.in_(ids))
    found: dict[UUID, list[Exceptional]] = {timetable_id: [] for timetable_id in ids}
    for one in session.scalars(query.order_by(row.timetable_id, row.turn)):
        windows = None if one.windows is None else tuple(Window(*window) for window in json.loads(one.windows))
        found[one.timetable_id].append(Exceptional(one.first_on, one.last_on, windows, one.reason))
    return found


def times(session: Session, community_id: str, found: Timetable, first_on: date, days: int) -> tuple[Times, ...]:
    """Return the slots of a calendar from a day on, the first one first; at most 92 days are looked at."""
    looked_at = [first_on + timedelta(days=count) for count in range(min(days, DAYS_MAX))]
    rules = rules_on_days(session, community_id, looked_at)
    return tuple(
        one
        for day in looked_at
        for one in slots_on(
            day, windows_on(rules[day].document, found.hours, found.exceptions, day), found.slot_minutes
        )
    )


def slots(session: Session, community_id: str, number: str, *, first_on: date, days: int) -> tuple[Slot, ...]:
    """Return the slots of a calendar that is in use, and how many have booked each here.

    Raises:
        NoSuchTimetable: there is none of this number.
    """
    found = timetable(session, community_id, number)
    if not found.is_open:
        return ()
    taken = _taken(session, community_id, found.id, first_on, min(days, DAYS_MAX))
    return tuple(
        Slot(one, found.places, taken.get(one.starts_at, 0))
        for one in times(session, community_id, found, first_on, days)
    )


def slot_at(session: Session, community_id: str, number: str, starts_at: datetime) -> Slot:
    """Return the slot of a calendar that begins at a moment.

    Raises:
        NoSuchTimetable, NoSuchSlot: there is none.
    """
    found = slots(session, community_id, number, first_on=day_of(starts_at), days=1)
    for one in found:
        if one.times.starts_at == starts_at:
            return one
    raise NoSuchSlot(number=number, starts=written(starts_at))


def _taken(session: Session, community_id: str, timetable_id: UUID, first_on: date, days: int) -> dict[datetime, int]:
    row = SlotBookingRow
    from_moment = moment_of(first_on, datetime.min.time())
    query = (
        sa.select(row.starts_at, sa.func.count())
        .where(row.community_id == community_id, row.timetable_id == timetable_id, row.state == "open")
        .where(row.starts_at >= from_moment, row.starts_at < from_moment + timedelta(days=days))
        .group_by(row.starts_at)
    )
    return {found[0]: found[1] for found in session.execute(query)}


def _bookings(community_id: str, *wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
    row = SlotBookingRow
    same = sa.and_(TimetableRow.community_id == row.community_id, TimetableRow.id == row.timetable_id)
    return (
        sa.select(*row.__table__.c, TimetableRow.number.label("calendar"), TimetableRow.name, TimetableRow.place)
        .join(TimetableRow, same)
        .where(row.community_id == community_id, *wanted)
        .order_by(row.starts_at, row.id)
    )


def _booking(found: Any) -> Booking:  # a row of the query
    return Booking(
        id=found.id,
        timetable_id=found.timetable_id,
        timetable_number=found.calendar,
        timetable_name=found.name,
        place=found.place,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        person_id=found.person_id,
        volunteer_number=found.volunteer_number,
        about=found.about,
        booked_by=found.booked_by,
        state=found.state,
    )


def bookings_to_come(
    session: Session, community_id: str, number: str, at: datetime, limit: int = 200
) -> tuple[Booking, ...]:
    """Return who has booked what of a calendar that is not over at a moment, the next one first."""
    wanted = (TimetableRow.number == number, SlotBookingRow.state == "open", SlotBookingRow.ends_at > at)
    return tuple(_booking(found) for found in session.execute(_bookings(community_id, *wanted).limit(limit)))


def bookings_of(session: Session, community_id: str, person_id: UUID, at: datetime) -> tuple[Booking, ...]:
    """Return what a person has booked that is not over at a moment, the next one first."""
    wanted = (SlotBookingRow.person_id == person_id, SlotBookingRow.state == "open", SlotBookingRow.ends_at > at)
    return tuple(_booking(found) for found in session.execute(_bookings(community_id, *wanted)))


def booking(session: Session, community_id: str, booking_id: UUID) -> Booking:
    """Return a booking.

    Raises:
        NoSuchBooking: there is none.
    """
    found = session.execute(_bookings(community_id, SlotBookingRow.id == booking_id)).one_or_none()
    if found is None:
        raise NoSuchBooking(booking=str(booking_id))
    return _booking(found)
