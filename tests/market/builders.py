"""Builders of the market: an open shop with two clerks and two coordinators, goods, volunteers with points.

Everything is made by the real operations; a test says only what matters to it.
"""

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.builders import NOON, an_act, rules_at_once
from tests.people import builders as people
from timebank.books import journal, statements
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, goods_unit, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.market import operations, queries
from timebank.market.operations import BasketLine, NewDonation, NewGood, NewLot, NewPrice, Restocked
from timebank.people.queries import Staff
from timebank.people.roles import SYSTEM, Role
from timebank.rulebook.operations import publish_first

XFL = people.XFL
TODAY = NOON.date()
A_DAY = timedelta(days=1)

_barcodes = itertools.count(1)


@dataclass(frozen=True)
class Shop:
    """An open shop and who works there: whoever sells, whoever brings goods and sets prices, and a second of each."""

    session: Session
    clerk: Staff
    other_clerk: Staff
    coordinator: Staff
    other_coordinator: Staff
    partner: str
    community_id: str = XFL

    def act(self, by=None, **changes):
        """Build an act of somebody who works here, the clerk unless the test says otherwise."""
        return people.acting_as(by or self.clerk, **({"community_id": self.community_id} | changes))


def a_shop(session, community_id=XFL, **market):
    """Open a community with its rules, and its shop with nothing on the shelf; `market` is what its rules say else."""
    people.open_the_community(session, community_id)
    first = an_act(community_id=community_id, number=SYSTEM, at=people.OPENED_AT)
    rules = rules_at_once()
    limits = {name: market.pop(name) for name in tuple(market) if hasattr(rules.limits, name)}
    rules = replace(rules, market=replace(rules.market, **market), limits=replace(rules.limits, **limits))
    publish_first(session, first, go_live_on=people.GO_LIVE_ON, ordinary=rules)
    staff = {
        name: people.a_staff_member(session, role, community_id=community_id)
        for name, role in (
            ("clerk", Role.CLERK),
            ("other_clerk", Role.CLERK),
            ("coordinator", Role.COORDINATOR),
            ("other_coordinator", Role.COORDINATOR),
        )
    }
    partner = people.a_partner(session, "农商行支行", community_id)
    return Shop(session=session, partner=partner, community_id=community_id, **staff)


def passbook(volunteer, vintage=0):
    """Name one vintage of a passbook."""
    return AccountRef(AccountKind.PASSBOOK, volunteer.number, POINTS, vintage)


def shelf(good, lot="L000001"):
    """Name the account of a lot on the shelf."""
    return AccountRef(AccountKind.SHELF, lot, goods_unit(good))


def a_volunteer(shop, points_e2=0, vintage=0, **changes):
    """Register a volunteer who has earned points; return the `Volunteer`."""
    found = people.a_volunteer(shop.session, shop.community_id, **changes)
    if points_e2:
        earn(shop, found, points_e2, vintage=vintage)
    return found


def earn(shop, volunteer, points_e2, vintage=0):
    """Let a volunteer earn points, in hundredths; return the number of the entry."""
    award = Transfer(system(AccountKind.ISSUANCE, POINTS), passbook(volunteer, vintage), points_e2)
    draft = Draft(kind=EntryKind.SERVICE_APPROVED, effective_on=TODAY, transfers=(award,))
    return journal.post(shop.session, an_act(community_id=shop.community_id), draft).seq


def a_new_good(**changes):
    """Describe a good: soap in pieces, without a limit, with an in-house bar code."""
    return NewGood(**({"barcode": None, "name": "香皂", "unit_word": "块", "month_pieces_max": None} | changes))


def a_good(shop, *, price_e2=300, pieces=10, expires_on=None, **changes):
    """Put a good on the list, with a price for today and a lot on the shelf; return its number."""
    answer = operations.add_goods(shop.session, shop.act(shop.coordinator), goods=(a_new_good(**changes),))
    number = answer["numbers"][0]
    if price_e2 is not None:
        a_price(shop, number, price_e2)
    if pieces:
        a_lot(shop, number, pieces, expires_on=expires_on)
    return number


def a_price(shop, good, price_e2, *, at=NOON, wanted_from=TODAY):
    """Let one coordinator propose a price and the other confirm it; return the version."""
    version = proposed(shop, good, price_e2, at=at, wanted_from=wanted_from)
    operations.confirm_prices(shop.session, shop.act(shop.other_coordinator, at=at), version=version)
    return version


def proposed(shop, good, price_e2, *, at=NOON, wanted_from=TODAY):
    """Let a coordinator propose a price; return the version, which nobody has confirmed yet."""
    prices = (NewPrice(good, price_e2),)
    act = shop.act(shop.coordinator, at=at)
    return operations.propose_prices(shop.session, act, prices=prices, wanted_from=wanted_from)["version"]


def a_delivery(shop, good, pieces=10, **changes):
    """Let a coordinator receive a lot; return the number of the donation, which waits."""
    donation = NewDonation(partner_code=shop.partner, lots=(NewLot(good_number=good, pieces=pieces, **changes),))
    return operations.receive(shop.session, shop.act(shop.coordinator), donation=donation)["number"]


def a_lot(shop, good, pieces, **changes):
    """Put a lot on the shelf by two persons; return its number."""
    donation = a_delivery(shop, good, pieces, **changes)
    operations.check_in(shop.session, shop.act(shop.other_coordinator), donation_number=donation)
    return queries.donation_lots(shop.session, shop.community_id, donation)[0].number


def redeem(shop, volunteer, *lines, by=None, **changes):
    """Redeem at the till: pairs of a good and its pieces."""
    basket = tuple(BasketLine(*line) for line in lines)
    return operations.redeem(shop.session, shop.act(by, **changes), volunteer_number=volunteer.number, basket=basket)


def undo(shop, redemption, *, by=None, reason="拿错了", restocked=None, **changes):
    """Take a redemption back; everything lies on the counter again, unless the test says otherwise."""
    act, number = shop.act(by, **changes), redemption["number"]
    back = handed_out(shop, number) if restocked is None else restocked
    counted = tuple(Restocked(good, pieces) for good, pieces in back.items())
    return operations.undo(shop.session, act, redemption_number=number, reason=reason, restocked=counted)


def handed_out(shop, number):
    """What a redemption handed out, pieces by good; nothing where there is none of this number."""
    try:
        lines = queries.redemption(shop.session, shop.community_id, number).lines
    except queries.NoSuchRedemption:
        return {}
    pieces = Counter[str]()
    for line in lines:
        pieces[line.good_number] += line.pieces
    return dict(pieces)


def points_e2_of(shop, volunteer, vintage=0):
    """What one vintage of a passbook holds, in hundredths of a point."""
    return statements.balance(shop.session, shop.community_id, passbook(volunteer, vintage))


def pieces_of(shop, good, lot="L000001"):
    """How many pieces of a lot stand on the shelf."""
    return statements.balance(shop.session, shop.community_id, AccountRef(AccountKind.SHELF, lot, goods_unit(good)))


def reasons(refusal) -> list[dict[str, Any]]:
    """The reasons for which a list was refused, without the words for the good."""
    problems: Any = refusal.facts["problems"]
    named = {"good_number", "good_name", "unit_word"}
    return [{name: fact for name, fact in problem.items() if name not in named} for problem in problems]


def codes(refusal) -> list[str]:
    """The codes of the reasons for which a list was refused."""
    return [problem["code"] for problem in reasons(refusal)]
