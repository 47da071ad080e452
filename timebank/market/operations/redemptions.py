"""The till: redeem a basket, take a redemption back. Points leave the passbook and goods the shelf, or neither does."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books import journal, together
from timebank.books.acts import Act
from timebank.books.asking import Enquiry, ask
from timebank.books.requests import Decided, decided_once
from timebank.books.together import Rows
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, goods_unit, system
from timebank.ledger.balances import take_oldest_first
from timebank.ledger.entries import Draft, EntryKind, FactValue, Transfer
from timebank.market.queries import Passbook
from timebank.market.queries.redemptions import newest_number_question
from timebank.market.queries.selling import AtTheCounter, at_the_counter
from timebank.market.rules import (
    BasketLine,
    CustomerFacts,
    GoodFacts,
    LastUse,
    Pace,
    PricedBasket,
    check_pace,
    find_second_check,
    price_basket,
)
from timebank.market.tables import RedemptionLineRow, RedemptionRow
from timebank.people.queries import (
    NoSuchVolunteer,
    Volunteer,
    check_granted,
    check_no_group,
    close_to,
    find_volunteer,
)
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.rules import Market


class RedeemForOneself(Refusal):
    """Nobody serves themselves or somebody close to them at the till (trust.md T6, X9)."""

    code = "redeem_for_oneself"


class PassbookClosed(Refusal):
    """The volunteer has left; nothing is handed out from this passbook any more."""

    code = "passbook_closed"


class Identified(StrEnum):
    """How the clerk knew who stood at the counter; it stands in the entry, to be checked later."""

    CARD = "card"
    PHONE_CODE = "phone_code"
    DOCUMENT_TAIL = "document_tail"
    DOCUMENT_SEEN = "document_seen"
    KNOWN = "known"
    FAMILY = "family"


def _needed(
    act: Act, *, volunteer_number: str, basket: tuple[BasketLine, ...], identified: Identified | None = None
) -> Enquiry[AtTheCounter]:
    return at_the_counter(act, volunteer_number, [line.good_number for line in basket])


@decided_once("market.redeem", subject="volunteer_number", enquiry=_needed)
def redeem(
    session: Session,
    act: Act,
    counter: AtTheCounter,
    *,
    volunteer_number: str,
    basket: tuple[BasketLine, ...],
    identified: Identified | None = None,
) -> Decided[dict[str, Any]]:
    """Hand a basket out for points, at the prices in force today; one entry, all of it or none.

    Args:
        basket: each good once, with how many whole pieces.
        identified: how the clerk knew the customer, None where nobody said.

    Returns:
        `redemption_id`, `number`, the entry's `seq`, `points_e2` used and `available_e2` left, hundredths of a point.

    Raises:
        NotAllowed: the actor may not serve at the till.
        NoSuchVolunteer, PassbookClosed: there is no passbook to take from.
        RedeemForOneself: it is the actor's own, or of somebody close to them.
        ServedTooOften, RedeemedTooOften: they were served too often within an hour.
        DormantPassbook: nobody used the passbook for long, and no second person has looked today.
        BasketSize, BasketRefused: nothing was taken and nothing handed out; the facts name every reason.
    """
    check_granted(Permission.REDEEM, granted=counter.may_redeem)
    customer = _open_passbook(counter.customer, volunteer_number)
    _check_another(act, customer, counter.close_to_actor)
    looked = checked_twice(act, customer.number, counter.rules.document.market, (counter.pace, counter.last_use))
    sale = priced_for(counter, basket, lots_on=act.today)
    entry = journal.prepare(session, act, _entry(act, sale, _known_by(identified, looked)), counter.accounts)
    handed = Handed(customer, sale.priced, sale.rule_version, entry.posted.seq)
    rows, answer = redemption_rows(act, handed, counter.newest_number)
    return Decided(answer | {"available_e2": sale.passbook.available_e2 - sale.priced.points_e2}, entry, rows)


@dataclass(frozen=True, slots=True)
class Sale:
    """A basket that may be handed out or put aside, and what it was decided on."""

    passbook: Passbook
    goods: dict[str, GoodFacts]
    priced: PricedBasket
    rule_version: int

    @property
    def words(self) -> str:
        """Say what is handed out: 换香皂2块、牙膏1支; each good once, whichever lots its pieces came from."""
        pieces = Counter[str]()
        for line in self.priced.lines:
            pieces[line.good_number] += line.pieces
        named = (f"{self.goods[number].name}{count}{self.goods[number].unit_word}" for number, count in pieces.items())
        return "换" + "、".join(named)


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed out to whom, by which rules, and the entry that booked it."""

    customer: Volunteer
    priced: PricedBasket
    rule_version: int
    entry_seq: int


def customer_for(session: Session, act: Act, volunteer_number: str) -> Volunteer:
    """Return who is served at the till; part of other operations.

    Raises:
        NoSuchVolunteer, PassbookClosed, GroupOnlyGives, RedeemForOneself
    """
    customer = own_passbook(session, act, volunteer_number)
    _check_another(act, customer, close_to_actor(session, act))
    return customer


def own_passbook(session: Session, act: Act, volunteer_number: str) -> Volunteer:
    """Return whose open passbook it is; part of other operations.

    Raises:
        NoSuchVolunteer, PassbookClosed, GroupOnlyGives
    """
    return _open_passbook(find_volunteer(session, act.community_id, volunteer_number), volunteer_number)


