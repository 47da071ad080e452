"""Reconcile the pool: grants beside their entries, and what was given by the caps of the rules."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from timebank.audit.side_by_side import Side, unlike
from timebank.ledger.accounts import AccountKind, is_group
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry
from timebank.people.roles import SYSTEM
from timebank.pool import queries as pool
from timebank.rulebook.queries import NoSuchRuleVersion, rule_version
from timebank.rulebook.rules import RuleDocumentInvalid

UNREADABLE = (NoSuchRuleVersion, RuleDocumentInvalid)
"""What may be wrong with the rule version that an entry names."""


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


class Surpluses:
    """What was above the caps: of one passbook each, taken by the installation, by the cap of the rules it names."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Read nothing yet; there are few versions."""
        self._session = session
        self._community_id = community_id

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare an entry with the cap of its rule version."""
        number = str(entry.facts.get("volunteer"))
        expected: dict[str, Any] = {"owners": {number}, "actor": SYSTEM, "balance_most_e2": self._cap(entry, number)}
        owners = {transfer.debit.owner for transfer in entry.transfers}
        yield from unlike(entry, expected, {**entry.facts, "owners": owners, "actor": entry.actor})

    def _cap(self, entry: Entry, number: str) -> int | str:
        try:
            version = rule_version(self._session, self._community_id, entry.rule_version or 0)
        except UNREADABLE:
            return "no rules"
        cap = version.document.pool.balance_most_e2(of_group=is_group(number))
        return "no cap" if cap is None else cap

    def rest(self) -> Iterator[Finding]:
        """Nothing stands behind these entries but the rules."""
        return iter(())
