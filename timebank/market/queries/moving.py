"""Stock moves: what went from place to place, and whether it was taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.market.queries.paging import number_before
from timebank.market.tables import StockMoveRow
from timebank.refusal import Refusal


class NoSuchStockMove(Refusal):
    """There is no stock move of this number."""

    code = "no_such_stock_move"


@dataclass(frozen=True, slots=True)
class StockMove:
    """Pieces of a lot that went to another place.

    Attributes:
        from_lot, to_lot: the lot that they left, and the lot that they are now; the same donation's.
        counters: the move that this one took back, if it did.
        countered_by: the move that took this one back, if there is one.
    """

    number: str
    good_number: str
    from_lot: str
    to_lot: str
    pieces: int
    from_place: str
    to_place: str
    note: str
    moved_by_id: UUID
    moved_at: datetime
    counters: str | None
    countered_by: str | None
    entry_seq: int


def stock_move(session: Session, community_id: str, number: str) -> StockMove:
    """Return one move.

    Raises:
        NoSuchStockMove: there is none of this number.
    """
    row = session.execute(_moves(community_id).where(StockMoveRow.number == number)).one_or_none()
    if row is None:
        raise NoSuchStockMove(move=number)
    return StockMove(**row._mapping)


def stock_moves(
    session: Session, community_id: str, limit: int = 100, *, before: str | None = None
) -> tuple[StockMove, ...]:
    """Return the newest moves, newest first, whose numbers come before number `before`."""
    query = _moves(community_id).order_by(sa.func.length(StockMoveRow.number).desc(), StockMoveRow.number.desc())
    if before is not None:
        query = query.where(number_before(StockMoveRow.number, before))
    return tuple(StockMove(**row._mapping) for row in session.execute(query.limit(limit)))


def _moves(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    later = aliased(StockMoveRow)
    taken_back = sa.and_(later.community_id == StockMoveRow.community_id, later.counters == StockMoveRow.number)
    own = [column for column in StockMoveRow.__table__.c if column.name not in {"community_id", "makes_lot"}]
    return (
        sa.select(*own, later.number.label("countered_by"))
        .select_from(StockMoveRow)
        .outerjoin(later, taken_back)
        .where(StockMoveRow.community_id == community_id)
    )
