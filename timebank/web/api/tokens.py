"""Tokens of the caller: which there are, and ending them. They are issued on a page or with the command only."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from timebank.database import db
from timebank.people.queries import allowed_to
from timebank.people.roles import Permission
from timebank.tokens import operations, queries
from timebank.tokens.queries import Caller, Token
from timebank.tokens.rules import Scope
from timebank.web.api.callers import caller, community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.keys import by_id
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape_of

family = Family("tokens", "令牌 · Tokens")

TOKEN: Final = shape_of(Token)


@family.shows("/me", shape_of(Caller))
def me() -> Caller:
    """Show who calls, with which token and which roles."""
    return caller()


@family.lists("/tokens", TOKEN, order=Order(by_id, newest=True))
def tokens(**_words: Any) -> Sequence[Token]:
    """List the caller's tokens, for whoever manages the staff those of all; never their secrets."""
    manages = Permission.MANAGE_STAFF in allowed_to(db.session(), community_id(), caller().roles)
    owner_id = None if manages else caller().token.owner_id
    return queries.tokens(db.session(), community_id(), owner_id=owner_id)


@family.does("/tokens/<uuid:token_id>/endings", Scope.TOKENS, reads=None, answers=None)
def end(token_id: UUID) -> Work:
    """End a token at once: it works no more, nor does anything that holds it."""
    return lambda session, act: operations.end(session, act, token_id=token_id)
