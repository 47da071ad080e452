"""A table as it was read: headings, rows with the numbers people see, and where the headings stand.

What comes out here is the same whatever came in (an Excel workbook, a CSV file in one of four encodings): text cells
in NFC, exactly as given otherwise. What a cell means is decided in `lines.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from timebank.imports.fields import KNOWN_HEADINGS, plain_heading
from timebank.people.plain_text import composed
from timebank.refusal import Refusal

BYTES_MAX: Final = 10 * 1024 * 1024
ROWS_MAX: Final = 20_000
COLUMNS_MAX: Final = 60
CELL_CHARACTERS_MAX: Final = 2_000

# Above the headings stand at most some title rows; below this many rows nobody looks for headings any more.
HEADING_ROWS_MAX: Final = 20
LINES_MAX: Final = HEADING_ROWS_MAX + ROWS_MAX

_HEADINGS_MIN: Final = 2
_SPREADSHEET_COLUMNS_MAX: Final = 16_384


class TooManyRows(Refusal):
    """The file has more rows than are read in one go."""

    code = "import_too_many_rows"


class TooManyColumns(Refusal):
    """A row is wider than any table that we know."""

    code = "import_too_many_columns"


class CellTooLong(Refusal):
    """A cell holds more than a cell should; often a quotation mark is missing."""

    code = "import_cell_too_long"


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty.

    line: the row's number in Excel, or the number of its first line in an editor; the first is 1.
    cells: at least as many as there are headings; more only where the row is longer than the headings.
    """

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read.

    headings: as they stand in the file; `fields.plain_heading` makes them comparable.
    sha256: of the file's bytes, in hexadecimal digits; recognises the same file.
    encoding: `xlsx`, `utf-8`, `utf-8-sig`, `utf-16` or `gb18030`.
    sheet: the worksheet that was read, empty for CSV.
    other_sheets: visible worksheets without known headings; the person is told that they were not read.
    """

    name: str
    headings: tuple[str, ...]
    heading_line: int
    rows: tuple[Row, ...]
    sha256: str
    encoding: str
    sheet: str
    other_sheets: tuple[str, ...]


def find_heading_row(rows: Iterable[Row]) -> Row | None:
    """Return the row that holds the headings, or None when none of the first twenty rows looks like it.

    Title rows, dates and remarks above the headings are passed over: the row with the most known headings is taken,
    the first of two that are alike, and one known word alone is not enough.
    """
    candidates = [row for row in rows if row.line <= HEADING_ROWS_MAX]
    best = max(candidates, key=lambda row: _known_headings(row.cells), default=None)
    if best is None or _known_headings(best.cells) < _HEADINGS_MIN:
        return None
    return best


def heading_score(rows: Iterable[Row]) -> int:
    """Count the known headings of the best row: how much these rows look like one of our tables."""
    heading_row = find_heading_row(rows)
    return _known_headings(heading_row.cells) if heading_row else 0


def rows_below(heading_row: Row, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows below the headings, each at least as wide as the headings."""
    width = len(heading_row.cells)
    return tuple(Row(row.line, _filled(row.cells, width)) for row in rows if row.line > heading_row.line)


def checked_row(line: int, cells: Sequence[str]) -> Row | None:
    """Return the row in NFC and without the empty cells at its end, or None when it is empty.

    Raises:
        TooManyRows, TooManyColumns, CellTooLong: the row goes beyond what is read.
    """
    if line > LINES_MAX:
        raise TooManyRows(limit=ROWS_MAX)
    # Millions of empty cells are not even looked at; no spreadsheet makes so wide a row.
    width = len(cells) if len(cells) > _SPREADSHEET_COLUMNS_MAX else _width(cells)
    if width > COLUMNS_MAX:
        raise TooManyColumns(line=line, limit=COLUMNS_MAX)
    if any(len(cell) > CELL_CHARACTERS_MAX for cell in cells[:width]):
        raise CellTooLong(line=line, limit=CELL_CHARACTERS_MAX)
    return Row(line, tuple(map(composed, cells[:width]))) if width else None


def _width(cells: Sequence[str]) -> int:
    """Return the place of the last cell that is not empty, from 1; 0 for an empty row."""
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _known_headings(cells: tuple[str, ...]) -> int:
    return len({plain_heading(cell) for cell in cells} & KNOWN_HEADINGS)


def _filled(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ("",) * (width - len(cells))
