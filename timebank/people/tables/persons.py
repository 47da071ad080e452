"""Rows of the people room: the community, its organisation tree, persons and what they are, partner units.

A person is one row, whoever they are besides (volunteer, staff, guardian), so that «not the same person» can be asked
at all. Names, phones and documents stand here and never in the books; the books know numbers only.

Identity numbers are kept encrypted beside a keyed digest (`vault.py`); of passwords, one-time logins and sessions only
digests are kept.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole

COMMUNITY: Final = sa.String(16)
NUMBER: Final = sa.String(32)
NAME: Final = sa.String(60)


def _to_person(table: str) -> ForeignKeyConstraint:
    """Tie a row to its person, within the community."""
    return ForeignKeyConstraint(
        ["community_id", "person_id"], ["person.community_id", "person.id"], name=f"fk_{table}_person"
    )


def one_where(condition: str, name: str, *columns: str) -> Index:
    """Let at most one row of these columns be so."""
    where = sa.text(condition)
    return Index(name, *columns, unique=True, postgresql_where=where, sqlite_where=where)


class CommunityRow(Base):
    """A community: the tenant to which every other row belongs."""

    __tablename__ = "community"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    name: Mapped[str] = mapped_column(NAME)
    station_phone: Mapped[str] = mapped_column(sa.String(40))
    opening_hours: Mapped[str] = mapped_column(sa.String(200))
    go_live_on: Mapped[date] = mapped_column(sa.Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (PrimaryKeyConstraint("community_id"),)


class OrgUnitRow(Base):
    """A node of the organisation tree; its parent stands on a higher level, and there is one root."""

    __tablename__ = "org_unit"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[str] = mapped_column(NAME)
    parent_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    parent_level: Mapped[int | None] = mapped_column(sa.SmallInteger)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "parent_id", "name"),
        UniqueConstraint("community_id", "id", "level", name="uq_org_unit_pinned"),
        ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_org_unit_community"),
        ForeignKeyConstraint(
            ["community_id", "parent_id", "parent_level"],
            ["org_unit.community_id", "org_unit.id", "org_unit.level"],
            name="fk_org_unit_parent",
        ),
        CheckConstraint(
            "(level = 1 AND parent_id IS NULL AND parent_level IS NULL) "
            "OR (level > 1 AND parent_id IS NOT NULL AND parent_level IS NOT NULL AND parent_level < level)",
            name="below_its_parent",
        ),
        *whole("level", 1, 4),
        one_where("level = 1", "ix_org_unit_one_root", "community_id"),
    )


class PersonRow(Base):
    """A person, once, whatever else they are here. `name_key` and `initials` are the name as it is searched."""

    __tablename__ = "person"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    name: Mapped[str] = mapped_column(NAME)
    name_key: Mapped[str] = mapped_column(sa.String(120))
    initials: Mapped[str] = mapped_column(sa.String(120))
    sex: Mapped[str | None] = mapped_column(sa.String(6))
    born_on: Mapped[date | None] = mapped_column(sa.Date)
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    org_unit_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    household: Mapped[str | None] = mapped_column(NAME)
    skills: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_person_community"),
        ForeignKeyConstraint(
            ["community_id", "org_unit_id"], ["org_unit.community_id", "org_unit.id"], name="fk_person_org_unit"
        ),
        CheckConstraint("sex IN ('female', 'male')", name="sex_known"),
        Index("ix_person_phone", "community_id", "phone"),
        Index("ix_person_org_unit", "community_id", "org_unit_id"),
        Index("ix_person_household", "community_id", "household"),
    )


class VolunteerRow(Base):
    """A registered volunteer; the number owns the passbook."""

    __tablename__ = "volunteer"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(NUMBER)
    registered_on: Mapped[date] = mapped_column(sa.Date)
    closed_on: Mapped[date | None] = mapped_column(sa.Date)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "person_id"),
        UniqueConstraint("community_id", "number"),
        _to_person("volunteer"),
        CheckConstraint("closed_on >= registered_on", name="closed_after_registered"),
    )


class MemberCardRow(Base):
    """A volunteer's card: random digits that say nothing of the person; a lost one is revoked, not given again."""

    __tablename__ = "member_card"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    payload: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(NUMBER)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pin_hash: Mapped[str | None] = mapped_column(sa.String(200))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "payload"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_member_card_volunteer",
        ),
        *whole("payload", 0, 10**16 - 1),
        one_where("revoked_at IS NULL", "ix_member_card_in_use", "community_id", "person_id"),
    )


class PersonDocumentRow(Base):
    """The identity document of a person: its number encrypted, and a keyed digest by which it is found again."""

    __tablename__ = "person_document"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    kind: Mapped[str] = mapped_column(sa.String(30))
    key_id: Mapped[str] = mapped_column(sa.String(16))
    nonce: Mapped[bytes] = mapped_column(sa.LargeBinary(12))
    ciphertext: Mapped[bytes] = mapped_column(sa.LargeBinary(80))
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "person_id"),
        UniqueConstraint("community_id", "digest"),
        _to_person("person_document"),
    )


