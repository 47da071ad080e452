"""After the hours: what a volunteer doubts about a line, and records that were put right. Nothing is ever deleted."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.service.tables.records import BIG, COMMUNITY, PERSON_NUMBER, SEQ_MAX, person_key

_OPEN = sa.text("state = 'open'")


class LineObjectionRow(Base):
    """A doubt about a line of the passbook, or about one that is missing; answered once.

    number: what the volunteer asks by; entry_seq: the line, None where something is missing; due_on: the day by which
    it is answered.
    """

    __tablename__ = "line_objection"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(sa.String(20))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    volunteer_number: Mapped[str] = mapped_column(PERSON_NUMBER)
    entry_seq: Mapped[int | None] = mapped_column(BIG)
    text: Mapped[str] = mapped_column(sa.String(500))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date] = mapped_column(sa.Date)
    state: Mapped[str] = mapped_column(sa.String(10))
    answer: Mapped[str | None] = mapped_column(sa.String(500))
    answerer_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    answerer: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_line_objection_person",
        ),
        ForeignKeyConstraint(
            ["community_id", "volunteer_number"],
            ["volunteer.community_id", "volunteer.number"],
            name="fk_line_objection_volunteer",
        ),
        ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name="fk_line_objection_entry"
        ),
        person_key("line_objection", "answerer_id"),
        CheckConstraint("state IN ('open', 'kept', 'corrected')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (answered_at IS NULL) AND (answered_at IS NULL) = (answer IS NULL)"
            " AND (answered_at IS NULL) = (answerer_id IS NULL) AND (answered_at IS NULL) = (answerer IS NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint("answerer_id <> person_id", name="answered_by_another"),
        *whole("entry_seq", 1, SEQ_MAX),
        Index(
            "uq_line_objection_open",
            "community_id",
            "person_id",
            "entry_seq",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_line_objection_state", "community_id", "state", "due_on"),
    )


class RecordCorrectionRow(Base):
    """A record that was taken back and the one that stands for it; both stay visible."""

    __tablename__ = "record_correction"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    record_id: Mapped[UUID] = mapped_column(sa.Uuid)
    new_record_id: Mapped[UUID] = mapped_column(sa.Uuid)
    reason: Mapped[str] = mapped_column(sa.String(500))
    corrector_id: Mapped[UUID] = mapped_column(sa.Uuid)
    corrector: Mapped[str] = mapped_column(PERSON_NUMBER)
    corrected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "record_id"),
        UniqueConstraint("community_id", "new_record_id"),
        ForeignKeyConstraint(
            ["community_id", "record_id"],
            ["service_record.community_id", "service_record.id"],
            name="fk_record_correction_record",
        ),
        ForeignKeyConstraint(
            ["community_id", "new_record_id"],
            ["service_record.community_id", "service_record.id"],
            name="fk_record_correction_new_record",
        ),
        person_key("record_correction", "corrector_id"),
        CheckConstraint("new_record_id <> record_id", name="two_records"),
    )
