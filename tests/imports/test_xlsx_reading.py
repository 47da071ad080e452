"""Workbooks: every kind of cell as text, merged cells, hidden sheets, and programs in disguise."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.files import SHEET_PART, a_drawn_workbook, a_workbook, part_of, with_part
from timebank.imports.reading import read_table
from timebank.imports.reading.xlsx_reading import MergedCells, cell_text, xlsx_sheets
from timebank.people.plain_text import composed

HEAD = ("姓名*", "手机号*")
WANG = ("王秀英", "19900001001")

# A workbook knows no time zones.
AFTERNOON = datetime.fromisoformat("2026-08-01T15:30")


class TestCells:
    """Text stays; numbers lose Excel's decimal point; dates and times become what people write."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("3", 3.0),
            ("19900001001", 19900001001.0),
            ("2.7", 2.7),
            ("0.3", 0.1 + 0.2),
            ("-5", -5.0),
            ("999999999999999", 999999999999999.0),
            ("1.00000000000000E+15", 1e15),
            ("9.90000195311170E+17", 990000195311170018.0),
            ("-1.00000000000000E+300", -1e300),
            ("TRUE", True),
            ("FALSE", False),
            ("2026-08-01", date(2026, 8, 1)),
            ("2026-08-01 15:30", AFTERNOON),
            ("2026-08-01 15:30:27", AFTERNOON.replace(second=27)),
            ("15:30", time(15, 30)),
            ("15:30:05", time(15, 30, 5)),
            ("25:30", timedelta(hours=25, minutes=30)),
            ("0:00:09", timedelta(seconds=9)),
            ("=1+1", "=1+1"),
            (" a\nb　", " a\nb　"),
        ],
    )
    def test_a_value_becomes_text(self, text, value):
        assert text == cell_text(value)

    def test_a_workbook_with_all_of_them(self):
        def draw(workbook):
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ("姓名", "手机号", "甲", "乙", "丙", "丁", "戊", "己", "庚"))
            moment = workbook.add_format({"num_format": 'yyyy"年"m"月"d"日" h:mm'})
            sheet.write_string(1, 0, "=cmd|' /C calc'!A0")
            sheet.write_number(1, 1, 19900001001)
            sheet.write_datetime(1, 2, AFTERNOON, moment)
            sheet.write_number(1, 3, 46235, workbook.add_format({"num_format": "yyyy-mm-dd"}))
            sheet.write_formula(1, 4, "=1+1", None, 2)
            sheet.write_formula(1, 5, "=1/0", None, "#DIV/0!")
            sheet.write_formula(1, 6, "=B2&C2", None, "")
            sheet.write_number(1, 7, 1.0625, workbook.add_format({"num_format": "[h]:mm"}))
            sheet.write_number(1, 8, 0.7, workbook.add_format({"num_format": "0%"}))

        cells = read_table("a", a_drawn_workbook(draw)).rows[0].cells

        assert (
            "=cmd|' /C calc'!A0",
            "19900001001",
            "2026-08-01 15:30",
            "2026-08-01",
            "2",
            "#DIV/0!",
            "=B2&C2",
            "25:30",
            "0.7",
        ) == cells

    def test_an_error_in_the_last_corner_is_not_lost(self):
        def draw(workbook):
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, WANG)
            sheet.write_formula(4, 3, "=NA()", None, "#N/A")

        row = read_table("a", a_drawn_workbook(draw)).rows[-1]

        assert (5, ("", "", "", "#N/A")) == (row.line, row.cells)

    def test_dates_of_the_other_calendar_are_the_same_days(self):
        def draw(workbook):
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, HEAD)
            sheet.write_datetime(
                1, 0, AFTERNOON.replace(hour=0, minute=0), workbook.add_format({"num_format": "yyyy-mm-dd"})
            )
            workbook.date_1904 = True

        table = read_table("a", a_drawn_workbook(draw))

        assert "2030-08-02" == table.rows[0].cells[0]

    def test_empty_formatted_cells_far_below_do_not_count(self):
        def draw(workbook):
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, WANG)
            sheet.write_blank(1_000_000, 200, None, workbook.add_format({"bold": True}))

        assert 1 == len(read_table("a", a_drawn_workbook(draw)).rows)

    @given(
        st.lists(
            st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), min_size=1, max_size=6),
            min_size=1,
            max_size=5,
        )
    )
    @settings(deadline=None, max_examples=50)
    def test_what_is_written_as_text_is_read_as_the_same_text(self, rows):
        sheets = xlsx_sheets(a_workbook(HEAD, *rows))

        read = {row.line: row.cells for row in sheets[0].rows}
        for line, cells in enumerate(rows, start=2):
            padded = (*read.get(line, ()), *("",) * len(cells))
            wanted = [composed(cell) if any(map(str.strip, cells[place:])) else "" for place, cell in enumerate(cells)]
            assert wanted == list(padded[: len(cells)])


class TestMergedCells:
    """Merged titles are harmless; merged cells in the table hide what a row says."""

    @pytest.mark.parametrize("merge", [(0, 0, 0, 1), (0, 0, 1, 1)])
    def test_merged_titles_above_the_headings_are_passed_over(self, merge):
        def draw(workbook):
            sheet = workbook.add_worksheet()
            sheet.merge_range(*merge, "志愿者登记表")
            sheet.write_row(2, 0, HEAD)
            sheet.write_row(3, 0, WANG)
            sheet.merge_range(4, 0, 4, 1, "合计")

        assert 3 == read_table("a", a_drawn_workbook(draw)).heading_line

    @pytest.mark.parametrize(
        ("merge", "lines"), [((0, 2, 0, 3), (1, 1)), ((1, 0, 3, 0), (2, 4)), ((0, 2, 1, 2), (1, 2))]
    )
    def test_merged_cells_in_the_table_are_refused_with_their_lines(self, merge, lines):
        def draw(workbook):
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, WANG)
            sheet.merge_range(*merge, "王")

        with pytest.raises(MergedCells) as refused:
            read_table("a", a_drawn_workbook(draw))

        assert {"first_line": lines[0], "last_line": lines[1]} == refused.value.facts


class TestSheets:
    """Hidden sheets and charts are no tables."""

    def test_hidden_sheets_are_not_read(self):
        def draw(workbook):
            hidden = workbook.add_worksheet("字典")
            hidden.write_row(0, 0, HEAD)
            shown = workbook.add_worksheet("名单")
            shown.write_row(0, 0, HEAD)
            shown.write_row(1, 0, WANG)
            shown.activate()
            shown.set_first_sheet()
            hidden.hide()
            chart = workbook.add_chart({"type": "bar"})
            chart.add_series({"values": "=名单!$B$2"})
            workbook.add_chartsheet("图").set_chart(chart)

        table = read_table("a", a_drawn_workbook(draw))

        assert ("名单", ()) == (table.sheet, table.other_sheets)

    def test_rows_without_numbers_are_counted(self):
        workbook = a_workbook(HEAD, WANG)
        bare = part_of(workbook, SHEET_PART)
        for place in (b' r="A1"', b' r="B1"', b' r="A2"', b' r="B2"', b' r="1"', b' r="2"'):
            bare = bare.replace(place, b"", 1)

        assert WANG == read_table("a", with_part(workbook, SHEET_PART, bare)).rows[0].cells
