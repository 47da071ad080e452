"""Rule versions and the proposals that lead to them; private to this package.

A version is never changed: the table only grows, by trigger and by right. Two persons stand behind each one, except
the first two, which come with the program when a community is opened.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COMMUNITY = sa.String(16)
PERSON_NUMBER = sa.String(32)
VERSION_MAX = 100_000


class RuleProposalRow(Base):
    """A document that somebody wants to hold from a day on, waiting for a second person or decided by one."""

    __tablename__ = "rule_proposal"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    document: Mapped[str] = mapped_column(sa.Text)
    valid_from: Mapped[date] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(10))
    proposer_id: Mapped[UUID] = mapped_column(sa.Uuid)
    proposer: Mapped[str] = mapped_column(PERSON_NUMBER)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decider_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    decider: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        CheckConstraint("state IN ('open', 'published', 'rejected', 'withdrawn')", name="state_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint(
            "(decided_at IS NULL) = (decider_id IS NULL) AND (decided_at IS NULL) = (decider IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("state <> 'published' OR decider_id <> proposer_id", name="confirmed_by_another"),
        Index("ix_rule_proposal_proposed_at", "community_id", "proposed_at"),
    )


class RuleVersionRow(Base):
    """A published rule document; append only."""

    __tablename__ = "rule_version"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    version: Mapped[int] = mapped_column(sa.Integer)
    valid_from: Mapped[date] = mapped_column(sa.Date)
    document: Mapped[str] = mapped_column(sa.Text)
    document_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    proposal_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    published_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    published_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    confirmed_by_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    confirmed_by: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "version"),
        UniqueConstraint("community_id", "proposal_id"),
        UniqueConstraint("community_id", "entry_seq"),
        ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name="fk_rule_version_entry"
        ),
        ForeignKeyConstraint(
            ["community_id", "proposal_id"],
            ["rule_proposal.community_id", "rule_proposal.id"],
            name="fk_rule_version_proposal",
        ),
        CheckConstraint("confirmed_by_id <> published_by_id", name="confirmed_by_another"),
        CheckConstraint("(confirmed_by_id IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("version <= 2 OR confirmed_by_id IS NOT NULL", name="two_persons"),
        CheckConstraint("version <= 2 OR proposal_id IS NOT NULL", name="proposed_before"),
        *whole("version", 1, VERSION_MAX),
    )
