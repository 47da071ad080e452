"""Reservations: the volunteer puts goods and points aside, and fetches all or part of them at the till.

What is put aside has left the passbook and the shelf (a hold of the ledger), so neither can be spent twice. What is
fetched is a redemption like any other, at the prices of the day on which it was reserved; what is left goes back.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import holds, journal
from timebank.books.acts import Act
from timebank.books.asking import ask_all
from timebank.books.requests import once
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, goods_unit
from timebank.ledger.balances import take_oldest_first
from timebank.ledger.codes import PAYLOAD_MAX, Code, CodeKind
from timebank.ledger.days import day_of
from timebank.market import queries
from timebank.market.operations.redemptions import (
    Handed,
    checked_twice,
    customer_for,
    handed_out_in,
    own_passbook,
    priced_for,
    record_redemption,
)
from timebank.market.queries import PickUpTime, RedemptionLine, Reservation
from timebank.market.queries.pace import checks_question, last_use_of, pace_question, used_question
from timebank.market.queries.selling import at_the_counter
from timebank.market.rules import BasketLine, PricedBasket, PricedLine
from timebank.market.rules.basket import Price
from timebank.market.tables import ReservationEndRow, ReservationLineRow, ReservationRow, ReservationSlotRow
from timebank.market.texts import next_numbers
from timebank.people.queries import Volunteer, check_may, may, volunteer
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.queries import rules_on, rules_question


class ReserveForAnother(Refusal):
    """Everybody reserves from their own passbook; at the till goods are redeemed, not reserved."""

    code = "reserve_for_another"


class ReservationOpen(Refusal):
    """One reservation at a time: goods that nobody fetches are missing on the shelf."""

    code = "reservation_open"


class ReservationOver(Refusal):
    """It was fetched, given back, or its time is over; points and goods are back where they came from."""

    code = "reservation_over"


class NotReserved(Refusal):
    """So many pieces of this good are not in the reservation."""

    code = "not_reserved"


class PickUpTimeMissing(Refusal):
    """There is an opening calendar for pick-up: a reservation says when it is fetched."""

    code = "pick_up_time_missing"


class PickUpTimeTaken(Refusal):
    """The time is over, was never offered, or has as many reservations as it takes; choose another."""

    code = "pick_up_time_taken"


@once("market.reserve", subject="volunteer_number")
def reserve(
    session: Session,
    act: Act,
    *,
    volunteer_number: str,
    basket: tuple[BasketLine, ...],
    pick_up_time: str | None = None,
) -> dict[str, Any]:
    """Put a basket aside for its own customer, for as long as the rule says; all of it or none.

    Args:
        pick_up_time: the key of a slot (`queries.pick_up_times`); it is then kept until the slot ends.

    Returns:
        `number`, `code` (twenty digits), `expires_at` (ISO 8601), the hold's `seq` and `points_e2`.

    Raises:
        NoSuchVolunteer, PassbookClosed: there is no passbook to take from.
        ReserveForAnother: it is somebody else's.
        ReservationOpen: there is one already.
        PickUpTimeMissing, PickUpTimeTaken: it does not say when it is fetched, or that time cannot be had.
        BasketSize, BasketRefused: nothing was put aside; the facts name every reason.
    """
    customer = _own(session, act, volunteer_number)
    slot = _slot(session, act, pick_up_time)
    hours = rules_on(session, act.community_id, act.today).document.limits.hold_hours
    expires_at = act.at + timedelta(hours=hours) if slot is None else slot.ends_at
    answer = put_aside(session, act, customer, Wish(basket, expires_at))
    if slot is not None:
        own = {"community_id": act.community_id, "reservation_id": act.new_id("reservation")}
        chosen = {"timetable_id": slot.timetable_id, "starts_at": slot.starts_at, "ends_at": slot.ends_at}
        session.execute(sa.insert(ReservationSlotRow), own | chosen)
    return answer


def _slot(session: Session, act: Act, wanted: str | None) -> PickUpTime | None:
    offered = queries.pick_up_times(session, act.community_id, act.at)
    if offered is None:
        return None
    if not wanted:
        raise PickUpTimeMissing()
    found = next((one for one in offered if one.key == wanted and one.is_free), None)
    if found is None:
        raise PickUpTimeTaken()
    return found


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be put aside until when; `index` tells several of one act apart."""

    basket: tuple[BasketLine, ...]
    expires_at: datetime
    index: int = 0


