"""Between approval and entry: who approved it once more, what each side said, who was served, how they rated it.

What was said only grows: each side says yes or no once, so of two answers at the same moment the database keeps one.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.service.tables.records import COMMUNITY, PERSON_NUMBER, person_key


def _to_record(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["community_id", "record_id"], ["service_record.community_id", "service_record.id"], name=f"fk_{table}_record"
    )


class RecordAnswerRow(Base):
    """What one side said about a service; a no opens a case. answerer_id: None for whoever has no sign-in."""

    __tablename__ = "record_answer"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    record_id: Mapped[UUID] = mapped_column(sa.Uuid)
    side: Mapped[str] = mapped_column(sa.String(10))
    agrees: Mapped[bool] = mapped_column(sa.Boolean)
    reason: Mapped[str] = mapped_column(sa.String(500))
    answerer_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    answerer: Mapped[str] = mapped_column(PERSON_NUMBER)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    objection_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "record_id", "side"),
        UniqueConstraint("community_id", "objection_id"),
        _to_record("record_answer"),
        person_key("record_answer", "answerer_id"),
        ForeignKeyConstraint(
            ["community_id", "objection_id"],
            ["line_objection.community_id", "line_objection.id"],
            name="fk_record_answer_objection",
        ),
        CheckConstraint("side IN ('volunteer', 'recipient', 'resident')", name="side_known"),
        CheckConstraint("agrees = (objection_id IS NULL)", name="a_no_opens_a_case"),
        CheckConstraint("agrees OR reason <> ''", name="a_no_says_why"),
    )


class FurtherApprovalRow(Base):
    """Who approved, after the first approver, what makes a day longer than the rules allow; and why it is right.

    By trigger it is another person than who recorded it, who approved it and who served; without it the record is
    never posted.
    """

    __tablename__ = "further_approval"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    record_id: Mapped[UUID] = mapped_column(sa.Uuid)
    approver_id: Mapped[UUID] = mapped_column(sa.Uuid)
    approver: Mapped[str] = mapped_column(PERSON_NUMBER)
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(sa.String(500))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "record_id"),
        _to_record("further_approval"),
        person_key("further_approval", "approver_id"),
        CheckConstraint("answer <> ''", name="says_why"),
    )


class ActivityRecipientRow(Base):
    """For whom an activity was: a name, the end of a phone number, and the code by which they answer."""

    __tablename__ = "activity_recipient"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    activity_id: Mapped[UUID] = mapped_column(sa.Uuid)
    name: Mapped[str] = mapped_column(sa.String(60))
    phone_tail: Mapped[str] = mapped_column(sa.String(4))
    code: Mapped[str] = mapped_column(sa.String(10))
    setter: Mapped[str] = mapped_column(PERSON_NUMBER)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "activity_id"),
        UniqueConstraint("community_id", "code"),
        ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name="fk_activity_recipient_activity",
        ),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("length(phone_tail) = 4", name="phone_tail_of_four"),
        CheckConstraint("length(code) = 10", name="code_of_ten"),
    )


class RecipientRatingRow(Base):
    """How the recipient rated a service. before_posting: it came before the entry and may count for its points."""

    __tablename__ = "recipient_rating"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    record_id: Mapped[UUID] = mapped_column(sa.Uuid)
    stars: Mapped[int] = mapped_column(sa.Integer)
    reason: Mapped[str] = mapped_column(sa.String(500))
    before_posting: Mapped[bool] = mapped_column(sa.Boolean)
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "record_id"),
        _to_record("recipient_rating"),
        *whole("stars", 1, 5),
    )
