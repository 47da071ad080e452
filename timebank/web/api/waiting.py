"""The waiting list: who waits for goods that have run out, in the order of joining."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank.database import db
from timebank.market import operations, queries
from timebank.market.queries import Waiting
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Number, Sent, Whole
from timebank.web.api.keys import by_number
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("waiting", "排队 · Waiting list")

WAITING: Final = shape_of(Waiting)
READERS: Final = (Permission.REDEEM, Permission.READ_BOOKS)


class JoinSent(Sent):
    """Who waits for what."""

    volunteer_number = Number(required=True)
    good_number = Number(required=True)
    pieces = Whole(1, 99, load_default=1)


@family.lists("/waiting-list", WAITING, *READERS, order=Order(by_number))
def waiting_list(**_words: Any) -> Sequence[Waiting]:
    """List who waits now, the longest first."""
    return queries.waiting_list(db.session(), community_id())


@family.does(
    "/waiting-list",
    Scope.MARKET,
    Permission.REDEEM,
    reads=JoinSent,
    answers=shape("JoinedWaiting", {"number": fields.String(), "place": fields.Integer()}),
    at="/waiting-list/{number}",
)
def join(typed: Mapping[str, Any]) -> Work:
    """Let somebody wait for a good that has run out."""
    return lambda session, act: operations.join_waiting(session, act, **typed)


@family.shows("/waiting-list/<number>", WAITING, *READERS)
def waiting(number: str) -> Waiting:
    """Show one who waits or has waited."""
    return queries.waiting(db.session(), community_id(), number)


@family.does("/waiting-list/<number>/departures", Scope.MARKET, Permission.REDEEM, reads=None, answers=None)
def leave(number: str) -> Work:
    """Wait no more."""
    return lambda session, act: operations.leave_waiting(session, act, waiting_number=number)
