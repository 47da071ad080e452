"""Reconcile relief: what was handed out to households in need beside its entry: which pieces, by how many persons."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy.orm import Session

from timebank.audit.side_by_side import missing, unlike
from timebank.ledger.accounts import GOODS_PREFIX
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry
from timebank.market import queries as market
from timebank.market.queries import Relief

ALL: Final = 1_000_000_000
"""More than a community will ever give."""


class Reliefs:
    """Relief: proposed by one person, approved by another, handed out by one who did not propose it."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Read every relief that was handed out, by entry: a few dozen a month."""
        found = market.reliefs(session, community_id, limit=ALL)
        self._records = {one.entry_seq: one for one in found if one.entry_seq is not None}

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its relief."""
        record = self._records.pop(entry.seq, None)
        if record is None:
            yield Finding("relief_record", f"entry {entry.seq}", {"source": entry.source})
            return
        yield from unlike(entry, _facts(record), _said(entry))

    def rest(self) -> Iterator[Finding]:
        """Tell the reliefs whose entry never came."""
        yield from (missing("relief_entry", one.number, seq) for seq, one in self._records.items())


def _facts(record: Relief) -> dict[str, Any]:
    two = record.proposed_by_id not in {record.decided_by_id, record.handed_by_id}
    return {
        "source": f"relief:{record.number}",
        "household": record.household_number,
        "pieces": dict(record.lines),
        "persons": 2 if two and record.decided_by_id is not None else "one",
    }


def _said(entry: Entry) -> dict[str, Any]:
    pieces: dict[str, int] = {}
    for transfer in entry.transfers:
        good = transfer.unit.removeprefix(GOODS_PREFIX)
        pieces[good] = pieces.get(good, 0) + transfer.amount
    return {"source": entry.source, "household": entry.facts.get("household"), "pieces": pieces, "persons": 2}
