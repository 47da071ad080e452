"""Shifts: open the till, hand it over, park a basket, close it with what was counted beside what should be there.

Closing books nothing: a difference is seen at once and signed, and becomes a stock count (`counting`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import statements
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.market import queries
from timebank.market.queries import Shift
from timebank.market.rules import BASKET_GOODS_MAX, PIECES_MAX, SHELF_PIECES_MAX, BasketLine
from timebank.market.tables import (
    ParkedBasketEndRow,
    ParkedBasketLineRow,
    ParkedBasketRow,
    ShiftCloseLineRow,
    ShiftCloseRow,
    ShiftHandOverRow,
    ShiftRow,
)
from timebank.market.texts import kept_text, next_numbers
from timebank.people.queries import check_may, volunteer
from timebank.people.roles import Permission
from timebank.refusal import Fact, Refusal

TILL_LENGTH_MAX = 20


class ShiftOpen(Refusal):
    """The till has a shift already; it is handed over or closed."""

    code = "shift_open"


class ShiftClosed(Refusal):
    """The shift is closed."""

    code = "shift_closed"


class NotYourShift(Refusal):
    """Somebody else has the till; take it over first."""

    code = "not_your_shift"


class ShiftIsYours(Refusal):
    """There is nothing to take over: the till is yours already."""

    code = "shift_is_yours"


class BasketsParked(Refusal):
    """Baskets still wait at the till; they are finished or dropped before it is closed."""

    code = "baskets_parked"


class ShiftNotCounted(Refusal):
    """Goods moved in this shift that were not counted, or the numbers are no whole numbers."""

    code = "shift_not_counted"


class ParkedBasketGone(Refusal):
    """The basket does not wait (any more)."""

    code = "parked_basket_gone"


class ParkedBasketWrong(Refusal):
    """A basket holds 1 to 50 known goods, each once, with 1 to 99 pieces."""

    code = "parked_basket_wrong"


@dataclass(frozen=True, slots=True)
class CountedGood:
    """How many pieces of a good were counted at the end of a shift."""

    good_number: str
    pieces: int


@once("market.open_shift", subject="till")
def open_shift(session: Session, act: Act, *, till: str) -> dict[str, Any]:
    """Open a shift at a till; return its `number`.

    Raises:
        NotAllowed: the actor may not serve at the till.
        ShiftOpen: it has one.
        MarketText: the till has no name that can be kept.
    """
    check_may(session, act, Permission.REDEEM)
    name = kept_text("till", till, length_max=TILL_LENGTH_MAX)
    present = queries.find_open_shift(session, act.community_id, name)
    if present is not None:
        raise ShiftOpen(shift=present.number, till=name)
    number = next_numbers(session, act.community_id, ShiftRow.number, "T{:04d}", 1)[0]
    session.execute(
        sa.insert(ShiftRow),
        {
            "community_id": act.community_id,
            "number": number,
            "till": name,
            "opened_by_id": act.person_id,
            "opened_at": act.at,
            "after_seq": statements.entries_total(session, act.community_id),
        },
    )
    return {"number": number}


@once("market.take_over_shift", subject="shift_number")
def take_over_shift(session: Session, act: Act, *, shift_number: str) -> None:
    """Take a shift over from who has it; parked baskets stay.

    Raises:
        NotAllowed: the actor may not serve at the till.
        NoSuchShift, ShiftClosed, ShiftIsYours: there is nothing to take over.
    """
    found = _open(session, act, shift_number)
    if found.holder_id == act.person_id:
        raise ShiftIsYours(shift=shift_number)
    session.execute(
        sa.insert(ShiftHandOverRow),
        {
            "community_id": act.community_id,
            "shift_number": shift_number,
            "line": len(found.holders),
            "giver_id": found.holder_id,
            "taker_id": act.person_id,
            "taken_at": act.at,
        },
    )


def _open(session: Session, act: Act, number: str) -> Shift:
    check_may(session, act, Permission.REDEEM)
    found = queries.shift(session, act.community_id, number)
    if found.closed_at is not None:
        raise ShiftClosed(shift=number)
    return found


@once("market.close_shift", subject="shift_number")
def close_shift(session: Session, act: Act, *, shift_number: str, counted: tuple[CountedGood, ...]) -> dict[str, Any]:
    """Close a shift with what was counted, blind, of the goods that moved; return how many `differences` there are.

    Raises:
        NotAllowed: the actor may not serve at the till.
        NoSuchShift, ShiftClosed: there is nothing to close.
        NotYourShift: somebody else has it.
        BasketsParked: baskets still wait at this till.
        ShiftNotCounted: a good that moved was not counted, once, as a whole number.
    """
    found = _open(session, act, shift_number)
    if found.holder_id != act.person_id:
        raise NotYourShift(shift=shift_number)
    parked = queries.parked_baskets(session, act.community_id, found.till)
    if parked:
        raise BasketsParked(shift=shift_number, baskets=len(parked))
    moved = queries.moved_since(session, act.community_id, found.after_seq)
    _check_counted(moved, counted)
    redemptions, points_e2 = queries.served_since(session, act.community_id, found.after_seq)
    own = {"community_id": act.community_id, "shift_number": shift_number}
    closing = {"closed_by_id": act.person_id, "closed_at": act.at, "redemptions": redemptions, "points_e2": points_e2}
    session.execute(sa.insert(ShiftCloseRow), own | closing)
    there = queries.pieces_by_good(session, act.community_id, act.at)
    lines = [own | _line(one, there.get(one.good_number, 0)) for one in counted]
    if lines:
        session.execute(sa.insert(ShiftCloseLineRow), lines)
    return {"differences": sum(line["counted_pieces"] != line["expected_pieces"] for line in lines)}


def _check_counted(moved: Sequence[str], counted: Sequence[CountedGood]) -> None:
    right = [one for one in counted if type(one.pieces) is int and 0 <= one.pieces <= SHELF_PIECES_MAX]
    if sorted(one.good_number for one in right) != sorted(moved) or len(right) != len(counted):
        named = {one.good_number for one in right}
        missing: list[Fact] = [good for good in moved if good not in named]
        raise ShiftNotCounted(goods=missing)


def _line(one: CountedGood, expected: int) -> dict[str, Any]:
    return {"good_number": one.good_number, "counted_pieces": one.pieces, "expected_pieces": expected}


@once("market.park_basket", subject="till")
def park_basket(
    session: Session, act: Act, *, till: str, volunteer_number: str | None, basket: tuple[BasketLine, ...]
) -> dict[str, Any]:
    """Let a basket wait at a till; nothing is deducted or put aside. Return its `number`.

    Raises:
        NotAllowed: the actor may not serve at the till.
        NoSuchVolunteer, UnknownGood, ParkedBasketWrong: it is no basket.
    """
    check_may(session, act, Permission.REDEEM)
    customer = None if volunteer_number is None else volunteer(session, act.community_id, volunteer_number).number
    _check_basket(session, act, basket)
    number = next_numbers(session, act.community_id, ParkedBasketRow.number, "K{:06d}", 1)[0]
    row = {"community_id": act.community_id, "number": number, "volunteer_number": customer}
    till_name = kept_text("till", till, length_max=TILL_LENGTH_MAX)
    parked = {"till": till_name, "parked_by_id": act.person_id, "parked_at": act.at}
    session.execute(sa.insert(ParkedBasketRow), row | parked)
    session.execute(
        sa.insert(ParkedBasketLineRow),
        [
            {
                "community_id": act.community_id,
                "parked_number": number,
                "good_number": line.good_number,
                "pieces": line.pieces,
            }
            for line in basket
        ],
    )
    return {"number": number}


def _check_basket(session: Session, act: Act, basket: Sequence[BasketLine]) -> None:
    goods = [queries.good(session, act.community_id, line.good_number).number for line in basket]
    in_range = all(type(line.pieces) is int and 1 <= line.pieces <= PIECES_MAX for line in basket)
    if not in_range or len(set(goods)) < len(goods) or not 1 <= len(goods) <= BASKET_GOODS_MAX:
        raise ParkedBasketWrong(goods_max=BASKET_GOODS_MAX, pieces_max=PIECES_MAX)


@once("market.unpark_basket", subject="parked_number")
def unpark_basket(session: Session, act: Act, *, parked_number: str) -> dict[str, Any]:
    """Take a parked basket up again, or drop it; return its `volunteer` and `lines`, for the till to go on with.

    Raises:
        NotAllowed: the actor may not serve at the till.
        ParkedBasketGone: somebody took it up already, or there is none.
    """
    check_may(session, act, Permission.REDEEM)
    found = queries.find_parked_basket(session, act.community_id, parked_number)
    if found is None or not found.waiting:
        raise ParkedBasketGone(basket=parked_number)
    session.execute(
        sa.insert(ParkedBasketEndRow),
        {
            "community_id": act.community_id,
            "parked_number": parked_number,
            "ended_by_id": act.person_id,
            "ended_at": act.at,
        },
    )
    return {"volunteer": found.volunteer_number, "lines": [list(line) for line in found.lines]}
