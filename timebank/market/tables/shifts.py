"""Shifts of a till: who held it when, which baskets wait there, what was counted at the end. All of it only grows.

Source: experience.md T1, T8, T10; domain.md section 1.3.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules import PIECES_MAX, SHELF_PIECES_MAX
from timebank.market.tables.common import BIG, COMMUNITY, NUMBER, refers

TILL = sa.String(20)


class ShiftRow(Base):
    """A shift that was opened at a till; `after_seq` is the last entry of the books before it."""

    __tablename__ = "shift"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    till: Mapped[str] = mapped_column(TILL)
    opened_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    after_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        refers("person", "fk_shift_opened_by", opened_by_id="id"),
    )


class ShiftHandOverRow(Base):
    """Somebody takes a shift over from somebody else."""

    __tablename__ = "shift_hand_over"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    shift_number: Mapped[str] = mapped_column(NUMBER)
    line: Mapped[int] = mapped_column(sa.Integer)
    giver_id: Mapped[UUID] = mapped_column(sa.Uuid)
    taker_id: Mapped[UUID] = mapped_column(sa.Uuid)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "shift_number", "line"),
        refers("shift", "fk_shift_hand_over_shift", shift_number="number"),
        refers("person", "fk_shift_hand_over_giver", giver_id="id"),
        refers("person", "fk_shift_hand_over_taker", taker_id="id"),
        CheckConstraint("giver_id <> taker_id", name="two_persons"),
        *whole("line", 1, 1_000),
    )


class ParkedBasketRow(Base):
    """A basket that waits at a till; nothing of it is deducted or put aside."""

    __tablename__ = "parked_basket"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    till: Mapped[str] = mapped_column(TILL)
    volunteer_number: Mapped[str | None] = mapped_column(sa.String(32))
    parked_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    parked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        refers("volunteer", "fk_parked_basket_volunteer", volunteer_number="number"),
        refers("person", "fk_parked_basket_parked_by", parked_by_id="id"),
    )


class ParkedBasketLineRow(Base):
    """A good in a parked basket."""

    __tablename__ = "parked_basket_line"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    parked_number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "parked_number", "good_number"),
        refers("parked_basket", "fk_parked_basket_line_basket", parked_number="number"),
        refers("good", "fk_parked_basket_line_good", good_number="number"),
        *whole("pieces", 1, PIECES_MAX),
    )


class ParkedBasketEndRow(Base):
    """A parked basket that was taken up again or dropped, once."""

    __tablename__ = "parked_basket_end"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    parked_number: Mapped[str] = mapped_column(NUMBER)
    ended_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "parked_number"),
        refers("parked_basket", "fk_parked_basket_end_basket", parked_number="number"),
        refers("person", "fk_parked_basket_end_ended_by", ended_by_id="id"),
    )


class ShiftCloseRow(Base):
    """The end of a shift: who closed it, how often was redeemed meanwhile, and for how many points in hundredths."""

    __tablename__ = "shift_close"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    shift_number: Mapped[str] = mapped_column(NUMBER)
    closed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    redemptions: Mapped[int] = mapped_column(sa.Integer)
    points_e2: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "shift_number"),
        refers("shift", "fk_shift_close_shift", shift_number="number"),
        refers("person", "fk_shift_close_closed_by", closed_by_id="id"),
        *whole("redemptions", 0, 1_000_000),
    )


class ShiftCloseLineRow(Base):
    """A good that moved in a shift: pieces counted at its end, and pieces that the books held then."""

    __tablename__ = "shift_close_line"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    shift_number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    counted_pieces: Mapped[int] = mapped_column(BIG)
    expected_pieces: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "shift_number", "good_number"),
        refers("shift_close", "fk_shift_close_line_close", "shift_number"),
        refers("good", "fk_shift_close_line_good", good_number="number"),
        *whole("counted_pieces", 0, SHELF_PIECES_MAX),
        *whole("expected_pieces", 0, SHELF_PIECES_MAX),
    )
