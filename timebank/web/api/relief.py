"""Relief: goods for households in need, by approval; and the households. Reasons stay with the coordinators."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import ReliefLine
from timebank.market.queries import NeedyHousehold, Relief
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Many, Number, Part, Sent, Text, Whole
from timebank.web.api.keys import by_number
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("relief", "救助发放 · Relief")

READERS: Final = (Permission.GIVE_RELIEF, Permission.CHECK_IN_GOODS, Permission.READ_BOOKS)
RELIEF: Final = shape_of(Relief)
HOUSEHOLD: Final = shape_of(NeedyHousehold, without=frozenset({"reason"}))


class ReliefLineSent(Sent):
    """Pieces of one good."""

    good_number = Number(required=True)
    pieces = Whole(1, 99, required=True)


class ReliefSent(Sent):
    """Goods for a household in need."""

    household_number = Number(required=True)
    lines = Many(Part(ReliefLineSent), 50, required=True)
    note = Text(200, shortest=0, load_default="")


class SignedSent(Sent):
    """Who signed for it."""

    signed_by = Text(40, required=True)


@family.lists("/needy-households", HOUSEHOLD, *READERS, order=Order(by_number))
def households(**_words: Any) -> Sequence[NeedyHousehold]:
    """List the households whose registration holds today."""
    return queries.needy_households(db.session(), community_id(), day_of(clock.now()))


@family.lists("/reliefs", RELIEF, *READERS, order=Order(by_number, newest=True))
def reliefs(**_words: Any) -> Sequence[Relief]:
    """List what was proposed, approved and handed out, the newest first."""
    return queries.reliefs(db.session(), community_id(), limit=1000)


@family.shows("/reliefs/<number>", RELIEF, *READERS)
def relief(number: str) -> Relief:
    """Show one relief."""
    return queries.relief(db.session(), community_id(), number)


@family.does(
    "/reliefs",
    Scope.MARKET,
    Permission.GIVE_RELIEF,
    reads=ReliefSent,
    answers=shape("ProposedRelief", {"number": fields.String()}),
    at="/reliefs/{number}",
)
def propose(typed: Mapping[str, Any]) -> Work:
    """Propose goods for a household; another person approves."""
    lines = tuple(ReliefLine(**line) for line in typed["lines"])
    household, note = typed["household_number"], typed["note"]
    return lambda session, act: operations.propose_relief(
        session, act, household_number=household, lines=lines, note=note
    )


@family.does("/reliefs/<number>/approvals", Scope.MARKET, Permission.GIVE_RELIEF, reads=None, answers=None)
def approve(number: str) -> Work:
    """Approve what somebody else has proposed."""
    return lambda session, act: operations.approve_relief(session, act, relief_number=number)


@family.does("/reliefs/<number>/rejections", Scope.MARKET, Permission.GIVE_RELIEF, reads=None, answers=None)
def reject(number: str) -> Work:
    """Turn a proposal down."""
    return lambda session, act: operations.reject_relief(session, act, relief_number=number)


@family.does(
    "/reliefs/<number>/issues",
    Scope.MARKET,
    Permission.CHECK_IN_GOODS,
    reads=SignedSent,
    answers=shape("IssuedRelief", {"seq": fields.Integer()}),
)
def issue(typed: Mapping[str, Any], number: str) -> Work:
    """Hand an approved relief out to who signs for it."""
    signed_by = typed["signed_by"]
    return lambda session, act: operations.issue_relief(session, act, relief_number=number, signed_by=signed_by)
