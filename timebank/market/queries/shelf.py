"""The shelf: which lots are there and how many pieces of them are free. The numbers are the ledger's, never our own.

What was put aside and is overdue counts as free again, although it is booked so with the next touch only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, ask, one_of
from timebank.books.statements import AccountFilter, balances, overdue_amounts
from timebank.ledger.accounts import AccountKind, AccountRef
from timebank.ledger.days import day_of
from timebank.market.rules import ShelfLot
from timebank.market.tables import DonationRow, LotRow, StockMoveRow
from timebank.rulebook.queries import rules_on

Amounts = Iterable[tuple[AccountRef, int]]
"""Accounts and their balances."""
ON_THE_SHELF: Final = (AccountKind.SHELF, AccountKind.RESERVED)


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot: pieces of one good from one donation.

    Attributes:
        pieces: how many were delivered, which is not how many are there now.
        unit_price_fen: what one piece was worth, for receipts; None where nobody said.
        expires_on: the last day on which it may be handed out, or None.
        place: where it stands.
    """

    number: str
    good_number: str
    donation_number: str
    partner_code: str
    pieces: int
    unit_price_fen: int | None
    expires_on: date | None
    place: str


@dataclass(frozen=True, slots=True)
class LotStock:
    """A lot that is on the shelf, with its free and its reserved pieces."""

    lot: Lot
    free_pieces: int
    reserved_pieces: int


@dataclass(frozen=True, slots=True)
class _Pieces:
    free: int = 0
    reserved: int = 0


def stock(session: Session, community_id: str, at: datetime, good_number: str | None = None) -> tuple[LotStock, ...]:
    """Return every lot of which something is there, expired lots too, by good and expiry; one good or all."""
    if good_number is None:
        pieces = _pieces(session, community_id, at, _amounts(session, community_id, None))
        lots = list(_lots(session, community_id, LotRow.number.in_(sorted(pieces))))
    else:
        lots = list(_lots(session, community_id, LotRow.good_number == good_number))
        pieces = _pieces(session, community_id, at, _amounts(session, community_id, [lot.number for lot in lots]))
    there = (LotStock(lot, *_both(pieces.get(lot.number, _Pieces()))) for lot in lots)
    return tuple(item for item in there if item.free_pieces or item.reserved_pieces)


def _both(pieces: _Pieces) -> tuple[int, int]:
    return pieces.free, pieces.reserved


def shelf_lots(
    session: Session, community_id: str, at: datetime, numbers: Iterable[str]
) -> dict[str, tuple[ShelfLot, ...]]:
    """Return the lots of these goods of which pieces are free, by good; what a redemption takes from."""
    lots = ask(session, lots_question(community_id, numbers))
    return free_lots(session, community_id, at, lots, _amounts(session, community_id, [lot.number for lot in lots]))


def lots_question(community_id: str, numbers: Iterable[str]) -> Question[tuple[Lot, ...]]:
    """Ask for every lot of some goods together with other questions."""
    values = {"community": community_id, "goods": sorted(set(numbers))}
    return Question(_OF_GOODS, values, lambda rows: tuple(_lot(row) for row in rows))


def free_lots(
    session: Session, community_id: str, at: datetime, lots: Iterable[Lot], amounts: Amounts
) -> dict[str, tuple[ShelfLot, ...]]:
    """Return those of these lots of which pieces are free, by good; asks only where something is put aside.

    Args:
        amounts: what the books say of the lots' accounts; other accounts make no difference.
    """
    pieces = _pieces(session, community_id, at, amounts)
    found: dict[str, tuple[ShelfLot, ...]] = {}
    for lot in lots:
        free = pieces.get(lot.number, _Pieces()).free
        if free:
            found[lot.good_number] = (
                *found.get(lot.good_number, ()),
                ShelfLot(lot.number, lot.expires_on, free),
            )
    return found


