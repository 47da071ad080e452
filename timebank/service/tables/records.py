"""Activities, service records and the flags on records.

Nothing here is ever deleted: a record that was wrong is rejected or reversed and stays. What four eyes mean is kept by
the database too: nobody approves what they recorded, what they served themselves, or an activity that they made. By
trigger a record is decided in one direction only, what was recorded stays as it was, and a flag is answered once.
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
SEQ_MAX = 10**12
MINUTES_MAX = 1440
"""No service is longer than a day."""


def person_key(table: str, column: str) -> ForeignKeyConstraint:
    """Build the foreign key of a column that names a person of the same community."""
    name = f"fk_{table}_{column.removesuffix('_id')}"
    return ForeignKeyConstraint(["community_id", column], ["person.community_id", "person.id"], name=name)


class ActivityRow(Base):
    """Something that the community does: what, where, when, led by whom; approved by another person than its maker."""

    __tablename__ = "activity"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(sa.String(40))
    origin: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(100))
    service_class: Mapped[str] = mapped_column(sa.String(40))
    place: Mapped[str] = mapped_column(sa.String(100))
    org_unit_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    leader: Mapped[str] = mapped_column(sa.String(60))
    capacity: Mapped[int | None] = mapped_column(sa.Integer)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    creator_id: Mapped[UUID] = mapped_column(sa.Uuid)
    creator: Mapped[str] = mapped_column(PERSON_NUMBER)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approver_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    approver: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        ForeignKeyConstraint(
            ["community_id", "org_unit_id"], ["org_unit.community_id", "org_unit.id"], name="fk_activity_org_unit"
        ),
        person_key("activity", "creator_id"),
        person_key("activity", "approver_id"),
        CheckConstraint("origin IN ('planned', 'sheets')", name="origin_known"),
        CheckConstraint("state IN ('proposed', 'approved', 'cancelled')", name="state_known"),
        CheckConstraint("approver_id <> creator_id", name="approver_is_not_creator"),
        CheckConstraint("state <> 'approved' OR approver_id IS NOT NULL", name="approved_by_somebody"),
        CheckConstraint("(origin = 'sheets') = (batch_id IS NOT NULL)", name="sheets_come_in_a_batch"),
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        *whole("capacity", 1, 100_000),
        Index("ix_activity_starts_at", "community_id", "starts_at"),
        Index("ix_activity_batch", "community_id", "batch_id"),
    )


def _minutes_computed() -> tuple[CheckConstraint, CheckConstraint]:
    """Build the CHECK that the minutes are what lies between start and end; each database counts in its own words."""
    name = "minutes_computed"
    on_postgresql = CheckConstraint("EXTRACT(EPOCH FROM ends_at - starts_at) = minutes * 60", name=name)
    on_sqlite = CheckConstraint(
        "CAST(strftime('%s', ends_at) AS INTEGER) - CAST(strftime('%s', starts_at) AS INTEGER) = minutes * 60",
        name=name,
    )
    return on_postgresql.ddl_if(dialect="postgresql"), on_sqlite.ddl_if(dialect="sqlite")


class ServiceRecordRow(Base):
    """Who served when: recorded by one person, approved by another, for the good of a third.

    closed_by, closed_at, closing_reason: who rejected or reversed it, when and why.
    """

    __tablename__ = "service_record"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    volunteer_number: Mapped[str] = mapped_column(PERSON_NUMBER)
    activity_id: Mapped[UUID] = mapped_column(sa.Uuid)
    service_class: Mapped[str] = mapped_column(sa.String(40))
    source_class: Mapped[str] = mapped_column(sa.String(16))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int] = mapped_column(sa.Integer)
    served_on: Mapped[date] = mapped_column(sa.Date)
    place: Mapped[str] = mapped_column(sa.String(100))
    content: Mapped[str] = mapped_column(sa.Text)
    leader: Mapped[str] = mapped_column(sa.String(60))
    sheet_number: Mapped[str] = mapped_column(sa.String(40))
    sheet_recorder: Mapped[str] = mapped_column(sa.String(60))
    late_reason: Mapped[str] = mapped_column(sa.Text)
    remark: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(10))
    recorder_id: Mapped[UUID] = mapped_column(sa.Uuid)
    recorder: Mapped[str] = mapped_column(PERSON_NUMBER)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approver_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    approver: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rating: Mapped[int | None] = mapped_column(sa.Integer)
    entry_seq: Mapped[int | None] = mapped_column(BIG)
    closer_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    closer: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_reason: Mapped[str] = mapped_column(sa.Text)
    reversal_seq: Mapped[int | None] = mapped_column(BIG)
    batch_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "entry_seq"),
        UniqueConstraint("community_id", "reversal_seq"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_service_record_person",
        ),
        ForeignKeyConstraint(
            ["community_id", "volunteer_number"],
            ["volunteer.community_id", "volunteer.number"],
            name="fk_service_record_volunteer",
        ),
        person_key("service_record", "recorder_id"),
        person_key("service_record", "approver_id"),
        person_key("service_record", "closer_id"),
        ForeignKeyConstraint(
            ["community_id", "activity_id"], ["activity.community_id", "activity.id"], name="fk_service_record_activity"
        ),
        ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name="fk_service_record_entry"
        ),
        ForeignKeyConstraint(
            ["community_id", "reversal_seq"], ["entry.community_id", "entry.seq"], name="fk_service_record_reversal"
        ),
        CheckConstraint("recorder_id <> person_id", name="recorder_is_not_beneficiary"),
        CheckConstraint("approver_id <> person_id", name="approver_is_not_beneficiary"),
        CheckConstraint("approver_id <> recorder_id", name="approver_is_not_recorder"),
        CheckConstraint("state <> 'reversed' OR closer_id <> person_id", name="reverser_is_not_beneficiary"),
        CheckConstraint("state IN ('submitted', 'checked', 'approved', 'rejected', 'reversed')", name="state_known"),
        CheckConstraint(
            "source_class IN ('self_check_in', 'staff_scan', 'sheet', 'late_entry', 'opening')", name="source_known"
        ),
        CheckConstraint(
            "(state IN ('approved', 'reversed')) = (entry_seq IS NOT NULL)", name="approved_with_its_entry"
        ),
        CheckConstraint(
            "(approver_id IS NOT NULL OR (entry_seq IS NULL AND state <> 'checked'))"
            " AND (approver_id IS NULL OR state <> 'submitted')",
            name="entry_with_its_approver",
        ),
        CheckConstraint("(state = 'reversed') = (reversal_seq IS NOT NULL)", name="reversed_with_its_entry"),
        CheckConstraint("(state IN ('rejected', 'reversed')) = (closer_id IS NOT NULL)", name="closed_by_somebody"),
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        *_minutes_computed(),
        *whole("minutes", 1, MINUTES_MAX),
        *whole("rating", 1, 5),
        *whole("entry_seq", 1, SEQ_MAX),
        *whole("reversal_seq", 1, SEQ_MAX),
        Index(
            "uq_service_record_served_once",
            "community_id",
            "person_id",
            "starts_at",
            unique=True,
            postgresql_where=sa.text("state IN ('submitted', 'checked', 'approved')"),
            sqlite_where=sa.text("state IN ('submitted', 'checked', 'approved')"),
        ),
        Index("ix_service_record_volunteer", "community_id", "volunteer_number", "starts_at", "id"),
        Index("ix_service_record_activity", "community_id", "activity_id", "state"),
        Index("ix_service_record_state", "community_id", "state", "activity_id", "id"),
        Index("ix_service_record_newest", "community_id", "state", "id"),
        Index("ix_service_record_recorder", "community_id", "recorder_id", "recorded_at"),
        Index("ix_service_record_batch", "community_id", "batch_id"),
    )


class RecordFlagRow(Base):
    """Something about a record that needs an answer in words before it is approved. facts: JSON."""

    __tablename__ = "record_flag"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    record_id: Mapped[UUID] = mapped_column(sa.Uuid)
    code: Mapped[str] = mapped_column(sa.String(40))
    facts: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_by: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "record_id", "code"),
        ForeignKeyConstraint(
            ["community_id", "record_id"],
            ["service_record.community_id", "service_record.id"],
            name="fk_record_flag_record",
        ),
        CheckConstraint(
            "(answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL)",
            name="answered_by_somebody",
        ),
    )
