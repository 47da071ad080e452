"""Excel workbooks as rows of text.

Cells become text by fixed rules: text stays exactly as it is (also a text that looks like a formula); a whole number
loses Excel's decimal point (3.0 → `3`); other numbers have at most fifteen significant digits, as Excel shows them;
a number that needs more is written with its exponent (`9.90000195311170E+17`), so that nobody takes it for an
identity number; a date becomes `2026-08-01`, a moment `2026-08-01 15:30`, a time of day `15:30`, a duration `25:30`.
Of a formula the calculated value is read, which is what the person saw. Its error (#N/A) stays as text, and `lines.py`
refuses the cell; a formula that was never calculated stays as the text that it is.
"""

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import python_calamine

from timebank.imports.reading.table import Row, checked_row
from timebank.imports.reading.xlsx_guard import SafeWorkbook, safe_workbook
from timebank.imports.reading.xlsx_scan import BrokenWorkbook
from timebank.refusal import Refusal

_EXACT_MAX: Final = 10**15

_Value = int | float | str | bool | time | date | datetime | timedelta


class MergedCells(Refusal):
    """Cells of several rows are merged: nobody can tell for sure what the hidden ones say."""

    code = "import_merged_cells"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible worksheet.

    merges: the merged ranges as (first line, last line), lines counted from 1.
    """

    name: str
    rows: list[Row]
    merges: tuple[tuple[int, int], ...]


def xlsx_sheets(content: bytes) -> list[Sheet]:
    """Return the visible worksheets of a workbook, in the workbook's order.

    Raises:
        Refusal: what `xlsx_guard.safe_workbook` refuses, and rows or cells beyond what is read.
    """
    safe = safe_workbook(content)
    try:
        with python_calamine.load_workbook(io.BytesIO(safe.content)) as workbook:
            return [_sheet(workbook, name, safe) for name in _visible_worksheets(workbook)]
    except python_calamine.CalamineError as error:
        raise BrokenWorkbook() from error


def check_merges(sheet: Sheet, heading_line: int) -> None:
    """Refuse merged cells in the headings, and below them such as reach over several rows.

    Merged titles above the headings are usual and harmless, and so is a total row whose first cells are merged.

    Raises:
        MergedCells: with the lines of the first range.
    """
    for first_line, last_line in sheet.merges:
        if first_line <= heading_line <= last_line or (first_line > heading_line and last_line > first_line):
            raise MergedCells(first_line=first_line, last_line=last_line)


def cell_text(value: _Value) -> str:
    """Return a cell's value as the text that the rules above give it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(float(value))
    return _duration_text(value) if isinstance(value, timedelta) else _time_text(value)


def _visible_worksheets(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == python_calamine.SheetVisibleEnum.Visible
    ]


def _sheet(workbook: python_calamine.CalamineWorkbook, name: str, safe: SafeWorkbook) -> Sheet:
    worksheet = workbook.get_sheet_by_name(name)
    cells = [[cell_text(value) for value in row] for row in worksheet.to_python(skip_empty_area=False)]
    _put_back(cells, safe.left_out.get(name, {}))
    rows = [checked_row(line, row) for line, row in enumerate(cells, start=1)]
    merges = tuple((first + 1, last + 1) for (first, _), (last, _) in worksheet.merged_cell_ranges or [])
    return Sheet(name, [row for row in rows if row is not None], merges)


def _put_back(cells: list[list[str]], left_out: dict[tuple[int, int], str]) -> None:
    """Write the texts that the reader left out into their places, widening the rectangle where it is too small."""
    for (row, column), text in left_out.items():
        cells.extend([] for _ in range(row + 1 - len(cells)))
        cells[row].extend("" for _ in range(column + 1 - len(cells[row])))
        cells[row][column] = text


def _number_text(number: float) -> str:
    if abs(number) >= _EXACT_MAX:
        return f"{number:.14E}"
    return f"{number:.0f}" if number.is_integer() else f"{number:.15g}"


def _time_text(value: time | date | datetime) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    return value.isoformat("seconds" if value.second else "minutes") if isinstance(value, time) else value.isoformat()


def _duration_text(duration: timedelta) -> str:
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
