"""Deliveries: take a donation in, let another person check it in, take it off the shelf again.

A donation that waits is on paper only: its goods are not in the ledger and cannot be handed out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.accounts import AccountKind, AccountRef, goods_unit
from timebank.ledger.entries import Draft, EntryKind, FactValue, Transfer
from timebank.market import queries
from timebank.market.operations.waiting import turns_given
from timebank.market.queries import Donation, Good, Lot
from timebank.market.queries.catalogue import services_among
from timebank.market.rules import LOT_PIECES_MAX, UNIT_PRICE_FEN_MAX, GoodNotOffered, UnknownGood
from timebank.market.tables import DonationDecisionRow, DonationRow, DonationUndoRow, LotRow
from timebank.market.texts import (
    PLACE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    SLIP_LENGTH_MAX,
    MarketText,
    kept_text,
    next_numbers,
)
from timebank.people.queries import check_may, partner, staff_member
from timebank.people.roles import Permission
from timebank.refusal import Fact, Refusal

LOTS_MAX: Final = 500
"""The most lots of one donation."""
WAITING: Final = "waiting"
CHECKED_IN: Final = "checked-in"


class DeliveryRefused(Refusal):
    """At least one lot cannot be taken in, and none was.

    Facts: `problems`, each with its `line` (1, 2, 3 …), the `code` of one of the refusals beside this and its facts;
    `lots` how many there were, 1 to `lots_max`.
    """

    code = "delivery_refused"


class ServiceNotDelivered(Refusal):
    """A service is no piece that could lie on the shelf; it is given by voucher."""

    code = "service_not_delivered"


class LotPiecesOutOfRange(Refusal):
    """A lot has at least one piece, and whole ones."""

    code = "lot_pieces_out_of_range"


class UnitPriceOutOfRange(Refusal):
    """A unit price is whole fen, zero or more."""

    code = "unit_price_out_of_range"


class ExpiredOnArrival(Refusal):
    """The lot's last day is over; it must not come onto the shelf."""

    code = "expired_on_arrival"


class DonationDecided(Refusal):
    """The donation does not wait: it was checked in, withdrawn, or taken back before."""

    code = "donation_decided"


class CheckerIsReceiver(Refusal):
    """Goods are checked in, and taken back, by another person than the one who received them (S3, trust.md X17)."""

    code = "checker_is_receiver"


class LotsNotWhole(Refusal):
    """Pieces of the donation were handed out or put aside already; it can no longer be taken back as a whole."""

    code = "lots_not_whole"


class LotsCounted(Refusal):
    """A count has confirmed the goods since they came; what is wrong now is a later movement, not a wrong receipt."""

    code = "lots_counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLot:
    """A lot as it arrives.

    Attributes:
        pieces: 1 to `LOT_PIECES_MAX`.
        unit_price_fen: what one piece is worth, or None where nobody said.
        expires_on: the last day on which it may be handed out, or None.
        place: where it will stand; may be empty.
    """

    good_number: str
    pieces: int
    unit_price_fen: int | None = None
    expires_on: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDonation:
    """A delivery of one partner unit. slip: the number of the paper slip that both sides signed; may be empty."""

    partner_code: str
    lots: tuple[NewLot, ...]
    slip: str = ""


