"""The public notice of a case, and what was objected to it."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime
from timebank.stars.tables.common import COMMUNITY, PERSON_NUMBER


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
