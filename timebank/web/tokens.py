"""The page of tokens: everybody on the staff issues and ends their own; an admin sees and ends all of them."""

from typing import Any, ClassVar, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.database import db
from timebank.people.queries.sessions import secret_digest
from timebank.tokens import operations, queries
from timebank.tokens.rules import DAYS_MAX, DAYS_USUAL, NAME_CHARACTERS_MAX, Scope, written
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Choice, Digits, Form, Many, Text, at_least_one, at_most, between
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.words import SCOPE_WORDS

blueprint = Blueprint("tokens", __name__, url_prefix="/tokens")

STAFF: Final = (Audience.ADMIN, Audience.COORDINATOR, Audience.CLERK, Audience.AUDITOR, Audience.SECURITY)


class TokenForm(Form):
    """A token to be issued: for which program, for what, for how many days."""

    labels: ClassVar = {
        "name": lazy_gettext("名称"),
        "scopes": lazy_gettext("能做什么"),
        "days": lazy_gettext("期限"),
    }

    name = Text(required=True, validate=at_most(NAME_CHARACTERS_MAX))
    scopes = Many(Choice(Scope), required=True, validate=at_least_one(len(Scope)))
    days = Digits(required=True, validate=between(1, DAYS_MAX))


class EndForm(Form):
    """The token is named by the address."""


@blueprint.get("")
@audience(*STAFF)
def own() -> str:
    """Show the visitor's tokens, for an admin those of all, and the form for one more."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any], token: str = "") -> str:
    mine = None if current_user.audiences & {Audience.ADMIN, Audience.SECURITY} else current_user.person_id
    return render_template(
        "tokens/tokens.html",
        tokens=queries.tokens(db.session(), current_user.community_id, owner_id=mine),
        now=clock.now(),
        scopes=[(scope, SCOPE_WORDS[scope]) for scope in Scope],
        days_usual=DAYS_USUAL,
        days_max=DAYS_MAX,
        token=token,
        **tried.form(),
    )


@blueprint.post("")
@audience(*STAFF)
def issue() -> str | tuple[str, int]:
    """Issue a token to the visitor; it is shown once and kept nowhere."""
    secret = chance.fresh_secret()

    def do(session: Session) -> dict[str, Any]:
        typed = TokenForm().load(request.form)
        return operations.issue(
            session,
            act(typed["request_key"]),
            name=typed["name"],
            scopes=tuple(typed["scopes"]),
            days=typed["days"],
            secret=Secret(secret),
        )

    tried = attempt(do)
    if not tried.done:
        return _page(tried), tried.status
    if tried.answer["digest"] != secret_digest(secret).hex():
        flash(_("这个令牌刚才已经给过一次，不再显示。需要的话请停用它，再发一个。"), "bad")
        return _page(tried)
    return _page(tried, written(current_user.community_id, secret))


@blueprint.post("/<uuid:token_id>/end")
@audience(*STAFF)
def end(token_id: UUID) -> Response | tuple[str, int]:
    """End a token at once."""

    def do(session: Session) -> None:
        operations.end(session, act(EndForm().load(request.form)["request_key"]), token_id=token_id)

    tried = attempt(do)
    if not tried.done:
        return _page(tried), tried.status
    flash(_("令牌已停用，马上失效。"), "good")
    return redirect(url_for("tokens.own"))
