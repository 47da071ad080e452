"""Reviews of granted stars whose minutes were taken back."""

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.stars.tables.common import BIG, COMMUNITY, MINUTES_MAX, PERSON_NUMBER

_OPEN: Final = sa.text("state = 'open'")


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
