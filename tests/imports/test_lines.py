"""From rows to lines: what each kind of table says, and that all problems of a file are told at once."""

from datetime import UTC, date, datetime

import pytest

from tests.imports.files import a_csv, a_mapped
from timebank.imports.fields import GOODS, HOURS, OPENING, VOLUNTEERS
from timebank.imports.lines import Lines
from timebank.imports.lines.columns import MappedTable, mapped
from timebank.imports.lines.goods_lines import GoodsLine, goods_lines
from timebank.imports.lines.hours_lines import HoursLine, hours_lines
from timebank.imports.lines.opening_lines import OpeningLine, opening_lines
from timebank.imports.lines.volunteer_lines import VolunteerLine, volunteer_lines
from timebank.imports.problems import CellProblem
from timebank.imports.reading import read_table
from timebank.people.identity import DocumentKind

REGISTER = ("志愿者编号", "姓名", "证件类型", "证件号码", "手机号", "性别", "出生日期")
SHEET = ("活动编号", "志愿者编号", "证件号码", "开始时间", "结束时间", "服务类型", "负责人", "评价")
PASSBOOKS = ("志愿者编号", "姓名", "累计分钟", "累计小时", "结余积分")
DELIVERY = ("条码", "品名", "兑换积分", "数量", "单价(元)", "有效期", "每人每月限兑")

LAI = ("V0001", "赖建国", "居民身份证", "990000195311170018", "19900001001", "男", "1953-11-17")
SOAP = ("2100000000012", "香皂", "3", "30", "2.7", "2027-03-31", "2")
STARTS, ENDS = "2026-08-01 15:30", "2026-08-01 17:00"


def a_person(**changes: str) -> tuple[str, ...]:
    return tuple((dict(zip(REGISTER, LAI, strict=True)) | changes).values())


def problems_of(lines: Lines[object]) -> list[tuple[int, str, str]]:
    return [(each.line, each.problem.field, each.problem.code) for each in lines.problems]


class TestVolunteers:
    """The register: name and phone must be there; the document must agree with itself and with the birth date."""

    def read(self, *rows: tuple[str, ...]) -> Lines[VolunteerLine]:
        return volunteer_lines(a_mapped(VOLUNTEERS, REGISTER, *rows))

    def test_a_full_row(self):
        lines = self.read(LAI)

        assert (
            VolunteerLine(
                line=2,
                volunteer_number="V0001",
                volunteer_name="赖建国",
                document_kind=DocumentKind.RESIDENT_ID,
                document_number="990000195311170018",
                phone="19900001001",
                sex="male",
                born_on=date(1953, 11, 17),
                area="",
                building="",
                skills="",
                political_status="",
                guardian_name=None,
                note="",
            ),
        ) == lines.lines
        assert () == lines.problems

    def test_the_least_that_is_enough(self):
        line = self.read(("", "王秀英", "", "", "19900001011", "", "")).lines[0]

        assert (None, None, None, None) == (
            line.volunteer_number,
            line.document_kind,
            line.document_number,
            line.born_on,
        )

    @pytest.mark.parametrize("field", ["志愿者编号", "证件号码"])
    def test_a_phone_may_be_missing_where_something_else_tells_who_it_is(self, field):
        nothing = dict.fromkeys(("志愿者编号", "证件号码", "手机号"), "")

        line = self.read(a_person(**nothing | {field: a_person()[REGISTER.index(field)]})).lines[0]

        assert line.phone is None

    def test_a_number_without_a_kind_is_an_identity_number(self):
        assert DocumentKind.RESIDENT_ID == self.read(a_person(证件类型="")).lines[0].document_kind

    def test_a_kind_without_a_number_says_nothing(self):
        assert self.read(a_person(证件号码="")).lines[0].document_kind is None

    def test_the_birth_date_comes_from_the_identity_number(self):
        assert date(1953, 11, 17) == self.read(a_person(出生日期="")).lines[0].born_on

    def test_a_passport_says_nothing_about_the_birth_date(self):
        line = self.read(a_person(证件类型="护照", 证件号码="E99000001", 出生日期="1960-01-01")).lines[0]

        assert date(1960, 1, 1) == line.born_on

    @pytest.mark.parametrize(
        ("field", "code", "changes"),
        [
            ("volunteer_name", "missing", {"姓名": ""}),
            ("phone", "missing", {"手机号": "", "志愿者编号": "", "证件号码": ""}),
            ("phone", "not_a_phone", {"手机号": "12345"}),
            ("sex", "unknown_choice", {"性别": "妇"}),
            ("born_on", "no_such_day", {"出生日期": "1953-02-30"}),
            ("born_on", "birth_dates_differ", {"出生日期": "1953-11-18"}),
            ("document_kind", "unknown_document_kind", {"证件类型": "图书证"}),
            ("document_number", "document_check_character", {"证件号码": "990000195311170019"}),
            ("document_number", "document_length", {"证件类型": "护照", "证件号码": "E1"}),
            ("document_number", "digits_lost", {"证件号码": "9.90000195311170E+17"}),
            ("volunteer_number", "digits_lost", {"志愿者编号": "1.0E+15"}),
            ("volunteer_name", "formula_error", {"姓名": "#N/A"}),
        ],
    )
    def test_what_is_wrong_is_told_with_line_and_field(self, field, code, changes):
        assert [(2, field, code)] == problems_of(self.read(a_person(**changes)))

    def test_a_number_that_stands_twice_is_told_with_the_first_line(self):
        lines = self.read(LAI, a_person(志愿者编号="V0002"), a_person(证件号码="", 出生日期=""))

        assert [(3, "document_number", "twice_in_file"), (4, "volunteer_number", "twice_in_file")] == problems_of(lines)
        assert {"first_line": 2} == lines.problems[0].problem.facts

    def test_two_people_of_one_name_and_phone_are_two_people(self):
        lines = self.read(LAI, a_person(志愿者编号="V0002", 证件号码="99000019521231002X", 出生日期="1952-12-31"))

        assert 2 == len(lines.lines)


