"""What went to the level above, and what came back."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime
from timebank.stars.tables.common import COMMUNITY, PERSON_NUMBER


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
