"""Reservations: what is put aside for whom, until when, and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, one_of
from timebank.ledger.codes import Code, CodeKind
from timebank.market.queries.month import MonthUse, month_use_of
from timebank.market.queries.redemptions import RedemptionLine
from timebank.market.tables import RedemptionRow, ReservationEndRow, ReservationLineRow, ReservationRow
from timebank.refusal import Refusal

OPEN: Final = "open"
EXPIRED: Final = "expired"


class NoSuchReservation(Refusal):
    """There is no reservation of this number or code."""

    code = "no_such_reservation"


@dataclass(frozen=True, slots=True)
class Reservation:
    """Goods and points put aside.

    Attributes:
        number: `Y000001`.
        points_e2: what all of it costs, in hundredths of a point, at the prices of the day on which it was made.
        rule_version: the version whose limits were applied.
        code: the twenty digits by which it is picked up.
        hold_seq: the entry that put it aside.
        state: `open`, `picked-up`, `released` or `expired`.
        redemption_number: what was picked up, or None.
    """

    id: UUID
    number: str
    volunteer_number: str
    person_id: UUID
    reserved_on: date
    reserved_at: datetime
    expires_at: datetime
    points_e2: int
    rule_version: int
    code: Code
    hold_seq: int
    lines: tuple[RedemptionLine, ...]
    state: str
    redemption_number: str | None

    @property
    def pieces(self) -> dict[str, int]:
        """How many pieces of each good, whichever lots they stand in."""
        found: dict[str, int] = {}
        for line in self.lines:
            found[line.good_number] = found.get(line.good_number, 0) + line.pieces
        return found


def reservation(session: Session, community_id: str, number: str, at: datetime) -> Reservation:
    """Return one reservation as it stands at a moment.

    Raises:
        NoSuchReservation: there is none of this number.
    """
    return _one(session, _query(community_id).where(ReservationRow.number == number), at)


def reservation_of_code(session: Session, community_id: str, payload: int, at: datetime) -> Reservation:
    """Return the reservation that is picked up by this code (its payload).

    Raises:
        NoSuchReservation: there is none.
    """
    return _one(session, _query(community_id).where(ReservationRow.code_payload == payload), at)


def _one(session: Session, query: sa.Select[*tuple[Any, ...]], at: datetime) -> Reservation:
    found = _reservations(session, query, at)
    if not found:
        raise NoSuchReservation()
    return found[0]


def reservations_of(
    session: Session, community_id: str, volunteer_number: str, at: datetime, limit: int = 20
) -> tuple[Reservation, ...]:
    """Return a volunteer's newest reservations, newest first, those that are over too."""
    query = _query(community_id).where(ReservationRow.volunteer_number == volunteer_number)
    return _reservations(session, query.order_by(ReservationRow.hold_seq.desc()).limit(limit), at)


def reservations_newest(
    session: Session, community_id: str, at: datetime, *, before: int | None = None, limit: int = 50
) -> tuple[Reservation, ...]:
    """Return the newest reservations, newest first, whose holds come before entry `before`."""
    query = _query(community_id).order_by(ReservationRow.hold_seq.desc()).limit(limit)
    return _reservations(session, query if before is None else query.where(ReservationRow.hold_seq < before), at)


def open_reservations(session: Session, community_id: str, at: datetime) -> tuple[Reservation, ...]:
    """Return what waits to be picked up, what ends first first."""
    query = _open(_query(community_id), at).order_by(ReservationRow.expires_at, ReservationRow.hold_seq)
    return _reservations(session, query, at)


def reserved_question(community_id: str, volunteer_number: str, at: datetime) -> Question[MonthUse]:
    """Ask what a volunteer has put aside and not picked up: it counts against the limits like what was redeemed."""
    return Question(_RESERVED, {"community": community_id, "customer": volunteer_number, "moment": at}, month_use_of)


def reserved_by_many_question(community_id: str, numbers: Iterable[str], at: datetime) -> Question[MonthUse]:
    """Ask what several volunteers together have put aside and not picked up."""
    values = {"community": community_id, "customers": sorted(numbers), "moment": at}
    return Question(_RESERVED_BY_MANY, values, month_use_of)


def _open(query: sa.Select[*tuple[Any, ...]], at: datetime) -> sa.Select[*tuple[Any, ...]]:
    return query.where(ReservationEndRow.outcome.is_(None), ReservationRow.expires_at > at)


_ENDED: Final = sa.and_(
    ReservationEndRow.community_id == ReservationRow.community_id,
    ReservationEndRow.reservation_id == ReservationRow.id,
)


def _reserved(who: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(ReservationRow.id, ReservationLineRow.good_number, ReservationLineRow.pieces)
        .select_from(ReservationRow)
        .join(
            ReservationLineRow,
            sa.and_(
                ReservationLineRow.community_id == ReservationRow.community_id,
                ReservationLineRow.reservation_id == ReservationRow.id,
            ),
        )
        .outerjoin(ReservationEndRow, _ENDED)
        .where(
            ReservationRow.community_id == sa.bindparam("community"),
            who,
            ReservationRow.expires_at > sa.bindparam("moment"),
            ReservationEndRow.outcome.is_(None),
        )
    )


_RESERVED: Final = _reserved(ReservationRow.volunteer_number == sa.bindparam("customer"))
_RESERVED_BY_MANY: Final = _reserved(one_of(ReservationRow.volunteer_number, "customers"))


def _query(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    of_end = sa.and_(
        RedemptionRow.community_id == ReservationEndRow.community_id,
        RedemptionRow.id == ReservationEndRow.redemption_id,
    )
    return (
        sa.select(
            *ReservationRow.__table__.c,
            ReservationEndRow.outcome,
            RedemptionRow.number.label("redemption_number"),
        )
        .select_from(ReservationRow)
        .outerjoin(ReservationEndRow, _ENDED)
        .outerjoin(RedemptionRow, of_end)
        .where(ReservationRow.community_id == community_id)
    )


def _reservations(session: Session, query: sa.Select[*tuple[Any, ...]], at: datetime) -> tuple[Reservation, ...]:
    rows = session.execute(query).all()
    lines = _lines(session, rows) if rows else {}
    return tuple(_reservation(row, tuple(lines[row.id]), at) for row in rows)


def _lines(session: Session, rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> dict[UUID, list[RedemptionLine]]:
    lines: dict[UUID, list[RedemptionLine]] = {row.id: [] for row in rows}
    query = (
        sa.select(*ReservationLineRow.__table__.c)
        .where(ReservationLineRow.community_id == rows[0].community_id)
        .where(ReservationLineRow.reservation_id.in_(list(lines)))
        .order_by(ReservationLineRow.line)
    )
    for row in session.execute(query):
        line = RedemptionLine(row.good_number, row.lot_number, row.pieces, row.price_points_e2, row.price_version)
        lines[row.reservation_id].append(line)
    return lines


def _reservation(row: sa.Row[*tuple[Any, ...]], lines: tuple[RedemptionLine, ...], at: datetime) -> Reservation:
    return Reservation(
        id=row.id,
        number=row.number,
        volunteer_number=row.volunteer_number,
        person_id=row.person_id,
        reserved_on=row.reserved_on,
        reserved_at=row.reserved_at,
        expires_at=row.expires_at,
        points_e2=row.points_e2,
        rule_version=row.rule_version,
        code=Code(CodeKind.RESERVATION, row.code_payload),
        hold_seq=row.hold_seq,
        lines=lines,
        state=row.outcome or (OPEN if row.expires_at > at else EXPIRED),
        redemption_number=row.redemption_number,
    )
