"""Awards: one case each, opened when a level is reached, decided once, kept for ever.

The database too keeps that nobody grants what they opened or what is their own, and that a volunteer has each level at
most once.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.stars.tables.common import BIG, COMMUNITY, MINUTES_MAX, PERSON_NUMBER

_LIVE: Final = sa.text("state IN ('open', 'granted')")


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
