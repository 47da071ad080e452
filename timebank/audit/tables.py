"""What verifications found, and which journals were taken away; append only, so that none of it disappears."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole

SIZE_MAX = 10**12


class VerificationRow(Base):
    """One verification: how far it read, what the log's root was, and everything that it found."""

    __tablename__ = "verification"
    community_id: Mapped[str] = mapped_column(sa.String(16))
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(sa.String(32))
    size: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"))
    root: Mapped[str] = mapped_column(sa.String(64))
    findings_total: Mapped[int] = mapped_column(sa.Integer)
    findings: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        CheckConstraint("findings_total >= 0", name="findings_total_counted"),
        *whole("size", 0, SIZE_MAX),
        Index("ix_verification_at", "community_id", "at"),
    )


class JournalExportRow(Base):
    """A journal that was taken away. entries: how many it has, from the first one."""

    __tablename__ = "journal_export"
    community_id: Mapped[str] = mapped_column(sa.String(16))
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    form: Mapped[str] = mapped_column(sa.String(16))
    entries: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"))
    made_by: Mapped[str] = mapped_column(sa.String(32))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_journal_export_community"),
        *whole("entries", 0, 1_000_000_000_000),
    )
