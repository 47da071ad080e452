"""The page of webhooks: which programs elsewhere are told what, what has arrived, and sending it again."""

from typing import Any, ClassVar
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank.config import Settings
from timebank.database import db
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Choice, Form, Id, Many, Text, at_least_one, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.words import TOPIC_WORDS
from timebank.webhooks import operations, queries
from timebank.webhooks.rules import URL_CHARACTERS_MAX, Topic, given_secret

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")


class WebhookForm(Form):
    """Whom to tell what."""

    labels: ClassVar = {"url": lazy_gettext("地址"), "topics": lazy_gettext("推送哪些事")}

    url = Text(required=True, validate=at_most(URL_CHARACTERS_MAX))
    topics = Many(Choice(Topic), required=True, validate=at_least_one(len(Topic)))


class EventForm(Form):
    """Which event."""

    event_id = Id(required=True)


@blueprint.get("")
@audience(Audience.ADMIN)
def overview() -> str:
    """Show the webhooks, and the form for one more."""
    return _overview(NOT_TRIED)


def _overview(tried: Attempt[Any], secret: str = "") -> str:
    return render_template(
        "webhooks/overview.html",
        webhooks=queries.webhooks(db.session(), current_user.community_id),
        topics=[(topic, TOPIC_WORDS[topic]) for topic in Topic],
        words=TOPIC_WORDS,
        secret=secret,
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.ADMIN)
def make() -> str | tuple[str, int]:
    """Make a webhook; its secret is shown in the answer."""

    def do(session: Session) -> dict[str, Any]:
        typed = WebhookForm().load(request.form)
        inner = tuple(sorted(current_app.config["SETTINGS"].webhook_hosts))
        topics = tuple(typed["topics"])
        return operations.make(session, act(typed["request_key"]), url=typed["url"], topics=topics, inner=inner)

    tried = attempt(do)
    if not tried.done:
        return _overview(tried), tried.status
    settings: Settings = current_app.config["SETTINGS"]
    secret = given_secret(settings.keys().lookup, current_user.community_id, UUID(tried.answer["id"]))
    return _overview(tried, secret)


@blueprint.get("/<uuid:webhook_id>")
@audience(Audience.ADMIN)
def one(webhook_id: UUID) -> str:
    """Show what was told to one webhook, and what came of it."""
    return _one(webhook_id, NOT_TRIED)


def _one(webhook_id: UUID, tried: Attempt[Any]) -> str:
    return render_template(
        "webhooks/one.html",
        webhook=queries.webhook(db.session(), current_user.community_id, webhook_id),
        deliveries=queries.deliveries(db.session(), current_user.community_id, webhook_id),
        words=TOPIC_WORDS,
        **tried.form(),
    )


@blueprint.post("/<uuid:webhook_id>/ping")
@audience(Audience.ADMIN)
def ping(webhook_id: UUID) -> Response | tuple[str, int]:
    """Send something to try it."""

    def do(session: Session) -> Any:  # the answer of the operation
        return operations.ping(session, act(Form().load(request.form)["request_key"]), webhook_id=webhook_id)

    return _after(webhook_id, attempt(do), _("几秒钟后发出一条试发的消息，结果在下面。"))


@blueprint.post("/<uuid:webhook_id>/again")
@audience(Audience.ADMIN)
def send_again(webhook_id: UUID) -> Response | tuple[str, int]:
    """Send an event again."""

    def do(session: Session) -> None:
        typed = EventForm().load(request.form)
        doing = act(typed["request_key"])
        operations.send_again(session, doing, webhook_id=webhook_id, event_id=typed["event_id"])

    return _after(webhook_id, attempt(do), _("几秒钟后重新发出。"))


@blueprint.post("/<uuid:webhook_id>/end")
@audience(Audience.ADMIN)
def end(webhook_id: UUID) -> Response | tuple[str, int]:
    """End a webhook at once."""

    def do(session: Session) -> None:
        operations.end(session, act(Form().load(request.form)["request_key"]), webhook_id=webhook_id)

    return _after(webhook_id, attempt(do), _("推送已停用，不再发出任何消息。"))


def _after(webhook_id: UUID, tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _one(webhook_id, tried), tried.status
    flash(said, "good")
    return redirect(url_for("webhooks.one", webhook_id=webhook_id))
