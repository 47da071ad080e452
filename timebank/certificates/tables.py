"""Certificates, how they ended, who issues them, and who asked for one; private to this package.

A certificate and its end only grow; a request is answered once. The database too keeps that nobody makes one out to
themselves, and that another person than the issuer revokes it.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COMMUNITY = sa.String(16)
PERSON_NUMBER = sa.String(32)
_OPEN = sa.text("state = 'open'")


class CertificateRow(Base):
    """A certificate as it was issued: its snapshot as text, the salt of its commitment, and the entry in the log."""

    __tablename__ = "certificate"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    kind: Mapped[str] = mapped_column(sa.String(10))
    number: Mapped[str] = mapped_column(sa.String(16))
    code: Mapped[str] = mapped_column(sa.String(20))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    volunteer_number: Mapped[str] = mapped_column(PERSON_NUMBER)
    award_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    text: Mapped[str] = mapped_column(sa.Text)
    salt: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    issued_on: Mapped[date] = mapped_column(sa.Date)
    issuer_id: Mapped[UUID] = mapped_column(sa.Uuid)
    issuer: Mapped[str] = mapped_column(PERSON_NUMBER)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("community_id", "code"),
        UniqueConstraint("community_id", "entry_seq"),
        UniqueConstraint("community_id", "award_id"),
        UniqueConstraint("community_id", "id", "issuer_id", name="uq_certificate_pinned"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_certificate_volunteer",
        ),
        ForeignKeyConstraint(
            ["community_id", "award_id"], ["star_award.community_id", "star_award.id"], name="fk_certificate_award"
        ),
        ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name="fk_certificate_entry"
        ),
        CheckConstraint("kind IN ('service', 'star')", name="kind_known"),
        CheckConstraint("(kind = 'star') = (award_id IS NOT NULL)", name="star_has_its_award"),
        CheckConstraint("issuer_id <> person_id", name="not_for_oneself"),
        Index("ix_certificate_person", "community_id", "person_id"),
    )


class CertificateEndRow(Base):
    """That a certificate was revoked or replaced, why, and by whom; written once, never changed."""

    __tablename__ = "certificate_end"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    certificate_id: Mapped[UUID] = mapped_column(sa.Uuid)
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.String(200))
    replaced_by_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    issuer_id: Mapped[UUID] = mapped_column(sa.Uuid)
    ender_id: Mapped[UUID] = mapped_column(sa.Uuid)
    ender: Mapped[str] = mapped_column(PERSON_NUMBER)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "certificate_id"),
        UniqueConstraint("community_id", "entry_seq"),
        ForeignKeyConstraint(
            ["community_id", "certificate_id", "issuer_id"],
            ["certificate.community_id", "certificate.id", "certificate.issuer_id"],
            name="fk_certificate_end_certificate",
        ),
        ForeignKeyConstraint(
            ["community_id", "replaced_by_id"],
            ["certificate.community_id", "certificate.id"],
            name="fk_certificate_end_replaced_by",
        ),
        ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name="fk_certificate_end_entry"
        ),
        CheckConstraint("state IN ('revoked', 'replaced')", name="state_known"),
        CheckConstraint("(state = 'replaced') = (replaced_by_id IS NOT NULL)", name="replaced_by_another"),
        CheckConstraint("state <> 'revoked' OR ender_id <> issuer_id", name="revoked_by_another"),
    )


class CertificateOfficeRow(Base):
    """Which unit issues and who is responsible; the newest row holds."""

    __tablename__ = "certificate_office"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    unit: Mapped[str] = mapped_column(sa.String(60))
    responsible: Mapped[str] = mapped_column(sa.String(60))
    contact: Mapped[str] = mapped_column(sa.String(60))
    set_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_certificate_office_community"),
    )


class CertificateRequestRow(Base):
    """A volunteer asks for a certificate of a time; answered once."""

    __tablename__ = "certificate_request"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    volunteer_number: Mapped[str] = mapped_column(PERSON_NUMBER)
    since_on: Mapped[date | None] = mapped_column(sa.Date)
    until_on: Mapped[date] = mapped_column(sa.Date)
    purpose: Mapped[str] = mapped_column(sa.String(100))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(10))
    decider: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    certificate_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_certificate_request_volunteer",
        ),
        ForeignKeyConstraint(
            ["community_id", "certificate_id"],
            ["certificate.community_id", "certificate.id"],
            name="fk_certificate_request_certificate",
        ),
        CheckConstraint("state IN ('open', 'issued', 'declined')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decider IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("(state = 'issued') = (certificate_id IS NOT NULL)", name="issued_is_a_certificate"),
        CheckConstraint("(state = 'declined') = (reason IS NOT NULL)", name="declined_with_reason"),
        Index(
            "uq_certificate_request_once",
            "community_id",
            "person_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )
