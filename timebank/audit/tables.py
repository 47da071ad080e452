"""What verifications found; append only, so that a bad result cannot be made to disappear."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
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
