"""What people agreed to, and what they asked for about their own data; each is decided once and never deleted.

The words of a request lie apart: they may name what was wrong, and are deleted when their time is over.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.people.tables.persons import COMMUNITY, NUMBER, one_where


def _to(person: str, name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["community_id", person], ["person.community_id", "person.id"], name=name)


class ConsentRow(Base):
    """That somebody agreed to a version of a text; state: open while it holds, else withdrawn."""

    __tablename__ = "consent"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    what: Mapped[str] = mapped_column(sa.String(16))
    version: Mapped[int] = mapped_column(sa.SmallInteger)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_by: Mapped[str] = mapped_column(NUMBER)
    state: Mapped[str] = mapped_column(sa.String(10))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(NUMBER)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        _to("person_id", "fk_consent_person"),
        CheckConstraint("what IN ('notice', 'document')", name="what_known"),
        CheckConstraint("state IN ('open', 'withdrawn')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (withdrawn_at IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name="withdrawn_by_somebody",
        ),
        *whole("version", 1, 1000),
        one_where("state = 'open'", "uq_consent_open", "community_id", "person_id", "what"),
    )


class DataRequestRow(Base):
    """What somebody asked for about their data: that it be put right, or that their passbook be closed."""

    __tablename__ = "data_request"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    kind: Mapped[str] = mapped_column(sa.String(10))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(NUMBER)
    asker_id: Mapped[UUID] = mapped_column(sa.Uuid)
    due_on: Mapped[date] = mapped_column(sa.Date)
    state: Mapped[str] = mapped_column(sa.String(10))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(NUMBER)
    decider_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        _to("person_id", "fk_data_request_person"),
        _to("asker_id", "fk_data_request_asker"),
        _to("decider_id", "fk_data_request_decider"),
        CheckConstraint("kind IN ('correct', 'close')", name="kind_known"),
        CheckConstraint("state IN ('open', 'done', 'declined', 'withdrawn')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL) "
            "AND (decided_by IS NULL) = (decider_id IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("state NOT IN ('done', 'declined') OR decider_id <> person_id", name="not_by_oneself"),
        CheckConstraint("kind <> 'close' OR state <> 'done' OR decider_id <> asker_id", name="closed_by_another"),
        one_where("state = 'open'", "uq_data_request_open", "community_id", "person_id", "kind"),
        Index("ix_data_request_person", "community_id", "person_id"),
        Index("ix_data_request_state", "community_id", "state", "due_on"),
    )


class DataRequestWordsRow(Base):
    """What was asked in words, and answered in words."""

    __tablename__ = "data_request_words"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    request_id: Mapped[UUID] = mapped_column(sa.Uuid)
    asked: Mapped[str] = mapped_column(sa.Text)
    answered: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "request_id"),
        ForeignKeyConstraint(
            ["community_id", "request_id"],
            ["data_request.community_id", "data_request.id"],
            name="fk_data_request_words_request",
        ),
    )
