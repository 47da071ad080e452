"""What people asked for in vain, and the paper forms of a power cut."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from marshmallow import fields

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.queries import Demand, PaperForm
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Number, Sent, Text
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("noting", "缺货和纸单 · Unmet demand, paper forms")

DEMAND: Final = shape_of(Demand)
FORM: Final = shape_of(PaperForm)
YEAR: Final = timedelta(days=365)


class DemandSent(Sent):
    """A good that has run out, or what it is called where it is none of ours."""

    good_number = Number(load_default=None, allow_none=True)
    words = Text(40, shortest=0, load_default="")


def _by_thing(one: Demand) -> str:
    return f"{one.good_number or '~'} {one.words}"


def _by_form(one: PaperForm) -> int:
    return one.form


@family.lists(
    "/unmet-demand",
    DEMAND,
    Permission.RECEIVE_GOODS,
    Permission.SET_PRICES,
    Permission.READ_BOOKS,
    order=Order(_by_thing),
)
def unmet_demand(**_words: Any) -> Sequence[Demand]:
    """List what was asked for and not there in the last year; no names."""
    found = queries.unmet_demand(db.session(), community_id(), day_of(clock.now()) - YEAR)
    return sorted(found, key=_by_thing)


@family.does(
    "/unmet-demand",
    Scope.MARKET,
    Permission.REDEEM,
    reads=DemandSent,
    answers=shape("NotedDemand", {"number": fields.String()}),
)
def note_demand(typed: Mapping[str, Any]) -> Work:
    """Write down that somebody asked for what is not there."""
    return lambda session, act: operations.note_demand(session, act, **typed)


@family.lists("/paper-forms", FORM, Permission.REDEEM, Permission.READ_BOOKS, order=Order(_by_form), kind=int)
def paper_forms(**_words: Any) -> Sequence[PaperForm]:
    """List the numbered paper forms and what became of each; a gap is one that is out before a filed one."""
    return queries.paper_forms(db.session(), community_id())
