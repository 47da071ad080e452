"""What can be done with webhooks: make one, end it, try it, send again; and the work of whoever sends.

An event is a line of the trail, which stands in the same transaction as what it tells of; so nothing is told that did
not happen, and nothing that happened is lost. What is sent may arrive twice (a receiver knows it by its id), never not
at all without being seen in the list.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import trail
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.webhooks.queries import Due, delivery, topics_in, webhook
from timebank.webhooks.rules import (
    ROOMS,
    WEBHOOKS_MAX,
    DeliveryState,
    Topic,
    check_webhook,
    retry_after,
)
from timebank.webhooks.tables import WebhookDeliveryRow, WebhookRow

LATE: Final = timedelta(hours=1)
"""A line of the trail names the moment at which its request began, and may stand there later by as much at most."""
LOOK_NOTED: Final = timedelta(minutes=10)
"""How often it is noted that there was nothing to tell."""
TAKEN_FOR: Final = timedelta(minutes=5)
"""For so long nobody else sends what somebody is sending."""
QUEUED_MAX: Final = 500


class TooManyWebhooks(Refusal):
    """There are as many as a community may have."""

    code = "too_many_webhooks"


class WebhookEnded(Refusal):
    """The webhook was ended before; nothing is sent there any more."""

    code = "webhook_ended"


@once("webhooks.make")
def make(session: Session, act: Act, *, url: str, topics: tuple[Topic, ...], inner: tuple[str, ...]) -> dict[str, Any]:
    """Let a program elsewhere be told from now on what is done here.

    Args:
        inner: see `check_webhook`.

    Returns:
        `id`, from which the shell derives the secret.

    Raises:
        NotAllowed: the actor keeps no webhooks.
        WebhookAddressWrong, WebhookAddressPrivate, WebhookWithoutTopic, TooManyWebhooks: nothing was made.
    """
    check_may(session, act, Permission.KEEP_WEBHOOKS)
    check_webhook(url, topics, inner)
    if len(_live(session, act.community_id)) >= WEBHOOKS_MAX:
        raise TooManyWebhooks(webhooks_max=WEBHOOKS_MAX)
    row = WebhookRow(
        community_id=act.community_id,
        id=act.new_id("webhook"),
        url=url,
        topics=" ".join(sorted(set(topics))),
        made_by=act.number,
        made_at=act.at,
        looked_until=act.at,
    )
    session.add(row)
    session.flush()
    return {"id": str(row.id)}


@once("webhooks.end", subject="webhook_id")
def end(session: Session, act: Act, *, webhook_id: UUID) -> None:
    """End a webhook: nothing more is sent there, also not what waits.

    Raises:
        NotAllowed, NoSuchWebhook, WebhookEnded
    """
    _own(session, act, webhook_id)
    row = session.get_one(WebhookRow, (act.community_id, webhook_id))
    row.ended_at, row.ended_by = act.at, act.number
    session.flush()


@once("webhooks.ping", subject="webhook_id")
def ping(session: Session, act: Act, *, webhook_id: UUID) -> dict[str, Any]:
    """Send something to try a webhook: an event `webhooks.ping` that tells of itself.

    Returns:
        `event_id`.

    Raises:
        NotAllowed, NoSuchWebhook, WebhookEnded
    """
    _own(session, act, webhook_id)
    event_id = trail.id_of(act, "webhooks.ping", subject=str(webhook_id), outcome="done")
    # The line that it names is written with the answer of this request, in the same transaction.
    session.add(_waiting(act.community_id, webhook_id, event_id, act.at))
    return {"event_id": str(event_id)}


@once("webhooks.send_again", subject="webhook_id")
def send_again(session: Session, act: Act, *, webhook_id: UUID, event_id: UUID) -> None:
    """Send an event again, whatever became of it before; its id and its content are the same.

    Raises:
        NotAllowed, NoSuchWebhook, WebhookEnded, NoSuchDelivery
    """
    _own(session, act, webhook_id)
    delivery(session, act.community_id, webhook_id, event_id)
    row = session.get_one(WebhookDeliveryRow, (act.community_id, webhook_id, event_id))
    row.state, row.attempts, row.due_at = DeliveryState.WAITING.value, 0, act.at
    session.flush()


def _own(session: Session, act: Act, webhook_id: UUID) -> None:
    check_may(session, act, Permission.KEEP_WEBHOOKS)
    if webhook(session, act.community_id, webhook_id).ended_at is not None:
        raise WebhookEnded()


def _waiting(community_id: str, webhook_id: UUID, event_id: UUID, at: datetime) -> WebhookDeliveryRow:
    return WebhookDeliveryRow(
        community_id=community_id,
        webhook_id=webhook_id,
        event_id=event_id,
        state=DeliveryState.WAITING.value,
        attempts=0,
        due_at=at,
        problem="",
    )


def _live(session: Session, community_id: str) -> list[WebhookRow]:
    """Return the webhooks that are told something, the oldest first."""
    query = sa.select(WebhookRow).where(WebhookRow.community_id == community_id, WebhookRow.ended_at.is_(None))
    return list(session.scalars(query.order_by(WebhookRow.id)))


def has_work(session: Session, community_id: str, at: datetime) -> bool:
    """Tell whether there is something to queue, to note or to send; whoever sends asks this first, and only reads."""
    live = _live(session, community_id)
    if any(at - row.looked_until >= LOOK_NOTED for row in live):
        return True
    return bool(live) and (
        session.execute(_due(community_id, at).limit(1)).first() is not None
        or any(_unqueued(session, row, 1) for row in live)
    )


def queue(session: Session, community_id: str, at: datetime) -> int:
    """Queue what was done since the last look, for each webhook that is to be told; return how many deliveries."""
    queued = 0
    for row in _live(session, community_id):
        events = _unqueued(session, row, QUEUED_MAX)
        session.add_all(_waiting(community_id, row.id, event_id, at) for event_id, _ in events)
        row.looked_until = events[-1][1] if len(events) == QUEUED_MAX else at
        queued += len(events)
    session.flush()
    return queued


def _unqueued(session: Session, row: WebhookRow, limit: int) -> list[tuple[UUID, datetime]]:
    """Return id and moment of what a webhook is to be told and has no delivery yet, the oldest first."""
    rooms = [room for topic in topics_in(row) for room in ROOMS[topic]]
    since = max(row.made_at, row.looked_until - LATE)
    found = trail.done_since(row.community_id, rooms=rooms, since=since)
    known = sa.select(WebhookDeliveryRow.event_id).where(
        WebhookDeliveryRow.community_id == row.community_id, WebhookDeliveryRow.webhook_id == row.id
    )
    query = sa.select(found.c.id, found.c.at).where(found.c.id.not_in(known)).order_by(found.c.at, found.c.id)
    return [(event_id, at) for event_id, at in session.execute(query.limit(limit))]


def _due(community_id: str, at: datetime) -> sa.Select[WebhookDeliveryRow, str]:
    """Select what is due, each with the address to which it goes."""
    same = sa.and_(
        WebhookRow.community_id == WebhookDeliveryRow.community_id, WebhookRow.id == WebhookDeliveryRow.webhook_id
    )
    return (
        sa.select(WebhookDeliveryRow, WebhookRow.url)
        .join(WebhookRow, same)
        .where(
            WebhookDeliveryRow.community_id == community_id,
            WebhookDeliveryRow.due_at <= at,
            WebhookRow.ended_at.is_(None),
        )
        .order_by(WebhookDeliveryRow.due_at, WebhookDeliveryRow.event_id)
    )


def take_due(session: Session, community_id: str, at: datetime, *, limit: int) -> tuple[Due, ...]:
    """Take what is due, so that nobody else sends it at the same time; who dies meanwhile has lost nothing."""
    query = _due(community_id, at).limit(limit).with_for_update(of=WebhookDeliveryRow, skip_locked=True)
    rows = session.execute(query).all()
    events = trail.lines_of(session, community_id, {row.event_id for row, _ in rows})
    taken: list[Due] = []
    for row, url in rows:
        row.due_at, row.attempts = at + TAKEN_FOR, row.attempts + 1
        taken.append(Due(webhook_id=row.webhook_id, url=url, event=events[row.event_id], attempts=row.attempts))
    session.flush()
    return tuple(taken)


def note_attempts(
    session: Session, community_id: str, at: datetime, attempts: Iterable[tuple[Due, int | None, str]]
) -> None:
    """Note what came of what was sent: the status of the answer, None where there was none, and the problem.

    2xx has arrived; everything else is tried again later, less and less often, and given up in the end.
    """
    for due, status, problem in attempts:
        row = session.get_one(WebhookDeliveryRow, (community_id, due.webhook_id, due.event.id))
        row.status, row.problem, row.tried_at = status, problem, at
        later = retry_after(due.attempts)
        if status is not None and 200 <= status < 300:
            row.state, row.due_at = DeliveryState.DELIVERED.value, None
        elif later is None:
            row.state, row.due_at = DeliveryState.FAILED.value, None
        else:
            row.due_at = at + later
    session.flush()
