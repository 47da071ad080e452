"""Read a file that somebody gives us, whatever it is called: bytes in, one table out, or a refusal that says why.

The way: size, then what the content is (never the file's name), then rows of text, then the row of headings.
"""

import hashlib
from typing import Final

from timebank.imports.reading import csv_reading, xlsx_reading
from timebank.imports.reading.table import BYTES_MAX, Row, Table, find_heading_row, rows_below
from timebank.imports.reading.xlsx_guard import ZIP_MAGIC, LockedWorkbook
from timebank.imports.reading.xlsx_reading import Sheet
from timebank.refusal import Refusal

_MEGABYTE: Final = 1024 * 1024
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAME_CHARACTERS_MAX: Final = 200

# What is often given instead of a table, by its first bytes.
_FOREIGN: Final = (
    (b"MZ\x90", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"\x1f\x8b", "GZIP"),
    (b"PK", "ZIP"),
    (b"SQLite format 3", "SQLite"),
    (b"#!", "SCRIPT"),
)


class FileTooLarge(Refusal):
    """The file is larger than is read; asked before anything else."""

    code = "import_file_too_large"


class EmptyFile(Refusal):
    """There is nothing in the file."""

    code = "import_empty_file"


class NotATable(Refusal):
    """The content is neither a workbook nor text in rows, whatever the file is called."""

    code = "import_not_a_table"


class HeadingsNotFound(Refusal):
    """No row looks like the headings of one of our tables."""

    code = "import_headings_not_found"


class SeveralTables(Refusal):
    """Two worksheets hold tables; reading one and dropping the other would be a guess."""

    code = "import_several_tables"


class NoRows(Refusal):
    """There are headings and nothing below them."""

    code = "import_no_rows"


def read_table(name: str, content: bytes) -> Table:
    """Read a workbook or a CSV file.

    Args:
        name: what the person calls the file; kept for messages, decides nothing.
        content: the whole file, at most 10 MB.

    Raises:
        Refusal: one of the kinds in this module, `table`, `csv_reading`, `xlsx_reading`, `xlsx_guard`, `xlsx_scan`;
            where there is a line to blame, it is in the facts.
    """
    check_size(len(content))
    _check_kind(content)
    if content.startswith(ZIP_MAGIC):
        sheets, encoding = xlsx_reading.xlsx_sheets(content), "xlsx"
    else:
        sheets, encoding = _text_sheets(content)
    sheet, heading_row, other_sheets = _sheet_with_headings(sheets)
    xlsx_reading.check_merges(sheet, heading_row.line)
    rows = rows_below(heading_row, sheet.rows)
    if not rows:
        raise NoRows(line=heading_row.line)
    return Table(
        name=_plain_name(name),
        headings=tuple(cell.strip() for cell in heading_row.cells),
        heading_line=heading_row.line,
        rows=rows,
        sha256=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        sheet=sheet.name,
        other_sheets=other_sheets,
    )


def check_size(size_bytes: int) -> None:
    """Refuse a file by its size alone, so that the shell can ask before it reads the file.

    Raises:
        FileTooLarge, EmptyFile
    """
    if size_bytes > BYTES_MAX:
        raise FileTooLarge(size_megabytes=-(-size_bytes // _MEGABYTE), limit_megabytes=BYTES_MAX // _MEGABYTE)
    if size_bytes == 0:
        raise EmptyFile()


def _check_kind(content: bytes) -> None:
    if content.startswith(_OLD_OFFICE):
        raise LockedWorkbook()
    if content.startswith(ZIP_MAGIC):
        return
    for start, kind in _FOREIGN:
        if content.startswith(start):
            raise NotATable(found=kind)


def _text_sheets(content: bytes) -> tuple[list[Sheet], str]:
    text, encoding = csv_reading.decoded(content)
    start = text.lstrip()[:1]
    if not start:
        raise EmptyFile()
    if start == "<":
        raise NotATable(found="HTML")
    return [Sheet("", csv_reading.csv_rows(text), ())], encoding


def _sheet_with_headings(sheets: list[Sheet]) -> tuple[Sheet, Row, tuple[str, ...]]:
    found = [(sheet, row) for sheet in sheets if (row := find_heading_row(sheet.rows)) is not None]
    if not found:
        raise HeadingsNotFound()
    if len(found) > 1:
        raise SeveralTables(sheets="、".join(sheet.name for sheet, _ in found))
    sheet, row = found[0]
    return sheet, row, tuple(other.name for other in sheets if other is not sheet and other.rows)


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2][:_NAME_CHARACTERS_MAX]
