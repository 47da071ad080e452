"""Webhooks: who is told what was done here, what has arrived, and sending it again."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import current_app
from marshmallow import fields
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.config import Settings
from timebank.database import db
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Choice, Many, Sent, Text
from timebank.web.api.keys import by_id, id_in
from timebank.web.api.lists import Key, Order
from timebank.web.api.shapes import shape, shape_of
from timebank.webhooks import operations, queries
from timebank.webhooks.queries import Delivery, Webhook
from timebank.webhooks.rules import URL_CHARACTERS_MAX, Topic, given_secret

family = Family("webhooks", "推送 · Webhooks")

WEBHOOK: Final = shape_of(Webhook)
DELIVERY: Final = shape_of(Delivery)
KEEPER: Final = Permission.KEEP_WEBHOOKS


class WebhookSent(Sent):
    """Whom to tell what."""

    url = Text(URL_CHARACTERS_MAX, required=True)
    topics = Many(Choice(Topic), len(Topic), required=True)


def _by_event(found: Delivery) -> str:
    return str(found.event_id)


@family.lists("/webhooks", WEBHOOK, KEEPER, order=Order(by_id, newest=True))
def webhooks(**_words: Any) -> Sequence[Webhook]:
    """List the webhooks, the newest first, those too that have ended; never their secrets."""
    return queries.webhooks(db.session(), community_id())


@family.does(
    "/webhooks",
    Scope.WEBHOOKS,
    KEEPER,
    reads=WebhookSent,
    answers=shape("MadeWebhook", {"id": fields.UUID(), "secret": fields.String()}),
    at="/webhooks/{id}",
)
def make(typed: Mapping[str, Any]) -> Work:
    """Let a program elsewhere be told what is done here; the secret that signs it is in this answer only."""
    settings: Settings = current_app.config["SETTINGS"]
    community, key = community_id(), settings.keys().lookup
    url, topics, inner = typed["url"], tuple(typed["topics"]), tuple(sorted(settings.webhook_hosts))

    def work(session: Session, act: Act) -> dict[str, Any]:
        made = operations.make(session, act, url=url, topics=topics, inner=inner)
        return made | {"secret": given_secret(key, community, UUID(made["id"]))}

    return work


@family.shows("/webhooks/<uuid:webhook_id>", WEBHOOK, KEEPER)
def webhook(webhook_id: UUID) -> Webhook:
    """Show one webhook."""
    return queries.webhook(db.session(), community_id(), webhook_id)


@family.does("/webhooks/<uuid:webhook_id>/endings", Scope.WEBHOOKS, KEEPER, reads=None, answers=None)
def end(webhook_id: UUID) -> Work:
    """End a webhook at once."""
    return lambda session, act: operations.end(session, act, webhook_id=webhook_id)


@family.does(
    "/webhooks/<uuid:webhook_id>/pings",
    Scope.WEBHOOKS,
    KEEPER,
    reads=None,
    answers=shape("Pinged", {"event_id": fields.UUID()}),
)
def ping(webhook_id: UUID) -> Work:
    """Send an event `webhooks.ping`, to try it."""
    return lambda session, act: operations.ping(session, act, webhook_id=webhook_id)


@family.lists("/webhooks/<uuid:webhook_id>/deliveries", DELIVERY, KEEPER, order=Order(_by_event, newest=True))
def deliveries(webhook_id: UUID, seen: Key | None, limit: int, **_words: Any) -> Sequence[Delivery]:
    """List what was told to a webhook and what came of it, the newest event first."""
    return queries.deliveries(db.session(), community_id(), webhook_id, before=id_in(seen), limit=limit + 1)


@family.does(
    "/webhooks/<uuid:webhook_id>/deliveries/<uuid:event_id>/repeats",
    Scope.WEBHOOKS,
    KEEPER,
    reads=None,
    answers=None,
)
def send_again(webhook_id: UUID, event_id: UUID) -> Work:
    """Send an event again, under the same id."""
    return lambda session, act: operations.send_again(session, act, webhook_id=webhook_id, event_id=event_id)
