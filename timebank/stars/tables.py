"""Star awards, and the reviews of stars whose minutes were taken back; private to this package.

An award is one case: opened when a level is reached, decided once, kept for ever. The database too keeps that nobody
grants what they opened or what is their own, and that a volunteer has each level at most once.
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
MINUTES_MAX = 9_000_000_000_000_000
_LIVE = sa.text("state IN ('open', 'granted')")
_OPEN = sa.text("state = 'open'")


class StarAwardRow(Base):
    """One case: a volunteer and a level, from its opening to its decision."""

    __tablename__ = "star_award"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(PERSON_NUMBER)
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[str] = mapped_column(sa.String(10))
    minutes: Mapped[int] = mapped_column(BIG)
    needed_minutes: Mapped[int] = mapped_column(BIG)
    body: Mapped[str] = mapped_column(sa.String(10))
    rule_version: Mapped[int] = mapped_column(sa.Integer)
    opener_id: Mapped[UUID] = mapped_column(sa.Uuid)
    opener: Mapped[str] = mapped_column(PERSON_NUMBER)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decider_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    decider: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    entry_seq: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "entry_seq"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_star_award_person",
        ),
        ForeignKeyConstraint(
            ["community_id", "number"], ["volunteer.community_id", "volunteer.number"], name="fk_star_award_volunteer"
        ),
        ForeignKeyConstraint(
            ["community_id", "rule_version"],
            ["rule_version.community_id", "rule_version.version"],
            name="fk_star_award_rule_version",
        ),
        ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name="fk_star_award_entry"
        ),
        CheckConstraint("state IN ('open', 'granted', 'refused', 'withdrawn')", name="state_known"),
        CheckConstraint("body IN ('area', 'community', 'upper')", name="body_known"),
        CheckConstraint("state <> 'granted' OR decider_id <> opener_id", name="granted_by_another"),
        CheckConstraint("state NOT IN ('granted', 'refused') OR decider_id <> person_id", name="not_for_oneself"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint(
            "(decided_at IS NULL) = (decider_id IS NULL) AND (decided_at IS NULL) = (decider IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("(state IN ('granted', 'refused')) = (entry_seq IS NOT NULL)", name="decision_is_an_entry"),
        CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name="refused_with_reason"),
        *whole("level", 1, 5),
        *whole("minutes", 0, MINUTES_MAX),
        *whole("needed_minutes", 1, MINUTES_MAX),
        Index(
            "ix_star_award_once",
            "community_id",
            "number",
            "level",
            unique=True,
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
        Index("ix_star_award_number", "community_id", "number"),
        Index("ix_star_award_state", "community_id", "state", "opened_at"),
    )


class StarReviewRow(Base):
    """A granted star whose minutes were taken back: somebody must look; the star itself stays."""

    __tablename__ = "star_review"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    award_id: Mapped[UUID] = mapped_column(sa.Uuid)
    state: Mapped[str] = mapped_column(sa.String(10))
    minutes: Mapped[int] = mapped_column(BIG)
    opener: Mapped[str] = mapped_column(PERSON_NUMBER)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closer: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(
            ["community_id", "award_id"], ["star_award.community_id", "star_award.id"], name="fk_star_review_award"
        ),
        CheckConstraint("state IN ('open', 'kept', 'recovered')", name="state_known"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_once"),
        CheckConstraint("(closed_at IS NULL) = (closer IS NULL)", name="closed_by_somebody"),
        CheckConstraint("state <> 'kept' OR reason IS NOT NULL", name="kept_with_reason"),
        *whole("minutes", 0, MINUTES_MAX),
        Index(
            "ix_star_review_once",
            "community_id",
            "award_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_star_review_state", "community_id", "state", "opened_at"),
    )


class StarNoticeRow(Base):
    """The public notice of a case; written once, never changed."""

    __tablename__ = "star_notice"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    award_id: Mapped[UUID] = mapped_column(sa.Uuid)
    first_on: Mapped[date] = mapped_column(sa.Date)
    last_on: Mapped[date] = mapped_column(sa.Date)
    poster_id: Mapped[UUID] = mapped_column(sa.Uuid)
    poster: Mapped[str] = mapped_column(PERSON_NUMBER)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "award_id"),
        ForeignKeyConstraint(
            ["community_id", "award_id"], ["star_award.community_id", "star_award.id"], name="fk_star_notice_award"
        ),
        CheckConstraint("last_on > first_on", name="lasts"),
    )


class StarObjectionRow(Base):
    """An objection to a case on notice; answered once, never deleted."""

    __tablename__ = "star_objection"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    award_id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(sa.String(12))
    text: Mapped[str] = mapped_column(sa.String(500))
    contact: Mapped[str] = mapped_column(sa.String(60))
    made_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(sa.String(500))
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    answered_by: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        ForeignKeyConstraint(
            ["community_id", "award_id"],
            ["star_notice.community_id", "star_notice.award_id"],
            name="fk_star_objection_notice",
        ),
        CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)",
            name="answered_by_somebody",
        ),
        Index("ix_star_objection_award", "community_id", "award_id"),
    )


class StarRecommendationRow(Base):
    """That a case was recommended to the level above; written once, never changed."""

    __tablename__ = "star_recommendation"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    award_id: Mapped[UUID] = mapped_column(sa.Uuid)
    recommended_to: Mapped[str] = mapped_column(sa.String(60))
    recommended_on: Mapped[date] = mapped_column(sa.Date)
    recommender_id: Mapped[UUID] = mapped_column(sa.Uuid)
    recommender: Mapped[str] = mapped_column(PERSON_NUMBER)
    recommended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "award_id"),
        UniqueConstraint("community_id", "award_id", "recommender_id", name="uq_star_recommendation_pinned"),
        ForeignKeyConstraint(
            ["community_id", "award_id"],
            ["star_award.community_id", "star_award.id"],
            name="fk_star_recommendation_award",
        ),
    )


class StarOutcomeRow(Base):
    """What the level above answered, recorded by another person than the one who recommended; never changed."""

    __tablename__ = "star_outcome"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    award_id: Mapped[UUID] = mapped_column(sa.Uuid)
    granted: Mapped[bool] = mapped_column(sa.Boolean)
    decided_on: Mapped[date] = mapped_column(sa.Date)
    document: Mapped[str] = mapped_column(sa.String(60))
    recommender_id: Mapped[UUID] = mapped_column(sa.Uuid)
    recorder_id: Mapped[UUID] = mapped_column(sa.Uuid)
    recorder: Mapped[str] = mapped_column(PERSON_NUMBER)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "award_id"),
        ForeignKeyConstraint(
            ["community_id", "award_id", "recommender_id"],
            [
                "star_recommendation.community_id",
                "star_recommendation.award_id",
                "star_recommendation.recommender_id",
            ],
            name="fk_star_outcome_recommendation",
        ),
        CheckConstraint("recorder_id <> recommender_id", name="recorded_by_another"),
    )
