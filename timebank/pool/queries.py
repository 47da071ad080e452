"""Questions about the pool: what it holds, what was granted to whom by whom, what waits for a second person."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.statements import AccountFilter, balance, balances
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, is_group, system
from timebank.ledger.days import day_of
from timebank.pool.tables import PoolGrantDecisionRow, PoolGrantRow
from timebank.refusal import Refusal
from timebank.rulebook.rules import Pool

POOL = system(AccountKind.POOL, POINTS)


class NoSuchGrant(Refusal):
    """There is no such grant."""

    code = "no_such_pool_grant"


@dataclass(frozen=True, slots=True)
class Grant:
    """Points out of the pool, from the proposal to what became of it.

    Attributes:
        number: the volunteer whose passbook gets them.
        state: open, granted or rejected.
        proposer: number of who proposed it; `decider` of who decided, or None.
        entry_seq: the entry of a grant.
    """

    grant_id: UUID
    number: str
    points_e2: int
    reason: str
    state: str
    proposer_id: UUID
    proposer: str
    proposed_at: datetime
    decider: str | None
    decided_at: datetime | None
    entry_seq: int | None


def pool_e2(session: Session, community_id: str) -> int:
    """Return what the pool holds, in hundredths of a point."""
    return balance(session, community_id, POOL)


@dataclass(frozen=True, slots=True)
class Surplus:
    """What one passbook holds above its cap, in hundredths of a point.

    Attributes:
        points_e2: how much of it is free to be given; `free` its accounts and balances, oldest first.
        balance_most_e2: the cap.
    """

    number: str
    points_e2: int
    free: tuple[tuple[AccountRef, int], ...]
    balance_most_e2: int


def surpluses(session: Session, community_id: str, rules: Pool) -> tuple[Surplus, ...]:
    """Return the passbooks that hold more than the rules allow, by number; nothing where there is no cap."""
    if rules.volunteer_balance_most_e2 is None and rules.group_balance_most_e2 is None:
        return ()
    held: defaultdict[str, int] = defaultdict(int)
    for item in balances(session, community_id, AccountFilter(kind=AccountKind.HELD, unit=POINTS)):
        held[item.account.owner] += item.balance
    free: defaultdict[str, list[tuple[AccountRef, int]]] = defaultdict(list)
    for item in balances(session, community_id, AccountFilter(kind=AccountKind.PASSBOOK, unit=POINTS)):
        free[item.account.owner].append((item.account, item.balance))
    found = (_surplus(number, rules, _oldest_first(own), held[number]) for number, own in sorted(free.items()))
    return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a passbook holds: whole minutes of recognised service, and hundredths of a point that are free."""

    minutes: int = 0
    points_e2: int = 0


def passbooks_worth(session: Session, community_id: str, numbers: Sequence[str]) -> dict[str, Worth]:
    """Return what these passbooks hold, by number; one that nothing went into holds nothing."""
    worth = dict.fromkeys(numbers, Worth())
    for item in balances(session, community_id, AccountFilter(owners=tuple(numbers))) if numbers else ():
        so_far = worth[item.account.owner]
        if item.account.kind is AccountKind.RECOGNISED:
            worth[item.account.owner] = replace(so_far, minutes=so_far.minutes + item.balance)
        elif item.account.kind is AccountKind.PASSBOOK:
            worth[item.account.owner] = replace(so_far, points_e2=so_far.points_e2 + item.balance)
    return worth


def _oldest_first(accounts: list[tuple[AccountRef, int]]) -> tuple[tuple[AccountRef, int], ...]:
    """What never expires comes last."""
    return tuple(sorted(accounts, key=lambda pair: pair[0].vintage or 9999))


def _surplus(number: str, rules: Pool, free: tuple[tuple[AccountRef, int], ...], held_e2: int) -> Surplus | None:
    most = rules.balance_most_e2(of_group=is_group(number))
    there = sum(amount for _, amount in free)
    if most is None or there == 0 or there + held_e2 <= most:
        return None
    return Surplus(number, min(there, there + held_e2 - most), free, most)


def grants(session: Session, community_id: str) -> tuple[Grant, ...]:
    """Return all grants, newest first."""
    found = session.execute(_grants(community_id))
    return tuple(sorted((_grant(*row) for row in found), key=lambda one: (one.proposed_at, one.grant_id), reverse=True))


def grants_waiting(session: Session, community_id: str) -> int:
    """Count the grants that wait for a second person."""
    query = _grants(community_id).where(PoolGrantDecisionRow.grant_id.is_(None))
    return session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def grant(session: Session, community_id: str, grant_id: UUID) -> Grant:
    """Return one grant.

    Raises:
        NoSuchGrant: there is none.
    """
    row = session.execute(_grants(community_id).where(PoolGrantRow.id == grant_id)).one_or_none()
    if row is None:
        raise NoSuchGrant(grant=str(grant_id))
    return _grant(*row)


def granted_in_year(session: Session, community_id: str, number: str, day: date, *, but: UUID | None) -> int:
    """Count the grants of a passbook in the year of a day, those that wait included, one left out."""
    query = _grants(community_id).where(PoolGrantRow.number == number)
    own = (_grant(*row) for row in session.execute(query))
    return sum(
        one.state != "rejected" and day_of(one.proposed_at).year == day.year and one.grant_id != but for one in own
    )


def granted_stream(session: Session, community_id: str) -> Iterator[Grant]:
    """Yield what was granted in the order of its entries, for verification."""
    query = (
        _grants(community_id).where(PoolGrantDecisionRow.confirmed.is_(True)).order_by(PoolGrantDecisionRow.entry_seq)
    )
    yield from (_grant(*row) for row in session.execute(query))


def _grants(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    decided = sa.and_(
        PoolGrantDecisionRow.community_id == PoolGrantRow.community_id,
        PoolGrantDecisionRow.grant_id == PoolGrantRow.id,
    )
    return (
        sa.select(PoolGrantRow, PoolGrantDecisionRow)
        .outerjoin(PoolGrantDecisionRow, decided)
        .where(PoolGrantRow.community_id == community_id)
    )


def _grant(row: PoolGrantRow, decision: PoolGrantDecisionRow | None) -> Grant:
    state = "open"
    if decision is not None:
        state = "granted" if decision.confirmed else "rejected"
    return Grant(
        grant_id=row.id,
        number=row.number,
        points_e2=row.points_e2,
        reason=row.reason,
        state=state,
        proposer_id=row.proposer_id,
        proposer=row.proposer,
        proposed_at=row.proposed_at,
        decider=decision.decider if decision else None,
        decided_at=decision.decided_at if decision else None,
        entry_seq=decision.entry_seq if decision else None,
    )
