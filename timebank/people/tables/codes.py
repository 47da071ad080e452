"""Rows of the codes at the counter: badges of the staff, and codes on phones that were used up."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.people.tables.persons import COMMUNITY, one_where

PAYLOAD = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class StaffBadgeRow(Base):
    """The badge of a member of the staff: random digits, and the hash of the four digits that belong to it."""

    __tablename__ = "staff_badge"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    payload: Mapped[int] = mapped_column(PAYLOAD)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    pin_hash: Mapped[str] = mapped_column(sa.String(200))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "payload"),
        ForeignKeyConstraint(
            ["community_id", "person_id"], ["staff.community_id", "staff.person_id"], name="fk_staff_badge_staff"
        ),
        *whole("payload", 0, 10**16 - 1),
        one_where("revoked_at IS NULL", "ix_staff_badge_in_use", "community_id", "person_id"),
    )


class PhoneCodeUseRow(Base):
    """A code on a phone that was used up: whose, of which minute, which one of that minute. Only grows."""

    __tablename__ = "phone_code_use"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    minute: Mapped[int] = mapped_column(PAYLOAD)
    turn: Mapped[int] = mapped_column(sa.SmallInteger)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "person_id", "minute", "turn"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_phone_code_use_volunteer",
        ),
        ForeignKeyConstraint(
            ["community_id", "used_by_id"], ["person.community_id", "person.id"], name="fk_phone_code_use_used_by"
        ),
        *whole("minute", 0, 10**10),
        *whole("turn", 0, 9),
    )
