"""Loading: what posting must know before it decides: accounts with their last line, and overdue holds.

Everything is read under the community's lock, in few statements whatever the size of the batch.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, ask, one_of
from timebank.books.last_line import of_last_line
from timebank.books.tables import (
    AccountClosingRow,
    AccountRow,
    EntryRow,
    HoldAccountRow,
    HoldResolutionRow,
    HoldRow,
    LineRow,
)
from timebank.ledger.accounts import HOME, AccountKind, AccountRef
from timebank.ledger.canonical import account_of, entry_of
from timebank.ledger.entries import Entry

CHUNK: Final = 2000
"""How many values go into one IN list; both databases take many more."""

HOLDING: Final = {home: holding for holding, home in HOME.items()}
Item = TypeVar("Item")


def in_chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """Cut a sequence into pieces for IN lists."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


@dataclass(slots=True)
class AccountState:
    """An account as the running transaction sees it.

    Attributes:
        id: its number in the community.
        n: number of its last line, 0 where there is none yet.
        balance: closing balance of that line.
        closed: it takes no further line.
    """

    id: int
    n: int
    balance: int
    closed: bool


States = dict[AccountRef, AccountState]
_ACCOUNT: Final = AccountRow.__table__.c
_LINE: Final = LineRow.__table__.c
_CLOSING: Final = AccountClosingRow.__table__.c


def _states_query(*which: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """Ask for accounts of `:community` with their last line, and the entry that closed them."""
    closing = sa.and_(_CLOSING.community_id == _ACCOUNT.community_id, _CLOSING.account_id == _ACCOUNT.id)
    return (
        sa.select(
            _ACCOUNT.code,
            _ACCOUNT.id,
            of_last_line(_LINE.n).label("n"),
            of_last_line(_LINE.closing).label("closing"),
            _CLOSING.seq.label("closed_seq"),
        )
        .select_from(AccountRow.__table__)
        .outerjoin(AccountClosingRow.__table__, closing)
        .where(_ACCOUNT.community_id == sa.bindparam("community"), *which)
    )


_OF_CODES: Final = _states_query(one_of(_ACCOUNT.code, "codes"))
# Two statements rather than one with OR, for which SQLite would look through all accounts of the community.
_OF_OWNER_AND_OF_UNITS: Final = sa.union_all(
    _states_query(_ACCOUNT.owner == sa.bindparam("owner")),
    _states_query(
        one_of(_ACCOUNT.kind, "kinds"),
        one_of(_ACCOUNT.unit, "units"),
    ),
)


def account_states(session: Session, community_id: str, refs: Iterable[AccountRef]) -> States:
    """Return the state of those accounts that exist."""
    states: States = {}
    for codes in in_chunks(sorted({ref.code for ref in refs})):
        states |= ask(session, Question(_OF_CODES, {"community": community_id, "codes": codes}, _states))
    return states


def accounts_question(
    community_id: str, *, owner: str, kinds: Collection[AccountKind], units: Collection[str]
) -> Question[States]:
    """Ask for all accounts of one owner, and for those of some kinds in some units."""
    values = {"community": community_id, "owner": owner, "kinds": sorted(kinds), "units": sorted(units)}
    return Question(_OF_OWNER_AND_OF_UNITS, values, _states)


def _states(rows: Sequence[Any]) -> States:
    return {
        account_of(row.code): AccountState(row.id, row.n or 0, row.closing or 0, row.closed_seq is not None)
        for row in rows
    }


def holding_refs(refs: Iterable[AccountRef]) -> set[AccountRef]:
    """Return the accounts among these that hold something, and those that may hold something of these."""
    return {
        replace(ref, kind=HOLDING.get(ref.kind, ref.kind)) for ref in refs if ref.kind in HOLDING or ref.kind in HOME
    }


def overdue_holds(session: Session, community_id: str, account_ids: Sequence[int], at: datetime) -> tuple[Entry, ...]:
    """Return the entries of the unresolved holds on these accounts that have expired by `at`, oldest first."""
    found: dict[int, Entry] = {}
    for ids in in_chunks(account_ids):
        for seq, leaf in session.execute(_overdue_query(community_id, ids, at)):
            found[seq] = entry_of(leaf)
    return tuple(found[seq] for seq in sorted(found))


def _overdue_query(community_id: str, ids: Sequence[int], at: datetime) -> sa.Select[int, bytes]:
    resolved = sa.exists().where(
        HoldResolutionRow.community_id == HoldRow.community_id, HoldResolutionRow.hold_seq == HoldRow.seq
    )
    return (
        sa.select(EntryRow.seq, EntryRow.leaf)
        .join(HoldRow, sa.and_(HoldRow.community_id == EntryRow.community_id, HoldRow.seq == EntryRow.seq))
        .join(
            HoldAccountRow,
            sa.and_(HoldAccountRow.community_id == HoldRow.community_id, HoldAccountRow.hold_seq == HoldRow.seq),
        )
        .where(
            HoldAccountRow.community_id == community_id,
            HoldAccountRow.account_id.in_(ids),
            HoldRow.expires_at <= at,
            ~resolved,
        )
    )


def open_accounts(states: States, refs: Iterable[AccountRef], count: int) -> list[AccountRef]:
    """Give the accounts that do not exist yet their numbers after `count`; return them in that order."""
    new = sorted({ref for ref in refs if ref not in states})
    for number, ref in enumerate(new, start=count + 1):
        states[ref] = AccountState(number, 0, 0, closed=False)
    return new
