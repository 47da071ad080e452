"""From headings to fields: which column of a table is which field of the kind that is wanted.

Columns are found by name, in any order. A column that nobody knows is passed over and reported; a required one that
is missing, or two that mean the same field, stop the whole file, because then no row can be trusted.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from timebank.imports.fields import ERROR_HEADINGS, KINDS, Field, TableKind, plain_heading
from timebank.imports.lines.remembered import NOTHING, Columns, fingerprint
from timebank.imports.reading.table import Row, Table
from timebank.refusal import Refusal

_TOTAL_WORDS: Final = frozenset({"合计", "总计", "共计", "小计", "total", "sum"})


class MissingColumns(Refusal):
    """A required column is not there."""

    code = "import_missing_columns"


class OtherKindOfTable(Refusal):
    """The table is a good one, but not of the kind that was asked for."""

    code = "import_other_kind_of_table"


class DuplicateColumns(Refusal):
    """Two columns mean the same field."""

    code = "import_duplicate_columns"


class HeadingMissing(Refusal):
    """A column has content and no heading."""

    code = "import_heading_missing"


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row by its fields.

    texts: the cell of every field of the kind, without blanks around it; empty where there is no such column.
    extra: cells beyond the last heading.
    """

    line: int
    texts: Mapping[str, str]
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A table whose columns are known.

    total: the last row, when it begins with 合计 or the like; it is not one of `rows`.
    ignored: headings that no field answers to; the person is told that these columns are not read.
    content_key: the same for the same rows in any order, file format, encoding and order of columns (`trust.md` I11).
    """

    table: Table
    kind: TableKind
    rows: tuple[MappedRow, ...]
    total: MappedRow | None
    ignored: tuple[str, ...]
    content_key: str


def mapped(table: Table, kind: TableKind, known: Mapping[str, Columns] = NOTHING) -> MappedTable:
    """Find the columns of a table.

    Args:
        known: what was chosen before for tables of this kind, by the fingerprint of their headings.

    Raises:
        HeadingMissing, DuplicateColumns, MissingColumns: with the headings to look at.
        OtherKindOfTable: columns are missing, and the table has all columns of another kind.
    """
    _check_blank_headings(table)
    chosen = known.get(fingerprint(table.headings), {})
    columns = _columns(table.headings, kind, chosen)
    _check_required(columns, table, kind)
    rows = [_mapped_row(row, columns, kind, len(table.headings)) for row in table.rows]
    has_total = _is_total(table.rows[-1])
    counted = tuple(rows[:-1] if has_total else rows)
    return MappedTable(
        table=table,
        kind=kind,
        rows=counted,
        total=rows[-1] if has_total else None,
        ignored=tuple(filter(None, (_unread(heading, kind, chosen) for heading in table.headings))),
        content_key=_content_key(kind, counted),
    )


def _check_blank_headings(table: Table) -> None:
    for place, heading in enumerate(table.headings):
        if heading:
            continue
        first = next((row for row in table.rows if row.cells[place].strip()), None)
        if first is not None:
            raise HeadingMissing(column=_column_letters(place), line=first.line)


def _columns(headings: Sequence[str], kind: TableKind, chosen: Columns) -> dict[str, int]:
    """Return the place of every field's column, from 0."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = field_of(heading, kind, chosen)
        if field is None:
            continue
        if field.code in found:
            raise DuplicateColumns(headings=f"{headings[found[field.code]]}、{heading}", field=field.chinese)
        found[field.code] = place
    return found


def field_of(heading: str, kind: TableKind, chosen: Columns) -> Field | None:
    """Return which field a column is: as was chosen, else by its name; None where it is not read."""
    plain = plain_heading(heading)
    if plain in chosen:
        return kind.field(chosen[plain]) if chosen[plain] else None
    return kind.headings().get(plain)


def _check_required(columns: Mapping[str, int], table: Table, kind: TableKind) -> None:
    missing = [group for group in kind.required if not any(code in columns for code in group)]
    if not missing:
        return
    headings = {plain_heading(heading) for heading in table.headings}
    other = next((each for each in KINDS if each is not kind and _has_required(headings, each)), None)
    if other is not None:
        raise OtherKindOfTable(
            wanted_zh=kind.chinese, wanted_en=kind.english, found_zh=other.chinese, found_en=other.english
        )
    raise MissingColumns(columns="、".join("或".join(kind.field(code).chinese for code in group) for group in missing))


def _has_required(headings: set[str], kind: TableKind) -> bool:
    known = kind.headings()
    codes = {known[heading].code for heading in headings & known.keys()}
    return all(any(code in codes for code in group) for group in kind.required)


def _mapped_row(row: Row, columns: Mapping[str, int], kind: TableKind, width: int) -> MappedRow:
    texts = {field.code: _text(row, columns, field) for field in kind.fields}
    return MappedRow(row.line, texts, row.cells[width:])


def _text(row: Row, columns: Mapping[str, int], field: Field) -> str:
    return row.cells[columns[field.code]].strip() if field.code in columns else ""


def _is_total(row: Row) -> bool:
    first = next(cell for cell in row.cells if cell.strip())
    return plain_heading(first).rstrip(":") in _TOTAL_WORDS


def _unread(heading: str, kind: TableKind, chosen: Columns) -> str | None:
    is_read = field_of(heading, kind, chosen) is not None or heading in ERROR_HEADINGS
    return None if is_read else heading


def _content_key(kind: TableKind, rows: Sequence[MappedRow]) -> str:
    told = sorted(sorted((code, text) for code, text in row.texts.items() if text) for row in rows)
    return hashlib.sha256(json.dumps([kind.code, told], ensure_ascii=True).encode()).hexdigest()


def _column_letters(place: int) -> str:
    """Return the letters of a column as a spreadsheet shows them; 0 is A, 26 is AA."""
    letters = chr(ord("A") + place % 26)
    return letters if place < 26 else chr(ord("A") + place // 26 - 1) + letters
