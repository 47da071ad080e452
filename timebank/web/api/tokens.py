"""Tokens of the caller: which there are, issuing narrower ones, and ending them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import current_app
from marshmallow import fields
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret
from timebank.config import Settings
from timebank.database import db
from timebank.people.queries import allowed_to
from timebank.people.roles import Permission
from timebank.tokens import operations, queries
from timebank.tokens.queries import Caller, NoSuchToken, Token
from timebank.tokens.rules import (
    DAYS_MAX,
    DAYS_USUAL,
    NAME_CHARACTERS_MAX,
    Bounds,
    Scope,
    derived_secret,
    written,
)
from timebank.web.api.callers import caller, community_id, secret_of_caller
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Choice, Many, Sent, Text, Whole
from timebank.web.api.keys import by_id
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("tokens", "令牌 · Tokens")

TOKEN: Final = shape_of(Token)


class TokenSent(Sent):
    """A token to be issued: for which program, for what (reading alone unless more is asked for), how many days."""

    name = Text(NAME_CHARACTERS_MAX, required=True)
    scopes = Many(Choice(Scope), len(Scope), load_default=lambda: [Scope.READ])
    days = Whole(1, DAYS_MAX, load_default=DAYS_USUAL)


@family.shows("/me", shape_of(Caller))
def me() -> Caller:
    """Show who calls, with which token and which roles."""
    return caller()


def _manages() -> bool:
    return Permission.MANAGE_STAFF in allowed_to(db.session(), community_id(), caller().roles)


@family.lists("/tokens", TOKEN, order=Order(by_id, newest=True))
def tokens(**_words: Any) -> Sequence[Token]:
    """List the caller's tokens, for whoever manages the staff those of all; never their secrets."""
    owner_id = None if _manages() else caller().token.owner_id
    return queries.tokens(db.session(), community_id(), owner_id=owner_id)


@family.does(
    "/tokens",
    Scope.TOKENS,
    reads=TokenSent,
    answers=shape("IssuedToken", {"id": fields.UUID(), "expires_at": fields.AwareDateTime(), "token": fields.String()}),
    at="/tokens/{id}",
)
def issue(typed: Mapping[str, Any]) -> Work:
    """Issue a token to the caller, for nothing that this one may not do and no longer than it works itself.

    The token is in this answer, and in that to a retry with the same key by the same token; it is kept nowhere.
    """
    settings: Settings = current_app.config["SETTINGS"]
    key, own, maker = settings.keys().lookup, caller().token, secret_of_caller()
    asked = dict(typed) | {"scopes": tuple(typed["scopes"]), "within": Bounds(own.scopes, own.expires_at)}

    def work(session: Session, act: Act) -> dict[str, Any]:
        secret = derived_secret(key, maker=maker, request_key=act.request_key)
        issued = operations.issue(session, act, secret=Secret(secret), **asked)
        return {name: issued[name] for name in ("id", "expires_at")} | {"token": written(act.community_id, secret)}

    return work


@family.shows("/tokens/<uuid:token_id>", TOKEN)
def token(token_id: UUID) -> Token:
    """Show one token of the caller, or, to whoever manages the staff, anybody's; never its secret."""
    found = queries.token(db.session(), community_id(), token_id)
    if found.owner_id != caller().token.owner_id and not _manages():
        raise NoSuchToken()
    return found


@family.does("/tokens/<uuid:token_id>/endings", Scope.TOKENS, reads=None, answers=None)
def end(token_id: UUID) -> Work:
    """End a token at once: it works no more, nor does anything that holds it."""
    return lambda session, act: operations.end(session, act, token_id=token_id)
