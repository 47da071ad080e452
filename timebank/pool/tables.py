"""Rows of the pool: grants as proposed, and what became of each. Both only grow; donations are entries alone."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.ledger.entries import AMOUNT_MAX

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COMMUNITY = sa.String(16)
PERSON_NUMBER = sa.String(32)


class PoolGrantRow(Base):
    """Points that somebody wants a passbook to get out of the pool, and why."""

    __tablename__ = "pool_grant"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(PERSON_NUMBER)
    points_e2: Mapped[int] = mapped_column(BIG)
    reason: Mapped[str] = mapped_column(sa.String(200))
    proposer_id: Mapped[UUID] = mapped_column(sa.Uuid)
    proposer: Mapped[str] = mapped_column(PERSON_NUMBER)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "id", "proposer_id", name="uq_pool_grant_pinned"),
        ForeignKeyConstraint(
            ["community_id", "number"], ["volunteer.community_id", "volunteer.number"], name="fk_pool_grant_volunteer"
        ),
        *whole("points_e2", 1, AMOUNT_MAX),
        Index("ix_pool_grant_number", "community_id", "number"),
    )


class PoolGrantDecisionRow(Base):
    """What became of a grant: confirmed by another person, which is an entry, or turned down."""

    __tablename__ = "pool_grant_decision"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    grant_id: Mapped[UUID] = mapped_column(sa.Uuid)
    confirmed: Mapped[bool] = mapped_column(sa.Boolean)
    proposer_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decider_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decider: Mapped[str] = mapped_column(PERSON_NUMBER)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "grant_id"),
        UniqueConstraint("community_id", "entry_seq"),
        ForeignKeyConstraint(
            ["community_id", "grant_id", "proposer_id"],
            ["pool_grant.community_id", "pool_grant.id", "pool_grant.proposer_id"],
            name="fk_pool_grant_decision_grant",
        ),
        ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name="fk_pool_grant_decision_entry"
        ),
        CheckConstraint("NOT confirmed OR decider_id <> proposer_id", name="confirmed_by_another"),
        CheckConstraint("confirmed = (entry_seq IS NOT NULL)", name="a_grant_is_an_entry"),
    )
