"""Trainings that volunteers attended: recorded by one person, decided by another, never deleted."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.people.tables.persons import COMMUNITY, NAME, NUMBER

_NOT_REJECTED = sa.text("state <> 'rejected'")


class TrainingRow(Base):
    """One volunteer at one training; what was recorded does not change, the state moves once."""

    __tablename__ = "training"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    course: Mapped[str] = mapped_column(NAME)
    content: Mapped[str] = mapped_column(sa.String(200))
    organiser: Mapped[str] = mapped_column(NAME)
    trained_on: Mapped[date] = mapped_column(sa.Date)
    minutes: Mapped[int] = mapped_column(sa.Integer)
    recorder_id: Mapped[UUID] = mapped_column(sa.Uuid)
    recorder: Mapped[str] = mapped_column(NUMBER)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(10))
    decider_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    decider: Mapped[str | None] = mapped_column(NUMBER)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_training_volunteer",
        ),
        CheckConstraint("state IN ('open', 'approved', 'rejected')", name="state_known"),
        CheckConstraint("recorder_id <> person_id", name="not_by_oneself"),
        CheckConstraint(
            "state <> 'approved' OR (decider_id <> recorder_id AND decider_id <> person_id)",
            name="approved_by_another",
        ),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decider_id IS NULL) "
            "AND (decided_at IS NULL) = (decider IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name="rejected_with_reason"),
        *whole("minutes", 1, 60_000),
        Index(
            "uq_training_once",
            "community_id",
            "person_id",
            "trained_on",
            "course",
            unique=True,
            postgresql_where=_NOT_REJECTED,
            sqlite_where=_NOT_REJECTED,
        ),
        Index("ix_training_state", "community_id", "state", "recorded_at"),
    )
