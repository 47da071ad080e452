"""Service vouchers: what units offer, taking one for somebody, giving it back, and the month's statements."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations
from timebank.market.operations import NewOffer
from timebank.market.queries.honouring import Settlement, settlements
from timebank.market.queries.vouchers import Voucher, VoucherOffer, voucher, voucher_offers, vouchers_newest
from timebank.market.rules.vouchers import MONTH_QUOTA_MAX, PERSON_MONTH_MAX, VALID_DAYS_MAX, OfferTerms
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Number, Sent, Whole
from timebank.web.api.keys import by_number
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("vouchers", "服务券 · Service vouchers")

READERS: Final = (Permission.SET_PRICES, Permission.REDEEM, Permission.READ_BOOKS)
OFFER: Final = shape_of(VoucherOffer)
VOUCHER: Final = shape_of(Voucher, without=frozenset({"person_id", "code"}))
SETTLEMENT: Final = shape_of(Settlement)


class VoucherOfferSent(Sent):
    """A service of a unit, and its terms; its price stands in the price list."""

    partner_code = Number(required=True)
    good_number = Number(required=True)
    month_quota = Whole(1, MONTH_QUOTA_MAX, required=True)
    person_month_max = Whole(1, PERSON_MONTH_MAX, required=True)
    valid_days = Whole(1, VALID_DAYS_MAX, required=True)
    unit_value_fen = Whole(0, 1_000_000, load_default=0)


class VoucherWantedSent(Sent):
    """A voucher of an offer, for a volunteer."""

    volunteer_number = Number(required=True)
    offer_number = Number(required=True)


class VoucherMonthSent(Sent):
    """The month of a unit, as 202611."""

    partner_code = Number(required=True)
    month = Whole(200001, 299912, required=True)


def _by_month(one: Settlement) -> str:
    return f"{one.month}-{one.partner_code}"


@family.lists("/voucher-offers", OFFER, *READERS, order=Order(by_number))
def offers(**_words: Any) -> Sequence[VoucherOffer]:
    """List the services that units offer now."""
    return voucher_offers(db.session(), community_id(), day_of(clock.now()))


@family.does(
    "/voucher-offers",
    Scope.MARKET,
    Permission.SET_PRICES,
    reads=VoucherOfferSent,
    answers=shape("OfferedVouchers", {"number": fields.String()}),
)
def offer(typed: Mapping[str, Any]) -> Work:
    """Offer a unit's service so often a month."""
    names = ("month_quota", "person_month_max", "valid_days", "unit_value_fen")
    terms = OfferTerms(**{name: typed[name] for name in names})
    wanted = NewOffer(typed["partner_code"], typed["good_number"], terms)
    return lambda session, act: operations.offer_vouchers(session, act, offer=wanted)


@family.does("/voucher-offers/<number>/end", Scope.MARKET, Permission.SET_PRICES, reads=None, answers=None)
def end_offer(number: str) -> Work:
    """Give no further voucher of an offer; those that are out stay good."""
    return lambda session, act: operations.end_voucher_offer(session, act, offer_number=number)


@family.lists("/vouchers", VOUCHER, *READERS, order=Order(by_number, newest=True))
def vouchers(**_words: Any) -> Sequence[Voucher]:
    """List the newest vouchers, newest first."""
    return vouchers_newest(db.session(), community_id(), clock.now(), limit=1000)


@family.shows("/vouchers/<number>", VOUCHER, *READERS)
def one(number: str) -> Voucher:
    """Show one voucher; its code is told only to who took it."""
    return voucher(db.session(), community_id(), number, clock.now())


@family.does(
    "/vouchers",
    Scope.MARKET,
    Permission.REDEEM,
    reads=VoucherWantedSent,
    answers=shape(
        "TakenVoucher",
        {
            "number": fields.String(),
            "code": fields.String(),
            "expires_at": fields.String(),
            "seq": fields.Integer(),
            "points_e2": fields.Integer(),
        },
    ),
    at="/vouchers/{number}",
)
def take(typed: Mapping[str, Any]) -> Work:
    """Take a voucher for a volunteer; its points are put aside."""
    whose, which = typed["volunteer_number"], typed["offer_number"]
    return lambda session, act: operations.take_voucher(session, act, volunteer_number=whose, offer_number=which)


@family.does(
    "/vouchers/<number>/returns",
    Scope.MARKET,
    Permission.REDEEM,
    reads=None,
    answers=shape("ReturnedVoucher", {"seq": fields.Integer()}),
)
def give_back(number: str) -> Work:
    """Give a voucher back; its points and its place are free again."""
    return lambda session, act: operations.give_voucher_back(session, act, voucher_number=number)


@family.lists(
    "/voucher-settlements",
    SETTLEMENT,
    Permission.SET_PRICES,
    Permission.READ_BOOKS,
    order=Order(_by_month, newest=True),
)
def statements(**_words: Any) -> Sequence[Settlement]:
    """List the statements of the units' months, the newest month first."""
    return settlements(db.session(), community_id())


@family.does(
    "/voucher-settlements",
    Scope.MARKET,
    Permission.SET_PRICES,
    reads=VoucherMonthSent,
    answers=shape(
        "DrawnUpSettlement",
        {"vouchers": fields.Integer(), "points_e2": fields.Integer(), "value_fen": fields.Integer()},
    ),
)
def draw_up(typed: Mapping[str, Any]) -> Work:
    """Draw the statement of a unit's month up; another person confirms it."""
    unit, month = typed["partner_code"], typed["month"]
    return lambda session, act: operations.draw_up_settlement(session, act, partner_code=unit, month=month)


@family.does(
    "/voucher-settlements/<number>/confirmations", Scope.MARKET, Permission.CONFIRM_PRICES, reads=None, answers=None
)
def confirm(number: str) -> Work:
    """Confirm what another person has drawn up; a statement is named `P001-202611`."""
    unit, _dash, month = number.partition("-")
    whole = int(month) if month.isascii() and month.isdigit() and len(month) == 6 else 0
    return lambda session, act: operations.confirm_settlement(session, act, partner_code=unit, month=whole)
