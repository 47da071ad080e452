"""Verification: re-read everything at one moment and say what is wrong.

The log by the ledger's checks, the tables against the leaves, the records against the entries, every posting computed
again from its rule version, and the guards of the database. Nothing is written here: the caller hands in a reading
session, so that the answer belongs to one snapshot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.audit.reconcile import Reconciler
from timebank.books import projections
from timebank.books.journal import NoSuchEntry, entry_at
from timebank.ledger.checks import Finding, Reader
from timebank.ledger.entries import Entry

FINDINGS_KEPT: Final = 200
"""So many findings are kept and shown; the number of all of them always is."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found.

    Attributes:
        size: how many entries the log has; root: the hash over all of them, hex.
        findings: the first of them; `findings_total` counts all.
    """

    size: int
    root: str
    findings: tuple[Finding, ...]
    findings_total: int

    @property
    def sound(self) -> bool:
        """Whether nothing at all was found."""
        return self.findings_total == 0


def examine(session: Session, community_id: str, missing_guards: Sequence[str]) -> Report:
    """Verify one community's books and records.

    Args:
        session: a reading session; everything is read at its moment.
        missing_guards: constraints, triggers, settings and grants that the database should have and has not.
    """
    _take_time(session)
    reader = Reader(community_id, recall=lambda seq: _find_entry(session, community_id, seq))
    kept: list[Finding] = []
    total = 0
    for finding in _findings(session, community_id, reader, missing_guards):
        total += 1
        if len(kept) < FINDINGS_KEPT:
            kept.append(finding)
    so_far = reader.so_far
    return Report(so_far.size, so_far.frontier.root().hex(), tuple(kept), total)


def _take_time(session: Session) -> None:
    """Questions over all rows of large books take longer than a page may."""
    if session.connection().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))


def _find_entry(session: Session, community_id: str, seq: int) -> Entry | None:
    """Look up an entry; what cannot be read is a finding of its own."""
    try:
        return entry_at(session, community_id, seq)
    except (NoSuchEntry, ValueError):
        return None


def _findings(session: Session, community_id: str, reader: Reader, missing_guards: Sequence[str]) -> Iterator[Finding]:
    yield from (Finding("guard", guard) for guard in missing_guards)
    reconciler = Reconciler(session, community_id)
    for page in projections.pages(session, community_id):
        for row in page.rows:
            entry, wrong = reader.take(row.leaf, row.leaf_hash)
            yield from wrong
            if entry is not None:
                yield from page.findings(row, entry)
                yield from reconciler.take(entry)
    yield from reader.sums()
    yield from projections.whole_findings(session, community_id, reader.so_far)
    yield from reconciler.rest()
