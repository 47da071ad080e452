"""Reservations: what somebody has put aside from the phone, until when, and what became of it. All of it only grows.

The points and the goods themselves are on hold in the ledger (`hold_seq`); a reservation that nobody ended is over at
`expires_at`, whatever stands here.

Source: ledger.md section 1, decision 7; experience.md section 0.3 (codes).
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules import PIECES_MAX
from timebank.market.tables.common import BIG, COMMUNITY, NUMBER, refers
from timebank.market.tables.trade import TOTAL_POINTS_E2_MAX

CODE_MAX = 10**16 - 1


class ReservationRow(Base):
    """A reservation: who reserved, which hold keeps it, until when, and the code by which it is picked up."""

    __tablename__ = "reservation"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(NUMBER)
    volunteer_number: Mapped[str] = mapped_column(sa.String(32))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    reserved_on: Mapped[date] = mapped_column(sa.Date)
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    points_e2: Mapped[int] = mapped_column(BIG)
    rule_version: Mapped[int] = mapped_column(sa.Integer)
    code_payload: Mapped[int] = mapped_column(BIG)
    hold_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("community_id", "code_payload"),
        UniqueConstraint("community_id", "id", "person_id", name="uq_reservation_pinned"),
        refers("hold", "fk_reservation_hold", hold_seq="seq"),
        refers("volunteer", "fk_reservation_person", "person_id"),
        refers("volunteer", "fk_reservation_volunteer", volunteer_number="number"),
        CheckConstraint("expires_at > reserved_at", name="kept_for_a_time"),
        *whole("points_e2", 1, TOTAL_POINTS_E2_MAX),
        *whole("code_payload", 0, CODE_MAX),
        Index("ix_reservation_volunteer", "community_id", "volunteer_number", "expires_at"),
        Index("ix_reservation_expiry", "community_id", "expires_at"),
    )


class ReservationLineRow(Base):
    """Pieces of one lot in a reservation, at the price that was in force when it was made."""

    __tablename__ = "reservation_line"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    reservation_id: Mapped[UUID] = mapped_column(sa.Uuid)
    line: Mapped[int] = mapped_column(sa.Integer)
    good_number: Mapped[str] = mapped_column(NUMBER)
    lot_number: Mapped[str] = mapped_column(NUMBER)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    price_points_e2: Mapped[int] = mapped_column(sa.Integer)
    price_version: Mapped[int] = mapped_column(sa.Integer)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "reservation_id", "line"),
        UniqueConstraint("community_id", "reservation_id", "lot_number", name="uq_reservation_line_lot"),
        refers("reservation", "fk_reservation_line_reservation", reservation_id="id"),
        refers("lot", "fk_reservation_line_lot", "good_number", lot_number="number"),
        refers(
            "price_in_force", "fk_reservation_line_price", "good_number", "price_points_e2", price_version="version"
        ),
        *whole("pieces", 1, PIECES_MAX),
    )


class ReservationEndRow(Base):
    """How a reservation ended before its time, at most once: picked up at the till, or given back."""

    __tablename__ = "reservation_end"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    reservation_id: Mapped[UUID] = mapped_column(sa.Uuid)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    ended_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    redemption_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "reservation_id"),
        UniqueConstraint("community_id", "redemption_id", name="uq_reservation_end_redemption"),
        refers("reservation", "fk_reservation_end_reservation", "person_id", reservation_id="id"),
        refers("redemption", "fk_reservation_end_redemption", redemption_id="id"),
        refers("person", "fk_reservation_end_ended_by", ended_by_id="id"),
        refers("entry", "fk_reservation_end_entry", entry_seq="seq"),
        CheckConstraint(
            "(outcome = 'picked-up' AND redemption_id IS NOT NULL AND ended_by_id <> person_id) "
            "OR (outcome = 'released' AND redemption_id IS NULL)",
            name="handed_out_by_another",
        ),
    )
