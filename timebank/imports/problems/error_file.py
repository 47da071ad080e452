"""The file to mend: every row as it came, with 行号, 问题 and 怎么改 beside it.

All rows are in it, the good ones too and the total line, so that the mended file is given back as it is; the three
added columns are passed over when it is read again, and so is the apostrophe that keeps a spreadsheet from running a
text as a formula. The sentences come from the caller, because some problems are Refusals of other rooms.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import xlsxwriter

from timebank.imports.fields import ERROR_HEADINGS, PROBLEM_HEADING
from timebank.imports.problems import Language, RowProblem, mend_sentence, problem_sentence
from timebank.imports.reading.table import Table
from timebank.people.plain_text import formula_safe

_COLUMN_WIDTH: Final = 18
_ADDED_WIDTHS: Final = (6, 42, 42)
_WRONG_COLOUR: Final = "#FFE9E0"

# Without a fixed date the same table would make another file every second.
_CREATED_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """What is wrong in one line and how to mend it, as sentences."""

    line: int
    problem: str
    mend: str


def error_lines(problems: Sequence[RowProblem], language: Language) -> list[ErrorLine]:
    """Return the sentences of problems that this package finds; those of other rooms the caller words itself."""
    return [
        ErrorLine(each.line, problem_sentence(each.problem, language), mend_sentence(each.problem, language))
        for each in problems
    ]


def error_csv(table: Table, errors: Sequence[ErrorLine]) -> bytes:
    """Return the error file as CSV: UTF-8 with byte order mark, CRLF, so that Excel opens it rightly."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([formula_safe(cell) for cell in cells] for cells in _rows(table, errors))
    return stream.getvalue().encode("utf-8-sig")


def error_xlsx(table: Table, errors: Sequence[ErrorLine]) -> bytes:
    """Return the error file as a workbook: every cell is text, wrong rows are coloured, the headings stay in sight."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _CREATED_AT})
        plain = workbook.add_format({"num_format": "@"})
        heading = workbook.add_format({"num_format": "@", "bold": True})
        wrong = workbook.add_format({"num_format": "@", "bg_color": _WRONG_COLOUR})
        sheet = workbook.add_worksheet(PROBLEM_HEADING)
        width = len(_kept_columns(table))
        sheet.set_column(0, width + len(ERROR_HEADINGS) - 1, _COLUMN_WIDTH, plain)
        for place, added_width in enumerate(_ADDED_WIDTHS, start=width):
            sheet.set_column(place, place, added_width, plain)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table.rows), width + len(ERROR_HEADINGS) - 1)
        for place, cells in enumerate(_rows(table, errors)):
            style = wrong if cells[-2] else plain
            for column, cell in enumerate(cells):
                sheet.write_string(place, column, cell, style if place else heading)
    return stream.getvalue()


def _rows(table: Table, errors: Sequence[ErrorLine]) -> Iterator[tuple[str, ...]]:
    columns = _kept_columns(table)
    by_line: dict[int, list[ErrorLine]] = {}
    for error in errors:
        by_line.setdefault(error.line, []).append(error)
    yield (*_cells(table.headings, columns), *ERROR_HEADINGS)
    for row in table.rows:
        yield (*_cells(row.cells, columns), str(row.line), *_sentences(row.line, by_line))


def _kept_columns(table: Table) -> list[int]:
    """Return the places of the original columns, without those that an earlier error file had added."""
    width = max(len(table.headings), *(len(row.cells) for row in table.rows))
    added = {place for place, heading in enumerate(table.headings) if heading in ERROR_HEADINGS}
    return [place for place in range(width) if place not in added]


def _cells(cells: Sequence[str], columns: Sequence[int]) -> Iterator[str]:
    return (cells[place] if place < len(cells) else "" for place in columns)


def _sentences(line: int, by_line: Mapping[int, Sequence[ErrorLine]]) -> tuple[str, str]:
    found = by_line.get(line, ())
    return " ".join(error.problem for error in found), " ".join(dict.fromkeys(error.mend for error in found))
