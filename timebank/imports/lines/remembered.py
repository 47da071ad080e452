"""Columns that a person has set right once: for tables with the same headings, whatever the file is called.

A source is known by its headings (any order, no case, no stars), so the next month's file of the same system is read
as the last one was. What was chosen is shown, can be changed, and can be forgotten.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

from timebank.imports.fields import TableKind, plain_heading
from timebank.refusal import Refusal

Columns = Mapping[str, str]
"""Which field a heading is, by the plain heading; empty: the column is not read."""
NOTHING: Final[Mapping[str, Columns]] = {}
"""Where nothing is remembered."""


class ColumnsUnclear(Refusal):
    """What was chosen names a heading that is not there, a field that this kind has not, or a field twice."""

    code = "import_columns_unclear"


def fingerprint(headings: Iterable[str]) -> str:
    """Return by what the headings of a table are known again: 16 hexadecimal digits."""
    told = sorted({plain_heading(heading) for heading in headings} - {""})
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()[:16]


def check_columns(kind: TableKind, headings: Iterable[str], chosen: Columns) -> None:
    """Make sure that what was chosen can be remembered.

    Raises:
        ColumnsUnclear: it cannot.
    """
    there = {plain_heading(heading) for heading in headings}
    codes = {field.code for field in kind.fields}
    named = [code for code in chosen.values() if code]
    if not chosen.keys() <= there or not set(named) <= codes or len(set(named)) < len(named):
        raise ColumnsUnclear()
