"""The file to mend: original columns, line, problem, advice; safe to open, and ready to be given back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.files import a_workbook
from timebank.imports.fields import HOURS, OPENING, VOLUNTEERS
from timebank.imports.lines.columns import mapped
from timebank.imports.problems import CellProblem, RowProblem
from timebank.imports.problems.error_file import ErrorLine, error_csv, error_lines, error_xlsx
from timebank.imports.reading import read_table
from timebank.imports.reading.table import Table

HEAD = ("姓名*", "手机号*", "备注")
LINE = ("王秀英", "1990000101", '=HYPERLINK("http://x","领奖")')

WRITERS = [error_csv, error_xlsx]


def a_table(*rows: tuple[str, ...]) -> Table:
    return read_table("名单.xlsx", a_workbook(("登记表",), HEAD, *rows))


class TestErrorFile:
    """Original columns + 行号 + 问题 + 怎么改."""

    @pytest.mark.parametrize("write", WRITERS)
    def test_every_row_is_there_and_the_wrong_ones_say_why(self, write):
        table = a_table(LINE, ("李四", "19900001012", ""))

        written = read_table("a", write(table, [ErrorLine(3, "不是 11 位手机号。", "请写 11 位。")]))

        assert (*HEAD, "行号", "问题", "怎么改") == written.headings
        assert [
            (*LINE, "3", "不是 11 位手机号。", "请写 11 位。"),
            ("李四", "19900001012", "", "4", "", ""),
        ] == [row.cells for row in written.rows]

    def test_several_problems_of_a_row_stand_together_and_advice_is_not_repeated(self):
        errors = [ErrorLine(3, "甲。", "请核对。"), ErrorLine(3, "乙。", "请核对。"), ErrorLine(3, "丙。", "请填写。")]

        written = read_table("a", error_csv(a_table(LINE), errors))

        assert ("甲。 乙。 丙。", "请核对。 请填写。") == written.rows[0].cells[-2:]

    def test_the_sentences_of_problems(self):
        problem = RowProblem(3, CellProblem("phone", "not_a_phone"))

        assert [ErrorLine(3, "“手机号”不是 11 位手机号。", "请写 11 位手机号，1 开头，不要加区号。")] == error_lines(
            [problem], "zh"
        )
        assert [3] == [each.line for each in error_lines([problem], "en")]

    def test_csv_opens_in_excel_with_hanzi_and_without_running_anything(self):
        content = error_csv(a_table(LINE), [])

        assert content.startswith(b"\xef\xbb\xbf")
        assert b"\r\n" in content
        assert "\"'=HYPERLINK" in content.decode("utf-8-sig")

    def test_a_workbook_holds_a_formula_as_text(self):
        content = error_xlsx(a_table(LINE), [])

        assert LINE[2] == read_table("a", content).rows[0].cells[2]

    @pytest.mark.parametrize("write", WRITERS)
    def test_the_same_table_makes_the_same_file(self, write):
        assert write(a_table(LINE), []) == write(a_table(LINE), [])

    @pytest.mark.parametrize("write", WRITERS)
    def test_cells_beyond_the_headings_are_not_lost(self, write):
        written = read_table("a", write(a_table((*LINE, "多")), []))

        assert (*LINE, "多", "3", "", "") == written.rows[0].cells


class TestGivingItBack:
    """I21: the error file is read again as the same rows, with or without a mended cell."""

    @pytest.mark.parametrize("write", WRITERS)
    def test_the_added_columns_are_passed_over(self, write):
        table = a_table(LINE)

        again = mapped(read_table("a", write(table, [ErrorLine(3, "x", "y")])), VOLUNTEERS)

        assert mapped(table, VOLUNTEERS).content_key == again.content_key
        assert () == again.ignored

    @pytest.mark.parametrize("write", WRITERS)
    def test_a_second_error_file_has_the_added_columns_once(self, write):
        first = read_table("a", write(a_table(LINE), [ErrorLine(3, "旧", "旧")]))

        second = read_table("a", write(first, [ErrorLine(2, "新", "新")]))

        assert first.headings == second.headings
        assert (*LINE, "2", "新", "新") == second.rows[0].cells

    @pytest.mark.parametrize("write", WRITERS)
    def test_a_total_line_stays_a_total_line(self, write):
        head = ("志愿者编号", "姓名", "累计分钟", "结余积分")
        table = read_table("a", a_workbook(head, ("V1", "王", "60", "1"), ("合计", "", "60", "1")))

        total = mapped(read_table("a", write(table, [])), OPENING).total
        assert total is not None
        assert 3 == total.line

    @given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30), min_size=3, max_size=3))
    @settings(deadline=None, max_examples=50)
    def test_whatever_the_cells_say_comes_back(self, cells):
        head = ("活动编号", "志愿者编号", "地点", "开始时间", "结束时间", "服务类型", "负责人")
        table = read_table("a", a_workbook(head, ("HD1", *cells), ("HD2", "V", "=1")))

        for write in (error_csv, error_xlsx):
            again = mapped(read_table("a", write(table, [])), HOURS)
            assert mapped(table, HOURS).content_key == again.content_key