class TestHours:
    """Sign-in sheets: who, when, what; whether it may count is for the service rules."""

    def read(self, *rows: tuple[str, ...]) -> Lines[HoursLine]:
        return hours_lines(a_mapped(HOURS, SHEET, *rows))

    def test_a_full_row(self):
        line = self.read(("HD1", "V0067", "", STARTS, ENDS, "治安巡逻", "冯国强", "5")).lines[0]

        assert datetime(2026, 8, 1, 7, 30, tzinfo=UTC) == line.starts_at
        assert datetime(2026, 8, 1, 9, 0, tzinfo=UTC) == line.ends_at
        assert ("HD1", "V0067", None, "治安巡逻", "冯国强", 5) == (
            line.activity_number,
            line.volunteer_number,
            line.document_number,
            line.service_class,
            line.leader,
            line.rating,
        )

    def test_a_person_may_be_named_by_the_document(self):
        line = self.read(("HD1", "", "99000019521231002x", STARTS, ENDS, "x", "冯", "")).lines[0]

        assert (None, "99000019521231002X", None) == (line.volunteer_number, line.document_number, line.rating)

    def test_a_row_that_names_nobody_is_a_problem(self):
        lines = self.read(("HD1", "", "", STARTS, ENDS, "x", "冯", ""), ("", "", "", STARTS, ENDS, "x", "冯", ""))

        assert [
            (2, "volunteer_number", "missing"),
            (3, "volunteer_number", "missing"),
            (3, "activity_number", "missing"),
        ] == problems_of(lines)

    def test_a_rating_has_one_to_five_stars(self):
        lines = self.read(
            ("HD1", "V1", "", STARTS, ENDS, "x", "冯", "6"), ("HD1", "V1", "", STARTS, ENDS, "x", "冯", "0")
        )

        assert [(2, "rating", "out_of_range"), (3, "rating", "out_of_range")] == problems_of(lines)


class TestOpeningBalances:
    """Paper passbooks: minutes and points carried over, each volunteer once, the total must agree."""

    def read(self, *rows: tuple[str, ...]) -> Lines[OpeningLine]:
        return opening_lines(a_mapped(OPENING, PASSBOOKS, *rows))

    def test_minutes_and_points(self):
        line = self.read(("V1", "王", "84255", "", "57.5")).lines[0]

        assert (84255, 5750) == (line.minutes, line.points_e2)

    def test_hours_become_minutes(self):
        assert 90 == self.read(("V1", "王", "", "1.5", "0")).lines[0].minutes

    def test_minutes_and_hours_that_agree_are_one_figure(self):
        assert 90 == self.read(("V1", "王", "90", "1.5", "0")).lines[0].minutes

    @pytest.mark.parametrize(
        ("field", "code", "row"),
        [
            ("opening_hours", "minutes_and_hours_differ", ("V1", "王", "91", "1.5", "0")),
            ("opening_minutes", "missing", ("V1", "王", "", "", "0")),
            ("opening_points", "missing", ("V1", "王", "90", "", "")),
            ("opening_points", "negative_number", ("V1", "王", "90", "", "-3")),
            ("opening_minutes", "not_a_duration", ("V1", "王", "1.5", "", "0")),
            ("opening_hours", "not_quarter_hour", ("V1", "王", "", "1.1", "0")),
            ("opening_minutes", "out_of_range", ("V1", "王", "6000001", "", "0")),
            ("opening_points", "out_of_range", ("V1", "王", "1", "", "1000000.01")),
        ],
    )
    def test_what_is_wrong_is_told(self, field, code, row):
        assert [(2, field, code)] == problems_of(self.read(row))

    def test_a_volunteer_who_stands_twice_is_a_problem(self):
        lines = self.read(("V1", "王", "1", "", "1"), ("V1", "王", "2", "", "2"))

        assert [(3, "volunteer_number", "twice_in_file")] == problems_of(lines)

    def test_a_total_that_agrees(self):
        rows = (("V1", "王", "90", "", "1.5"), ("V2", "李", "30", "", "2"))

        assert () == self.read(*rows, ("合计", "", "120", "2:00", "3.50")).problems
        assert () == self.read(*rows, ("合计", "", "", "", "")).problems

    def test_a_total_that_does_not_agree_is_told_with_both_figures(self):
        lines = self.read(("V1", "王", "90", "", "1.5"), ("合计", "", "91", "2", "1.6"))

        assert [
            CellProblem("opening_minutes", "total_differs", {"written": "91", "summed": "90"}),
            CellProblem("opening_hours", "total_differs", {"written": "2", "summed": "1:30"}),
            CellProblem("opening_points", "total_differs", {"written": "1.6", "summed": "1.5"}),
        ] == [each.problem for each in lines.problems]
        assert {3} == {each.line for each in lines.problems}

    def test_a_total_that_is_no_number_is_told(self):
        assert [(3, "opening_points", "not_a_number")] == problems_of(
            self.read(("V1", "王", "90", "", "1"), ("合计", "", "90", "", "一"))
        )

    def test_a_total_is_not_compared_while_rows_are_wrong(self):
        lines = self.read(("V1", "王", "x", "", "1"), ("合计", "", "91", "", "1"))

        assert [(2, "opening_minutes", "not_a_duration")] == problems_of(lines)


