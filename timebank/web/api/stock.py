"""Goods, lots, donations: what is on the shelf, whose gift it was, and who has checked it in."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields
from sqlalchemy.orm import Session

from timebank import clock
from timebank.books import pages
from timebank.books.acts import Act
from timebank.books.pages import StatementLine
from timebank.books.statements import AccountFilter, balances
from timebank.database import db
from timebank.ledger.accounts import AccountKind, goods_unit
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import NewDonation, NewGood, NewLot
from timebank.market.queries import Donation, Gift, Good, LotStock
from timebank.people.queries import partner
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Count, Day, Many, Number, Part, Sent, Switch, Text, Whole
from timebank.web.api.keys import by_number, number_in, ordered_number
from timebank.web.api.lists import Key, Listed, Order
from timebank.web.api.service import ReasonSent
from timebank.web.api.shapes import shape, shape_of

family = Family("stock", "物品、批次和捐赠 · Goods, lots, donations")

GOOD: Final = shape_of(Good)
GIFT: Final = shape_of(Gift)
LOT: Final = shape_of(LotStock)
DONATION: Final = shape_of(Donation)
MOVEMENT: Final = shape("StockMovement", shape_of(StatementLine)._declared_fields)
ENTERED: Final = shape("GoodsEntered", {"seq": fields.Integer()})
LINES_OF_AN_ENTRY: Final = 1000


class NewGoodSent(Sent):
    """A good for the list; it has no price and no stock yet."""

    barcode = Text(20, load_default=None)
    name = Text(60, required=True)
    unit_word = Text(10, required=True)
    month_pieces_max = Whole(1, 1000, load_default=None, allow_none=True)
    household_pieces_max = Whole(1, 1000, load_default=None, allow_none=True)


class GoodSent(Sent):
    """What is changed of a good; what is not named stays as it is."""

    barcode = Text(20)
    name = Text(60)
    unit_word = Text(10)
    month_pieces_max = Whole(1, 1000, allow_none=True)
    household_pieces_max = Whole(1, 1000, allow_none=True)
    active = Switch()


class NewGoodsSent(Sent):
    """Goods for the list, all or none."""

    goods = Many(Part(NewGoodSent), 200, required=True)


class NewLotSent(Sent):
    """Pieces of one good in a delivery."""

    good_number = Number(required=True)
    pieces = Whole(1, 1_000_000, required=True)
    unit_price_fen = Whole(0, 100_000_000, load_default=None, allow_none=True)
    expires_on = Day(load_default=None, allow_none=True)
    place = Text(40, shortest=0, load_default="")


class NewDonationSent(Sent):
    """A delivery of a partner unit; another person checks it in."""

    partner_code = Number(required=True)
    lots = Many(Part(NewLotSent), 200, required=True)
    slip = Text(40, shortest=0, load_default="")


class GoodWords(Listed):
    """Of which good."""

    good = Number(load_default=None)


class MovementWords(Listed):
    """Of which good; it must be named."""

    good = Number(required=True)


@family.lists("/goods", GOOD, order=Order(by_number))
def goods(**_words: Any) -> Sequence[Good]:
    """List the goods, those too that are off the list."""
    return queries.goods(db.session(), community_id())


@family.does(
    "/goods",
    Scope.MARKET,
    Permission.SET_PRICES,
    Permission.RECEIVE_GOODS,
    reads=NewGoodsSent,
    answers=shape("AddedGoods", {"numbers": fields.List(fields.String())}),
    rows="goods",
)
def add_goods(typed: Mapping[str, Any]) -> Work:
    """Put goods on the list, all or none."""
    new = tuple(NewGood(**good) for good in typed["goods"])
    return lambda session, act: operations.add_goods(session, act, goods=new)


@family.shows("/goods/<number>", GOOD)
def good(number: str) -> Good:
    """Show one good."""
    return queries.good(db.session(), community_id(), number)


def _by_good(one: Gift) -> str:
    return ordered_number(one.good_number)


class YearWords(Listed):
    """Of which year; without it this one."""

    year = Count(2000, 2999, load_default=None)


@family.lists(
    "/partners/<number>/gifts",
    GIFT,
    Permission.RECEIVE_GOODS,
    Permission.READ_BOOKS,
    order=Order(_by_good),
    reads=YearWords,
)
def partner_gifts(words: Mapping[str, Any], number: str, **_place: Any) -> Sequence[Gift]:
    """Tell what became of a unit's gifts in a year, by good: in pieces, no names."""
    unit = partner(db.session(), community_id(), number)
    return queries.gifts(db.session(), community_id(), unit.code, words["year"] or day_of(clock.now()).year)


