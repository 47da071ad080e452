"""Workbooks that are meant to hurt, or are broken: refused before anything is unpacked, in little time and memory."""

import io
import struct
import zipfile
from time import monotonic

import pytest

from tests.imports.files import SHEET_PART, TEXTS_PART, a_drawn_workbook, a_workbook, part_of, with_part
from timebank.imports.reading import NotATable, read_table, xlsx_guard, xlsx_scan
from timebank.imports.reading.table import COLUMNS_MAX, ROWS_MAX, TooManyColumns, TooManyRows
from timebank.imports.reading.xlsx_guard import LockedWorkbook, MacroWorkbook, NotAWorkbook, safe_workbook
from timebank.imports.reading.xlsx_scan import BrokenWorkbook, UnsafeWorkbook, WorkbookTooLarge

HEAD = ("姓名*", "手机号*")
WANG = ("王秀英", "19900001001")
GOOD = a_workbook(HEAD, WANG)

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&lol2;</t></si></sst>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY file SYSTEM "file:///etc/passwd">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&file;</t></si></sst>"""


def a_sheet(cells: bytes) -> bytes:
    """Return the good workbook with these cells as its only sheet."""
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    whole = b'<worksheet xmlns="' + namespace + b'"><sheetData>' + cells + b"</sheetData></worksheet>"
    return with_part(GOOD, SHEET_PART, whole)


class TestEntities:
    """I3: no entity is ever declared, so none is expanded and nothing is fetched."""

    @pytest.mark.parametrize("xml", [BOMB, OUTSIDE])
    @pytest.mark.parametrize("part", [TEXTS_PART, SHEET_PART, "xl/workbook.xml", "docProps/app.xml"])
    def test_a_document_type_is_refused_in_every_part(self, xml, part):
        with pytest.raises(UnsafeWorkbook):
            read_table("a.xlsx", with_part(GOOD, part, xml))

    def test_an_entity_that_nobody_declared_breaks_the_workbook(self):
        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", with_part(GOOD, TEXTS_PART, BOMB.partition(b"]>")[2]))


class TestSizes:
    """A small file that unpacks to a large one is refused by its directory, or while it is read."""

    def test_more_than_a_hundred_megabytes_are_refused_by_the_directory(self):
        padded = with_part(GOOD, "xl/media/image1.png", bytes(xlsx_guard.UNPACKED_BYTES_MAX))

        with pytest.raises(WorkbookTooLarge):
            safe_workbook(padded)

    def test_a_directory_that_lies_about_sizes_is_refused(self):
        size = len(part_of(GOOD, SHEET_PART))
        lying = bytearray(GOOD)
        place = lying.index(SHEET_PART.encode(), lying.index(b"PK\x01\x02")) - 22
        assert size == struct.unpack_from("<I", lying, place)[0]
        struct.pack_into("<I", lying, place, 100)

        with pytest.raises(BrokenWorkbook):
            safe_workbook(bytes(lying))

    def test_one_value_in_the_last_corner_is_refused_and_takes_no_memory(self):
        far = a_sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')

        with pytest.raises(TooManyRows) as refused:
            read_table("a.xlsx", far)

        assert {"limit": ROWS_MAX} == refused.value.facts

    def test_one_value_far_to_the_right_is_refused(self):
        with pytest.raises(TooManyColumns) as refused:
            read_table("a.xlsx", a_sheet(b'<row r="7"><c r="BI7"><v>1</v></c></row>'))

        assert {"line": 7, "limit": COLUMNS_MAX} == refused.value.facts

    def test_the_sixtieth_column_is_read(self):
        safe_workbook(a_sheet(b'<row r="7"><c r="BH7"><v>1</v></c></row>'))

    def test_one_long_text_that_many_cells_share_is_refused(self):
        texts = part_of(GOOD, TEXTS_PART)
        long_text = texts.replace("王秀英".encode(), b"x" * 4_000)
        many = with_part(GOOD, TEXTS_PART, long_text)
        cells = b"".join(b'<row><c t="s"><v>2</v></c></row>' for _ in range(5_001))
        sheet = part_of(a_sheet(cells), SHEET_PART)

        with pytest.raises(WorkbookTooLarge):
            safe_workbook(with_part(many, SHEET_PART, sheet))

    def test_one_text_of_many_megabytes_is_refused_quickly(self):
        started = monotonic()

        with pytest.raises(WorkbookTooLarge):
            safe_workbook(a_sheet(b"<row><c><v>" + b"1" * 30_000_000 + b"</v></c></row>"))

        assert monotonic() - started < 5

    def test_too_deep_elements_are_refused(self):
        safe_workbook(a_sheet(b"<x>" * 40 + b"</x>" * 40))

        with pytest.raises(WorkbookTooLarge):
            safe_workbook(a_sheet(b"<x>" * 60 + b"</x>" * 60))

    def test_too_many_elements_are_refused(self, monkeypatch):
        monkeypatch.setattr(xlsx_scan, "ELEMENTS_MAX", 1_000)

        with pytest.raises(WorkbookTooLarge):
            safe_workbook(a_sheet(b"<x/>" * 1_000))

    def test_too_many_parts_are_refused(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as package:
            for number in range(xlsx_guard.PARTS_MAX + 1):
                package.writestr(f"{number}.xml", "")

        with pytest.raises(WorkbookTooLarge):
            safe_workbook(stream.getvalue())


class TestDisguises:
    """I15: programs, macros, other formats, and files that are two things at once."""

    @pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
    def test_macros_are_refused(self, part):
        with pytest.raises(MacroWorkbook):
            read_table("a.xlsx", with_part(GOOD, part, b"x"))

    def test_other_zip_files_are_refused(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as package:
            package.writestr("word/document.xml", "<x/>")

        with pytest.raises(NotAWorkbook):
            read_table("a.xlsx", stream.getvalue())

    @pytest.mark.parametrize("behind", [b"x", b"<script>", b"PK\x05\x06" + bytes(18) + b"MZ"])
    def test_something_behind_the_workbook_is_refused(self, behind):
        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", GOOD + behind)

    def test_something_before_the_workbook_is_refused(self):
        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", b"PK\x03\x04" + bytes(60) + GOOD)
        with pytest.raises(NotATable):
            read_table("a.xlsx", b"MZ\x90\x00" + GOOD)

    def test_a_part_that_stands_twice_is_refused(self):
        stream = io.BytesIO(GOOD)
        with zipfile.ZipFile(stream, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
            package.writestr(SHEET_PART, b"<worksheet/>")

        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", stream.getvalue())

    def test_a_password_is_told(self):
        locked = bytearray(GOOD)
        place = locked.index(b"PK\x01\x02") + 8
        struct.pack_into("<H", locked, place, 1)

        with pytest.raises(LockedWorkbook):
            read_table("a.xlsx", bytes(locked))

    def test_an_unusual_compression_is_refused(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))

        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", stream.getvalue())

    def test_pictures_and_embedded_files_do_not_reach_the_reader(self):
        extra = with_part(GOOD, "xl/embeddings/program.bin", b"MZ")

        with zipfile.ZipFile(io.BytesIO(safe_workbook(extra).content)) as package:
            assert "xl/embeddings/program.bin" not in package.namelist()
            assert SHEET_PART in package.namelist()


class TestBrokenWorkbooks:
    """A damaged file is refused with a sentence, never with a stack trace."""

    @pytest.mark.parametrize("kept", [4, 40, 400, 3000])
    def test_a_file_that_was_cut_off(self, kept):
        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", GOOD[:kept])

    @pytest.mark.parametrize(
        "cells",
        [
            b"<row>",
            b'<row r="x"><c r="A1"><v>1</v></c></row>',
            b'<row r="1"><c r="1A"><v>1</v></c></row>',
            b'<row r="1"><c r="A1" t="n"><v> 12 </v></c></row>',
            b'<row r="1"><c r="A1" t="s"><v>abc</v></c></row>',
            b'<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
            b'<row r="1"><c r="A1" t="unheard"><v>1</v></c></row>',
        ],
    )
    def test_cells_that_make_no_sense(self, cells):
        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", a_sheet(cells))

    def test_a_text_that_is_not_in_the_list_of_texts(self):
        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", a_sheet(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'))

    @pytest.mark.parametrize("encoding", [b"utf-16", b"gb2312", b"nonsense"])
    def test_parts_that_are_not_utf_8(self, encoding):
        declared = b'<?xml version="1.0" encoding="' + encoding + b'"?><worksheet/>'

        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", with_part(GOOD, SHEET_PART, declared))

    @pytest.mark.parametrize("part", [SHEET_PART, "xl/_rels/workbook.xml.rels"])
    def test_a_part_that_is_missing(self, part):
        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", with_part(GOOD, part, None))

    def test_a_workbook_without_sheets(self):
        with pytest.raises(BrokenWorkbook):
            read_table("a.xlsx", with_part(GOOD, "[Content_Types].xml", b"x"))

    def test_a_sheet_named_by_its_full_path_is_found(self):
        relations = part_of(GOOD, "xl/_rels/workbook.xml.rels")
        absolute = relations.replace(b'Target="worksheets/', b'Target="/xl/worksheets/')

        assert WANG == read_table("a", with_part(GOOD, "xl/_rels/workbook.xml.rels", absolute)).rows[0].cells

    def test_a_workbook_with_a_formula_error_is_whole(self):
        def draw(workbook):
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, HEAD)
            sheet.write_formula(1, 0, "=NA()", None, "#N/A")

        safe = safe_workbook(a_drawn_workbook(draw))

        assert {"Sheet1": {(1, 0): "#N/A"}} == safe.left_out