class TestGoods:
    """A delivery: bar code, name, points, pieces; the rest where somebody wrote it."""

    def read(self, *rows: tuple[str, ...]) -> Lines[GoodsLine]:
        return goods_lines(a_mapped(GOODS, DELIVERY, *rows))

    def test_a_full_row(self):
        assert (
            GoodsLine(
                line=2,
                barcode="2100000000012",
                good_name="香皂",
                price_points_e2=300,
                pieces=30,
                unit_price_fen=270,
                donor="",
                expires_on=date(2027, 3, 31),
                monthly_limit=2,
                note="",
            ),
        ) == self.read(SOAP).lines

    def test_nothing_written_is_not_zero(self):
        line = self.read((*SOAP[:4], "", "", "")).lines[0]

        assert (None, None, None) == (line.unit_price_fen, line.expires_on, line.monthly_limit)

    def test_two_lots_of_one_good_are_two_lines(self):
        assert 2 == len(self.read(SOAP, SOAP).lines)

    @pytest.mark.parametrize(
        ("field", "code", "place", "text"),
        [
            ("barcode", "barcode_check_digit", 0, "2100000000013"),
            ("good_name", "missing", 1, ""),
            ("price_points", "out_of_range", 2, "0"),
            ("pieces", "out_of_range", 3, "0"),
            ("pieces", "not_whole_number", 3, "1.5"),
            ("unit_price_yuan", "too_many_decimals", 4, "2.705"),
            ("expires_on", "excel_day_number", 5, "46235"),
            ("monthly_limit", "out_of_range", 6, "0"),
        ],
    )
    def test_what_is_wrong_is_told(self, field, code, place, text):
        row = [text if place == each else cell for each, cell in enumerate(SOAP)]

        assert [(2, field, code)] == problems_of(self.read(tuple(row)))

    def test_a_total_of_pieces_must_agree(self):
        total = ("合计", "", "", "61", "", "", "")

        assert [(4, "pieces", "total_differs")] == problems_of(self.read(SOAP, SOAP, total))


class TestAllProblemsAtOnce:
    """I10: a file is refused with every problem it has, not with the first."""

    def many(self) -> MappedTable:
        rows = [("HD1", f"V{number}", "", STARTS, ENDS, "x", "冯", "") for number in range(5000)]
        rows[700] = ("", "V1", "", "昨天", ENDS, "x", "冯", "9")
        rows[4999] = ("HD1", "", "", STARTS, "2026-02-30 9:00", "x", "冯", "")
        return mapped(read_table("a", a_csv(SHEET, *rows)), HOURS)

    def test_every_problem_of_every_row_is_listed_in_the_files_order(self):
        lines = hours_lines(self.many())

        assert [
            (702, "activity_number", "missing"),
            (702, "starts_at", "not_a_moment"),
            (702, "rating", "out_of_range"),
            (5001, "volunteer_number", "missing"),
            (5001, "ends_at", "no_such_day"),
        ] == problems_of(lines)
        assert 4998 == len(lines.lines)

    def test_a_row_longer_than_the_headings_is_told_beside_its_other_problems(self):
        table = mapped(read_table("a", a_csv(("姓名", "手机号"), ("王", "1", "多", "余"))), VOLUNTEERS)

        assert [(2, "phone", "not_a_phone"), (2, "", "row_too_long")] == problems_of(volunteer_lines(table))
