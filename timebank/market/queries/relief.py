"""Relief: households in need, what was proposed for them, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.market.tables import (
    NeedyHouseholdRow,
    ReliefDecisionRow,
    ReliefIssueRow,
    ReliefLineRow,
    ReliefRow,
)
from timebank.refusal import Refusal


class NoSuchHousehold(Refusal):
    """No household in need is registered under this number."""

    code = "no_such_household"


class NoSuchRelief(Refusal):
    """There is no relief of this number."""

    code = "no_such_relief"


@dataclass(frozen=True, slots=True)
class NeedyHousehold:
    """A household in need: the member who stands for it, why, and the last day of the registration."""

    number: str
    volunteer_number: str
    reason: str
    until_on: date
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Relief:
    """Goods for a household in need.

    Attributes:
        number: `J000001`.
        state: `open`, `approved`, `rejected` or `issued`.
        lines: good and pieces.
        signed_by: who signed for it, or None; entry_seq: its entry, once it was handed out.
    """

    number: str
    household_number: str
    volunteer_number: str
    note: str
    state: str
    lines: tuple[tuple[str, int], ...]
    proposed_by_id: UUID
    proposed_at: datetime
    decided_by_id: UUID | None
    decided_at: datetime | None
    handed_by_id: UUID | None
    handed_at: datetime | None
    signed_by: str | None
    entry_seq: int | None


def needy_households(session: Session, community_id: str, day: date) -> tuple[NeedyHousehold, ...]:
    """Return the households whose registration holds on a day, by number."""
    query = _households(community_id).where(NeedyHouseholdRow.until_on >= day)
    return tuple(_household(row) for row in session.execute(query.order_by(NeedyHouseholdRow.number)))


def needy_household(session: Session, community_id: str, number: str) -> NeedyHousehold:
    """Return one household, also one whose registration is over.

    Raises:
        NoSuchHousehold: there is none of this number.
    """
    row = session.execute(_households(community_id).where(NeedyHouseholdRow.number == number)).one_or_none()
    if row is None:
        raise NoSuchHousehold(household=number)
    return _household(row)


def reliefs(session: Session, community_id: str, limit: int = 100) -> tuple[Relief, ...]:
    """Return the newest reliefs, newest first."""
    newest = (sa.func.length(ReliefRow.number).desc(), ReliefRow.number.desc())
    return _reliefs(session, _query(community_id).order_by(*newest).limit(limit))


def relief(session: Session, community_id: str, number: str) -> Relief:
    """Return one relief.

    Raises:
        NoSuchRelief: there is none of this number.
    """
    found = _reliefs(session, _query(community_id).where(ReliefRow.number == number))
    if not found:
        raise NoSuchRelief(relief=number)
    return found[0]


def reliefs_in_month(session: Session, community_id: str, volunteer_numbers: tuple[str, ...], day: date) -> int:
    """Count what was proposed in the month of a day for a household, whoever stands for it; not what was rejected."""
    first = day.replace(day=1)
    query = _query(community_id).where(
        NeedyHouseholdRow.volunteer_number.in_(volunteer_numbers), ReliefRow.proposed_on >= first
    )
    return sum(one.state != "rejected" for one in _reliefs(session, query))


def _households(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*NeedyHouseholdRow.__table__.c).where(NeedyHouseholdRow.community_id == community_id)


def _household(row: Any) -> NeedyHousehold:  # a row of the query
    return NeedyHousehold(row.number, row.volunteer_number, row.reason, row.until_on, row.registered_at)


def _query(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    own = ReliefRow.community_id
    household = sa.and_(NeedyHouseholdRow.community_id == own, NeedyHouseholdRow.number == ReliefRow.household_number)
    decided = sa.and_(ReliefDecisionRow.community_id == own, ReliefDecisionRow.relief_number == ReliefRow.number)
    issued = sa.and_(ReliefIssueRow.community_id == own, ReliefIssueRow.relief_number == ReliefRow.number)
    return (
        sa.select(
            *ReliefRow.__table__.c,
            NeedyHouseholdRow.volunteer_number,
            ReliefDecisionRow.outcome,
            ReliefDecisionRow.decided_by_id,
            ReliefDecisionRow.decided_at,
            ReliefIssueRow.handed_by_id,
            ReliefIssueRow.handed_at,
            ReliefIssueRow.signed_by,
            ReliefIssueRow.entry_seq,
        )
        .select_from(ReliefRow)
        .join(NeedyHouseholdRow, household)
        .outerjoin(ReliefDecisionRow, decided)
        .outerjoin(ReliefIssueRow, issued)
        .where(own == community_id)
    )


def _reliefs(session: Session, query: sa.Select[*tuple[Any, ...]]) -> tuple[Relief, ...]:
    rows = session.execute(query).all()
    if not rows:
        return ()
    lines: dict[str, list[tuple[str, int]]] = {row.number: [] for row in rows}
    of_these = (
        sa.select(ReliefLineRow.relief_number, ReliefLineRow.good_number, ReliefLineRow.pieces)
        .where(ReliefLineRow.community_id == rows[0].community_id, ReliefLineRow.relief_number.in_(list(lines)))
        .order_by(ReliefLineRow.good_number)
    )
    for row in session.execute(of_these):
        lines[row.relief_number].append((row.good_number, row.pieces))
    return tuple(_relief(row, tuple(lines[row.number])) for row in rows)


def _relief(row: Any, lines: tuple[tuple[str, int], ...]) -> Relief:  # a row of the query
    return Relief(
        number=row.number,
        household_number=row.household_number,
        volunteer_number=row.volunteer_number,
        note=row.note,
        state="issued" if row.entry_seq is not None else row.outcome or "open",
        lines=lines,
        proposed_by_id=row.proposed_by_id,
        proposed_at=row.proposed_at,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        handed_by_id=row.handed_by_id,
        handed_at=row.handed_at,
        signed_by=row.signed_by,
        entry_seq=row.entry_seq,
    )
