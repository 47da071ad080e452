"""Times for fetching what is reserved: slots of the opening calendars for pick-up, and how many have taken each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.days import day_of
from timebank.market.tables import ReservationEndRow, ReservationSlotRow
from timebank.rulebook.queries import rules_on
from timebank.timetable.queries import Timetable, times, timetables
from timebank.timetable.rules import Use


@dataclass(frozen=True, slots=True)
class PickUpTime:
    """A slot in which reservations are fetched.

    Attributes:
        calendar: number of the opening calendar; place: where that is.
        places: how many reservations it takes, None for any number; taken: how many it has.
    """

    calendar: str
    timetable_id: UUID
    place: str
    starts_at: datetime
    ends_at: datetime
    places: int | None
    taken: int

    @property
    def is_free(self) -> bool:
        """Whether another reservation can still be fetched then."""
        return self.places is None or self.taken < self.places

    @property
    def key(self) -> str:
        """What a form says to choose it."""
        return f"{self.calendar} {self.starts_at.isoformat()}"


def pick_up_times(session: Session, community_id: str, at: datetime) -> tuple[PickUpTime, ...] | None:
    """Return the slots to come that the rules let people choose; None where there is no calendar for pick-up."""
    calendars = timetables(session, community_id, use=Use.PICK_UP)
    if not calendars:
        return None
    days = rules_on(session, community_id, day_of(at)).document.market.pick_up_days
    found = [one for calendar in calendars for one in _of(session, community_id, calendar, (at, days))]
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.calendar)))


def _of(session: Session, community_id: str, calendar: Timetable, ahead: tuple[datetime, int]) -> list[PickUpTime]:
    at, days = ahead
    taken = _taken(session, community_id, calendar.id, at)
    return [
        PickUpTime(
            calendar.number,
            calendar.id,
            calendar.place,
            one.starts_at,
            one.ends_at,
            calendar.places,
            taken.get(one.starts_at, 0),
        )
        for one in times(session, community_id, calendar, day_of(at), days)
        if one.starts_at > at
    ]


def _taken(session: Session, community_id: str, timetable_id: UUID, at: datetime) -> dict[datetime, int]:
    row = ReservationSlotRow
    ended = sa.and_(
        ReservationEndRow.community_id == row.community_id, ReservationEndRow.reservation_id == row.reservation_id
    )
    query = (
        sa.select(row.starts_at, sa.func.count())
        .select_from(row)
        .outerjoin(ReservationEndRow, ended)
        .where(row.community_id == community_id, row.timetable_id == timetable_id, row.starts_at > at)
        .where(sa.or_(ReservationEndRow.outcome.is_(None), ReservationEndRow.outcome != "released"))
        .group_by(row.starts_at)
    )
    return {found[0]: found[1] for found in session.execute(query)}


def pick_up_time_of(session: Session, community_id: str, reservation_id: UUID) -> tuple[datetime, datetime] | None:
    """Return from when until when a reservation is fetched; None where no time was chosen."""
    row = ReservationSlotRow
    query = sa.select(row.starts_at, row.ends_at).where(
        row.community_id == community_id, row.reservation_id == reservation_id
    )
    found = session.execute(query).one_or_none()
    return None if found is None else (found.starts_at, found.ends_at)