@once("market.receive")
def receive(session: Session, act: Act, *, donation: NewDonation) -> dict[str, Any]:
    """Write down a delivery; return its `number` and the numbers of its `lots`. It then waits for another person.

    Raises:
        NotAllowed: the actor may not receive goods.
        NoSuchPartner: the giver is not known.
        DeliveryRefused: at least one lot cannot be taken in; none was.
        MarketText: the number of the slip cannot be kept.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    giver = partner(session, act.community_id, donation.partner_code)
    _check_lots(session, act, donation.lots)
    number = next_numbers(session, act.community_id, DonationRow.number, "D{:04d}", 1)[0]
    lot_numbers = next_numbers(session, act.community_id, LotRow.number, "L{:06d}", len(donation.lots))
    session.execute(
        sa.insert(DonationRow),
        {
            "community_id": act.community_id,
            "number": number,
            "partner_code": giver.code,
            "slip": kept_text("slip", donation.slip, length_max=SLIP_LENGTH_MAX, required=False),
            "received_by_id": act.person_id,
            "received_at": act.at,
        },
    )
    session.execute(
        sa.insert(LotRow),
        [_lot_values(act, number, lot_number, lot) for lot_number, lot in zip(lot_numbers, donation.lots, strict=True)],
    )
    return {"number": number, "lots": list(lot_numbers)}


def _lot_values(act: Act, donation_number: str, lot_number: str, lot: NewLot) -> dict[str, Any]:
    return {
        "community_id": act.community_id,
        "number": lot_number,
        "donation_number": donation_number,
        "good_number": lot.good_number,
        "pieces": lot.pieces,
        "unit_price_fen": lot.unit_price_fen,
        "expires_on": lot.expires_on,
        "place": kept_text("place", lot.place, length_max=PLACE_LENGTH_MAX, required=False),
    }


def _check_lots(session: Session, act: Act, lots: tuple[NewLot, ...]) -> None:
    numbers = [lot.good_number for lot in lots]
    known = queries.goods_by_number(session, act.community_id, numbers)
    services = services_among(session, act.community_id, numbers)
    problems: list[Fact] = [
        {"line": line, "code": problem.code, **problem.facts}
        for line, lot in enumerate(lots, start=1)
        for problem in _problems_of(lot, known.get(lot.good_number), act.today)
    ]
    problems += [
        {"line": line, "code": ServiceNotDelivered.code, "good_name": known[lot.good_number].name}
        for line, lot in enumerate(lots, start=1)
        if lot.good_number in services
    ]
    if problems or not 1 <= len(lots) <= LOTS_MAX:
        raise DeliveryRefused(problems=problems, lots=len(lots), lots_max=LOTS_MAX)


def _problems_of(lot: NewLot, good: Good | None, today: date) -> Iterator[Refusal]:
    if good is None:
        yield UnknownGood(good_number=lot.good_number)
    elif not good.active:
        yield GoodNotOffered(good_number=good.number, good_name=good.name, unit_word=good.unit_word)
    if type(lot.pieces) is not int or not 1 <= lot.pieces <= LOT_PIECES_MAX:
        yield LotPiecesOutOfRange(good_number=lot.good_number, pieces_max=LOT_PIECES_MAX)
    price = lot.unit_price_fen
    if price is not None and (type(price) is not int or not 0 <= price <= UNIT_PRICE_FEN_MAX):
        yield UnitPriceOutOfRange(good_number=lot.good_number, highest_fen=UNIT_PRICE_FEN_MAX)
    if lot.expires_on is not None and lot.expires_on < today:
        yield ExpiredOnArrival(good_number=lot.good_number, expires_on=lot.expires_on.isoformat())
    try:
        kept_text("place", lot.place, length_max=PLACE_LENGTH_MAX, required=False)
    except MarketText as problem:
        yield problem


@once("market.check_in", subject="donation_number")
def check_in(session: Session, act: Act, *, donation_number: str) -> dict[str, Any]:
    """Put a donation on the shelf as another person; return the entry's `seq`. Now it can be handed out.

    Who waits for what has come has their turn at once; how many is told as `turns`.

    Raises:
        NotAllowed: the actor may not check goods in.
        NoSuchDonation, DonationDecided: there is nothing to check in.
        CheckerIsReceiver: they received it themselves.
    """
    check_may(session, act, Permission.CHECK_IN_GOODS)
    donation = _donation(session, act, donation_number, state=WAITING)
    _check_another(act, donation)
    lots = queries.donation_lots(session, act.community_id, donation_number)
    giver = partner(session, act.community_id, donation.partner_code)
    receiver = staff_member(session, act.community_id, donation.received_by_id)
    draft = Draft(
        kind=EntryKind.GOODS_RECEIVED,
        effective_on=act.today,
        transfers=tuple(_onto_the_shelf(donation, lot) for lot in lots),
        source=f"donation:{donation_number}",
        memo=f"{giver.name}捐赠入库 {donation_number}",
        facts={"received_by": receiver.number, **_lot_facts(lots)},
    )
    posted = journal.post(session, act, draft)
    _decide(session, act, donation, outcome=CHECKED_IN, entry_seq=posted.seq)
    return {"seq": posted.seq, "turns": len(turns_given(session, act))}


def _onto_the_shelf(donation: Donation, lot: Lot) -> Transfer:
    unit = goods_unit(lot.good_number)
    donor = AccountRef(AccountKind.DONOR, donation.partner_code, unit)
    return Transfer(donor, AccountRef(AccountKind.SHELF, lot.number, unit), lot.pieces)


def _lot_facts(lots: tuple[Lot, ...]) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {}
    for lot in lots:
        facts[f"{lot.number}.unit_price_fen"] = lot.unit_price_fen
        facts[f"{lot.number}.expires_on"] = None if lot.expires_on is None else lot.expires_on.isoformat()
    return facts


@once("market.withdraw_donation", subject="donation_number")
def withdraw_donation(session: Session, act: Act, *, donation_number: str) -> None:
    """Withdraw a donation that waits: it was written down wrongly. It never comes onto the shelf.

    Raises:
        NotAllowed: the actor may not receive goods.
        NoSuchDonation, DonationDecided: there is nothing to withdraw.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    donation = _donation(session, act, donation_number, state=WAITING)
    _decide(session, act, donation, outcome="withdrawn", entry_seq=None)