def _by_lot(stock: LotStock) -> str:
    return ordered_number(stock.lot.number)


@family.lists("/lots", LOT, order=Order(_by_lot), reads=GoodWords)
def lots(words: Mapping[str, Any], **_place: Any) -> Sequence[LotStock]:
    """List the lots on the shelf with their pieces, free and put aside."""
    return queries.stock(db.session(), community_id(), clock.now(), words["good"])


def _good_now(session: Session, number: str) -> Good:
    return queries.good(session, community_id(), number)


@family.changes("/goods/<number>", Scope.MARKET, Permission.SET_PRICES, reads=GoodSent, shape=GOOD, found=_good_now)
def change_good(typed: Mapping[str, Any], number: str) -> Work:
    """Change a good, or take it off the list; redemptions of the past keep what they were."""

    def work(session: Session, act: Act) -> None:
        known = _good_now(session, number)
        wanted = {each.name: typed.get(each.name, getattr(known, each.name)) for each in dataclasses.fields(NewGood)}
        active = typed.get("active", known.active)
        operations.change_good(session, act, good_number=number, good=NewGood(**wanted), active=active)

    return work


def _by_line(line: StatementLine) -> int:
    return line.seq * LINES_OF_AN_ENTRY + line.line


@family.lists(
    "/stock-movements",
    MOVEMENT,
    Permission.RECEIVE_GOODS,
    Permission.READ_BOOKS,
    order=Order(_by_line, newest=True),
    kind=int,
    reads=MovementWords,
)
def stock_movements(words: Mapping[str, Any], seen: Key | None, limit: int) -> Sequence[StatementLine]:
    """List every movement of a good on and off the shelf, the newest first: stock is a ledger."""
    number = queries.good(db.session(), community_id(), words["good"]).number
    wanted = AccountFilter(kind=AccountKind.SHELF, unit=goods_unit(number))
    accounts = [one.account for one in balances(db.session(), community_id(), wanted)]
    before = None if seen is None else int(seen) // LINES_OF_AN_ENTRY + 1
    return pages.statement(db.session(), community_id(), accounts, before=before, limit=limit + 10).lines


@family.lists("/donations", DONATION, order=Order(by_number, newest=True))
def donations(seen: Key | None, limit: int, **_words: Any) -> Sequence[Donation]:
    """List the deliveries, the newest first."""
    return queries.donations(db.session(), community_id(), limit + 1, before=number_in(seen))


@family.does(
    "/donations",
    Scope.MARKET,
    Permission.RECEIVE_GOODS,
    reads=NewDonationSent,
    rows="lots",
    answers=shape("Received", {"number": fields.String(), "lots": fields.List(fields.String())}),
    at="/donations/{number}",
)
def receive(typed: Mapping[str, Any]) -> Work:
    """Write a delivery down; it then waits for another person."""
    donation = NewDonation(**(dict(typed) | {"lots": tuple(NewLot(**lot) for lot in typed["lots"])}))
    return lambda session, act: operations.receive(session, act, donation=donation)


@family.shows("/donations/<number>", DONATION)
def donation(number: str) -> Donation:
    """Show one delivery."""
    return queries.donation(db.session(), community_id(), number)


@family.does("/donations/<number>/check-ins", Scope.MARKET, Permission.CHECK_IN_GOODS, reads=None, answers=ENTERED)
def check_in(number: str) -> Work:
    """Put a delivery on the shelf that somebody else has written down."""
    return lambda session, act: operations.check_in(session, act, donation_number=number)


@family.does("/donations/<number>/withdrawals", Scope.MARKET, Permission.RECEIVE_GOODS, reads=None, answers=None)
def withdraw_donation(number: str) -> Work:
    """Withdraw a delivery that waits."""
    return lambda session, act: operations.withdraw_donation(session, act, donation_number=number)


@family.does(
    "/donations/<number>/reversals", Scope.MARKET, Permission.CHECK_IN_GOODS, reads=ReasonSent, answers=ENTERED
)
def take_back_donation(typed: Mapping[str, Any], number: str) -> Work:
    """Take a delivery off the shelf again while all of it is there."""
    reason = typed["reason"]
    return lambda session, act: operations.take_back_donation(session, act, donation_number=number, reason=reason)
