"""Write-offs and counts: what left the shelf without being handed out, and what was found on it.

All of it only grows. Whoever proposes or submits is repeated in the decision through a foreign key, so that the
database itself demands another person.

Source: domain.md section 1.3 (store-keeping) and trust.md T19, X17.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules import LOT_PIECES_MAX, SHELF_PIECES_MAX
from timebank.market.tables.common import BIG, COMMUNITY, NUMBER, REASON, refers


class WriteOffRow(Base):
    """Pieces of one lot that somebody wants written off; they stay in the books until another person agrees."""

    __tablename__ = "write_off"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    lot_number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    cause: Mapped[str] = mapped_column(sa.String(10))
    note: Mapped[str] = mapped_column(REASON)
    proposed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint("community_id", "number", "proposed_by_id", name="uq_write_off_pinned"),
        refers("lot", "fk_write_off_lot", "good_number", lot_number="number"),
        refers("person", "fk_write_off_proposed_by", proposed_by_id="id"),
        *whole("pieces", 1, LOT_PIECES_MAX),
        CheckConstraint("cause IN ('expired', 'damaged', 'lost', 'other')", name="cause_known"),
    )


class WriteOffDecisionRow(Base):
    """What became of a write-off, exactly once: confirmed by another person, or withdrawn."""

    __tablename__ = "write_off_decision"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    write_off_number: Mapped[str] = mapped_column(NUMBER)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    proposed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "write_off_number"),
        refers("write_off", "fk_write_off_decision_write_off", "proposed_by_id", write_off_number="number"),
        refers("entry", "fk_write_off_decision_entry", entry_seq="seq"),
        refers("person", "fk_write_off_decision_decided_by", decided_by_id="id"),
        CheckConstraint(
            "(outcome = 'confirmed' AND entry_seq IS NOT NULL AND decided_by_id <> proposed_by_id) "
            "OR (outcome = 'withdrawn' AND entry_seq IS NULL)",
            name="two_persons",
        ),
    )


class StockCountRow(Base):
    """A count that was begun; without goods of its own (`stock_count_good`) it is a count of the whole shelf."""

    __tablename__ = "stock_count"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    opened_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        refers("person", "fk_stock_count_opened_by", opened_by_id="id"),
    )


class StockCountGoodRow(Base):
    """A good to which a count is limited."""

    __tablename__ = "stock_count_good"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    count_number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "count_number", "good_number"),
        refers("stock_count", "fk_stock_count_good_count", count_number="number"),
        refers("good", "fk_stock_count_good_good", good_number="number"),
    )


class CountTallyRow(Base):
    """Pieces that one person counted, and how many the books held at that moment (never shown while counting).

    `pieces` may be negative: a scan too many is taken back by a line of its own. A later `round` of a good takes the
    place of the earlier ones.
    """

    __tablename__ = "count_tally"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    count_number: Mapped[str] = mapped_column(NUMBER)
    line: Mapped[int] = mapped_column(sa.Integer)
    good_number: Mapped[str] = mapped_column(NUMBER)
    round: Mapped[int] = mapped_column(sa.Integer)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    expected_pieces: Mapped[int] = mapped_column(BIG)
    counted_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "count_number", "line"),
        refers("stock_count", "fk_count_tally_count", count_number="number"),
        refers("good", "fk_count_tally_good", good_number="number"),
        refers("person", "fk_count_tally_counted_by", counted_by_id="id"),
        *whole("line", 1, 1_000_000),
        *whole("round", 1, 1_000),
        *whole("pieces", -LOT_PIECES_MAX, LOT_PIECES_MAX),
        *whole("expected_pieces", 0, SHELF_PIECES_MAX),
        Index("ix_count_tally_good", "community_id", "good_number"),
    )


class CountSubmissionRow(Base):
    """A count that is complete: from now on nothing is counted in it, and it waits for another person."""

    __tablename__ = "count_submission"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    count_number: Mapped[str] = mapped_column(NUMBER)
    submitted_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "count_number"),
        UniqueConstraint("community_id", "count_number", "submitted_by_id", name="uq_count_submission_pinned"),
        refers("stock_count", "fk_count_submission_count", count_number="number"),
        refers("person", "fk_count_submission_submitted_by", submitted_by_id="id"),
    )


class CountDecisionRow(Base):
    """What became of a count, exactly once: finalised by another person than the one who submitted it, or dropped."""

    __tablename__ = "count_decision"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    count_number: Mapped[str] = mapped_column(NUMBER)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    submitted_by_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    decided_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(REASON)
    entry_seq: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "count_number"),
        refers("stock_count", "fk_count_decision_count", count_number="number"),
        refers("count_submission", "fk_count_decision_submission", "count_number", "submitted_by_id"),
        refers("entry", "fk_count_decision_entry", entry_seq="seq"),
        refers("person", "fk_count_decision_decided_by", decided_by_id="id"),
        CheckConstraint(
            "(outcome = 'finalised' AND entry_seq IS NOT NULL AND submitted_by_id IS NOT NULL "
            "AND decided_by_id <> submitted_by_id) OR (outcome = 'dropped' AND entry_seq IS NULL)",
            name="two_persons",
        ),
    )


class CountVarianceRow(Base):
    """A good of a finalised count of which other pieces were there than the books said, and why."""

    __tablename__ = "count_variance"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    count_number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    counted_pieces: Mapped[int] = mapped_column(BIG)
    expected_pieces: Mapped[int] = mapped_column(BIG)
    reason: Mapped[str] = mapped_column(REASON)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "count_number", "good_number"),
        refers("count_decision", "fk_count_variance_decision", "count_number"),
        refers("good", "fk_count_variance_good", good_number="number"),
        CheckConstraint("counted_pieces <> expected_pieces", name="differs"),
        CheckConstraint("reason <> ''", name="reason_given"),
        *whole("counted_pieces", 0, SHELF_PIECES_MAX),
        *whole("expected_pieces", 0, SHELF_PIECES_MAX),
    )
