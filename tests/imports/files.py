"""Builders of small files: a workbook or a CSV file from rows, and the tables of each kind."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from timebank.imports.fields import TableKind
from timebank.imports.lines.columns import MappedTable, mapped
from timebank.imports.reading import read_table

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"

REGISTER = ("志愿者编号", "姓名*", "证件类型", "证件号码", "手机号*", "出生日期", "备注")
SHEET = ("活动编号*", "志愿者编号*", "姓名", "开始时间*", "结束时间*", "服务类型*", "负责人*")
SHEET_PART = "xl/worksheets/sheet1.xml"
TEXTS_PART = "xl/sharedStrings.xml"

Rows = Sequence[Sequence[str | float]]


def a_csv(*rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",", line_end: str = "\r\n") -> bytes:
    return "".join(delimiter.join(row) + line_end for row in rows).encode(encoding)


def a_workbook(*rows: Sequence[str | float], **sheets: Rows) -> bytes:
    """Build a workbook of one sheet, or of several when they are given by name."""

    def draw(workbook: Workbook) -> None:
        for name, each in ({"表": rows} | sheets).items():
            _fill(workbook.add_worksheet(name), each)

    return a_drawn_workbook(draw)


def a_drawn_workbook(draw: Callable[[Workbook], object]) -> bytes:
    """Build a workbook in which the test draws for itself."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        draw(workbook)
    return stream.getvalue()


def with_part(workbook: bytes, name: str, content: bytes | None) -> bytes:
    """Return the workbook with one part exchanged, added, or taken out (None)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {part: old.read(part) for part in old.namelist()}
        parts[name] = content or b""
        for part, kept in parts.items():
            if part != name or content is not None:
                new.writestr(part, kept)
    return stream.getvalue()


def part_of(workbook: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        return package.read(name)


def a_mapped(kind: TableKind, headings: Sequence[str], *rows: Sequence[str]) -> MappedTable:
    quoted = [[f'"{cell}"' for cell in row] for row in (headings, *rows)]
    return mapped(read_table("a.csv", a_csv(*quoted)), kind)


def _fill(sheet: Worksheet, rows: Rows) -> None:
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(place, column, cell)
            else:
                sheet.write_number(place, column, cell)
