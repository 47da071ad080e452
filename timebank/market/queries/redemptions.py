"""Redemptions: what was handed out, to whom, at which prices, and what was taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import pages, statements
from timebank.books.asking import Question
from timebank.ledger.codes import Code, document_code
from timebank.market.queries.catalogue import Good, goods_by_number
from timebank.market.tables import (
    RedemptionLineRow,
    RedemptionRow,
    RedemptionUndoRow,
    ReservationEndRow,
    ReservationRow,
)
from timebank.refusal import Refusal

_FETCHED: Final = sa.and_(
    ReservationEndRow.community_id == RedemptionRow.community_id, ReservationEndRow.redemption_id == RedemptionRow.id
)
_RESERVED: Final = sa.and_(
    ReservationRow.community_id == ReservationEndRow.community_id, ReservationRow.id == ReservationEndRow.reservation_id
)
STREAM: Final = 500
"""How many redemptions are fetched at a time when all are read."""


class NoSuchRedemption(Refusal):
    """There is no redemption of this number."""

    code = "no_such_redemption"


@dataclass(frozen=True, slots=True)
class RedemptionLine:
    """Pieces of one lot, at the price (hundredths of a point) of the price version that was in force."""

    good_number: str
    lot_number: str
    pieces: int
    price_points_e2: int
    price_version: int


@dataclass(frozen=True, slots=True)
class Undone:
    """How a redemption was taken back: by whom, on which day, why, and by which entry."""

    by_id: UUID
    on: date
    reason: str
    entry_seq: int


@dataclass(frozen=True, slots=True)
class Redemption:
    """A redemption.

    Attributes:
        number: `R000001`, read aloud and printed on the slip.
        points_e2: what it cost, in hundredths of a point.
        rule_version: the version whose limits were applied.
        entry_seq: its entry in the books.
        reservation_id: the reservation that it came from, or None.
        priced_on: the day whose prices it was charged: the day of the reservation, or its own.
        undone: how it was taken back, or None.
    """

    id: UUID
    number: str
    volunteer_number: str
    person_id: UUID
    served_by_id: UUID
    redeemed_on: date
    points_e2: int
    rule_version: int
    entry_seq: int
    reservation_id: UUID | None
    priced_on: date
    lines: tuple[RedemptionLine, ...]
    undone: Undone | None

    @property
    def source(self) -> str:
        """How its entry names what stands behind it."""
        return f"redemption:{self.id}" if self.reservation_id is None else f"reservation:{self.reservation_id}"


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One good on the slip; `points_e2` is the cost of all its pieces."""

    good: Good
    pieces: int
    price_points_e2: int
    points_e2: int


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for the volunteer.

    Attributes:
        balance_after_e2: the passbook right after this redemption, in hundredths of a point.
        booked_at: when it was booked; `entry_seq` of the redemption is the number of the entry.
        code: the twenty digits on the paper, by which anybody can check the entry.
    """

    redemption: Redemption
    lines: tuple[SlipLine, ...]
    balance_after_e2: int
    booked_at: datetime
    code: Code


def redemption(session: Session, community_id: str, number: str) -> Redemption:
    """Return one redemption by its number.

    Raises:
        NoSuchRedemption: there is none.
    """
    found = _redemptions(session, _query(community_id).where(RedemptionRow.number == number))
    if not found:
        raise NoSuchRedemption(redemption=number)
    return found[0]


def redemptions_of(
    session: Session, community_id: str, volunteer_number: str, limit: int = 20
) -> tuple[Redemption, ...]:
    """Return a volunteer's newest redemptions, newest first, undone ones too."""
    query = _query(community_id).where(RedemptionRow.volunteer_number == volunteer_number)
    return _redemptions(session, _newest_first(query).limit(limit))


def redemptions_newest(
    session: Session, community_id: str, *, before: int | None = None, limit: int = 50
) -> tuple[Redemption, ...]:
    """Return the newest redemptions, newest first, whose entries come before entry `before`."""
    query = _newest_first(_query(community_id)).limit(limit)
    return _redemptions(session, query if before is None else query.where(RedemptionRow.entry_seq < before))


def redemptions_on(session: Session, community_id: str, day: date) -> tuple[Redemption, ...]:
    """Return the redemptions of one day, newest first, undone ones too."""
    return _redemptions(session, _newest_first(_query(community_id).where(RedemptionRow.redeemed_on == day)))


def find_last_served(session: Session, community_id: str, served_by_id: UUID, day: date) -> Redemption | None:
    """Return the last redemption of a day that this person served and that still stands, or None («undo the last»)."""
    query = _query(community_id).where(
        RedemptionRow.served_by_id == served_by_id,
        RedemptionRow.redeemed_on == day,
        RedemptionUndoRow.entry_seq.is_(None),
    )
    found = _redemptions(session, _newest_first(query).limit(1))
    return found[0] if found else None