def put_aside(session: Session, act: Act, customer: Volunteer, wish: Wish) -> dict[str, Any]:
    """Put a basket aside for a customer; part of other operations.

    Raises:
        BasketSize, BasketRefused: nothing was put aside.
    """
    counter = at_the_counter(act, customer.number, [line.good_number for line in wish.basket]).made(session)
    # What expires on the shelf meanwhile could not be handed out at the end.
    sale = priced_for(counter, wish.basket, lots_on=day_of(wish.expires_at))
    posted = holds.place(
        session,
        act,
        parts=[*take_oldest_first(sale.priced.points_e2, sale.passbook.vintages), *_goods(sale.priced)],
        expires_at=wish.expires_at,
        source=f"reservation:{act.new_id('reservation', wish.index)}",
        memo=f"预约{sale.words.removeprefix('换')}",
    )
    reserved = {
        "id": act.new_id("reservation", wish.index),
        "code_payload": int.from_bytes(act.salt_for(_code_label(wish.index)), "big") % (PAYLOAD_MAX + 1),
        "expires_at": wish.expires_at,
        "points_e2": sale.priced.points_e2,
        "rule_version": sale.rule_version,
        "hold_seq": posted.seq,
    }
    return _write(session, act, customer, sale.priced, reserved)


def _code_label(index: int) -> str:
    return "reservation" if not index else f"reservation {index}"


def _own(session: Session, act: Act, volunteer_number: str) -> Volunteer:
    found = volunteer(session, act.community_id, volunteer_number)
    if found.person_id != act.person_id:
        raise ReserveForAnother(volunteer=volunteer_number)
    customer = own_passbook(session, act, volunteer_number)
    for earlier in queries.reservations_of(session, act.community_id, volunteer_number, act.at):
        if earlier.state == queries.OPEN:
            raise ReservationOpen(reservation=earlier.number)
    return customer


def _goods(priced: PricedBasket) -> Iterator[tuple[AccountRef, int]]:
    for line in priced.lines:
        yield AccountRef(AccountKind.SHELF, line.lot_number, goods_unit(line.good_number)), line.pieces


def _write(
    session: Session, act: Act, customer: Volunteer, priced: PricedBasket, reserved: dict[str, Any]
) -> dict[str, Any]:
    number = next_numbers(session, act.community_id, ReservationRow.number, "Y{:06d}", 1)[0]
    row = reserved | {
        "community_id": act.community_id,
        "number": number,
        "volunteer_number": customer.number,
        "person_id": customer.person_id,
        "reserved_on": act.today,
        "reserved_at": act.at,
    }
    session.execute(sa.insert(ReservationRow), row)
    lines = handed_out_in(priced, {"community_id": act.community_id, "reservation_id": reserved["id"]})
    session.execute(sa.insert(ReservationLineRow), list(lines))
    return {
        "number": number,
        "code": Code(CodeKind.RESERVATION, reserved["code_payload"]).digits,
        "expires_at": reserved["expires_at"].isoformat(),
        "seq": reserved["hold_seq"],
        "points_e2": priced.points_e2,
    }


@once("market.pick_up", subject="reservation_number")
def pick_up(
    session: Session, act: Act, *, reservation_number: str, basket: tuple[BasketLine, ...] | None
) -> dict[str, Any]:
    """Hand out what was reserved, or part of it; the rest goes back to the passbook and the shelf in the same entry.

    Args:
        basket: which goods and how many pieces; None everything.

    Returns:
        `redemption_id`, `number` of the redemption, the entry's `seq` and the `points_e2` that were used.

    Raises:
        NotAllowed: the actor may not serve at the till.
        NoSuchReservation, ReservationOver: there is nothing to fetch.
        RedeemForOneself: it is the actor's own, or of somebody close to them.
        ServedTooOften, RedeemedTooOften, DormantPassbook: as at the till.
        NotReserved: more is asked for than was reserved; nothing was handed out.
    """
    check_may(session, act, Permission.REDEEM)
    found = _open(session, act, reservation_number)
    customer = customer_for(session, act, found.volunteer_number)
    check_second_look(session, act, customer.number)
    priced = PricedBasket(tuple(_part_of(found, basket)))
    paid = take_oldest_first(priced.points_e2, _points_on_hold(session, act, found))
    posted = holds.capture(session, act, hold_seq=found.hold_seq, parts=[*paid, *_goods(priced)])
    answer = record_redemption(session, act, Handed(customer, priced, found.rule_version, posted.seq))
    ended = {"entry_seq": posted.seq, "redemption_id": UUID(answer["redemption_id"])}
    _end(session, act, found, outcome="picked-up", ended=ended)
    return answer


