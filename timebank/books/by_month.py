"""Points month by month: how many were issued, redeemed and expired, by the day for which each entry counts."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.tables import AccountRow, EntryRow, LineRow
from timebank.ledger.accounts import POINTS, AccountKind

_TOLD: Final = (AccountKind.ISSUANCE, AccountKind.OPENING, AccountKind.REDEEMED, AccountKind.EXPIRED)


@dataclass(frozen=True, slots=True)
class PointsMonth:
    """What happened to points in a month, in hundredths; what was taken back is taken off where it was counted.

    Attributes:
        first_on: the first day of the month.
        issued_e2: credited for service, and carried over from paper.
    """

    first_on: date
    issued_e2: int
    redeemed_e2: int
    expired_e2: int


def points_by_month(session: Session, community_id: str, since: date) -> tuple[PointsMonth, ...]:
    """Return the months from that of a day on in which points moved, the first one first."""
    of_entry = sa.and_(EntryRow.community_id == LineRow.community_id, EntryRow.seq == LineRow.seq)
    of_account = sa.and_(AccountRow.community_id == LineRow.community_id, AccountRow.id == LineRow.account_id)
    query = (
        sa.select(EntryRow.effective_on, AccountRow.kind, sa.func.sum(LineRow.delta))
        .select_from(LineRow)
        .join(EntryRow, of_entry)
        .join(AccountRow, of_account)
        .where(LineRow.community_id == community_id, EntryRow.effective_on >= since.replace(day=1))
        .where(AccountRow.unit == POINTS, AccountRow.kind.in_([kind.value for kind in _TOLD]))
        .group_by(EntryRow.effective_on, AccountRow.kind)
    )
    moved: dict[date, dict[str, int]] = {}
    for day, kind, delta in session.execute(query):
        month = moved.setdefault(day.replace(day=1), {})
        month[kind] = month.get(kind, 0) + int(delta)
    return tuple(_month(first_on, moved[first_on]) for first_on in sorted(moved))


def _month(first_on: date, moved: dict[str, int]) -> PointsMonth:
    return PointsMonth(
        first_on=first_on,
        issued_e2=-moved.get(AccountKind.ISSUANCE.value, 0) - moved.get(AccountKind.OPENING.value, 0),
        redeemed_e2=moved.get(AccountKind.REDEEMED.value, 0),
        expired_e2=moved.get(AccountKind.EXPIRED.value, 0),
    )
