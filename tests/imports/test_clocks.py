"""Sheets with the day in a column of its own and clocks in start and end."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from tests.imports.builders import (
    a_person,
    a_service,
    confirmed,
    minutes_of,
    problems_of,
    registered,
    sheets,
    submitted_hours,
)
from tests.imports.files import a_drawn_workbook, a_mapped
from timebank.imports import operations
from timebank.imports.fields import HOURS
from timebank.imports.lines.clocks import moment_or_clock
from timebank.imports.lines.columns import mapped
from timebank.imports.lines.hours_lines import hours_lines
from timebank.imports.lines.remembered import check_columns, fingerprint
from timebank.imports.operations.submitted import FileHasProblems, RowsImportedBefore
from timebank.imports.problems import CellProblem, mend_sentence, problem_sentence
from timebank.imports.problems.error_file import error_csv, error_lines
from timebank.imports.reading import read_table

HEADINGS = ("活动编号", "志愿者编号", "日期", "开始", "结束", "服务类型", "负责人")
WITHOUT_DAY = tuple(heading for heading in HEADINGS if heading != "日期")
NINE, ELEVEN = datetime(2026, 8, 1, 1, tzinfo=UTC), datetime(2026, 8, 1, 3, tzinfo=UTC)


def a_row(day="2026-08-01", starts="9:00", ends="11:00", number="V0001"):
    return "HD1", number, day, starts, ends, "环境清洁", "冯国强"


def read(*rows, headings=HEADINGS):
    return hours_lines(a_mapped(HOURS, headings, *rows))


def span_of(*told):
    (line,) = read(a_row(*told)).lines
    return line.starts_at, line.ends_at


def told(lines):
    return [(each.line, each.problem.field, each.problem.code) for each in lines.problems]


class TestClocks:
    """What is taken as a clock, and what leaves the hour open."""

    @pytest.mark.parametrize(
        ("text", "minutes"),
        [
            ("0:00", 0),
            ("9:00", 540),
            ("9：00", 540),
            ("09:00:00", 540),
            ("９:３０", 570),
            ("9点", 540),
            ("9点钟", 540),
            ("9点整", 540),
            ("9点半", 570),
            ("9点30", 570),
            ("9时30分", 570),
            ("9 时 30 分", 570),
            ("凌晨5:59", 359),
            ("早上8点", 480),
            ("上午9:00", 540),
            ("上午11:59", 719),
            ("中午12:00", 720),
            ("中午1点", 780),
            ("下午12:30", 750),
            ("下午2:30", 870),
            ("下午 2点半", 870),
            ("下午14:30", 870),
            ("傍晚6点", 1080),
            ("晚上7:00", 1140),
            ("晚上11:59", 1439),
            ("晚上24:00", 1440),
            ("24:00", 1440),
        ],
    )
    def test_are_read_as_people_write_them(self, text, minutes):
        assert timedelta(minutes=minutes) == moment_or_clock("starts_at", text)

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("clock_unclear", "上午12:00"),
            ("clock_unclear", "晚上12:00"),
            ("clock_unclear", "凌晨12点"),
            ("clock_unclear", "凌晨6:00"),
            ("clock_unclear", "晚上1点"),
            ("clock_unclear", "上午13:00"),
            ("clock_unclear", "下午0:30"),
            ("number_for_a_clock", "0.5"),
            ("number_for_a_clock", "9"),
            ("number_for_a_clock", "9.30"),
            ("number_for_a_clock", "0900"),
            ("excel_day_number", "46235.375"),
            ("no_such_time", "24:01"),
            ("no_such_time", "25:00"),
            ("no_such_time", "下午25:00"),
            ("no_such_time", "9:60"),
            ("no_such_time", "9:00:60"),
            ("no_such_time", "晚上24:00:01"),
            ("not_a_moment", "九点"),
            ("not_a_moment", "9:0"),
            ("not_a_moment", "1 2:30"),
            ("not_a_moment", "9:00-11:00"),
        ],
    )
    def test_that_say_no_one_hour_are_refused(self, code, text):
        read_as = moment_or_clock("starts_at", text)

        assert isinstance(read_as, CellProblem)
        assert code == read_as.code


class TestSheets:
    """The day completes the clocks of its row; whole moments stay what they are."""

    @pytest.mark.parametrize("heading", ["日期", "服务日期", "活动日期", "签到日期", "Date"])
    def test_a_day_and_clocks_are_the_moments_that_they_say(self, heading):
        headings = tuple(heading if each == "日期" else each for each in HEADINGS)

        (line,) = read(a_row("2026年8月1日", "9点", "上午11:00"), headings=headings).lines

        assert (NINE, ELEVEN) == (line.starts_at, line.ends_at)

    def test_an_end_at_midnight_is_the_end_of_the_day(self):
        assert datetime(2026, 8, 1, 16, tzinfo=UTC) == span_of("2026-08-01", "22:00", "24:00")[1]

    def test_over_midnight_whole_moments_are_taken_beside_the_day_of_the_start(self):
        end = datetime(2026, 8, 1, 17, tzinfo=UTC)

        assert end == span_of("2026-08-01", "2026-08-01 22:00", "2026-08-02 01:00")[1]
        assert end == span_of("2026-08-01", "22:00", "2026-08-02 01:00")[1]

    def test_whole_moments_need_no_day(self):
        assert (NINE, ELEVEN) == span_of("", "2026-08-01 9:00", "2026-08-01 11:00")

    def test_a_workbook_hands_over_days_and_times_of_its_own(self):
        def draw(workbook):
            sheet = workbook.add_worksheet()
            day, clock = (workbook.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "h:mm"))
            length = workbook.add_format({"num_format": "[h]:mm"})
            sheet.write_row(0, 0, HEADINGS)
            rows = ((0.375, 11 / 24, clock), (22 / 24, 1, length), (0.375, 0.5, None), (0, 0.375, clock))
            for place, (starts, ends, style) in enumerate(rows, start=1):
                sheet.write_row(place, 0, a_row())
                sheet.write_number(place, 2, 46235, day)
                sheet.write_number(place, 3, starts, style)
                sheet.write_number(place, 4, ends, style)

        lines = hours_lines(mapped(read_table("a.xlsx", a_drawn_workbook(draw)), HOURS))

        assert [(2, NINE, 120), (3, NINE + timedelta(hours=13), 120), (5, NINE - timedelta(hours=9), 540)] == [
            (line.line, line.starts_at, (line.ends_at - line.starts_at) // timedelta(minutes=1)) for line in lines.lines
        ]
        wrong = "number_for_a_clock"
        assert [(4, "starts_at", wrong), (4, "ends_at", wrong)] == told(lines)

    def test_a_column_that_somebody_chose_for_the_day_is_the_day(self):
        headings = tuple("打卡日" if each == "日期" else each for each in HEADINGS)
        check_columns(HOURS, headings, {"打卡日": "served_on"})
        text = "\r\n".join(",".join(row) for row in (headings, a_row()))
        table = read_table("a.csv", text.encode())

        (line,) = hours_lines(mapped(table, HOURS, {fingerprint(headings): {"打卡日": "served_on"}})).lines

        assert NINE == line.starts_at


class TestRefusals:
    """Every wrong row with its line and the column to look at; nothing is guessed."""

    @pytest.mark.parametrize(
        ("field", "code", "row"),
        [
            ("served_on", "clock_without_day", a_row(day="")),
            ("served_on", "clock_without_day", a_row("", "2026-08-01 09:00", "11:00")),
            ("served_on", "not_a_date", a_row(day="周六")),
            ("served_on", "year_missing", a_row(day="8月1日")),
            ("served_on", "out_of_range", a_row(day="1991-12-31")),
            ("served_on", "days_differ", a_row("2026-08-01", "2026-08-02 09:00", "2026-08-02 11:00")),
            ("served_on", "days_differ", a_row("2026-08-01", "24:00", "24:00")),
            ("starts_at", "clock_unclear", a_row(starts="上午12:00")),
            ("starts_at", "number_for_a_clock", a_row(starts="0.375")),
            ("starts_at", "missing", a_row(starts="")),
            ("ends_at", "clock_unclear", a_row(ends="晚上12:00")),
            ("ends_at", "no_such_time", a_row(ends="24:01")),
            ("ends_at", "clock_not_after", a_row(ends="9:00")),
            ("ends_at", "clock_not_after", a_row("2026-08-01", "22:00", "1:00")),
            ("ends_at", "formula_error", a_row(ends="#N/A")),
        ],
    )
    def test_are_told_with_line_and_column(self, field, code, row):
        assert [(3, field, code)] == told(read(a_row(), row))

    def test_an_end_one_minute_after_the_start_is_taken(self):
        assert NINE + timedelta(minutes=1) == span_of("2026-08-01", "9:00", "9:01")[1]

    def test_a_table_without_the_column_is_told_which_to_add(self):
        row = tuple(cell for cell in a_row() if cell != "2026-08-01")
        lines = read(row, headings=WITHOUT_DAY)

        assert [(2, "served_on", "clock_without_day")] == told(lines)
        problem = lines.problems[0].problem
        assert "只有钟点“9:00”，没有填“日期”，不知道是哪一天。" == problem_sentence(problem, "zh")
        assert "没有这一列就加一列" in mend_sentence(problem, "zh")
        assert "no “date”" in problem_sentence(problem, "en")

    def test_all_that_is_wrong_in_a_row_is_told_at_once(self):
        row = ("", "", "", "9:00", "8:00", "", "冯国强")

        assert ["missing", "missing", "missing", "clock_without_day"] == [code for _, _, code in told(read(row))]

    def test_the_file_to_mend_has_every_row_as_it_came_and_what_to_do(self):
        table = a_mapped(HOURS, HEADINGS, a_row(), a_row(starts="22:00", ends="1:00"))

        content = error_csv(table.table, error_lines(hours_lines(table).problems, "zh"))

        good, wrong = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert ("9:00", "") == (good["开始"], good["问题"])
        assert ("1:00", "3", "“结束时间”是“1:00”，不晚于“开始时间”“22:00”。") == (
            wrong["结束"],
            wrong["行号"],
            wrong["问题"],
        )
        assert "开始和结束都写上日期" in wrong["怎么改"]


class TestInTheBooks:
    """A row counts by the moments that it says, whichever way it writes them."""

    @pytest.fixture(autouse=True)
    def two_people(self, office):
        registered(office, a_person(), a_person("V0002", "孟桂兰"))

    def submitted(self, office, *rows):
        file = sheets(*rows, headings=HEADINGS).file
        return operations.submit_hours(office.session, office.act(office.chen), file=file)

    def test_a_day_and_clocks_become_minutes_once_confirmed(self, office):
        answer = self.submitted(office, a_row("2026-10-10", "9点", "11点半"))

        confirmed(office, answer, rating=5)

        assert 150 == minutes_of(office, "V0001")

    def test_a_row_that_is_in_the_books_as_whole_moments_is_known_again(self, office):
        submitted_hours(office, a_service(activity="HD1"))

        with pytest.raises(RowsImportedBefore) as refused:
            self.submitted(office, a_row("2026-10-10", "9:00", "上午11:00"))

        assert [(2, "recorded_before")] == problems_of(refused)

    def test_two_rows_at_one_time_are_told_and_nothing_is_written(self, office):
        with pytest.raises(FileHasProblems) as refused:
            self.submitted(office, a_row("2026-10-10"), a_row("2026-10-10", "2026-10-10 10:59", "12:00"))

        assert [(3, "overlaps_in_file")] == problems_of(refused)
        assert 0 == minutes_of(office, "V0001")
