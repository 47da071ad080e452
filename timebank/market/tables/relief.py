"""Relief: which households are in need, what was proposed for them, approved, handed out and signed for. Only grows.

Source: domain.md S7.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules import PIECES_MAX
from timebank.market.tables.common import BIG, COMMUNITY, NUMBER, REASON, refers

SIGNED = sa.String(40)


class NeedyHouseholdRow(Base):
    """A household in hardship, named by one of its members, registered until a day; why stands here only."""

    __tablename__ = "needy_household"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    volunteer_number: Mapped[str] = mapped_column(sa.String(32))
    reason: Mapped[str] = mapped_column(REASON)
    until_on: Mapped[date] = mapped_column(sa.Date)
    registered_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        refers("volunteer", "fk_needy_household_volunteer", volunteer_number="number"),
        refers("person", "fk_needy_household_registered_by", registered_by_id="id"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )


class ReliefRow(Base):
    """Goods proposed for a household."""

    __tablename__ = "relief"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    household_number: Mapped[str] = mapped_column(NUMBER)
    note: Mapped[str] = mapped_column(REASON)
    proposed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    proposed_on: Mapped[date] = mapped_column(sa.Date)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint("community_id", "number", "proposed_by_id", name="uq_relief_pinned"),
        refers("needy_household", "fk_relief_household", household_number="number"),
        refers("person", "fk_relief_proposed_by", proposed_by_id="id"),
        Index("ix_relief_household", "community_id", "household_number", "proposed_on"),
    )


class ReliefLineRow(Base):
    """Pieces of a good in a relief."""

    __tablename__ = "relief_line"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    relief_number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "relief_number", "good_number"),
        refers("relief", "fk_relief_line_relief", relief_number="number"),
        refers("good", "fk_relief_line_good", good_number="number"),
        *whole("pieces", 1, PIECES_MAX),
    )


class ReliefDecisionRow(Base):
    """What became of a proposal, once: approved by another person, or turned down."""

    __tablename__ = "relief_decision"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    relief_number: Mapped[str] = mapped_column(NUMBER)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    proposed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "relief_number"),
        UniqueConstraint("community_id", "relief_number", "outcome", name="uq_relief_decision_pinned"),
        refers("relief", "fk_relief_decision_relief", "proposed_by_id", relief_number="number"),
        refers("person", "fk_relief_decision_decided_by", decided_by_id="id"),
        CheckConstraint(
            "(outcome = 'approved' AND decided_by_id <> proposed_by_id) OR outcome = 'rejected'", name="two_persons"
        ),
    )


class ReliefIssueRow(Base):
    """An approved relief that was handed out, once, with who signed for it, by another person than who proposed it."""

    __tablename__ = "relief_issue"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    relief_number: Mapped[str] = mapped_column(NUMBER)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    proposed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    handed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    handed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by: Mapped[str] = mapped_column(SIGNED)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "relief_number"),
        UniqueConstraint("community_id", "entry_seq", name="uq_relief_issue_entry"),
        refers("relief", "fk_relief_issue_relief", "proposed_by_id", relief_number="number"),
        refers("relief_decision", "fk_relief_issue_decision", "relief_number", "outcome"),
        refers("person", "fk_relief_issue_handed_by", handed_by_id="id"),
        refers("entry", "fk_relief_issue_entry", entry_seq="seq"),
        CheckConstraint("outcome = 'approved'", name="approved"),
        CheckConstraint("handed_by_id <> proposed_by_id", name="two_persons"),
        CheckConstraint("signed_by <> ''", name="signed"),
    )
