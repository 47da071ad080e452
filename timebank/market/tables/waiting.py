"""Waiting for goods that have run out, in the order of joining, and times for fetching reservations. Only grows.

Source: domain.md section 1.7 (opening calendar, slots), section 8, 18.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules import PIECES_MAX
from timebank.market.tables.common import COMMUNITY, NUMBER, refers


class WaitingRow(Base):
    """Somebody waits for pieces of a good; whoever joined first is served first."""

    __tablename__ = "waiting"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    volunteer_number: Mapped[str] = mapped_column(sa.String(32))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    joined_by: Mapped[str] = mapped_column(sa.String(32))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        refers("good", "fk_waiting_good", good_number="number"),
        refers("volunteer", "fk_waiting_volunteer", volunteer_number="number"),
        *whole("pieces", 1, PIECES_MAX),
        Index("ix_waiting_volunteer", "community_id", "volunteer_number"),
    )


class WaitingEndRow(Base):
    """How the waiting ended, once: one's turn came and the goods were put aside, or one left."""

    __tablename__ = "waiting_end"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    waiting_number: Mapped[str] = mapped_column(NUMBER)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    reservation_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(sa.String(32))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "waiting_number"),
        UniqueConstraint("community_id", "reservation_id", name="uq_waiting_end_reservation"),
        refers("waiting", "fk_waiting_end_waiting", waiting_number="number"),
        refers("reservation", "fk_waiting_end_reservation", reservation_id="id"),
        CheckConstraint(
            "(outcome = 'turn' AND reservation_id IS NOT NULL) OR (outcome = 'left' AND reservation_id IS NULL)",
            name="a_turn_is_a_reservation",
        ),
    )


class ReservationSlotRow(Base):
    """At which time a reservation is fetched: a slot of an opening calendar for pick-up."""

    __tablename__ = "reservation_slot"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    reservation_id: Mapped[UUID] = mapped_column(sa.Uuid)
    timetable_id: Mapped[UUID] = mapped_column(sa.Uuid)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "reservation_id"),
        refers("reservation", "fk_reservation_slot_reservation", reservation_id="id"),
        refers("timetable", "fk_reservation_slot_timetable", timetable_id="id"),
        CheckConstraint("ends_at > starts_at", name="lasts"),
        Index("ix_reservation_slot_start", "community_id", "timetable_id", "starts_at"),
    )
