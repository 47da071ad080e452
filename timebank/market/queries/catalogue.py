"""Goods: what can stand on the shelf, found by number or by bar code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, ask, one_of
from timebank.market.barcodes import canonical_barcode
from timebank.market.rules import UnknownGood
from timebank.market.tables import GoodRow, VoucherOfferRow
from timebank.refusal import Refusal


class UnknownBarcode(Refusal):
    """No good has this bar code; nothing was added to the basket."""

    code = "unknown_barcode"


@dataclass(frozen=True, slots=True)
class Good:
    """A good.

    Attributes:
        number: `G0001`; the ledger counts its pieces in the unit `goods:G0001`.
        barcode: in the form in which codes are kept (`barcodes.canonical_barcode`).
        unit_word: what one piece is called: 件, 袋, 瓶 …
        month_pieces_max: how many pieces one person may have in a calendar month, or None.
        household_pieces_max: how many pieces all who live together may have in a calendar month, or None.
        active: it is offered; otherwise what is left of it is not handed out for points.
    """

    number: str
    barcode: str
    name: str
    unit_word: str
    month_pieces_max: int | None
    household_pieces_max: int | None
    active: bool


def goods(session: Session, community_id: str) -> tuple[Good, ...]:
    """Return all goods, those no longer offered too, by number."""
    query = _goods(community_id).order_by(sa.func.length(GoodRow.number), GoodRow.number)
    return tuple(_good(row) for row in session.execute(query))


def shelf_goods(session: Session, community_id: str) -> tuple[Good, ...]:
    """Return the same without services: what a unit offers by vouchers never lies on the shelf."""
    query = _goods(community_id).where(~_IS_SERVICE).order_by(sa.func.length(GoodRow.number), GoodRow.number)
    return tuple(_good(row) for row in session.execute(query))


def services_among(session: Session, community_id: str, numbers: Iterable[str]) -> frozenset[str]:
    """Return those of these goods that are services."""
    query = sa.select(GoodRow.number).where(
        GoodRow.community_id == community_id, GoodRow.number.in_(sorted(set(numbers))), _IS_SERVICE
    )
    return frozenset(session.scalars(query))


_IS_SERVICE: Final = sa.exists().where(
    VoucherOfferRow.community_id == GoodRow.community_id, VoucherOfferRow.good_number == GoodRow.number
)


def goods_by_number(session: Session, community_id: str, numbers: Iterable[str]) -> dict[str, Good]:
    """Return those of these goods that exist."""
    return ask(session, goods_question(community_id, numbers))


def goods_question(community_id: str, numbers: Iterable[str]) -> Question[dict[str, Good]]:
    """Ask for goods by number together with other questions."""
    return Question(_OF_NUMBERS, {"community": community_id, "goods": sorted(set(numbers))}, _by_number)


def _by_number(rows: Sequence[Any]) -> dict[str, Good]:
    return {row.number: _good(row) for row in rows}


def good(session: Session, community_id: str, number: str) -> Good:
    """Return a good by its number.

    Raises:
        UnknownGood: there is none.
    """
    found = goods_by_number(session, community_id, [number]).get(number)
    if found is None:
        raise UnknownGood(good_number=number)
    return found


def goods_by_barcode(session: Session, community_id: str, barcodes: Iterable[str]) -> dict[str, Good]:
    """Return those of these bar codes that are known, by the code as it was given."""
    kept = {barcode: canonical_barcode(barcode) for barcode in barcodes}
    query = _goods(community_id).where(GoodRow.barcode.in_(sorted(set(kept.values()))))
    found = {row.barcode: _good(row) for row in session.execute(query)}
    return {barcode: found[code] for barcode, code in kept.items() if code in found}


def find_good_by_barcode(session: Session, community_id: str, barcode: str) -> Good | None:
    """Return the good with this bar code, or None; a UPC-A code and the same code with a leading zero are one."""
    return goods_by_barcode(session, community_id, [barcode]).get(barcode)


def good_by_barcode(session: Session, community_id: str, barcode: str) -> Good:
    """Return the good with this bar code.

    Raises:
        UnknownBarcode: no good has it.
    """
    found = find_good_by_barcode(session, community_id, barcode)
    if found is None:
        raise UnknownBarcode(barcode=barcode)
    return found


def _goods(community_id: str | sa.BindParameter[str]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*GoodRow.__table__.c).where(GoodRow.community_id == community_id)


_OF_NUMBERS: Final = _goods(sa.bindparam("community")).where(one_of(GoodRow.number, "goods"))


def _good(row: Any) -> Good:  # a row of the table, or of a question
    return Good(
        row.number,
        row.barcode,
        row.name,
        row.unit_word,
        row.month_pieces_max,
        row.household_pieces_max,
        row.active,
    )
