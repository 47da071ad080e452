"""Stock counts: blind, by several people; handed in, and finalised by somebody who did not count."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank.database import db
from timebank.market import operations, queries
from timebank.market.operations import VarianceReason
from timebank.market.queries import StockCount, TallyLine, Variance
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Many, Number, Part, Sent, Text, Whole
from timebank.web.api.keys import by_number
from timebank.web.api.lists import Order
from timebank.web.api.service import ReasonSent
from timebank.web.api.shapes import shape, shape_of

family = Family("counts", "盘点 · Stock counts")

READERS: Final = (Permission.RECEIVE_GOODS, Permission.READ_BOOKS)
COUNT: Final = shape_of(StockCount)
LINE: Final = shape_of(TallyLine)
VARIANCE: Final = shape_of(Variance)


class CountSent(Sent):
    """Which goods are counted; none for the whole shelf."""

    goods = Many(Number(), 500, load_default=list)


class TallySent(Sent):
    """How many pieces of a good; below zero takes back what was counted too often."""

    good_number = Number(required=True)
    pieces = Whole(-1_000_000, 1_000_000, required=True)


class AgainSent(Sent):
    """Which good is counted anew."""

    good_number = Number(required=True)


class VarianceReasonSent(Sent):
    """Why the shelf differs from the books."""

    good_number = Number(required=True)
    reason = Text(200, required=True)


class FinaliseSent(Sent):
    """A reason for each good that differs."""

    reasons = Many(Part(VarianceReasonSent), 500, load_default=list)


def _by_good(one: TallyLine | Variance) -> str:
    return one.good_number


@family.lists("/stock-counts", COUNT, *READERS, order=Order(by_number, newest=True))
def stock_counts(**_words: Any) -> Sequence[StockCount]:
    """List the counts, the newest first."""
    return queries.stock_counts(db.session(), community_id(), limit=1000)


@family.shows("/stock-counts/<number>", COUNT, *READERS)
def stock_count(number: str) -> StockCount:
    """Show one count; never what the books say."""
    return queries.stock_count(db.session(), community_id(), number)


@family.lists("/stock-counts/<number>/tallies", LINE, *READERS, order=Order(_by_good))
def tallies(number: str, **_words: Any) -> Sequence[TallyLine]:
    """List what was counted so far, by good, and by whom."""
    found = queries.stock_count(db.session(), community_id(), number)
    return queries.tally_lines(db.session(), community_id(), found.number)


@family.lists("/stock-counts/<number>/variances", VARIANCE, *READERS, order=Order(_by_good))
def variances(number: str, **_words: Any) -> Sequence[Variance]:
    """List the differences that were booked when the count was finalised, with their reasons."""
    found = queries.stock_count(db.session(), community_id(), number)
    return queries.variances(db.session(), community_id(), found.number)


@family.does(
    "/stock-counts",
    Scope.MARKET,
    Permission.RECEIVE_GOODS,
    reads=CountSent,
    answers=shape("OpenedCount", {"number": fields.String()}),
    at="/stock-counts/{number}",
)
def open_count(typed: Mapping[str, Any]) -> Work:
    """Begin a count; one at a time."""
    goods = tuple(typed["goods"])
    return lambda session, act: operations.open_count(session, act, goods=goods)


@family.does(
    "/stock-counts/<number>/tallies",
    Scope.MARKET,
    Permission.RECEIVE_GOODS,
    reads=TallySent,
    answers=shape("Tallied", {"pieces": fields.Integer()}),
)
def tally(typed: Mapping[str, Any], number: str) -> Work:
    """Add counted pieces of a good; the answer is all that were counted of it so far."""
    return lambda session, act: operations.tally(session, act, count_number=number, **typed)


@family.does("/stock-counts/<number>/recounts", Scope.MARKET, Permission.RECEIVE_GOODS, reads=AgainSent, answers=None)
def recount(typed: Mapping[str, Any], number: str) -> Work:
    """Count one good anew."""
    good = typed["good_number"]
    return lambda session, act: operations.recount(session, act, count_number=number, good_number=good)


@family.does("/stock-counts/<number>/submissions", Scope.MARKET, Permission.RECEIVE_GOODS, reads=None, answers=None)
def submit(number: str) -> Work:
    """Hand a count in: everything was counted."""
    return lambda session, act: operations.submit_count(session, act, count_number=number)


@family.does(
    "/stock-counts/<number>/finalisations",
    Scope.MARKET,
    Permission.CHECK_IN_GOODS,
    reads=FinaliseSent,
    answers=shape("FinalisedCount", {"seq": fields.Integer()}),
)
def finalise(typed: Mapping[str, Any], number: str) -> Work:
    """Book the differences, as somebody who did not count."""
    reasons = tuple(VarianceReason(**one) for one in typed["reasons"])
    return lambda session, act: operations.finalise_count(session, act, count_number=number, reasons=reasons)


@family.does("/stock-counts/<number>/drops", Scope.MARKET, Permission.RECEIVE_GOODS, reads=ReasonSent, answers=None)
def drop(typed: Mapping[str, Any], number: str) -> Work:
    """Drop a count that is not decided; nothing is booked."""
    reason = typed["reason"]
    return lambda session, act: operations.drop_count(session, act, count_number=number, reason=reason)