def near_expiry(session: Session, community_id: str, at: datetime, days: int | None = None) -> tuple[LotStock, ...]:
    """Return the lots on the shelf that expire within so many days or have expired, the most urgent first.

    Args:
        days: how far ahead; None for as far as the rules of the day say.
    """
    today = day_of(at)
    ahead = rules_on(session, community_id, today).document.market.near_expiry_days if days is None else days
    last = today + timedelta(days=ahead)
    found = [item for item in stock(session, community_id, at) if (item.lot.expires_on or date.max) <= last]
    return tuple(sorted(found, key=lambda item: (item.lot.expires_on or date.max, item.lot.number)))


def _pieces(session: Session, community_id: str, at: datetime, amounts: Amounts) -> dict[str, _Pieces]:
    """Sort free and reserved pieces by lot; one statement where something is put aside, for it may be overdue."""
    found: dict[str, _Pieces] = {}
    for account, amount in amounts:
        if account.kind in ON_THE_SHELF and amount:
            pieces = found.get(account.owner, _Pieces())
            name = "free" if account.kind is AccountKind.SHELF else "reserved"
            found[account.owner] = replace(pieces, **{name: amount})
    put_aside = [number for number, pieces in found.items() if pieces.reserved]
    for lot_number, amount in _overdue(session, community_id, put_aside, at):
        pieces = found[lot_number]
        found[lot_number] = _Pieces(pieces.free + amount, pieces.reserved - amount)
    return found


def _amounts(session: Session, community_id: str, lot_numbers: Iterable[str] | None) -> Amounts:
    if lot_numbers is None:
        filters = [AccountFilter(kind=kind) for kind in ON_THE_SHELF]
    else:
        filters = [AccountFilter(owners=tuple(lot_numbers))]
    for wanted in filters:
        for item in balances(session, community_id, wanted):
            yield item.account, item.balance


def _overdue(session: Session, community_id: str, lot_numbers: list[str], at: datetime) -> Iterator[tuple[str, int]]:
    if lot_numbers:
        for account, amount in overdue_amounts(session, community_id, lot_numbers, at).items():
            yield account.owner, amount


def lots_of_donation(session: Session, community_id: str, donation_number: str) -> tuple[Lot, ...]:
    """Return the lots of one donation as it was delivered, by good; not those that its pieces became elsewhere."""
    return tuple(_lots(session, community_id, sa.and_(LotRow.donation_number == donation_number, delivered())))


def delivered() -> sa.ColumnElement[bool]:
    """Tell whether a lot came with its delivery; others were made when pieces went to another place."""
    brought = sa.and_(StockMoveRow.community_id == LotRow.community_id, StockMoveRow.to_lot == LotRow.number)
    return ~sa.exists().where(brought, StockMoveRow.makes_lot.is_(True))


def _lots(session: Session, community_id: str, condition: sa.ColumnElement[bool]) -> Iterator[Lot]:
    return (_lot(row) for row in session.execute(_lots_query(community_id, condition)))


def _lots_query(
    community_id: str | sa.BindParameter[str], condition: sa.ColumnElement[bool]
) -> sa.Select[*tuple[Any, ...]]:
    donation = sa.and_(DonationRow.community_id == LotRow.community_id, DonationRow.number == LotRow.donation_number)
    return (
        sa.select(*LotRow.__table__.c, DonationRow.partner_code)
        .select_from(LotRow)
        .join(DonationRow, donation)
        .where(LotRow.community_id == community_id, condition)
        .order_by(LotRow.good_number, LotRow.expires_on.nulls_last(), sa.func.length(LotRow.number), LotRow.number)
    )


_OF_GOODS: Final = _lots_query(sa.bindparam("community"), one_of(LotRow.good_number, "goods"))


def _lot(row: Any) -> Lot:  # a row of the table, or of a question
    return Lot(
        row.number,
        row.good_number,
        row.donation_number,
        row.partner_code,
        row.pieces,
        row.unit_price_fen,
        row.expires_on,
        row.place,
    )


def had_on_the_shelf(session: Session, community_id: str, good_number: str) -> bool:
    """Tell whether any piece of a good was ever delivered, checked in or not."""
    query = sa.select(LotRow.number).where(LotRow.community_id == community_id, LotRow.good_number == good_number)
    return session.execute(query.limit(1)).first() is not None