@once("market.take_back_donation", subject="donation_number")
def take_back_donation(session: Session, act: Act, *, donation_number: str, reason: str) -> dict[str, Any]:
    """Take a donation off the shelf again while all of it is there; return the reversal's `seq`.

    This corrects a wrong receipt. What happened to goods later (spoilt, miscounted) is another act.

    Raises:
        NotAllowed: the actor may not check goods in.
        NoSuchDonation, DonationDecided: it is not on the shelf.
        CheckerIsReceiver: they received it themselves.
        LotsNotWhole: pieces of it have gone already; nothing was moved.
        LotsCounted: a count has confirmed its goods meanwhile; correcting the receipt would correct them twice.
        MarketText: there is no reason that can be kept.
    """
    check_may(session, act, Permission.CHECK_IN_GOODS)
    donation = _donation(session, act, donation_number, state=CHECKED_IN)
    _check_another(act, donation)
    why = kept_text("reason", reason, length_max=REASON_LENGTH_MAX)
    _check_whole(session, act, donation_number)
    assert donation.entry_seq is not None, donation
    _check_not_counted(session, act, donation_number, donation.entry_seq)
    posted = journal.reverse(session, act, seq=donation.entry_seq, reason=why)
    session.execute(
        sa.insert(DonationUndoRow),
        {
            "community_id": act.community_id,
            "donation_number": donation_number,
            "received_by_id": donation.received_by_id,
            "undone_by_id": act.person_id,
            "undone_at": act.at,
            "reason": why,
            "entry_seq": posted.seq,
        },
    )
    return {"seq": posted.seq}


def _check_whole(session: Session, act: Act, donation_number: str) -> None:
    lots = queries.donation_lots(session, act.community_id, donation_number)
    free = queries.shelf_lots(session, act.community_id, act.at, {lot.good_number for lot in lots})
    there = {lot.number: lot.pieces for lots_of_good in free.values() for lot in lots_of_good}
    gone: list[Fact] = [lot.number for lot in lots if there.get(lot.number, 0) != lot.pieces]
    if gone:
        raise LotsNotWhole(donation=donation_number, lots=gone)


def _check_not_counted(session: Session, act: Act, donation_number: str, entry_seq: int) -> None:
    goods = {lot.good_number for lot in queries.donation_lots(session, act.community_id, donation_number)}
    counted = queries.goods_counted_after(session, act.community_id, goods, entry_seq)
    if counted:
        raise LotsCounted(donation=donation_number, count=max(counted.values()))


def _donation(session: Session, act: Act, number: str, *, state: str) -> Donation:
    donation = queries.donation(session, act.community_id, number)
    if donation.state != state:
        raise DonationDecided(donation=number, state=donation.state)
    return donation


def _check_another(act: Act, donation: Donation) -> None:
    if act.person_id == donation.received_by_id:
        raise CheckerIsReceiver(donation=donation.number)


def _decide(session: Session, act: Act, donation: Donation, *, outcome: str, entry_seq: int | None) -> None:
    session.execute(
        sa.insert(DonationDecisionRow),
        {
            "community_id": act.community_id,
            "donation_number": donation.number,
            "outcome": outcome,
            "received_by_id": donation.received_by_id,
            "decided_by_id": act.person_id,
            "decided_at": act.at,
            "entry_seq": entry_seq,
        },
    )