def _open_passbook(found: Volunteer | None, volunteer_number: str) -> Volunteer:
    if found is None:
        raise NoSuchVolunteer(number=volunteer_number)
    if found.closed_on is not None:
        raise PassbookClosed(volunteer=found.number, closed_on=found.closed_on.isoformat())
    check_no_group(found.number)
    return found


def _check_another(act: Act, customer: Volunteer, close_to_actor: frozenset[UUID]) -> None:
    if customer.person_id in {act.person_id, *close_to_actor}:
        raise RedeemForOneself(volunteer=customer.number)


def checked_twice(act: Act, volunteer_number: str, shop: Market, known: tuple[Pace, LastUse]) -> str | None:
    """Check the pace, and whether a second look is needed; return who has looked, or None. Part of other operations.

    Raises:
        ServedTooOften, RedeemedTooOften, DormantPassbook
    """
    pace, use = known
    check_pace(shop, pace, volunteer_number)
    return find_second_check(shop, use, volunteer_number=volunteer_number, served_by_id=act.person_id, today=act.today)


def _known_by(identified: Identified | None, looked: str | None) -> dict[str, FactValue]:
    known = {"identified": identified.value if identified else None, "second_check": looked}
    return {name: fact for name, fact in known.items() if fact is not None}


def priced_for(counter: AtTheCounter, basket: tuple[BasketLine, ...], *, lots_on: date) -> Sale:
    """Price a basket at today's prices and limits; part of other operations.

    Args:
        lots_on: the day on which its lots must not have expired.

    Raises:
        BasketSize, BasketRefused
    """
    facts = CustomerFacts(
        available_points_e2=counter.passbook.available_e2,
        redemptions=counter.month.redemptions,
        redemptions_max=counter.rules.document.limits.redemptions_per_month_max,
        household_redemptions=(counter.household or counter.month).redemptions,
        household_redemptions_max=counter.rules.document.market.household_redemptions_per_month_max,
    )
    priced = price_basket(basket, counter.goods, facts, lots_on)
    return Sale(counter.passbook, counter.goods, priced, counter.rules.version)


def close_to_actor(session: Session, act: Act) -> frozenset[UUID]:
    """Return who is close to the person who acts; part of other operations."""
    return close_to(session, act.community_id, [act.person_id])[act.person_id]


def _entry(act: Act, sale: Sale, known_by: dict[str, FactValue]) -> Draft:
    return Draft(
        kind=EntryKind.GOODS_REDEEMED,
        effective_on=act.today,
        transfers=(*_points_back(sale.passbook, sale.priced), *_goods_out(sale.priced)),
        source=f"redemption:{act.new_id('redemption')}",
        memo=sale.words,
        rule_version=sale.rule_version,
        facts=_facts(sale.priced) | known_by,
    )


def _points_back(passbook: Passbook, priced: PricedBasket) -> Iterator[Transfer]:
    """Oldest vintages pay first."""
    for account, amount in take_oldest_first(priced.points_e2, passbook.vintages):
        yield Transfer(account, system(AccountKind.REDEEMED, POINTS), amount)


def _goods_out(priced: PricedBasket) -> Iterator[Transfer]:
    for line in priced.lines:
        unit = goods_unit(line.good_number)
        shelf = AccountRef(AccountKind.SHELF, line.lot_number, unit)
        yield Transfer(shelf, system(AccountKind.HANDED_OUT, unit), line.pieces)


def _facts(priced: PricedBasket) -> dict[str, FactValue]:
    """What the rule was given: each good's price and the version of the price list that it stands in."""
    facts: dict[str, FactValue] = {}
    for line in priced.lines:
        facts[f"{line.good_number}.price_points_e2"] = line.price.points_e2
        facts[f"{line.good_number}.price_version"] = line.price.version
    return facts


def record_redemption(session: Session, act: Act, handed: Handed) -> dict[str, Any]:
    """Write down what an entry has handed out; return `redemption_id`, `number`, `seq` and `points_e2`."""
    newest = ask(session, newest_number_question(act.community_id))
    rows, answer = redemption_rows(act, handed, newest)
    together.write(session, rows)
    return answer


def redemption_rows(act: Act, handed: Handed, newest: str | None) -> tuple[tuple[Rows, ...], dict[str, Any]]:
    """Return the same not written yet, and the answer. newest: number of the newest redemption."""
    redemption_id = act.new_id("redemption")
    number = f"R{1 if newest is None else int(newest[1:]) + 1:06d}"
    row = {
        "community_id": act.community_id,
        "id": redemption_id,
        "number": number,
        "volunteer_number": handed.customer.number,
        "person_id": handed.customer.person_id,
        "served_by_id": act.person_id,
        "redeemed_on": act.today,
        "points_e2": handed.priced.points_e2,
        "rule_version": handed.rule_version,
        "entry_seq": handed.entry_seq,
    }
    lines = handed_out_in(handed.priced, {"community_id": act.community_id, "redemption_id": redemption_id})
    answer = {
        "redemption_id": str(redemption_id),
        "number": number,
        "seq": handed.entry_seq,
        "points_e2": handed.priced.points_e2,
    }
    return (Rows(RedemptionRow, [row]), Rows(RedemptionLineRow, list(lines))), answer


def handed_out_in(priced: PricedBasket, owner: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Write the lines of a basket for the record that owns them."""
    for place, line in enumerate(priced.lines, start=1):
        yield owner | {
            "line": place,
            "good_number": line.good_number,
            "lot_number": line.lot_number,
            "pieces": line.pieces,
            "price_points_e2": line.price.points_e2,
            "price_version": line.price.version,
        }
