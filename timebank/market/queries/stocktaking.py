"""Write-offs and counts: what waits, what was counted, what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.market.queries.shelf import stock
from timebank.market.rules import Tally, WriteOffCause, current_tallies
from timebank.market.tables import (
    CountDecisionRow,
    CountSubmissionRow,
    CountTallyRow,
    CountVarianceRow,
    DonationDecisionRow,
    DonationUndoRow,
    LotRow,
    StockCountGoodRow,
    StockCountRow,
    WriteOffDecisionRow,
    WriteOffRow,
)
from timebank.refusal import Refusal


class NoSuchWriteOff(Refusal):
    """There is no write-off of this number."""

    code = "no_such_write_off"


class NoSuchCount(Refusal):
    """There is no count of this number."""

    code = "no_such_count"


@dataclass(frozen=True, slots=True)
class WriteOff:
    """Pieces of a lot to write off. state: `waiting`, `confirmed` or `withdrawn`; `entry_seq` its entry."""

    number: str
    lot_number: str
    good_number: str
    pieces: int
    cause: WriteOffCause
    note: str
    proposed_by_id: UUID
    proposed_at: datetime
    state: str
    decided_by_id: UUID | None
    entry_seq: int | None


@dataclass(frozen=True, slots=True)
class StockCount:
    """A count.

    Attributes:
        goods: the goods to which it is limited; empty for the whole shelf.
        state: `open`, `submitted`, `finalised` or `dropped`.
        reason: why it was dropped, or empty.
        entry_seq: the entry that booked what was missing or too many.
    """

    number: str
    opened_by_id: UUID
    opened_at: datetime
    goods: tuple[str, ...]
    state: str
    submitted_by_id: UUID | None
    decided_by_id: UUID | None
    decided_at: datetime | None
    reason: str
    entry_seq: int | None


@dataclass(frozen=True, slots=True)
class TallyLine:
    """What is shown of a good while it is counted: pieces so far and who counted; never what the books say."""

    good_number: str
    pieces: int
    counted_by_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Variance:
    """A good of which other pieces were there than the books said, and why."""

    good_number: str
    counted_pieces: int
    expected_pieces: int
    reason: str


def pieces_by_good(session: Session, community_id: str, at: datetime) -> dict[str, int]:
    """Return how many pieces of each good stand on the shelf by the books: free, put aside and expired ones."""
    found: dict[str, int] = {}
    for item in stock(session, community_id, at):
        good = item.lot.good_number
        found[good] = found.get(good, 0) + item.free_pieces + item.reserved_pieces
    return found


def pieces_of_good(session: Session, community_id: str, at: datetime, good_number: str) -> int:
    """Return the pieces of one good, see `pieces_by_good`."""
    items = stock(session, community_id, at, good_number)
    return sum(item.free_pieces + item.reserved_pieces for item in items)


def checked_in_lots(session: Session, community_id: str, good_number: str) -> dict[str, date | None]:
    """Return every lot of a good that came onto the shelf and was not taken back, with its last day."""
    of_lot = sa.and_(
        DonationDecisionRow.community_id == LotRow.community_id,
        DonationDecisionRow.donation_number == LotRow.donation_number,
    )
    undone = sa.exists().where(
        DonationUndoRow.community_id == LotRow.community_id, DonationUndoRow.donation_number == LotRow.donation_number
    )
    query = (
        sa.select(LotRow.number, LotRow.expires_on)
        .join(DonationDecisionRow, of_lot)
        .where(LotRow.community_id == community_id, LotRow.good_number == good_number, ~undone)
        .where(DonationDecisionRow.entry_seq.is_not(None))
    )
    return {row.number: row.expires_on for row in session.execute(query)}


def write_off(session: Session, community_id: str, number: str) -> WriteOff:
    """Return one write-off.

    Raises:
        NoSuchWriteOff: there is none of this number.
    """
    row = session.execute(_write_offs(community_id).where(WriteOffRow.number == number)).one_or_none()
    if row is None:
        raise NoSuchWriteOff(write_off=number)
    return _write_off(row)


def write_offs(session: Session, community_id: str, limit: int = 50) -> tuple[WriteOff, ...]:
    """Return the newest write-offs, newest first; those that wait among them."""
    query = _write_offs(community_id).order_by(sa.func.length(WriteOffRow.number).desc(), WriteOffRow.number.desc())
    return tuple(_write_off(row) for row in session.execute(query.limit(limit)))


def _write_offs(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    decision = sa.and_(
        WriteOffDecisionRow.community_id == WriteOffRow.community_id,
        WriteOffDecisionRow.write_off_number == WriteOffRow.number,
    )
    return (
        sa.select(
            *WriteOffRow.__table__.c,
            WriteOffDecisionRow.outcome,
            WriteOffDecisionRow.decided_by_id,
            WriteOffDecisionRow.entry_seq,
        )
        .select_from(WriteOffRow)
        .outerjoin(WriteOffDecisionRow, decision)
        .where(WriteOffRow.community_id == community_id)
    )


def _write_off(row: sa.Row[*tuple[Any, ...]]) -> WriteOff:
    return WriteOff(
        row.number,
        row.lot_number,
        row.good_number,
        row.pieces,
        WriteOffCause(row.cause),
        row.note,
        row.proposed_by_id,
        row.proposed_at,
        row.outcome or "waiting",
        row.decided_by_id,
        row.entry_seq,
    )


def stock_count(session: Session, community_id: str, number: str) -> StockCount:
    """Return one count.

    Raises:
        NoSuchCount: there is none of this number.
    """
    found = _counts(session, _count_query(community_id).where(StockCountRow.number == number))
    if not found:
        raise NoSuchCount(count=number)
    return found[0]


def stock_counts(session: Session, community_id: str, limit: int = 50) -> tuple[StockCount, ...]:
    """Return the newest counts, newest first: the history of the shelf."""
    newest = (sa.func.length(StockCountRow.number).desc(), StockCountRow.number.desc())
    return _counts(session, _count_query(community_id).order_by(*newest).limit(limit))


def find_open_count(session: Session, community_id: str) -> StockCount | None:
    """Return the count that is not decided yet, or None; there is at most one."""
    query = _count_query(community_id).where(CountDecisionRow.outcome.is_(None))
    return next(iter(_counts(session, query)), None)


def _count_query(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *StockCountRow.__table__.c,
            CountSubmissionRow.submitted_by_id,
            CountDecisionRow.outcome,
            CountDecisionRow.decided_by_id,
            CountDecisionRow.decided_at,
            CountDecisionRow.reason,
            CountDecisionRow.entry_seq,
        )
        .select_from(StockCountRow)
        .outerjoin(CountSubmissionRow, _of_count(CountSubmissionRow))
        .outerjoin(CountDecisionRow, _of_count(CountDecisionRow))
        .where(StockCountRow.community_id == community_id)
    )


def _of_count(row: type[CountSubmissionRow] | type[CountDecisionRow]) -> sa.ColumnElement[bool]:
    return sa.and_(row.community_id == StockCountRow.community_id, row.count_number == StockCountRow.number)


def _counts(session: Session, query: sa.Select[*tuple[Any, ...]]) -> tuple[StockCount, ...]:
    rows = session.execute(query).all()
    goods: dict[str, list[str]] = {}
    for row in session.execute(
        sa.select(StockCountGoodRow.count_number, StockCountGoodRow.good_number)
        .where(StockCountGoodRow.community_id == (rows[0].community_id if rows else ""))
        .where(StockCountGoodRow.count_number.in_([row.number for row in rows]))
        .order_by(StockCountGoodRow.good_number)
    ):
        goods.setdefault(row.count_number, []).append(row.good_number)
    return tuple(
        StockCount(
            row.number,
            row.opened_by_id,
            row.opened_at,
            tuple(goods.get(row.number, ())),
            row.outcome or ("open" if row.submitted_by_id is None else "submitted"),
            row.submitted_by_id,
            row.decided_by_id,
            row.decided_at,
            row.reason or "",
            row.entry_seq,
        )
        for row in rows
    )


def tallies(session: Session, community_id: str, count_number: str) -> tuple[Tally, ...]:
    """Return every line of a count, in order, with what the books held; not for whoever is counting."""
    query = _tallies(community_id, count_number)
    return tuple(Tally(row.good_number, row.round, row.pieces, row.expected_pieces) for row in session.execute(query))


def _tallies(community_id: str, count_number: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*CountTallyRow.__table__.c)
        .where(CountTallyRow.community_id == community_id, CountTallyRow.count_number == count_number)
        .order_by(CountTallyRow.line)
    )


def counters(session: Session, community_id: str, count_number: str) -> frozenset[UUID]:
    """Return who counted in a count."""
    return frozenset(row.counted_by_id for row in session.execute(_tallies(community_id, count_number)))


def tally_lines(session: Session, community_id: str, count_number: str) -> tuple[TallyLine, ...]:
    """Return what was counted so far, by good, the last one first; blind: without what the books say."""
    by: dict[str, dict[UUID, None]] = {}
    for row in session.execute(_tallies(community_id, count_number)):
        by[row.good_number] = by.pop(row.good_number, {}) | {row.counted_by_id: None}
    current = current_tallies(tallies(session, community_id, count_number))
    return tuple(TallyLine(good, sum(one.pieces for one in current[good]), tuple(by[good])) for good in reversed(by))


def variances(session: Session, community_id: str, count_number: str) -> tuple[Variance, ...]:
    """Return the differences that a finalised count booked, by good."""
    query = (
        sa.select(*CountVarianceRow.__table__.c)
        .where(CountVarianceRow.community_id == community_id, CountVarianceRow.count_number == count_number)
        .order_by(CountVarianceRow.good_number)
    )
    return tuple(
        Variance(row.good_number, row.counted_pieces, row.expected_pieces, row.reason) for row in session.execute(query)
    )


def goods_counted_after(session: Session, community_id: str, goods: Iterable[str], entry_seq: int) -> dict[str, str]:
    """Return which of these goods a count has confirmed after an entry, with the number of that count."""
    query = (
        sa.select(CountTallyRow.good_number, CountTallyRow.count_number)
        .join(
            CountDecisionRow,
            sa.and_(
                CountDecisionRow.community_id == CountTallyRow.community_id,
                CountDecisionRow.count_number == CountTallyRow.count_number,
            ),
        )
        .where(CountTallyRow.community_id == community_id, CountTallyRow.good_number.in_(sorted(set(goods))))
        .where(CountDecisionRow.entry_seq > entry_seq)
        .order_by(CountDecisionRow.entry_seq)
    )
    return {row.good_number: row.count_number for row in session.execute(query)}
