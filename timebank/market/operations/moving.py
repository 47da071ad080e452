"""Stock moves: pieces of a lot go to another place, and back; one entry each, and nothing leaves the shelf.

At the new place the pieces are a lot of their own, of the same donation, with its value and last day: so each piece
still has its giver, and what expires first goes out first wherever it stands.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.accounts import AccountKind, AccountRef, goods_unit
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.market import queries
from timebank.market.queries import Lot
from timebank.market.tables import LotRow, StockMoveRow
from timebank.market.texts import PLACE_LENGTH_MAX, REASON_LENGTH_MAX, kept_text, next_numbers
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.refusal import Refusal


class MoveMoreThanFree(Refusal):
    """The lot has fewer free pieces than shall go elsewhere, or is not on the shelf."""

    code = "move_more_than_free"


class MoveNowhere(Refusal):
    """The pieces stand at this place already."""

    code = "move_nowhere"


class MoveCountered(Refusal):
    """The move was taken back already, or took another one back itself; move the pieces again instead."""

    code = "move_countered"


@once("market.move_stock", subject="lot_number")
def move_stock(session: Session, act: Act, *, lot_number: str, pieces: int, to_place: str, note: str) -> dict[str, Any]:
    """Bring free pieces of a lot to another place; return the `number` of the move, the `lot` they are now, and `seq`.

    Args:
        pieces: 1 up to the free pieces of the lot.
        note: what for; may be empty.

    Raises:
        NotAllowed: the actor may not handle goods.
        MoveMoreThanFree, MoveNowhere, MarketText: they cannot go there; nothing was moved.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    place = kept_text("place", to_place, length_max=PLACE_LENGTH_MAX)
    why = kept_text("note", note, length_max=REASON_LENGTH_MAX, required=False)
    lot = _free_lot(session, act, lot_number, pieces)
    if place == lot.place:
        raise MoveNowhere(lot=lot_number, place=place)
    target = _find_lot_at(session, act, lot, place)
    brought = target or _new_lot(session, act, lot, pieces, place)
    move = {"to_lot": brought, "makes_lot": target is None, "pieces": pieces, "to_place": place, "note": why}
    return _moved(session, act, lot, move)


@once("market.move_back", subject="move_number")
def move_back(session: Session, act: Act, *, move_number: str) -> dict[str, Any]:
    """Take a move back by one in the other direction; return its `number`, the `lot` and `seq`. Each once.

    Raises:
        NotAllowed: the actor may not handle goods.
        NoSuchStockMove, MoveCountered: there is nothing to take back.
        MoveMoreThanFree: some of the pieces have gone since; nothing was moved.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    found = queries.stock_move(session, act.community_id, move_number)
    if found.countered_by is not None or found.counters is not None:
        raise MoveCountered(move=move_number)
    lot = _free_lot(session, act, found.to_lot, found.pieces)
    back = {"to_lot": found.from_lot, "makes_lot": False, "pieces": found.pieces, "to_place": found.from_place}
    return _moved(session, act, lot, back | {"note": "", "counters": move_number})


def _free_lot(session: Session, act: Act, lot_number: str, pieces: int) -> Lot:
    there = queries.stock(session, act.community_id, act.at)
    found = next((one for one in there if one.lot.number == lot_number), None)
    free = 0 if found is None else found.free_pieces
    if found is None or type(pieces) is not int or not 1 <= pieces <= free:
        raise MoveMoreThanFree(lot=lot_number, pieces=pieces, free=free)
    return found.lot


def _find_lot_at(session: Session, act: Act, lot: Lot, place: str) -> str | None:
    """Find the lot of the same pieces that stands there already: their own from before, or brought there before."""
    return session.scalar(
        sa.select(LotRow.number)
        .where(
            LotRow.community_id == act.community_id,
            LotRow.donation_number == lot.donation_number,
            LotRow.good_number == lot.good_number,
            LotRow.unit_price_fen.is_not_distinct_from(lot.unit_price_fen),
            LotRow.expires_on.is_not_distinct_from(lot.expires_on),
            LotRow.place == place,
        )
        .order_by(LotRow.number)
        .limit(1)
    )


def _new_lot(session: Session, act: Act, lot: Lot, pieces: int, place: str) -> str:
    number = next_numbers(session, act.community_id, LotRow.number, "L{:06d}", 1)[0]
    session.execute(
        sa.insert(LotRow),
        {
            "community_id": act.community_id,
            "number": number,
            "donation_number": lot.donation_number,
            "good_number": lot.good_number,
            "pieces": pieces,
            "unit_price_fen": lot.unit_price_fen,
            "expires_on": lot.expires_on,
            "place": place,
        },
    )
    return number


def _moved(session: Session, act: Act, lot: Lot, move: dict[str, Any]) -> dict[str, Any]:
    """Post the entry and write the move down."""
    number = next_numbers(session, act.community_id, StockMoveRow.number, "M{:04d}", 1)[0]
    unit = goods_unit(lot.good_number)
    taken, brought = (AccountRef(AccountKind.SHELF, one, unit) for one in (lot.number, move["to_lot"]))
    draft = Draft(
        kind=EntryKind.GOODS_MOVED,
        effective_on=act.today,
        transfers=(Transfer(taken, brought, move["pieces"]),),
        source=f"stock-move:{number}",
        memo=move["note"],
        facts={"from_place": lot.place, "to_place": move["to_place"]},
    )
    seq = journal.post(session, act, draft).seq
    row = {
        "community_id": act.community_id,
        "number": number,
        "good_number": lot.good_number,
        "from_lot": lot.number,
        "from_place": lot.place,
        "moved_by_id": act.person_id,
        "moved_at": act.at,
        "entry_seq": seq,
    }
    session.execute(sa.insert(StockMoveRow), row | {"counters": None} | move)
    return {"number": number, "lot": move["to_lot"], "seq": seq}
