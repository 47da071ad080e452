"""Waiting: who waits for which good, in which order, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.market.tables import ReservationRow, WaitingEndRow, WaitingRow
from timebank.refusal import Refusal


class NoSuchWaiting(Refusal):
    """Nobody waits under this number."""

    code = "no_such_waiting"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits, or waited, for a good.

    Attributes:
        number: `Q000001`; a lower one joined earlier.
        joined_by: number of who put them down: themselves, or the desk.
        state: `waiting`, `turn` (the goods were put aside) or `left`.
        place: 1 for who is next, among those who wait for this good; 0 for who waits no more.
        reservation_number: what was put aside when the turn came, or None.
    """

    number: str
    good_number: str
    pieces: int
    volunteer_number: str
    joined_at: datetime
    joined_by: str
    state: str
    place: int
    ended_at: datetime | None
    reservation_number: str | None


def waiting_list(session: Session, community_id: str) -> tuple[Waiting, ...]:
    """Return who waits now, by good and in the order of joining."""
    query = _query(community_id).where(WaitingEndRow.outcome.is_(None))
    rows = session.execute(query.order_by(WaitingRow.good_number, *_IN_ORDER)).all()
    places: dict[str, int] = {}
    found = []
    for row in rows:
        places[row.good_number] = places.get(row.good_number, 0) + 1
        found.append(_waiting(row, places[row.good_number]))
    return tuple(found)


def waiting_of(session: Session, community_id: str, volunteer_number: str, limit: int = 20) -> tuple[Waiting, ...]:
    """Return what a volunteer waits for and has waited for, the newest first."""
    query = _query(community_id).where(WaitingRow.volunteer_number == volunteer_number)
    newest = (sa.func.length(WaitingRow.number).desc(), WaitingRow.number.desc())
    rows = session.execute(query.order_by(*newest).limit(limit)).all()
    standing = {one.number: one.place for one in waiting_list(session, community_id)} if rows else {}
    return tuple(_waiting(row, standing.get(row.number, 0)) for row in rows)


def waiting(session: Session, community_id: str, number: str) -> Waiting:
    """Return one, whether they still wait or not.

    Raises:
        NoSuchWaiting: there is none of this number.
    """
    row = session.execute(_query(community_id).where(WaitingRow.number == number)).one_or_none()
    if row is None:
        raise NoSuchWaiting(waiting=number)
    standing = {one.number: one.place for one in waiting_list(session, community_id)}
    return _waiting(row, standing.get(number, 0))


def turns(session: Session, community_id: str, limit: int = 50) -> tuple[Waiting, ...]:
    """Return whose turn has come, the newest first; whether they fetched it is told by their reservation."""
    query = _query(community_id).where(WaitingEndRow.outcome == "turn").order_by(WaitingEndRow.ended_at.desc())
    return tuple(_waiting(row, 0) for row in session.execute(query.limit(limit)))


_IN_ORDER = (sa.func.length(WaitingRow.number), WaitingRow.number)


def _query(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    ended = sa.and_(
        WaitingEndRow.community_id == WaitingRow.community_id, WaitingEndRow.waiting_number == WaitingRow.number
    )
    reserved = sa.and_(
        ReservationRow.community_id == WaitingEndRow.community_id, ReservationRow.id == WaitingEndRow.reservation_id
    )
    return (
        sa.select(
            *WaitingRow.__table__.c,
            WaitingEndRow.outcome,
            WaitingEndRow.ended_at,
            ReservationRow.number.label("reservation_number"),
        )
        .select_from(WaitingRow)
        .outerjoin(WaitingEndRow, ended)
        .outerjoin(ReservationRow, reserved)
        .where(WaitingRow.community_id == community_id)
    )


def _waiting(row: Any, place: int) -> Waiting:  # a row of the query
    return Waiting(
        number=row.number,
        good_number=row.good_number,
        pieces=row.pieces,
        volunteer_number=row.volunteer_number,
        joined_at=row.joined_at,
        joined_by=row.joined_by,
        state=row.outcome or "waiting",
        place=place,
        ended_at=row.ended_at,
        reservation_number=row.reservation_number,
    )
