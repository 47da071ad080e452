"""What can be asked about webhooks: which there are, what was told to each, and what is due."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.trail import TrailLine, line_of, lines_of
from timebank.refusal import Refusal
from timebank.webhooks.rules import DeliveryState, Topic
from timebank.webhooks.tables import WebhookDeliveryRow, WebhookRow


class NoSuchWebhook(Refusal):
    """There is no such webhook."""

    code = "no_such_webhook"


class NoSuchDelivery(Refusal):
    """Nothing of this id was ever to be told to this webhook."""

    code = "no_such_delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Somebody elsewhere who is told. made_by, ended_by: staff numbers; ended_at: None while it is told."""

    id: UUID
    url: str
    topics: tuple[Topic, ...]
    made_by: str
    made_at: datetime
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to one webhook.

    Attributes:
        type: the operation that was done, e.g. `market.redeem`; subject: number or id of what it was about.
        at: when it was done; due_at: when it is tried next, None where it is not.
        status: of the receiver's last answer, None where there was none; problem: in a word, empty where there is none.
    """

    event_id: UUID
    type: str
    subject: str | None
    at: datetime
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    tried_at: datetime | None
    status: int | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be sent now. attempts: with this one."""

    webhook_id: UUID
    url: str
    event: TrailLine
    attempts: int


def webhooks(session: Session, community_id: str) -> tuple[Webhook, ...]:
    """Return the webhooks, the newest first, those too that have ended."""
    query = _webhooks(community_id).order_by(WebhookRow.id.desc())
    return tuple(_webhook(row) for row in session.scalars(query))


def webhook(session: Session, community_id: str, webhook_id: UUID) -> Webhook:
    """Return one webhook.

    Raises:
        NoSuchWebhook: there is none.
    """
    row = session.scalar(_webhooks(community_id).where(WebhookRow.id == webhook_id))
    if row is None:
        raise NoSuchWebhook()
    return _webhook(row)


def deliveries(
    session: Session, community_id: str, webhook_id: UUID, *, before: UUID | None = None, limit: int = 50
) -> tuple[Delivery, ...]:
    """Return what was told to a webhook, the newest event first, older than `before`.

    Raises:
        NoSuchWebhook: there is none.
    """
    webhook(session, community_id, webhook_id)
    query = (
        sa.select(WebhookDeliveryRow)
        .where(WebhookDeliveryRow.community_id == community_id, WebhookDeliveryRow.webhook_id == webhook_id)
        .order_by(WebhookDeliveryRow.event_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(WebhookDeliveryRow.event_id < before)
    rows = session.scalars(query).all()
    events = lines_of(session, community_id, {row.event_id for row in rows})
    return tuple(_delivery(row, events[row.event_id]) for row in rows)


def delivery(session: Session, community_id: str, webhook_id: UUID, event_id: UUID) -> Delivery:
    """Return one event on its way to one webhook.

    Raises:
        NoSuchDelivery: there is none.
    """
    row = session.get(WebhookDeliveryRow, (community_id, webhook_id, event_id))
    if row is None:
        raise NoSuchDelivery()
    return _delivery(row, line_of(session, community_id, event_id))


def payload(community_id: str, event: TrailLine) -> bytes:
    """Write an event as a receiver reads it: the same bytes however often it is sent."""
    told: Mapping[str, Any] = {
        "id": str(event.id),
        "community": community_id,
        "actor": event.actor,
        "channel": event.channel,
        "subject": event.subject,
    }
    document = {"type": event.verb, "timestamp": event.at.isoformat(), "data": told}
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


def _webhooks(community_id: str) -> sa.Select[WebhookRow]:
    return sa.select(WebhookRow).where(WebhookRow.community_id == community_id)


def topics_in(row: WebhookRow) -> tuple[Topic, ...]:
    """Return what a webhook is told of."""
    return tuple(Topic(topic) for topic in row.topics.split())


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        topics=topics_in(row),
        made_by=row.made_by,
        made_at=row.made_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
    )


def _delivery(row: WebhookDeliveryRow, event: TrailLine) -> Delivery:
    return Delivery(
        event_id=row.event_id,
        type=event.verb,
        subject=event.subject,
        at=event.at,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        due_at=row.due_at,
        tried_at=row.tried_at,
        status=row.status,
        problem=row.problem,
    )
