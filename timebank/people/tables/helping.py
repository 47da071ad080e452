"""Family helpers: who may act for whom, in which relation, until when; ended once and never deleted."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime
from timebank.people.tables.persons import COMMUNITY, NUMBER

_OPEN = sa.text("state = 'open'")


class FamilyHelperRow(Base):
    """A volunteer (helper) who may act for another (person), named at the desk; until_on is the last day."""

    __tablename__ = "family_helper"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    helper_id: Mapped[UUID] = mapped_column(sa.Uuid)
    relation: Mapped[str] = mapped_column(sa.String(20))
    named_on: Mapped[date] = mapped_column(sa.Date)
    until_on: Mapped[date] = mapped_column(sa.Date)
    named_by: Mapped[str] = mapped_column(NUMBER)
    state: Mapped[str] = mapped_column(sa.String(10))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(NUMBER)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_family_helper_person",
        ),
        ForeignKeyConstraint(
            ["community_id", "helper_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_family_helper_helper",
        ),
        CheckConstraint("helper_id <> person_id", name="two_persons"),
        CheckConstraint("until_on >= named_on", name="lasts"),
        CheckConstraint("state IN ('open', 'ended')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended_by_somebody",
        ),
        Index(
            "uq_family_helper_once",
            "community_id",
            "person_id",
            "helper_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_family_helper_helper", "community_id", "helper_id", "state"),
    )
