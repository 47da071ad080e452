"""Rows of the tokens room: tokens and their ends. Both only grow; of a token's secret only a digest is kept."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime


class ApiTokenRow(Base):
    """A token: whose it is, what for, what it may do and how long. scopes: separated by blanks, sorted."""

    __tablename__ = "api_token"
    community_id: Mapped[str] = mapped_column(sa.String(16))
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    name: Mapped[str] = mapped_column(sa.String(60))
    scopes: Mapped[str] = mapped_column(sa.String(200))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "digest"),
        ForeignKeyConstraint(
            ["community_id", "person_id"], ["staff.community_id", "staff.person_id"], name="fk_api_token_staff"
        ),
        CheckConstraint("expires_at > issued_at", name="expires_after_issue"),
        Index("ix_api_token_person", "community_id", "person_id"),
    )


class ApiTokenEndRow(Base):
    """The end of a token before its time, and by whom."""

    __tablename__ = "api_token_end"
    community_id: Mapped[str] = mapped_column(sa.String(16))
    token_id: Mapped[UUID] = mapped_column(sa.Uuid)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(sa.String(32))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "token_id"),
        ForeignKeyConstraint(
            ["community_id", "token_id"], ["api_token.community_id", "api_token.id"], name="fk_api_token_end_token"
        ),
    )
