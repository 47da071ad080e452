"""What a file is, is decided by its content; and where its table begins, by its headings."""

import hashlib

import pytest

from tests.imports.files import REGISTER, a_csv, a_workbook
from timebank.imports.reading import (
    EmptyFile,
    FileTooLarge,
    HeadingsNotFound,
    NoRows,
    NotATable,
    SeveralTables,
    check_size,
    read_table,
)
from timebank.imports.reading.table import BYTES_MAX, COLUMNS_MAX, ROWS_MAX, CellTooLong, TooManyColumns, TooManyRows
from timebank.imports.reading.xlsx_guard import LockedWorkbook
from timebank.refusal import Refusal

HEAD = ("姓名*", "手机号*")
WANG = ("王秀英", "19900001001")


class TestWhatAFileIs:
    """I15: the content decides, never the name."""

    def test_a_workbook_called_csv_is_a_workbook(self):
        assert "xlsx" == read_table("名单.csv", a_workbook(HEAD, WANG)).encoding

    def test_a_csv_file_called_xlsx_is_a_csv_file(self):
        assert "utf-8" == read_table("名单.xlsx", a_csv(HEAD, WANG)).encoding

    @pytest.mark.parametrize(
        ("found", "start"),
        [
            ("EXE", b"MZ\x90\x00\x03"),
            ("ELF", b"\x7fELF\x02"),
            ("PDF", b"%PDF-1.7\n"),
            ("PNG", b"\x89PNG\r\n"),
            ("JPEG", b"\xff\xd8\xff\xe0"),
            ("ZIP", b"PK\x05\x06"),
            ("GZIP", b"\x1f\x8b\x08"),
            ("SCRIPT", b"#!/bin/sh\n"),
            ("HTML", b"<!DOCTYPE html><table><tr><td>"),
            ("HTML", b"\xef\xbb\xbf \r\n<html>"),
        ],
    )
    def test_other_files_are_named_and_refused(self, found, start):
        with pytest.raises(NotATable) as refused:
            read_table("名单.csv", start + a_csv(HEAD, WANG))

        assert {"found": found} == refused.value.facts

    def test_an_old_or_locked_workbook_is_refused_with_its_own_advice(self):
        with pytest.raises(LockedWorkbook):
            read_table("名单.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))

    @pytest.mark.parametrize("content", [b"", b"\r\n \r\n", b"\xef\xbb\xbf"])
    def test_an_empty_file_is_refused(self, content):
        with pytest.raises(EmptyFile):
            read_table("名单.csv", content)

    def test_the_same_bytes_have_the_same_hash(self):
        content = a_csv(HEAD, WANG)

        assert hashlib.sha256(content).hexdigest() == read_table("a", content).sha256

    def test_the_name_is_kept_without_its_folder(self):
        assert "名单.csv" == read_table("C:\\用户\\名单.csv", a_csv(HEAD, WANG)).name
        assert "名单.csv" == read_table("/home/名单.csv", a_csv(HEAD, WANG)).name


class TestHowMuchIsRead:
    """I1, I16: bytes, rows, columns and characters have limits, and they are asked before the work."""

    def test_ten_megabytes_are_taken_and_one_byte_more_is_not(self):
        check_size(BYTES_MAX)

        with pytest.raises(FileTooLarge) as refused:
            check_size(BYTES_MAX + 1)

        assert {"size_megabytes": 11, "limit_megabytes": 10} == refused.value.facts

    def test_a_file_that_is_too_large_is_not_looked_at(self):
        with pytest.raises(FileTooLarge):
            read_table("名单.csv", b"\x00" * (BYTES_MAX + 1))

    def test_twenty_thousand_rows_are_read(self):
        assert ROWS_MAX == len(read_table("a.csv", a_csv(HEAD, *[WANG] * ROWS_MAX)).rows)

    def test_a_million_rows_are_refused_early(self):
        with pytest.raises(TooManyRows) as refused:
            read_table("a.csv", a_csv(HEAD) + b"a,b\n" * 1_000_000)

        assert {"limit": ROWS_MAX} == refused.value.facts

    def test_one_row_too_many_is_refused(self):
        with pytest.raises(TooManyRows):
            read_table("a.csv", a_csv(HEAD, *[WANG] * (ROWS_MAX + 20)))

    def test_sixty_columns_are_read_and_one_more_is_not(self):
        wide = (*HEAD, *("其他",) * (COLUMNS_MAX - 2))

        assert COLUMNS_MAX == len(read_table("a.csv", a_csv(wide, WANG)).headings)
        with pytest.raises(TooManyColumns) as refused:
            read_table("a.csv", a_csv(HEAD, (*WANG, *("x",) * (COLUMNS_MAX - 1))))
        assert {"line": 2, "limit": COLUMNS_MAX} == refused.value.facts

    def test_millions_of_empty_cells_are_refused(self):
        with pytest.raises(TooManyColumns):
            read_table("a.csv", a_csv(HEAD) + b"," * 100_000)

    @pytest.mark.parametrize("make", [a_csv, a_workbook])
    def test_two_thousand_characters_are_read_and_one_more_is_not(self, make):
        assert "长" * 2000 == read_table("a", make(HEAD, ("长" * 2000, "1"))).rows[0].cells[0]
        with pytest.raises(CellTooLong) as refused:
            read_table("a", make(HEAD, WANG, ("长" * 2001, "1")))
        assert {"line": 3, "limit": 2000} == refused.value.facts


class TestWhereTheTableBegins:
    """I7: the headings are found by known names; titles above them are passed over."""

    @pytest.mark.parametrize("make", [a_csv, a_workbook])
    def test_titles_and_empty_rows_above_are_passed_over(self, make):
        table = read_table("a", make(("幸福里社区志愿者登记表",), (), ("填表：", "陈敏"), HEAD, WANG))

        assert 4 == table.heading_line
        assert HEAD == table.headings
        assert [5] == [row.line for row in table.rows]

    @pytest.mark.parametrize("make", [a_csv, a_workbook])
    def test_lines_are_counted_as_the_person_sees_them(self, make):
        table = read_table("a", make(HEAD, WANG, (), (" ", ""), WANG))

        assert [2, 5] == [row.line for row in table.rows]

    def test_a_row_that_is_shorter_than_the_headings_is_filled(self):
        assert ("王秀英", "") == read_table("a", a_csv(HEAD, ("王秀英",))).rows[0].cells

    def test_a_row_that_is_longer_keeps_what_is_too_much(self):
        assert (*WANG, "多") == read_table("a", a_csv(HEAD, (*WANG, "多", ""))).rows[0].cells

    @pytest.mark.parametrize("rows", [[("甲", "乙"), WANG], [("姓名", "甲"), WANG], [("x",)] * 20 + [HEAD, WANG]])
    def test_without_headings_in_the_first_twenty_rows_the_file_is_refused(self, rows):
        with pytest.raises(HeadingsNotFound):
            read_table("a", a_csv(*rows))

    def test_headings_in_the_twentieth_row_are_found(self):
        assert 20 == read_table("a", a_csv(*[("x",)] * 19, HEAD, WANG)).heading_line

    def test_headings_alone_are_refused(self):
        with pytest.raises(NoRows) as refused:
            read_table("a", a_csv(("标题",), HEAD))

        assert {"line": 2} == refused.value.facts


class TestWorksheets:
    """One table is read; nothing else with a table in it is dropped in silence."""

    def test_a_sheet_of_explanations_is_passed_over_and_told(self):
        table = read_table("a", a_workbook(("请照样填写",), 名单=(HEAD, WANG)))

        assert "名单" == table.sheet
        assert ("表",) == table.other_sheets

    def test_two_tables_are_refused(self):
        with pytest.raises(SeveralTables) as refused:
            read_table("a", a_workbook(HEAD, WANG, 名单=(HEAD, WANG)))

        assert {"sheets": "表、名单"} == refused.value.facts


class TestSameContent:
    """I4, I5: one table, whatever it came in."""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
    def test_every_way_of_writing_gives_the_same_rows(self, encoding, delimiter, line_end):
        rows = (REGISTER, ("V0013", "阿依古丽·买买提", "", "", "19900001013", "", "㛃彧刘䶮𠮷"))

        table = read_table("a", a_csv(*rows, encoding=encoding, delimiter=delimiter, line_end=line_end))

        assert encoding == table.encoding
        assert read_table("a", a_workbook(*rows)).rows == table.rows


def test_every_refusal_of_a_file_is_a_refusal():
    for kind in (EmptyFile, FileTooLarge, HeadingsNotFound, NoRows, NotATable, SeveralTables):
        assert issubclass(kind, Refusal)
