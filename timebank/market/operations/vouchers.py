"""Service vouchers: a unit offers a service so often a month, a volunteer takes a voucher, the unit honours it once.

The points of a voucher are put aside (a hold of the ledger) and are used when it is honoured. One that is given back
in time, or runs out, gives its points back.

Source: domain.md section 3 (P3) and 8 (19).
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import holds
from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.ledger.balances import take_oldest_first
from timebank.ledger.codes import Code, CodeKind, read_code
from timebank.market import queries
from timebank.market.operations.offering import fresh_payload, offered_now
from timebank.market.operations.redemptions import close_to_actor, own_passbook
from timebank.market.operations.reservations import check_second_look
from timebank.market.queries.honouring import NoSuchVoucherDesk, desk_of_code
from timebank.market.queries.vouchers import (
    OPEN,
    NoSuchVoucher,
    Voucher,
    places_taken,
    taken_by_person,
    voucher,
    voucher_of_code,
)
from timebank.market.rules import NoPrice, PointsShort, Price
from timebank.market.rules.vouchers import (
    VoucherPersonLimit,
    VouchersTaken,
    free_place,
    good_until,
    month_number,
)
from timebank.market.tables import (
    VoucherEndRow,
    VoucherRow,
)
from timebank.market.texts import next_numbers
from timebank.people.queries import Volunteer, may
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.queries import rules_on


class VoucherForAnother(Refusal):
    """Everybody takes and gives back their own vouchers; for others the till does, not for oneself or who is close."""

    code = "voucher_for_another"


class VoucherOver(Refusal):
    """It was honoured, given back, or has run out; it is honoured at most once."""

    code = "voucher_over"


@once("market.take_voucher", subject="volunteer_number")
def take_voucher(session: Session, act: Act, *, volunteer_number: str, offer_number: str) -> dict[str, Any]:
    """Take a voucher at today's price: its own volunteer, or the till for them. Its points are put aside.

    Returns:
        `number`, `code` (twenty digits), `expires_at` (ISO 8601), the hold's `seq` and `points_e2`.

    Raises:
        NoSuchVolunteer, PassbookClosed, GroupOnlyGives: there is no passbook to take from.
        VoucherForAnother: it is somebody else's passbook, and the actor is not at the till, or close to them.
        NoSuchVoucherOffer, VoucherOfferOver, NoPrice: it is not offered.
        VouchersTaken, VoucherPersonLimit: this month's are taken.
        ServedTooOften, RedeemedTooOften, DormantPassbook: as at the till.
        PointsShort: nothing was put aside.
    """
    owner = own_passbook(session, act, volunteer_number)
    _check_theirs(session, act, owner)
    offer = offered_now(session, act, offer_number)
    month = month_number(act.today)
    good = queries.good(session, act.community_id, offer.good_number)
    if offer.price is None or not good.active:
        raise NoPrice(good_number=good.number, good_name=good.name, unit_word=good.unit_word)
    had = taken_by_person(session, act.community_id, offer.number, owner.person_id, month)
    if had >= offer.terms.person_month_max:
        raise VoucherPersonLimit(good_name=good.name, times_max=offer.terms.person_month_max)
    place = free_place(offer.terms.month_quota, places_taken(session, act.community_id, offer.number, month))
    if place is None:
        raise VouchersTaken(good_name=good.name, quota=offer.terms.month_quota)
    check_second_look(session, act, owner.number)
    number = next_numbers(session, act.community_id, VoucherRow.number, "E{:06d}", 1)[0]
    pinned = {
        "number": number,
        "offer_number": offer.number,
        "partner_code": offer.partner_code,
        "good_number": good.number,
        "month_quota": offer.terms.month_quota,
        "month": month,
        "place": place.place,
        "turn": place.turn,
        "expires_at": good_until(act.today, offer.terms.valid_days),
    }
    return _put_aside(session, act, owner, pinned, (offer.price, good.name))


def _check_theirs(session: Session, act: Act, owner: Volunteer) -> None:
    if owner.person_id == act.person_id:
        return
    if not may(session, act, Permission.REDEEM) or owner.person_id in close_to_actor(session, act):
        raise VoucherForAnother(volunteer=owner.number)


def _put_aside(
    session: Session, act: Act, owner: Volunteer, pinned: dict[str, Any], priced: tuple[Price, str]
) -> dict[str, Any]:
    price, name = priced
    book = queries.passbook(session, act.community_id, owner.number, act.at)
    if book.available_e2 < price.points_e2:
        raise PointsShort(missing_points_e2=price.points_e2 - book.available_e2)
    posted = holds.place(
        session,
        act,
        parts=take_oldest_first(price.points_e2, book.vintages),
        expires_at=pinned["expires_at"],
        source=f"voucher:{pinned['number']}",
        memo=f"服务券：{name}",
    )
    payload = fresh_payload(act, "voucher")
    row = pinned | {
        "community_id": act.community_id,
        "volunteer_number": owner.number,
        "person_id": owner.person_id,
        "taken_by_id": act.person_id,
        "taken_on": act.today,
        "taken_at": act.at,
        "price_points_e2": price.points_e2,
        "price_version": price.version,
        "rule_version": rules_on(session, act.community_id, act.today).version,
        "code_payload": payload,
        "hold_seq": posted.seq,
    }
    session.execute(sa.insert(VoucherRow), row)
    return {
        "number": pinned["number"],
        "code": Code(CodeKind.VOUCHER, payload).digits,
        "expires_at": pinned["expires_at"].isoformat(),
        "seq": posted.seq,
        "points_e2": price.points_e2,
    }


@once("market.give_voucher_back", subject="voucher_number")
def give_voucher_back(session: Session, act: Act, *, voucher_number: str) -> dict[str, Any]:
    """Give a voucher back: its own volunteer, or the till for them; its points and its place are free again.

    Returns:
        The entry's `seq`.

    Raises:
        NoSuchVoucher, VoucherOver: there is nothing to give back.
        VoucherForAnother: it is somebody else's, and the actor is not at the till.
    """
    found = _open(voucher(session, act.community_id, voucher_number, act.at))
    if found.person_id != act.person_id and not may(session, act, Permission.REDEEM):
        raise VoucherForAnother(volunteer=found.volunteer_number)
    posted = holds.release(session, act, hold_seq=found.hold_seq)
    _end(session, act, found, {"outcome": "released", "ended_by_id": act.person_id, "entry_seq": posted.seq})
    return {"seq": posted.seq}


def _open(found: Voucher) -> Voucher:
    if found.state != OPEN:
        raise VoucherOver(voucher=found.number, state=found.state)
    return found


@once("market.honour_voucher")
def honour_voucher(session: Session, act: Act, *, desk: Secret, code: Secret) -> dict[str, Any]:
    """Honour a voucher at a desk of its own unit, once; its points are used now.

    Args:
        desk: the twenty digits on the card of who honours it; code: those of the voucher.

    Returns:
        `number` of the voucher, `good_number` and the entry's `seq`.

    Raises:
        NotACode, CodeMistyped: it is no code.
        NoSuchVoucherDesk: the card is none, or works no more.
        NoSuchVoucher: there is no such voucher, or it is another unit's.
        VoucherOver: it was honoured before, given back, or has run out.
    """
    at_desk = desk_of_code(session, act.community_id, payload_of(desk.value, CodeKind.BADGE, NoSuchVoucherDesk))
    payload = payload_of(code.value, CodeKind.VOUCHER, NoSuchVoucher)
    found = voucher_of_code(session, act.community_id, payload, act.at)
    if found.partner_code != at_desk.partner_code:
        raise NoSuchVoucher()
    _open(found)
    posted = holds.capture(session, act, hold_seq=found.hold_seq, parts=None)
    _end(session, act, found, {"outcome": "honoured", "desk_number": at_desk.number, "entry_seq": posted.seq})
    return {"number": found.number, "good_number": found.good_number, "seq": posted.seq}


def payload_of(text: str, kind: CodeKind, otherwise: type[Refusal]) -> int:
    """Read a code of one kind; part of other operations.

    Raises:
        NotACode, CodeMistyped: it is no code; `otherwise`: it is a code of another kind.
    """
    code = read_code(text)
    if code.kind is not kind:
        raise otherwise()
    return code.payload


def _end(session: Session, act: Act, found: Voucher, ended: dict[str, Any]) -> None:
    row = {
        "community_id": act.community_id,
        "voucher_number": found.number,
        "offer_number": found.offer_number,
        "partner_code": found.partner_code,
        "month": found.month,
        "place": found.place,
        "turn": found.turn,
        "expires_at": found.expires_at,
        "ended_on": act.today,
        "ended_at": act.at,
    }
    session.execute(sa.insert(VoucherEndRow), row | ended)
