"""The journal for spreadsheets (CSV with a byte order mark, safe from formulas) and for programs (one leaf a line)."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from timebank.audit.exports.postings import amount_text, transactions
from timebank.ledger.canonical import leaf_bytes
from timebank.ledger.entries import Entry
from timebank.people.plain_text import formula_safe

HEADINGS: Final = (
    "seq",
    "booked_at",
    "effective_on",
    "served_on",
    "kind",
    "unit",
    "account",
    "amount",
    "balance",
    "actor",
    "source",
    "reverses",
)
BYTE_ORDER_MARK: Final = "\ufeff"


def csv_lines(_community_id: str, found: Iterator[Entry]) -> Iterator[str]:
    """Yield one line per posting, with the balance of its account afterwards."""
    yield BYTE_ORDER_MARK + _row(HEADINGS)
    for transaction in transactions(found):
        entry = transaction.entry
        for posting in transaction.postings:
            yield _row(
                (
                    entry.seq,
                    entry.booked_at.isoformat(),
                    entry.effective_on,
                    entry.served_on or "",
                    entry.kind.value,
                    transaction.unit,
                    posting.account.code,
                    amount_text(posting.amount, transaction.unit),
                    amount_text(posting.balance, transaction.unit),
                    formula_safe(entry.actor),
                    formula_safe(entry.source or ""),
                    entry.reverses or "",
                )
            )


def _row(cells: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def jsonl_lines(_community_id: str, found: Iterator[Entry]) -> Iterator[str]:
    """Yield the leaves themselves, one a line: the exact bytes that are hashed."""
    return (leaf_bytes(entry).decode() + "\n" for entry in found)