class GuardianRow(Base):
    """The guardian of a minor: somebody of the community or a name from outside."""

    __tablename__ = "guardian"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    name: Mapped[str] = mapped_column(NAME)
    relation: Mapped[str] = mapped_column(sa.String(20))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    guardian_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    consent_on: Mapped[date | None] = mapped_column(sa.Date)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "person_id"),
        _to_person("guardian"),
        ForeignKeyConstraint(
            ["community_id", "guardian_id"], ["person.community_id", "person.id"], name="fk_guardian_guardian"
        ),
        CheckConstraint("guardian_id <> person_id", name="not_of_themselves"),
        Index("ix_guardian_guardian", "community_id", "guardian_id"),
    )


class RelativeRow(Base):
    """Two persons who are declared relatives, stored once: the smaller id first."""

    __tablename__ = "relative"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    other_id: Mapped[UUID] = mapped_column(sa.Uuid)
    relation: Mapped[str] = mapped_column(sa.String(20))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declared_by: Mapped[str] = mapped_column(NUMBER)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "person_id", "other_id"),
        _to_person("relative"),
        ForeignKeyConstraint(
            ["community_id", "other_id"], ["person.community_id", "person.id"], name="fk_relative_other"
        ),
        CheckConstraint("person_id < other_id", name="stored_once"),
        Index("ix_relative_other", "community_id", "other_id"),
    )


class StaffRow(Base):
    """A staff member: the number that stands in the books and the name they sign in with."""

    __tablename__ = "staff"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(NUMBER)
    login: Mapped[str] = mapped_column(sa.String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "person_id"),
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("community_id", "login"),
        _to_person("staff"),
    )


class RoleGrantRow(Base):
    """A role of a staff member within a part of the organisation tree, from when to when, given and taken by whom."""

    __tablename__ = "role_grant"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    role: Mapped[str] = mapped_column(sa.String(16))
    org_unit_id: Mapped[UUID] = mapped_column(sa.Uuid)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by: Mapped[str] = mapped_column(NUMBER)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str | None] = mapped_column(NUMBER)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(
            ["community_id", "person_id"], ["staff.community_id", "staff.person_id"], name="fk_role_grant_staff"
        ),
        ForeignKeyConstraint(
            ["community_id", "org_unit_id"], ["org_unit.community_id", "org_unit.id"], name="fk_role_grant_org_unit"
        ),
        CheckConstraint("role IN ('admin', 'coordinator', 'clerk', 'auditor', 'security_admin')", name="role_known"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_somebody"),
        one_where("revoked_at IS NULL", "ix_role_grant_held", "community_id", "person_id", "role", "org_unit_id"),
    )


class PartnerRow(Base):
    """A partner unit (共建单位): who gives goods; its code owns the donor's accounts."""

    __tablename__ = "partner"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    code: Mapped[str] = mapped_column(NUMBER)
    name: Mapped[str] = mapped_column(NAME)
    name_key: Mapped[str] = mapped_column(sa.String(120))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "code"),
        UniqueConstraint("community_id", "name_key"),
        ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_partner_community"),
    )


class CredentialRow(Base):
    """The password of a person, as an argon2 hash; one person has one, however many numbers."""

    __tablename__ = "credential"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "person_id"),
        _to_person("credential"),
    )


class LoginSessionRow(Base):
    """A sign-in that lasts: named by the digest of the cookie's secret, ended here and nowhere else.

    second_at: when a second factor was given last; NULL where none was.
    """

    __tablename__ = "login_session"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(sa.String(64))
    second_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "digest"),
        _to_person("login_session"),
        CheckConstraint("ended_at >= started_at", name="ended_after_started"),
        Index("ix_login_session_person", "community_id", "person_id", "ended_at"),
    )


class OneTimeLoginRow(Base):
    """A secret that signs its person in once; issuing the next one withdraws it."""

    __tablename__ = "one_time_login"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(NUMBER)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "digest"),
        _to_person("one_time_login"),
        CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index("ix_one_time_login_person", "community_id", "person_id"),
    )


class SignInAttemptRow(Base):
    """An attempt to sign in, counted until it succeeds; kept for a day. The login is a digest: it may be mistyped."""

    __tablename__ = "sign_in_attempt"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    login_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    source: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    succeeded: Mapped[bool] = mapped_column(sa.Boolean)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_sign_in_attempt_community"),
        Index("ix_sign_in_attempt_login", "community_id", "login_digest", "at"),
        Index("ix_sign_in_attempt_source", "community_id", "source", "at"),
        Index("ix_sign_in_attempt_at", "community_id", "at"),
    )
