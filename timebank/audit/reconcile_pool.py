"""Reconcile the pool: grants beside their entries."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from timebank.audit.side_by_side import Side, unlike
from timebank.ledger.accounts import AccountKind
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry
from timebank.pool import queries as pool


class PoolGrants:
    """Grants out of the pool: to whom, how much, proposed and confirmed by whom."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Begin before the first grant."""
        granted = pool.granted_stream(session, community_id)
        self._records = Side("pool_grant", granted, lambda one: one.entry_seq, lambda one: str(one.grant_id))

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare an entry with its grant."""
        record = yield from self._records.beside(entry)
        if record is None:
            return
        expected = {
            "volunteer": record.number,
            "points_e2": record.points_e2,
            "proposer": record.proposer,
            "decider": record.decider,
        }
        given = sum(transfer.amount for transfer in entry.transfers if transfer.debit.kind is AccountKind.POOL)
        yield from unlike(entry, expected, {**entry.facts, "points_e2": given, "decider": entry.actor})

    def rest(self) -> Iterator[Finding]:
        """Tell the grants whose entry never came."""
        yield from self._records.rest()
