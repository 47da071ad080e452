"""The trail of reads: who looked at whose data. It only grows; a line can be deleted once it is older than 190 days."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime
from timebank.people.tables.persons import COMMUNITY, NUMBER


class SightRow(Base):
    """One look at a page, a list or an answer with personal data of others; no names, no contents.

    what: which page or answer; subject: the number of whose it is, NULL for a list; shown: how many a list showed.
    """

    __tablename__ = "sight"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(NUMBER)
    channel: Mapped[str] = mapped_column(sa.String(16))
    what: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str | None] = mapped_column(sa.String(120))
    shown: Mapped[int | None] = mapped_column(sa.Integer)
    outcome: Mapped[str] = mapped_column(sa.String(8))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        CheckConstraint("outcome IN ('refused', 'seen')", name="outcome_known"),
        CheckConstraint("shown >= 0", name="shown_counted"),
        Index("ix_sight_subject", "community_id", "subject", "id"),
        Index("ix_sight_actor", "community_id", "actor", "id"),
        Index("ix_sight_at", "community_id", "at"),
    )
