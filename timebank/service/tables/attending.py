"""Before the hours: what an activity asks for, who has signed up, who came and went.

What is asked for and who came only grows. A sign-up is ended once and stays; who has a place and who waits follows
from the order of the sign-ups, so nobody is moved up by hand.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.service.tables.records import COMMUNITY, PERSON_NUMBER, person_key


def _to_activity(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["community_id", "activity_id"], ["activity.community_id", "activity.id"], name=f"fk_{table}_activity"
    )


def _to_volunteer(table: str) -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    """Build the foreign keys of a row about a volunteer: person and number."""
    return (
        ForeignKeyConstraint(
            ["community_id", "person_id"], ["volunteer.community_id", "volunteer.person_id"], name=f"fk_{table}_person"
        ),
        ForeignKeyConstraint(
            ["community_id", "volunteer_number"],
            ["volunteer.community_id", "volunteer.number"],
            name=f"fk_{table}_volunteer",
        ),
    )


class ActivityTermsRow(Base):
    """What a planned activity asks of those who come, its risk, and the insurance that a risky one needs."""

    __tablename__ = "activity_terms"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    activity_id: Mapped[UUID] = mapped_column(sa.Uuid)
    needs: Mapped[str] = mapped_column(sa.String(200))
    age_min: Mapped[int | None] = mapped_column(sa.Integer)
    risk: Mapped[str] = mapped_column(sa.String(300))
    insurance: Mapped[str] = mapped_column(sa.String(100))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "activity_id"),
        _to_activity("activity_terms"),
        CheckConstraint("risk = '' OR insurance <> ''", name="a_risk_is_insured"),
        *whole("age_min", 1, 99),
    )


class ActivityCancelRow(Base):
    """Why an activity does not take place, and who said so."""

    __tablename__ = "activity_cancel"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    activity_id: Mapped[UUID] = mapped_column(sa.Uuid)
    reason: Mapped[str] = mapped_column(sa.String(500))
    canceller_id: Mapped[UUID] = mapped_column(sa.Uuid)
    canceller: Mapped[str] = mapped_column(PERSON_NUMBER)
    cancelled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "activity_id"),
        _to_activity("activity_cancel"),
        person_key("activity_cancel", "canceller_id"),
    )


class SignUpRow(Base):
    """Somebody who wants to come. place: which sign-up of the activity it is, from 1; signer: who signed them up."""

    __tablename__ = "sign_up"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    activity_id: Mapped[UUID] = mapped_column(sa.Uuid)
    place: Mapped[int] = mapped_column(sa.Integer)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    volunteer_number: Mapped[str] = mapped_column(PERSON_NUMBER)
    signer_id: Mapped[UUID] = mapped_column(sa.Uuid)
    signer: Mapped[str] = mapped_column(PERSON_NUMBER)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(10))
    ender_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    ender: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "activity_id", "place", name="uq_sign_up_place"),
        _to_activity("sign_up"),
        *_to_volunteer("sign_up"),
        person_key("sign_up", "signer_id"),
        person_key("sign_up", "ender_id"),
        CheckConstraint("state IN ('open', 'cancelled')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ender_id IS NULL)"
            " AND (ended_at IS NULL) = (ender IS NULL)",
            name="ended_by_somebody",
        ),
        *whole("place", 1, 1_000_000),
        Index(
            "uq_sign_up_once",
            "community_id",
            "activity_id",
            "person_id",
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        ),
        Index("ix_sign_up_person", "community_id", "person_id", "state"),
    )


class AttendanceRow(Base):
    """Somebody came or went: by the code that the activity shows, or by their card at the door; each once.

    device: a digest that names the phone by which somebody checked in, empty at the door.
    """

    __tablename__ = "attendance"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    activity_id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    direction: Mapped[str] = mapped_column(sa.String(3))
    volunteer_number: Mapped[str] = mapped_column(PERSON_NUMBER)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source_class: Mapped[str] = mapped_column(sa.String(16))
    marker_id: Mapped[UUID] = mapped_column(sa.Uuid)
    marker: Mapped[str] = mapped_column(PERSON_NUMBER)
    device: Mapped[str] = mapped_column(sa.String(32))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "activity_id", "person_id", "direction"),
        _to_activity("attendance"),
        *_to_volunteer("attendance"),
        person_key("attendance", "marker_id"),
        CheckConstraint("direction IN ('in', 'out')", name="direction_known"),
        CheckConstraint(
            "(source_class = 'self_check_in' AND marker_id = person_id)"
            " OR (source_class = 'staff_scan' AND marker_id <> person_id)",
            name="by_oneself_or_by_the_door",
        ),
        Index("ix_attendance_device", "community_id", "activity_id", "device"),
    )
