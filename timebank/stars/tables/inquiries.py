"""Inquiries into a star: opened with evidence, the volunteer heard, decided by another person, objected to once.

Four tables that only grow: nothing of an inquiry is ever changed or removed. The database too keeps that nobody decides
what they opened or what is their own, and that an objection is decided by a third person.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.stars.tables.common import BIG, COMMUNITY, PERSON_NUMBER


class StarInquiryRow(Base):
    """That somebody has something against a star: what, and what shows it."""

    __tablename__ = "star_inquiry"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(sa.String(12))
    award_id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    volunteer_number: Mapped[str] = mapped_column(PERSON_NUMBER)
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    reason: Mapped[str] = mapped_column(sa.String(200))
    evidence: Mapped[str] = mapped_column(sa.String(500))
    opener_id: Mapped[UUID] = mapped_column(sa.Uuid)
    opener: Mapped[str] = mapped_column(PERSON_NUMBER)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("community_id", "id", "opener_id", "person_id", "level", name="uq_star_inquiry_pinned"),
        ForeignKeyConstraint(
            ["community_id", "award_id"], ["star_award.community_id", "star_award.id"], name="fk_star_inquiry_award"
        ),
        ForeignKeyConstraint(
            ["community_id", "volunteer_number"],
            ["volunteer.community_id", "volunteer.number"],
            name="fk_star_inquiry_volunteer",
        ),
        CheckConstraint("opener_id <> person_id", name="opened_by_another"),
        *whole("level", 1, 5),
        Index("ix_star_inquiry_volunteer", "community_id", "volunteer_number"),
    )


class StarHearingRow(Base):
    """What the volunteer said, or that they would not say anything or did not come; as often as it happened."""

    __tablename__ = "star_hearing"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    inquiry_id: Mapped[UUID] = mapped_column(sa.Uuid)
    kind: Mapped[str] = mapped_column(sa.String(10))
    heard_on: Mapped[date] = mapped_column(sa.Date)
    text: Mapped[str] = mapped_column(sa.String(500))
    recorder: Mapped[str] = mapped_column(PERSON_NUMBER)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(
            ["community_id", "inquiry_id"],
            ["star_inquiry.community_id", "star_inquiry.id"],
            name="fk_star_hearing_inquiry",
        ),
        CheckConstraint("kind IN ('statement', 'declined', 'absent')", name="kind_known"),
        CheckConstraint("kind <> 'statement' OR text <> ''", name="a_statement_says_something"),
        Index("ix_star_hearing_inquiry", "community_id", "inquiry_id"),
    )


class StarInquiryDecisionRow(Base):
    """What came of an inquiry: the first decision, and the one about an objection to it."""

    __tablename__ = "star_inquiry_decision"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    inquiry_id: Mapped[UUID] = mapped_column(sa.Uuid)
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    level_after: Mapped[int] = mapped_column(sa.SmallInteger)
    until_on: Mapped[date | None] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.String(200))
    document: Mapped[str] = mapped_column(sa.String(60))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    opener_id: Mapped[UUID] = mapped_column(sa.Uuid)
    earlier_round: Mapped[int | None] = mapped_column(sa.SmallInteger)
    earlier_decider_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    decider_id: Mapped[UUID] = mapped_column(sa.Uuid)
    decider: Mapped[str] = mapped_column(PERSON_NUMBER)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "inquiry_id", "round"),
        UniqueConstraint("community_id", "entry_seq"),
        UniqueConstraint("community_id", "inquiry_id", "round", "decider_id", name="uq_star_inquiry_decision_pinned"),
        ForeignKeyConstraint(
            ["community_id", "inquiry_id", "opener_id", "person_id", "level"],
            [
                "star_inquiry.community_id",
                "star_inquiry.id",
                "star_inquiry.opener_id",
                "star_inquiry.person_id",
                "star_inquiry.level",
            ],
            name="fk_star_inquiry_decision_inquiry",
        ),
        ForeignKeyConstraint(
            ["community_id", "inquiry_id", "earlier_round", "earlier_decider_id"],
            [
                "star_inquiry_decision.community_id",
                "star_inquiry_decision.inquiry_id",
                "star_inquiry_decision.round",
                "star_inquiry_decision.decider_id",
            ],
            name="fk_star_inquiry_decision_earlier",
        ),
        ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name="fk_star_inquiry_decision_entry"
        ),
        CheckConstraint("decider_id <> opener_id AND decider_id <> person_id", name="decided_by_another"),
        CheckConstraint(
            "(round = 1 AND earlier_round IS NULL AND earlier_decider_id IS NULL) OR "
            "(round = 2 AND earlier_round IS NOT NULL AND earlier_round = 1 AND earlier_decider_id IS NOT NULL "
            "AND earlier_decider_id <> decider_id)",
            name="objections_go_to_a_third",
        ),
        CheckConstraint(
            "(outcome = 'kept' AND level_after = level AND until_on IS NULL) OR "
            "(outcome = 'reduced' AND level_after BETWEEN 1 AND level - 1 AND until_on IS NOT NULL) OR "
            "(outcome = 'withdrawn' AND level_after = 0 AND until_on IS NOT NULL)",
            name="outcome_is_whole",
        ),
        *whole("round", 1, 2),
        *whole("level", 1, 5),
        *whole("level_after", 0, 5),
    )


class StarInquiryObjectionRow(Base):
    """That the volunteer objects to the first decision; once."""

    __tablename__ = "star_inquiry_objection"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    inquiry_id: Mapped[UUID] = mapped_column(sa.Uuid)
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    text: Mapped[str] = mapped_column(sa.String(500))
    made_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "inquiry_id"),
        ForeignKeyConstraint(
            ["community_id", "inquiry_id", "round"],
            [
                "star_inquiry_decision.community_id",
                "star_inquiry_decision.inquiry_id",
                "star_inquiry_decision.round",
            ],
            name="fk_star_inquiry_objection_decision",
        ),
        *whole("round", 1, 1),
    )
