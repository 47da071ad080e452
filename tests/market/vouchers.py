"""Builders of service vouchers: a service that is offered, a voucher that is taken, honoured or given back."""

from datetime import UTC, datetime, timedelta

from tests.builders import NOON
from tests.market.builders import XFL, a_new_good, a_price, a_volunteer
from tests.people.builders import acting_as as acting_as_volunteer
from timebank.audit.verification import examine
from timebank.books.requests import Secret
from timebank.market import operations
from timebank.market.operations import (
    NewOffer,
)
from timebank.market.queries.vouchers import (
    voucher,
    voucher_offer,
)
from timebank.market.rules.vouchers import (
    OfferTerms,
)

TERMS = OfferTerms(month_quota=2, person_month_max=1, valid_days=14, unit_value_fen=2000)
MONTH = NOON.year * 100 + NOON.month
AN_HOUR = timedelta(hours=1)
NEXT_MONTH = datetime(2026, 12, 2, 4, tzinfo=UTC)


def a_service(shop, *, name="理发", price_e2=1500, partner=None, **terms):
    """Offer a service of the unit at a price for today; return the number of the offer."""
    added = operations.add_goods(
        shop.session, shop.act(shop.coordinator), goods=(a_new_good(name=name, unit_word="次"),)
    )
    good = added["numbers"][0]
    if price_e2:
        a_price(shop, good, price_e2)
    return offered(shop, good, partner=partner, **terms)


def offered(shop, good, *, partner=None, by=None, **terms):
    values = {name: terms.get(name, getattr(TERMS, name)) for name in OfferTerms.__slots__}
    offer = NewOffer(partner or shop.partner, good, OfferTerms(**values))
    return operations.offer_vouchers(shop.session, shop.act(by or shop.coordinator), offer=offer)["number"]


def take(shop, volunteer, offer, *, by=None, at=NOON):
    act = shop.act(by, at=at) if by else acting_as_volunteer(volunteer, at=at)
    return operations.take_voucher(shop.session, act, volunteer_number=volunteer.number, offer_number=offer)


def a_desk(shop, partner=None):
    act = shop.act(shop.coordinator)
    return operations.make_voucher_desk(shop.session, act, partner_code=partner or shop.partner, keeper="李师傅")


def honour(shop, desk, taken, *, at=NOON + AN_HOUR):
    act = shop.act(at=at)
    code = taken if isinstance(taken, str) else taken["code"]
    return operations.honour_voucher(shop.session, act, desk=Secret(desk["code"]), code=Secret(code))


def give_back(shop, taken, *, volunteer=None, by=None, at=NOON + AN_HOUR):
    act = acting_as_volunteer(volunteer, at=at) if volunteer else shop.act(by, at=at)
    return operations.give_voucher_back(shop.session, act, voucher_number=taken["number"])


def state(shop, taken, at=NOON + AN_HOUR):
    return voucher(shop.session, XFL, taken["number"], at).state


def left(shop, offer):
    return voucher_offer(shop.session, XFL, offer, NOON.date()).left


def found_wrong(shop):
    """Say which checks of the audit find something; how the builders let points be earned is no matter here."""
    return {one.check for one in examine(shop.session, XFL, ()).findings} - {"service_record", "rule", "two_persons"}


def two_honoured(shop):
    """Let two vouchers of one service be honoured this month."""
    offer, desk = a_service(shop), a_desk(shop)
    for _ in range(2):
        honour(shop, desk, take(shop, a_volunteer(shop, points_e2=2000), offer))


def draw_up(shop, *, by=None, at=None, month=None):
    """Let a coordinator draw the statement of the unit's month up, after it is over."""
    act = shop.act(by or shop.coordinator, at=at or NOON + timedelta(days=40))
    return operations.draw_up_settlement(shop.session, act, partner_code=shop.partner, month=month or MONTH)
