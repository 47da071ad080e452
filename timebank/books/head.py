"""The head of a community's log: the lock that every writer takes first, and the counters that only it moves.

SQLite's writer has the whole file from `BEGIN IMMEDIATE` on; PostgreSQL locks the head's row in a statement of its own,
so that everything read afterwards is what the one before has committed (READ COMMITTED).

Source: ledger.md section 1, decision 5.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import together
from timebank.books.acts import Act
from timebank.books.tables import LogHeadRow
from timebank.books.together import Values
from timebank.ledger.merkle import Frontier
from timebank.refusal import Refusal

NOTHING_CLOSED: Final = date(1900, 1, 1)
"""The last closed day of a log that has none."""


class NoSuchCommunity(Refusal):
    """There is no community of this code in this database."""

    code = "no_such_community"


@dataclass(slots=True)
class Head:
    """The counters of a locked head, as a copy of one's own: they count only once they are written.

    So what was decided and then refused leaves no gap behind.

    Attributes:
        size: entries in the log.
        frontier: the tree over their leaves.
        accounts: accounts opened so far; the next one gets the next number.
        last_booked_at: when the last entry was booked.
        closed_through: the last day of the last closed period.
        entries_of_this_act: how many entries the running request has made.
    """

    size: int
    frontier: Frontier
    accounts: int
    last_booked_at: datetime
    closed_through: date
    entries_of_this_act: int = 0

    def row(self, community_id: str) -> Values:
        """Return it as it is written."""
        return {
            "community_id": community_id,
            "size": self.size,
            "frontier": self.frontier.to_bytes(),
            "accounts": self.accounts,
            "last_booked_at": self.last_booked_at,
            "closed_through": self.closed_through,
        }


_LOCKED: Final = "locked head"


def lock(session: Session, community_id: str, *, keeping_plans: bool = False) -> Head:
    """Lock the head of a community, first of all; within one transaction it is given again as it was last written.

    Args:
        keeping_plans: PostgreSQL plans each statement of this transaction once for the connection, whatever its values:
            right where every row is found by its key, wrong for lists of thousands of values.

    Raises:
        NoSuchCommunity: there is none of this code.
    """
    held = session.info.get(_LOCKED)
    if held is not None and held[0] is session.get_transaction() and held[1] == community_id:
        return _copy(held[2])
    head = _read(session, community_id, _LOCK_KEEPING_PLANS if keeping_plans and _on_postgresql(session) else _LOCK)
    if head is None:
        raise NoSuchCommunity(community=community_id)
    remember(session, community_id, head)
    return head


def find_head(session: Session, community_id: str) -> Head | None:
    """Look at the head of a community without locking it; None where there is no such community.

    Raises:
        ImpossibleTree: what is stored there is no right edge of a tree.
    """
    return _read(session, community_id, _LOOK)


_HEAD: Final = LogHeadRow.__table__.c
_LOOK: Final = sa.select(*_HEAD).where(_HEAD.community_id == sa.bindparam("community"))
_LOCK: Final = _LOOK.with_for_update()
_LOCK_KEEPING_PLANS: Final = _LOOK.add_columns(
    sa.func.set_config("plan_cache_mode", "force_generic_plan", True)
).with_for_update()
"""The wide question of the till takes ten times longer to plan than to answer; by default each would be planned anew.
The setting ends with the transaction, and comes with the lock because a statement of its own were one more trip."""


def _on_postgresql(session: Session) -> bool:
    return session.connection().dialect.name == "postgresql"


def _read(session: Session, community_id: str, query: sa.Select[*tuple[Any, ...]]) -> Head | None:
    row = session.connection().execute(query, {"community": community_id}).one_or_none()
    if row is None:
        return None
    return Head(row.size, Frontier.from_bytes(row.frontier), row.accounts, row.last_booked_at, row.closed_through)


def _copy(head: object) -> Head:
    assert isinstance(head, Head)
    return replace(head)


def remember(session: Session, community_id: str, head: Head) -> None:
    """Take a head as the one that was written last in this transaction."""
    session.info[_LOCKED] = (session.get_transaction(), community_id, replace(head))


def forget(session: Session) -> None:
    """Drop what is known of the head after its changes were undone."""
    session.info.pop(_LOCKED, None)


def write(session: Session, community_id: str, head: Head) -> None:
    """Write the head back in the same transaction."""
    together.write(session, (), head.row(community_id))
    remember(session, community_id, head)


def begin(session: Session, act: Act) -> None:
    """Open the log of a new community: nothing booked, nothing closed."""
    head = Head(0, Frontier(), accounts=0, last_booked_at=act.at, closed_through=NOTHING_CLOSED)
    session.execute(sa.insert(LogHeadRow), head.row(act.community_id))
