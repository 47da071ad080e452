"""Which column is which field: by name, in any order, and nothing dropped in silence."""

import pytest

from tests.imports.files import a_csv, a_workbook
from timebank.imports.fields import FIELD_NAMES, GOODS, HOURS, KINDS, OPENING, VOLUNTEERS, plain_heading
from timebank.imports.lines.columns import (
    DuplicateColumns,
    HeadingMissing,
    MissingColumns,
    OtherKindOfTable,
    mapped,
)
from timebank.imports.reading import read_table

HEAD = ("志愿者编号", "姓名*", "手机号*")
WANG = ("V0011", "王秀英", "19900001011")


def a_table(*rows):
    return read_table("a.csv", a_csv(*rows))


class TestFindingColumns:
    """I7: by name, with or without stars, in Chinese or English, in any order."""

    @pytest.mark.parametrize(
        "headings",
        [
            ("志愿者编号", "姓名*", "手机号*"),
            ("* 志愿者编号", " 姓 名 ", "联系电话＊"),
            ("Volunteer Number", "Name", "PHONE"),
            ("志愿者ＩＤ", "姓名\n（必填）".replace("\n（必填）", ""), "手机"),
        ],
    )
    def test_headings_are_known_by_many_names(self, headings):
        row = mapped(a_table(*[[f'"{cell}"' for cell in headings]], WANG), VOLUNTEERS).rows[0]

        assert WANG == (row.texts["volunteer_number"], row.texts["volunteer_name"], row.texts["phone"])

    def test_the_order_of_columns_does_not_matter(self):
        row = mapped(a_table(HEAD[::-1], WANG[::-1]), VOLUNTEERS).rows[0]

        assert "V0011" == row.texts["volunteer_number"]

    def test_a_field_without_a_column_is_empty(self):
        assert "" == mapped(a_table(HEAD, WANG), VOLUNTEERS).rows[0].texts["note"]

    def test_cells_lose_the_blanks_around_them(self):
        assert "王秀英" == mapped(a_table(HEAD, ("V1", " 王秀英　", "1")), VOLUNTEERS).rows[0].texts["volunteer_name"]

    def test_unknown_columns_are_told(self):
        table = a_table((*HEAD, "属相", "问题", ""), (*WANG, "龙", "x", ""))

        assert ("属相",) == mapped(table, VOLUNTEERS).ignored

    def test_an_empty_column_needs_no_heading(self):
        row = mapped(a_table(("姓名", "", "手机号"), ("王秀英", "", "19900001011")), VOLUNTEERS).rows[0]

        assert "19900001011" == row.texts["phone"]

    def test_cells_beyond_the_headings_are_kept_apart(self):
        assert ("多",) == mapped(a_table(HEAD, (*WANG, "多")), VOLUNTEERS).rows[0].extra

    def test_every_heading_means_one_field_of_its_kind(self):
        for kind in KINDS:
            names = [name for field in kind.fields for name in {*map(plain_heading, field.headings)}]
            assert len(names) == len(set(names)), kind.code

    def test_every_required_field_is_a_field(self):
        for kind in KINDS:
            assert {code for group in kind.required for code in group} <= {field.code for field in kind.fields}

    def test_one_field_has_the_same_name_in_every_table(self):
        for kind in KINDS:
            for field in kind.fields:
                assert (field.chinese, field.english) == FIELD_NAMES[field.code]


class TestColumnsThatAreRefused:
    """I7: missing, double and nameless columns stop the file, and are named."""

    def test_missing_columns_are_named(self):
        with pytest.raises(MissingColumns) as refused:
            mapped(a_table(("姓名", "性别"), ("王秀英", "女")), HOURS)

        assert {
            "columns": "活动编号、志愿者编号或证件号码、开始时间、结束时间、服务类型、负责人"
        } == refused.value.facts

    def test_one_of_two_ways_to_name_the_person_is_enough(self):
        headings = ("活动编号", "证件号码", "开始时间", "结束时间", "服务类型", "负责人")

        assert 1 == len(mapped(a_table(headings, ("x",) * 6), HOURS).rows)

    def test_two_columns_of_one_meaning_are_refused(self):
        with pytest.raises(DuplicateColumns) as refused:
            mapped(a_table((*HEAD, "联系电话"), (*WANG, "1")), VOLUNTEERS)

        assert {"headings": "手机号*、联系电话", "field": "手机号"} == refused.value.facts

    def test_the_same_heading_twice_is_refused(self):
        with pytest.raises(DuplicateColumns):
            mapped(a_table((*HEAD, "姓名"), (*WANG, "x")), VOLUNTEERS)

    def test_content_without_a_heading_is_refused(self):
        with pytest.raises(HeadingMissing) as refused:
            mapped(a_table(("志愿者编号", "", "姓名", "手机号"), ("1", "", "2", "3"), ("1", "x", "2", "3")), VOLUNTEERS)

        assert {"column": "B", "line": 3} == refused.value.facts

    def test_the_letters_of_a_far_column_are_those_of_a_spreadsheet(self):
        headings = (*HEAD, *[f"列{place}" for place in range(23)], "", "末")

        with pytest.raises(HeadingMissing) as refused:
            mapped(a_table(headings, (*WANG, *[""] * 23, "x")), VOLUNTEERS)

        assert "AA" == refused.value.facts["column"]

    def test_a_table_of_another_kind_is_recognised(self):
        with pytest.raises(OtherKindOfTable) as refused:
            mapped(a_table(HEAD, WANG), GOODS)

        assert {
            "wanted_zh": "物品入库",
            "wanted_en": "delivery of goods",
            "found_zh": "志愿者名单",
            "found_en": "volunteer register",
        } == refused.value.facts


class TestTotals:
    """The last row may be a total; it is not one of the rows."""

    @pytest.mark.parametrize("word", ["合计", "总计：", " Total ", "合 计"])
    def test_a_total_in_the_last_row_stands_apart(self, word):
        head = ("志愿者编号", "姓名", "累计分钟", "结余积分")

        table = mapped(a_table(head, ("V1", "王", "60", "1"), (word, "", "60", "1")), OPENING)

        assert [2] == [row.line for row in table.rows]
        assert table.total is not None
        assert 3 == table.total.line

    def test_a_total_in_the_middle_is_a_row_like_any_other(self):
        table = mapped(a_table(HEAD, ("合计", "", ""), WANG), VOLUNTEERS)

        assert 2 == len(table.rows)
        assert table.total is None


class TestSameRows:
    """I11: the same rows are recognised in whatever file they stand."""

    def test_format_encoding_order_and_headings_do_not_matter(self):
        li = ("V0012", "李四", "19900001012")
        first = mapped(a_table(HEAD, WANG, li), VOLUNTEERS)
        turned = a_csv(("电话", "属相", "名字", "志愿者号"), (li[2], "龙", *li[1::-1]), (WANG[2], "虎", *WANG[1::-1]))

        assert first.content_key == mapped(read_table("b", turned), VOLUNTEERS).content_key
        assert (
            first.content_key == mapped(read_table("b", a_workbook(("名单",), HEAD, li, WANG)), VOLUNTEERS).content_key
        )

    @pytest.mark.parametrize("rows", [[WANG, WANG], [("V0011", "王秀英", "19900001012")], [("王秀英", "V0011", "1")]])
    def test_other_rows_have_another_key(self, rows):
        first = mapped(a_table(HEAD, WANG), VOLUNTEERS)

        assert first.content_key != mapped(a_table(HEAD, *rows), VOLUNTEERS).content_key
