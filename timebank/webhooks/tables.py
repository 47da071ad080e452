"""Rows of the webhooks room: who is told what, and each event on its way. No secret and nothing of an event is kept.

An event is a line of the trail; a delivery names it, so that it can be sent again as long as the trail stands. No key
ties it: nothing in the books hangs on what programs elsewhere are told, and lines of the trail are never deleted.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole


class WebhookRow(Base):
    """A webhook. topics: separated by blanks, sorted; looked_until: up to when the trail was looked through for it."""

    __tablename__ = "webhook"
    community_id: Mapped[str] = mapped_column(sa.String(16))
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    url: Mapped[str] = mapped_column(sa.String(500))
    topics: Mapped[str] = mapped_column(sa.String(200))
    made_by: Mapped[str] = mapped_column(sa.String(32))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_until: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(sa.String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_webhook_community"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
    )


class WebhookDeliveryRow(Base):
    """An event on its way to one webhook. due_at: when it is tried next; status, problem: what came of the last try."""

    __tablename__ = "webhook_delivery"
    community_id: Mapped[str] = mapped_column(sa.String(16))
    webhook_id: Mapped[UUID] = mapped_column(sa.Uuid)
    event_id: Mapped[UUID] = mapped_column(sa.Uuid)
    state: Mapped[str] = mapped_column(sa.String(10))
    attempts: Mapped[int] = mapped_column(sa.Integer)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None] = mapped_column(sa.Integer)
    problem: Mapped[str] = mapped_column(sa.String(60))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "webhook_id", "event_id"),
        ForeignKeyConstraint(
            ["community_id", "webhook_id"], ["webhook.community_id", "webhook.id"], name="fk_webhook_delivery_webhook"
        ),
        CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="state_known"),
        CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name="due_while_waiting"),
        *whole("attempts", 0, 1000),
        Index("ix_webhook_delivery_due", "community_id", "due_at"),
    )
