"""Price lists: what a piece of each good takes, from a day on; proposed by one person, confirmed by another."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank.database import db
from timebank.market import operations, queries
from timebank.market.operations import NewPrice
from timebank.market.queries import PriceVersion
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Day, Many, Number, Part, Sent, Whole
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("prices", "积分表 · Price lists")

VERSION: Final = shape_of(PriceVersion)


class PriceSent(Sent):
    """What a piece of one good shall take, in hundredths of a point."""

    good_number = Number(required=True)
    price_points_e2 = Whole(1, 2_000_000, required=True)


class PriceListSent(Sent):
    """Prices, all or none, and the day from which they are wanted."""

    prices = Many(Part(PriceSent), 500, required=True)
    wanted_from = Day(required=True)


def _by_version(one: PriceVersion) -> int:
    return one.version


@family.lists("/price-lists", VERSION, order=Order(_by_version, newest=True), kind=int)
def price_lists(**_words: Any) -> Sequence[PriceVersion]:
    """List the versions of the prices, the newest first, with those that wait or were withdrawn."""
    return queries.price_versions(db.session(), community_id())


@family.shows("/price-lists/<int:version>", VERSION)
def price_list(version: int) -> PriceVersion:
    """Show one version."""
    return queries.price_version(db.session(), community_id(), version)


@family.does(
    "/price-lists",
    Scope.MARKET,
    Permission.SET_PRICES,
    reads=PriceListSent,
    answers=shape("ProposedPrices", {"version": fields.Integer()}),
    at="/price-lists/{version}",
)
def propose(typed: Mapping[str, Any]) -> Work:
    """Propose prices; another person confirms them."""
    prices, wanted_from = tuple(NewPrice(**price) for price in typed["prices"]), typed["wanted_from"]
    return lambda session, act: operations.propose_prices(session, act, prices=prices, wanted_from=wanted_from)


@family.does(
    "/price-lists/<int:version>/confirmations",
    Scope.MARKET,
    Permission.CONFIRM_PRICES,
    reads=None,
    answers=shape("ConfirmedPrices", {"seq": fields.Integer()}),
)
def confirm(version: int) -> Work:
    """Confirm what somebody else proposed; a price that changes holds from tomorrow at the earliest."""
    return lambda session, act: operations.confirm_prices(session, act, version=version)


@family.does("/price-lists/<int:version>/withdrawals", Scope.MARKET, Permission.SET_PRICES, reads=None, answers=None)
def withdraw(version: int) -> Work:
    """Withdraw a proposal that waits."""
    return lambda session, act: operations.withdraw_prices(session, act, version=version)