def check_second_look(session: Session, act: Act, number: str) -> None:
    """Check the pace of a passbook, and whether a second look is needed; part of other operations.

    Raises:
        ServedTooOften, RedeemedTooOften, DormantPassbook
    """
    pace = pace_question(act.community_id, number, act.person_id, act.at)
    rules = rules_question(act.community_id, act.today)
    used, checks = used_question(act.community_id, number), checks_question(act.community_id, number, act.today)
    told = ask_all(session, pace, rules, used, checks)
    known = (told[pace], last_use_of(told[used], told[checks]))
    checked_twice(act, number, told[rules].document.market, known)


def _open(session: Session, act: Act, number: str) -> Reservation:
    found = queries.reservation(session, act.community_id, number, act.at)
    if found.state != queries.OPEN:
        raise ReservationOver(reservation=number, state=found.state)
    return found


def _part_of(found: Reservation, basket: Sequence[BasketLine] | None) -> Iterator[PricedLine]:
    wanted = Counter(found.pieces)
    if basket is not None:
        wanted = Counter({line.good_number: line.pieces for line in basket})
        _check_reserved(found, basket)
    for line in found.lines:
        part = min(line.pieces, wanted[line.good_number])
        if part:
            wanted[line.good_number] -= part
            yield _priced(line, part)


def _check_reserved(found: Reservation, basket: Sequence[BasketLine]) -> None:
    reserved = found.pieces
    goods = [line.good_number for line in basket]
    if not basket or len(set(goods)) < len(goods):
        raise NotReserved(reservation=found.number, good="", reserved=sum(reserved.values()))
    for line in basket:
        there = reserved.get(line.good_number, 0)
        if type(line.pieces) is not int or not 1 <= line.pieces <= there:
            raise NotReserved(reservation=found.number, good=line.good_number, reserved=there)


def _priced(line: RedemptionLine, pieces: int) -> PricedLine:
    return PricedLine(line.good_number, line.lot_number, pieces, Price(line.price_points_e2, line.price_version))


def _points_on_hold(session: Session, act: Act, found: Reservation) -> Iterator[tuple[AccountRef, int]]:
    """Return from which vintages the points came, in the order in which they were put aside: the oldest first."""
    hold = journal.entry_at(session, act.community_id, found.hold_seq)
    return ((move.debit, move.amount) for move in hold.transfers if move.unit == POINTS)


@once("market.release_reservation", subject="reservation_number")
def release_reservation(session: Session, act: Act, *, reservation_number: str) -> dict[str, Any]:
    """Give a reservation back: its own customer, or whoever serves at the till; return the entry's `seq`.

    Raises:
        NoSuchReservation, ReservationOver: there is nothing to give back.
        ReserveForAnother: it is somebody else's, and the actor does not serve at the till.
    """
    found = _open(session, act, reservation_number)
    if found.person_id != act.person_id and not may(session, act, Permission.REDEEM):
        raise ReserveForAnother(volunteer=found.volunteer_number)
    posted = holds.release(session, act, hold_seq=found.hold_seq)
    _end(session, act, found, outcome="released", ended={"entry_seq": posted.seq, "redemption_id": None})
    return {"seq": posted.seq}


def _end(session: Session, act: Act, found: Reservation, *, outcome: str, ended: dict[str, Any]) -> None:
    session.execute(
        sa.insert(ReservationEndRow),
        ended
        | {
            "community_id": act.community_id,
            "reservation_id": found.id,
            "outcome": outcome,
            "person_id": found.person_id,
            "ended_by_id": act.person_id,
            "ended_at": act.at,
        },
    )
