"""The journal for other judges: hledger, beancount, spreadsheets and programs. Numbers only, never names.

Each format is a generator of text lines over the entries in order, so that a book of any size is written in flat
memory. Every posting carries its running balance, so the other program checks each of them by itself.

Source: ledger.md section 6.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sqlalchemy.orm import Session

from timebank.audit.exports.beancount import beancount_lines
from timebank.audit.exports.hledger import hledger_lines
from timebank.audit.exports.plain import csv_lines, jsonl_lines
from timebank.audit.exports.postings import entries

__all__ = ["FORMATS", "journal_lines"]

FORMATS: Final[Mapping[str, Callable[..., Iterator[str]]]] = {
    "hledger": hledger_lines,
    "beancount": beancount_lines,
    "csv": csv_lines,
    "jsonl": jsonl_lines,
}
"""The formats by name."""


def journal_lines(session: Session, community_id: str, form: str, *, count: int | None = None) -> Iterator[str]:
    """Yield the lines of the journal, oldest entry first, in one of `FORMATS`, each with its line end.

    count: of how many entries, the first ones; None takes all. So an export is the same whenever it is written.
    """
    return FORMATS[form](community_id, entries(session, community_id, count=count))
