"""Rows of the opening calendars: calendars, their weeks, days that differ, and bookings.

Weeks and days that differ only grow: what holds is the last word, and when it was open in the past stays readable.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole

COMMUNITY = sa.String(16)
PERSON_NUMBER = sa.String(32)
_OPEN = sa.text("state = 'open'")


class TimetableRow(Base):
    """A calendar: of what, where, how long a slot is (none: a window is one), how many places one has (none: any)."""

    __tablename__ = "timetable"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(sa.String(20))
    used_for: Mapped[str] = mapped_column(sa.String(16))
    name: Mapped[str] = mapped_column(sa.String(60))
    place: Mapped[str] = mapped_column(sa.String(100))
    slot_minutes: Mapped[int | None] = mapped_column(sa.Integer)
    places: Mapped[int | None] = mapped_column(sa.Integer)
    made_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(10))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        CheckConstraint("used_for IN ('activities', 'appointments', 'pick_up')", name="use_known"),
        CheckConstraint("state IN ('open', 'ended')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended_by_somebody",
        ),
        *whole("slot_minutes", 5, 720),
        *whole("places", 1, 10_000),
    )


def _of_timetable(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["community_id", "timetable_id"], ["timetable.community_id", "timetable.id"], name=f"fk_{table}_timetable"
    )


class TimetableHoursRow(Base):
    """The hours of a week from a day on; of the same day the last turn counts.

    windows: JSON, `[["mon", 510, 720, ""], …]`.
    """

    __tablename__ = "timetable_hours"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    timetable_id: Mapped[UUID] = mapped_column(sa.Uuid)
    turn: Mapped[int] = mapped_column(sa.Integer)
    valid_from: Mapped[date] = mapped_column(sa.Date)
    windows: Mapped[str] = mapped_column(sa.Text)
    set_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "timetable_id", "turn"),
        _of_timetable("timetable_hours"),
        *whole("turn", 1, 1_000_000),
    )


class TimetableExceptionRow(Base):
    """Days that differ; the last turn counts.

    windows: JSON, `[[510, 720, ""], …]`, `[]` where closed; None: as ordinary again.
    """

    __tablename__ = "timetable_exception"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    timetable_id: Mapped[UUID] = mapped_column(sa.Uuid)
    turn: Mapped[int] = mapped_column(sa.Integer)
    first_on: Mapped[date] = mapped_column(sa.Date)
    last_on: Mapped[date] = mapped_column(sa.Date)
    windows: Mapped[str | None] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.String(100))
    set_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "timetable_id", "turn"),
        _of_timetable("timetable_exception"),
        CheckConstraint("last_on >= first_on", name="lasts"),
        *whole("turn", 1, 1_000_000),
    )


class SlotBookingRow(Base):
    """A slot that somebody has, and what it is about; given back once."""

    __tablename__ = "slot_booking"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    timetable_id: Mapped[UUID] = mapped_column(sa.Uuid)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    volunteer_number: Mapped[str] = mapped_column(PERSON_NUMBER)
    about: Mapped[str] = mapped_column(sa.String(100))
    booked_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(10))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        _of_timetable("slot_booking"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_slot_booking_person",
        ),
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        CheckConstraint("state IN ('open', 'ended')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended_by_somebody",
        ),
        Index(
            "uq_slot_booking_once",
            "community_id",
            "timetable_id",
            "starts_at",
            "person_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_slot_booking_slot", "community_id", "timetable_id", "starts_at"),
        Index("ix_slot_booking_person", "community_id", "person_id", "starts_at"),
    )
