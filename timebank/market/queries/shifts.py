"""Shifts: who has the till, which baskets wait there, what moved meanwhile, and how it ended."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVarTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.flows import goods_moved_since
from timebank.ledger.accounts import GOODS_PREFIX
from timebank.market.queries.paging import number_before
from timebank.market.queries.redemptions import Redemption
from timebank.market.tables import (
    ParkedBasketEndRow,
    ParkedBasketLineRow,
    ParkedBasketRow,
    RedemptionRow,
    RedemptionUndoRow,
    ShiftCloseLineRow,
    ShiftCloseRow,
    ShiftHandOverRow,
    ShiftRow,
)
from timebank.refusal import Refusal

Columns = TypeVarTuple("Columns")


class NoSuchShift(Refusal):
    """There is no shift of this number."""

    code = "no_such_shift"


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A good that moved: pieces counted at the end, and pieces that the books held then."""

    good_number: str
    counted_pieces: int
    expected_pieces: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of a till.

    Attributes:
        after_seq: the last entry of the books before it.
        holders: who had the till, one after the other.
        closed_at, redemptions, points_e2: how it ended; None while it is open.
        lines: what was counted at the end.
    """

    number: str
    till: str
    opened_at: datetime
    after_seq: int
    holders: tuple[UUID, ...]
    closed_at: datetime | None
    redemptions: int | None
    points_e2: int | None
    lines: tuple[ShiftLine, ...]

    @property
    def holder_id(self) -> UUID:
        """Who has the till now, or had it last."""
        return self.holders[-1]


@dataclass(frozen=True, slots=True)
class ParkedBasket:
    """A basket that waits at a till: whose it is, if that is known, and (good, pieces)."""

    number: str
    till: str
    volunteer_number: str | None
    parked_by_id: UUID
    parked_at: datetime
    lines: tuple[tuple[str, int], ...]
    waiting: bool


def shift(session: Session, community_id: str, number: str) -> Shift:
    """Return one shift.

    Raises:
        NoSuchShift: there is none of this number.
    """
    found = _shifts(session, _query(community_id).where(ShiftRow.number == number))
    if not found:
        raise NoSuchShift(shift=number)
    return found[0]


def shifts(session: Session, community_id: str, limit: int = 30, *, before: str | None = None) -> tuple[Shift, ...]:
    """Return the newest shifts, newest first, open ones too, whose numbers come before number `before`."""
    query = _query(community_id).limit(limit)
    newest = (sa.func.length(ShiftRow.number).desc(), ShiftRow.number.desc())
    if before is not None:
        query = query.where(number_before(ShiftRow.number, before))
    return _shifts(session, query.order_by(*newest))


def find_open_shift(session: Session, community_id: str, till: str) -> Shift | None:
    """Return the shift that is open at a till, or None."""
    query = _query(community_id).where(ShiftRow.till == till, ShiftCloseRow.closed_at.is_(None))
    return next(iter(_shifts(session, query)), None)


def find_shift_of(session: Session, community_id: str, person_id: UUID) -> Shift | None:
    """Return the newest open shift that somebody has, or None."""
    open_ones = _query(community_id).where(ShiftCloseRow.closed_at.is_(None)).order_by(ShiftRow.opened_at.desc())
    return next((one for one in _shifts(session, open_ones) if one.holder_id == person_id), None)


def is_shift_over(session: Session, community_id: str, found: Redemption) -> bool:
    """Tell whether the shift in which a redemption was served has been closed."""
    moment = datetime.fromtimestamp((found.id.int >> 80) / 1000, UTC)
    closed = _query(community_id).where(ShiftRow.after_seq < found.entry_seq, ShiftCloseRow.closed_at >= moment)
    return any(found.served_by_id in one.holders for one in _shifts(session, closed))


def _query(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    of_shift = sa.and_(
        ShiftCloseRow.community_id == ShiftRow.community_id, ShiftCloseRow.shift_number == ShiftRow.number
    )
    return (
        sa.select(*ShiftRow.__table__.c, ShiftCloseRow.closed_at, ShiftCloseRow.redemptions, ShiftCloseRow.points_e2)
        .select_from(ShiftRow)
        .outerjoin(ShiftCloseRow, of_shift)
        .where(ShiftRow.community_id == community_id)
    )


def _shifts(session: Session, query: sa.Select[*tuple[Any, ...]]) -> tuple[Shift, ...]:
    return tuple(_shift(session, row) for row in session.execute(query).all())


def _shift(session: Session, row: sa.Row[*tuple[Any, ...]]) -> Shift:
    takers = session.scalars(
        sa.select(ShiftHandOverRow.taker_id)
        .where(ShiftHandOverRow.community_id == row.community_id, ShiftHandOverRow.shift_number == row.number)
        .order_by(ShiftHandOverRow.line)
    )
    lines = session.execute(
        sa.select(*ShiftCloseLineRow.__table__.c)
        .where(ShiftCloseLineRow.community_id == row.community_id, ShiftCloseLineRow.shift_number == row.number)
        .order_by(ShiftCloseLineRow.good_number)
    )
    return Shift(
        row.number,
        row.till,
        row.opened_at,
        row.after_seq,
        (row.opened_by_id, *takers),
        row.closed_at,
        row.redemptions,
        row.points_e2,
        tuple(ShiftLine(line.good_number, line.counted_pieces, line.expected_pieces) for line in lines),
    )


def moved_since(session: Session, community_id: str, after_seq: int) -> tuple[str, ...]:
    """Return which goods moved after an entry, by number: handed out, received, written off, given, moved, counted."""
    units = goods_moved_since(session, community_id, after_seq)
    return tuple(sorted(unit.removeprefix(GOODS_PREFIX) for unit in units))


def served_since(session: Session, community_id: str, after_seq: int) -> tuple[int, int]:
    """Return how many redemptions were made after an entry and stand, and their points in hundredths."""
    query = _since(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(RedemptionRow.points_e2), 0)).select_from(
            RedemptionRow
        ),
        community_id,
    ).where(RedemptionRow.entry_seq > after_seq, RedemptionUndoRow.entry_seq.is_(None))
    count, points_e2 = session.execute(query).one()
    return int(count), int(points_e2)


def _since(query: sa.Select[*Columns], community_id: str) -> sa.Select[*Columns]:
    undo = sa.and_(
        RedemptionUndoRow.community_id == RedemptionRow.community_id,
        RedemptionUndoRow.redemption_id == RedemptionRow.id,
    )
    return query.outerjoin(RedemptionUndoRow, undo).where(RedemptionRow.community_id == community_id)


def parked_baskets(session: Session, community_id: str, till: str) -> tuple[ParkedBasket, ...]:
    """Return the baskets that wait at a till, oldest first."""
    query = _parked(community_id).where(ParkedBasketRow.till == till, ParkedBasketEndRow.ended_at.is_(None))
    rows = session.execute(query.order_by(ParkedBasketRow.parked_at, ParkedBasketRow.number)).all()
    return tuple(_parked_basket(session, row) for row in rows)


def find_parked_basket(session: Session, community_id: str, number: str) -> ParkedBasket | None:
    """Return a parked basket, whether it still waits or not; None where there is none of this number."""
    row = session.execute(_parked(community_id).where(ParkedBasketRow.number == number)).one_or_none()
    return None if row is None else _parked_basket(session, row)


def _parked(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    of_basket = sa.and_(
        ParkedBasketEndRow.community_id == ParkedBasketRow.community_id,
        ParkedBasketEndRow.parked_number == ParkedBasketRow.number,
    )
    return (
        sa.select(*ParkedBasketRow.__table__.c, ParkedBasketEndRow.ended_at)
        .select_from(ParkedBasketRow)
        .outerjoin(ParkedBasketEndRow, of_basket)
        .where(ParkedBasketRow.community_id == community_id)
    )


def _parked_basket(session: Session, row: sa.Row[*tuple[Any, ...]]) -> ParkedBasket:
    lines = session.execute(
        sa.select(ParkedBasketLineRow.good_number, ParkedBasketLineRow.pieces)
        .where(ParkedBasketLineRow.community_id == row.community_id, ParkedBasketLineRow.parked_number == row.number)
        .order_by(ParkedBasketLineRow.good_number)
    )
    return ParkedBasket(
        row.number,
        row.till,
        row.volunteer_number,
        row.parked_by_id,
        row.parked_at,
        tuple((line.good_number, line.pieces) for line in lines),
        row.ended_at is None,
    )