def newest_number_question(community_id: str) -> Question[str | None]:
    """Ask for the number of the newest redemption, found by its entry, however many there are; None of the first."""
    return Question(_NEWEST, {"community": community_id}, lambda rows: rows[0].number if rows else None)


def slip(session: Session, community_id: str, number: str) -> Slip:
    """Return what is printed for a redemption, the same whenever it is printed.

    Raises:
        NoSuchRedemption: there is none of this number.
    """
    found = redemption(session, community_id, number)
    goods = goods_by_number(session, community_id, {line.good_number for line in found.lines})
    entry = pages.entry_view(session, community_id, found.entry_seq)
    assert entry is not None, found.entry_seq
    accounts = statements.passbook_accounts(session, community_id, found.volunteer_number)
    after = pages.statement(
        session, community_id, [item.account for item in accounts], before=found.entry_seq + 1, limit=1
    )
    return Slip(
        redemption=found,
        lines=_slip_lines(found.lines, goods),
        balance_after_e2=after.lines[0].closing,
        booked_at=entry.entry.booked_at,
        code=document_code(found.entry_seq, entry.leaf_hash),
    )


def _slip_lines(lines: Sequence[RedemptionLine], goods: dict[str, Good]) -> tuple[SlipLine, ...]:
    """One line for each good, whichever lots its pieces came from."""
    pieces: dict[str, int] = {}
    prices = {line.good_number: line.price_points_e2 for line in lines}
    for line in lines:
        pieces[line.good_number] = pieces.get(line.good_number, 0) + line.pieces
    return tuple(
        SlipLine(goods[number], count, prices[number], count * prices[number]) for number, count in pieces.items()
    )


def redemption_stream(session: Session, community_id: str) -> Iterator[Redemption]:
    """Yield every redemption, oldest first, in flat memory."""
    after = 0
    while True:
        query = _query(community_id).where(RedemptionRow.entry_seq > after)
        page = _redemptions(session, query.order_by(RedemptionRow.entry_seq).limit(STREAM))
        yield from page
        if len(page) < STREAM:
            return
        after = page[-1].entry_seq


def _of_redemption(row: type[RedemptionLineRow] | type[RedemptionUndoRow]) -> sa.ColumnElement[bool]:
    return sa.and_(row.community_id == RedemptionRow.community_id, row.redemption_id == RedemptionRow.id)


_NEWEST: Final = (
    sa.select(RedemptionRow.number)
    .where(RedemptionRow.community_id == sa.bindparam("community"))
    .order_by(RedemptionRow.entry_seq.desc())
    .limit(1)
)


def _newest_first(query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    return query.order_by(RedemptionRow.entry_seq.desc())


def _query(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            *RedemptionRow.__table__.c,
            RedemptionUndoRow.undone_by_id,
            RedemptionUndoRow.undone_on,
            RedemptionUndoRow.reason,
            RedemptionUndoRow.entry_seq.label("undo_seq"),
            ReservationRow.id.label("reservation_id"),
            ReservationRow.reserved_on,
        )
        .select_from(RedemptionRow)
        .outerjoin(RedemptionUndoRow, _of_redemption(RedemptionUndoRow))
        .outerjoin(ReservationEndRow, _FETCHED)
        .outerjoin(ReservationRow, _RESERVED)
        .where(RedemptionRow.community_id == community_id)
    )


def _redemptions(session: Session, query: sa.Select[*tuple[Any, ...]]) -> tuple[Redemption, ...]:
    """Run a query over redemptions, and one more for the lines of all of them."""
    rows = session.execute(query).all()
    if not rows:
        return ()
    lines: dict[UUID, list[RedemptionLine]] = {row.id: [] for row in rows}
    of_these = (
        sa.select(*RedemptionLineRow.__table__.c)
        .where(RedemptionLineRow.community_id == rows[0].community_id)
        .where(RedemptionLineRow.redemption_id.in_(list(lines)))
        .order_by(RedemptionLineRow.line)
    )
    for row in session.execute(of_these):
        lines[row.redemption_id].append(
            RedemptionLine(row.good_number, row.lot_number, row.pieces, row.price_points_e2, row.price_version)
        )
    return tuple(_redemption(row, tuple(lines[row.id])) for row in rows)


def _redemption(row: sa.Row[*tuple[Any, ...]], lines: tuple[RedemptionLine, ...]) -> Redemption:
    undone = None
    if row.undo_seq is not None:
        undone = Undone(row.undone_by_id, row.undone_on, row.reason, row.undo_seq)
    return Redemption(
        id=row.id,
        number=row.number,
        volunteer_number=row.volunteer_number,
        person_id=row.person_id,
        served_by_id=row.served_by_id,
        redeemed_on=row.redeemed_on,
        points_e2=row.points_e2,
        rule_version=row.rule_version,
        entry_seq=row.entry_seq,
        reservation_id=row.reservation_id,
        priced_on=row.reserved_on or row.redeemed_on,
        lines=lines,
        undone=undone,
    )
