"""Goods, prices, deliveries and redemptions. There is no stock number here: what is on the shelf stands in the ledger.

Every table but `good` only grows. A proposal, a donation and a redemption are written once; what becomes of them is a
row of its own that repeats, through a foreign key, who began it, so that the database itself can demand two persons.

Source: domain.md S1-S5 and trust.md T6-T8.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules import (
    BASKET_GOODS_MAX,
    LOT_PIECES_MAX,
    MONTH_MAX_HIGHEST,
    PIECES_MAX,
    PRICE_POINTS_E2_MAX,
    UNIT_PRICE_FEN_MAX,
)
from timebank.market.tables.common import BIG, COMMUNITY, NUMBER, REASON, refers

TOTAL_POINTS_E2_MAX = PRICE_POINTS_E2_MAX * PIECES_MAX * BASKET_GOODS_MAX


class GoodRow(Base):
    """A good of the shelf: what is fixed about it. The only table of the market whose rows may change."""

    __tablename__ = "good"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    barcode: Mapped[str] = mapped_column(sa.String(13))
    name: Mapped[str] = mapped_column(sa.String(100))
    unit_word: Mapped[str] = mapped_column(sa.String(8))
    month_pieces_max: Mapped[int | None] = mapped_column(sa.Integer)
    household_pieces_max: Mapped[int | None] = mapped_column(sa.Integer)
    active: Mapped[bool] = mapped_column(sa.Boolean)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint("community_id", "barcode"),
        *whole("month_pieces_max", 1, MONTH_MAX_HIGHEST),
        *whole("household_pieces_max", 1, MONTH_MAX_HIGHEST),
    )


class PriceVersionRow(Base):
    """A proposal of prices; it counts once another person has confirmed it."""

    __tablename__ = "price_version"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    version: Mapped[int] = mapped_column(sa.Integer)
    wanted_from: Mapped[date] = mapped_column(sa.Date)
    proposed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "version"),
        UniqueConstraint("community_id", "version", "proposed_by_id", name="uq_price_version_pinned"),
        refers("person", "fk_price_version_proposed_by", proposed_by_id="id"),
        *whole("version", 1, 1_000_000),
    )


class PriceRow(Base):
    """The price of one good in one version, in hundredths of a point for one piece."""

    __tablename__ = "price"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    version: Mapped[int] = mapped_column(sa.Integer)
    good_number: Mapped[str] = mapped_column(NUMBER)
    price_points_e2: Mapped[int] = mapped_column(sa.Integer)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "version", "good_number"),
        UniqueConstraint("community_id", "version", "good_number", "price_points_e2", name="uq_price_pinned"),
        refers("price_version", "fk_price_version", "version"),
        refers("good", "fk_price_good", good_number="number"),
        *whole("price_points_e2", 1, PRICE_POINTS_E2_MAX),
    )


class PriceDecisionRow(Base):
    """What became of a proposal, exactly once: confirmed by another person, or withdrawn."""

    __tablename__ = "price_decision"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    version: Mapped[int] = mapped_column(sa.Integer)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    proposed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "version"),
        refers("price_version", "fk_price_decision_version", "version", "proposed_by_id"),
        UniqueConstraint("community_id", "version", "entry_seq", name="uq_price_decision_entry"),
        refers("entry", "fk_price_decision_entry", entry_seq="seq"),
        refers("person", "fk_price_decision_decided_by", decided_by_id="id"),
        CheckConstraint(
            "(outcome = 'confirmed' AND entry_seq IS NOT NULL AND decided_by_id <> proposed_by_id) "
            "OR (outcome = 'withdrawn' AND entry_seq IS NULL)",
            name="two_persons",
        ),
    )


class PriceInForceRow(Base):
    """From which day a confirmed price holds; among those that hold on a day the last confirmed one counts."""

    __tablename__ = "price_in_force"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    version: Mapped[int] = mapped_column(sa.Integer)
    good_number: Mapped[str] = mapped_column(NUMBER)
    price_points_e2: Mapped[int] = mapped_column(sa.Integer)
    valid_from: Mapped[date] = mapped_column(sa.Date)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "version", "good_number"),
        UniqueConstraint("community_id", "version", "good_number", "price_points_e2", name="uq_price_in_force_pinned"),
        refers("price", "fk_price_in_force_price", "version", "good_number", "price_points_e2"),
        refers("price_decision", "fk_price_in_force_decision", "version", "entry_seq"),
        *whole("price_points_e2", 1, PRICE_POINTS_E2_MAX),
        Index("ix_price_in_force_day", "community_id", "good_number", "valid_from", "entry_seq"),
    )


class DonationRow(Base):
    """A delivery as it was taken in; its lots can be sold once another person has checked them in."""

    __tablename__ = "donation"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    partner_code: Mapped[str] = mapped_column(sa.String(32))
    slip: Mapped[str] = mapped_column(sa.String(40))
    received_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint("community_id", "number", "received_by_id", name="uq_donation_pinned"),
        refers("partner", "fk_donation_partner", partner_code="code"),
        refers("person", "fk_donation_received_by", received_by_id="id"),
        Index("ix_donation_partner", "community_id", "partner_code"),
    )


class LotRow(Base):
    """A lot: pieces of one good from one donation, with one unit price and one expiry date."""

    __tablename__ = "lot"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    donation_number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    unit_price_fen: Mapped[int | None] = mapped_column(sa.Integer)
    expires_on: Mapped[date | None] = mapped_column(sa.Date)
    place: Mapped[str] = mapped_column(sa.String(40))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint("community_id", "number", "good_number", name="uq_lot_pinned"),
        refers("donation", "fk_lot_donation", donation_number="number"),
        refers("good", "fk_lot_good", good_number="number"),
        *whole("pieces", 1, LOT_PIECES_MAX),
        *whole("unit_price_fen", 0, UNIT_PRICE_FEN_MAX),
        Index("ix_lot_good", "community_id", "good_number"),
        Index("ix_lot_donation", "community_id", "donation_number"),
    )


class DonationDecisionRow(Base):
    """What became of a delivery, exactly once: checked in by another person, or withdrawn."""

    __tablename__ = "donation_decision"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    donation_number: Mapped[str] = mapped_column(NUMBER)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    received_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "donation_number"),
        refers("donation", "fk_donation_decision_donation", "received_by_id", donation_number="number"),
        refers("entry", "fk_donation_decision_entry", entry_seq="seq"),
        refers("person", "fk_donation_decision_decided_by", decided_by_id="id"),
        CheckConstraint(
            "(outcome = 'checked-in' AND entry_seq IS NOT NULL AND decided_by_id <> received_by_id) "
            "OR (outcome = 'withdrawn' AND entry_seq IS NULL)",
            name="two_persons",
        ),
    )


class DonationUndoRow(Base):
    """A delivery taken off the shelf again, at most once, while all of it is still there; not by who received it."""

    __tablename__ = "donation_undo"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    donation_number: Mapped[str] = mapped_column(NUMBER)
    received_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    undone_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    undone_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(REASON)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "donation_number"),
        refers("donation", "fk_donation_undo_donation", "received_by_id", donation_number="number"),
        refers("entry", "fk_donation_undo_entry", entry_seq="seq"),
        refers("person", "fk_donation_undo_undone_by", undone_by_id="id"),
        CheckConstraint("undone_by_id <> received_by_id", name="two_persons"),
    )


class RedemptionRow(Base):
    """A redemption: who took what it cost, and who served; its lines say what was handed out."""

    __tablename__ = "redemption"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(NUMBER)
    volunteer_number: Mapped[str] = mapped_column(sa.String(32))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    served_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    redeemed_on: Mapped[date] = mapped_column(sa.Date)
    points_e2: Mapped[int] = mapped_column(BIG)
    rule_version: Mapped[int] = mapped_column(sa.Integer)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("community_id", "entry_seq"),
        UniqueConstraint("community_id", "id", "person_id", "served_by_id", "redeemed_on", name="uq_redemption_pinned"),
        refers("entry", "fk_redemption_entry", entry_seq="seq"),
        refers("volunteer", "fk_redemption_person", "person_id"),
        refers("volunteer", "fk_redemption_volunteer", volunteer_number="number"),
        refers("person", "fk_redemption_served_by", served_by_id="id"),
        CheckConstraint("served_by_id <> person_id", name="not_for_oneself"),
        *whole("points_e2", 1, TOTAL_POINTS_E2_MAX),
        Index("ix_redemption_volunteer", "community_id", "volunteer_number", "redeemed_on"),
        Index("ix_redemption_day", "community_id", "redeemed_on"),
    )


class RedemptionLineRow(Base):
    """Pieces of one lot in a redemption, at the price of the version that was in force."""

    __tablename__ = "redemption_line"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    redemption_id: Mapped[UUID] = mapped_column(sa.Uuid)
    line: Mapped[int] = mapped_column(sa.Integer)
    good_number: Mapped[str] = mapped_column(NUMBER)
    lot_number: Mapped[str] = mapped_column(NUMBER)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    price_points_e2: Mapped[int] = mapped_column(sa.Integer)
    price_version: Mapped[int] = mapped_column(sa.Integer)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "redemption_id", "line"),
        UniqueConstraint("community_id", "redemption_id", "lot_number", name="uq_redemption_line_lot"),
        refers("redemption", "fk_redemption_line_redemption", redemption_id="id"),
        refers("lot", "fk_redemption_line_lot", "good_number", lot_number="number"),
        refers("price_in_force", "fk_redemption_line_price", "good_number", "price_points_e2", price_version="version"),
        *whole("pieces", 1, PIECES_MAX),
        *whole("price_points_e2", 1, PRICE_POINTS_E2_MAX),
    )


class RedemptionUndoRow(Base):
    """A redemption taken back, at most once; on a later day by another person than the one who served."""

    __tablename__ = "redemption_undo"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    redemption_id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    served_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    redeemed_on: Mapped[date] = mapped_column(sa.Date)
    undone_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    undone_on: Mapped[date] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(REASON)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "redemption_id"),
        refers(
            "redemption",
            "fk_redemption_undo_redemption",
            "person_id",
            "served_by_id",
            "redeemed_on",
            redemption_id="id",
        ),
        refers("entry", "fk_redemption_undo_entry", entry_seq="seq"),
        refers("person", "fk_redemption_undo_undone_by", undone_by_id="id"),
        CheckConstraint("undone_by_id <> person_id", name="not_for_oneself"),
        CheckConstraint("undone_on = redeemed_on OR undone_by_id <> served_by_id", name="later_by_another"),
        CheckConstraint("undone_on >= redeemed_on", name="after_the_redemption"),
    )
