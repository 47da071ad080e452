"""Dates, times and lengths of time: the formats that are taken, and what is said about all others."""

import re
from datetime import UTC, date, datetime
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.imports.lines import moments
from timebank.imports.lines.moments import COMMUNITY_ZONE, BareUnit, day, minutes_long, moment
from timebank.imports.problems import CellProblem


def minutes(text: str, bare: BareUnit = BareUnit.MINUTES) -> int | CellProblem:
    return minutes_long("opening_minutes", text, bare=bare, high_minutes=6_000_000)


class TestDates:
    """I9: documented formats only."""

    @pytest.mark.parametrize(
        "text",
        [
            "2026-08-01",
            "2026-8-1",
            "2026/8/1",
            "2026/08/01",
            "2026.8.1",
            "2026年8月1日",
            "２０２６年８月１日",
            " 2026-08-01　",
            "20260801",
            "2026-08-01 00:00",
            "2026/8/1 0:00:00",
        ],
    )
    def test_ways_to_write_one_day(self, text):
        assert date(2026, 8, 1) == day("born_on", text)

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("no_such_day", "2026-02-30"),
            ("no_such_day", "1900-02-29"),
            ("no_such_day", "2026-13-01"),
            ("no_such_day", "20260230"),
            ("excel_day_number", "44927"),
            ("excel_day_number", "46235.645833"),
            ("year_missing", "5月1日"),
            ("year_missing", "5-1"),
            ("year_missing", "8/1 15:30"),
            ("not_a_date", "26/8/1"),
            ("not_a_date", "2026-8/1"),
            ("not_a_date", "2026年8月"),
            ("not_a_date", "2026-08-01 15:30"),
            ("not_a_date", "1/8/2026"),
            ("not_a_date", "Aug 1 2026"),
            ("not_a_date", "٢٠٢٦-٠٨-٠١"),
            ("not_a_date", "明天"),
            ("out_of_range", "1899-12-31"),
            ("out_of_range", "2200-01-01"),
            ("out_of_range", "0000-01-01"),
        ],
    )
    def test_anything_else_is_told(self, code, text):
        problem = day("born_on", text)

        assert isinstance(problem, CellProblem)
        assert ("born_on", code, text) == (problem.field, problem.code, problem.facts["written"])

    @pytest.mark.parametrize("text", ["1900-01-01", "2199-12-31"])
    def test_the_first_and_the_last_day(self, text):
        assert date.fromisoformat(text) == day("born_on", text)

    @given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
    def test_every_day_is_read_in_every_format(self, wanted):
        plain = f"{wanted.year}年{wanted.month}月{wanted.day}日"

        assert wanted == day("born_on", wanted.isoformat()) == day("born_on", plain)


class TestMoments:
    """A local time of the community becomes a moment in UTC."""

    @pytest.mark.parametrize(
        "text",
        [
            "2026-08-01 15:30",
            "2026-8-1 15:30",
            "2026/8/1 15:30",
            "2026.8.1 15:30",
            "2026-08-01T15:30",
            "2026-08-01 15:30:00",
            "2026年8月1日 15:30",
            "2026年8月1日15:30",
            "2026年8月1日 15时30分",
            "2026年8月1日15点30",
            "２０２６/８/１　１５：３０",
            "2026-08-01   15:30",
        ],
    )
    def test_ways_to_write_one_moment(self, text):
        assert datetime(2026, 8, 1, 7, 30, tzinfo=UTC) == moment("starts_at", text)

    @pytest.mark.parametrize(
        ("wanted", "text"),
        [
            (datetime(2026, 7, 31, 16, 0, tzinfo=UTC), "2026-08-01 00:00"),
            (datetime(2026, 8, 1, 16, 0, tzinfo=UTC), "2026-08-01 24:00"),
            (datetime(2026, 8, 1, 15, 59, tzinfo=UTC), "2026-08-01 23:59"),
            (datetime(2026, 8, 1, 1, 0, tzinfo=UTC), "2026-08-01 9:00"),
            (datetime(2026, 8, 1, 7, 0, tzinfo=UTC), "2026年8月1日15时"),
            (datetime(2026, 8, 1, 7, 30, 27, tzinfo=UTC), "2026-08-01 15:30:27"),
            (datetime(1991, 12, 31, 16, 0, tzinfo=UTC), "1992-01-01 00:00"),
        ],
    )
    def test_hours_of_the_day(self, wanted, text):
        read = moment("starts_at", text)

        assert isinstance(read, datetime)
        assert (wanted, UTC) == (read, read.tzinfo)

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("no_such_day", "2026-02-30 09:00"),
            ("no_such_time", "2026-08-01 25:00"),
            ("no_such_time", "2026-08-01 24:01"),
            ("no_such_time", "2026-08-01 15:60"),
            ("no_such_time", "2026-08-01 15:30:60"),
            ("time_missing", "2026-08-01"),
            ("time_missing", "2026年8月1日"),
            ("excel_day_number", "46235.6458333333"),
            ("year_missing", "8月1日 15:30"),
            ("not_a_moment", "2026-08-01 15.30"),
            ("not_a_moment", "2026-08-01 3:30 PM"),
            ("not_a_moment", "2026-08-01 下午3:30"),
            ("not_a_moment", "2026-08-01 15:30Z"),
            ("not_a_moment", "2026-08-01T15:30+08:00"),
            ("not_a_moment", "2026-08-0115:30"),
            ("not_a_moment", "15:30"),
            ("not_a_moment", "2026-08-01 15:3"),
            ("out_of_range", "1991-12-31 09:00"),
            ("out_of_range", "2200-01-01 00:00"),
        ],
    )
    def test_anything_else_is_told(self, code, text):
        problem = moment("starts_at", text)

        assert isinstance(problem, CellProblem)
        assert ("starts_at", code, text) == (problem.field, problem.code, problem.facts["written"])

    @given(st.dates(date(1992, 1, 1), date(2199, 12, 31)), st.integers(0, 23), st.integers(0, 59))
    def test_every_minute_is_read_as_it_is_written(self, wanted, hour, minute):
        read = moment("starts_at", f"{wanted} {hour}:{minute:02}")

        assert datetime(wanted.year, wanted.month, wanted.day, hour, minute, tzinfo=COMMUNITY_ZONE) == read


class TestLengthsOfTime:
    """N2, N8: minutes, or hours in quarters; nothing is rounded."""

    @pytest.mark.parametrize(
        ("wanted", "text"),
        [
            (90, "90"),
            (90, "90分"),
            (90, "90 分钟"),
            (90, "1:30"),
            (90, "1:30:00"),
            (90, "1.5小时"),
            (90, "1.50 小时"),
            (90, "1.5h"),
            (90, "1小时30分"),
            (90, "1个小时30分钟"),
            (15, "0.25小时"),
            (0, "0"),
            (6000, "100:00"),
            (84255, "84255"),
            (90, "９０"),
        ],
    )
    def test_ways_to_write_a_length(self, wanted, text):
        assert wanted == minutes(text)

    @pytest.mark.parametrize(("wanted", "text"), [(90, "1.5"), (120, "2"), (45, "0.75"), (30, "30分")])
    def test_a_bare_number_in_a_column_of_hours(self, wanted, text):
        assert wanted == minutes(text, BareUnit.HOURS)

    @pytest.mark.parametrize(
        ("code", "bare", "text"),
        [
            ("not_quarter_hour", BareUnit.HOURS, "1.1"),
            ("not_quarter_hour", BareUnit.HOURS, "1.333"),
            ("not_quarter_hour", BareUnit.MINUTES, "1.3小时"),
            ("not_a_duration", BareUnit.MINUTES, "1.5"),
            ("not_a_duration", BareUnit.MINUTES, "-90"),
            ("not_a_duration", BareUnit.MINUTES, "+90"),
            ("not_a_duration", BareUnit.MINUTES, "9_0"),
            ("not_a_duration", BareUnit.MINUTES, "٩٠"),
            ("not_a_duration", BareUnit.MINUTES, "1:60"),
            ("not_a_duration", BareUnit.MINUTES, "1:30:15"),
            ("not_a_duration", BareUnit.MINUTES, "一个半小时"),
            ("not_a_duration", BareUnit.MINUTES, "9" * 10),
            ("out_of_range", BareUnit.MINUTES, "6000001"),
            ("out_of_range", BareUnit.HOURS, "100000.25"),
        ],
    )
    def test_anything_else_is_told(self, code, bare, text):
        problem = minutes(text, bare)

        assert isinstance(problem, CellProblem)
        assert code == problem.code

    def test_the_most_is_taken(self):
        assert 6_000_000 == minutes("6000000")


class TestPatternsAreLinear:
    """A hostile cell costs time with its length, not with its square."""

    def test_no_pattern_is_slow(self):
        patterns = [value for value in vars(moments).values() if isinstance(value, re.Pattern)]
        patterns += moments._DATED
        hostile = [f"{text}x" for text in ("1" * 50_000, "1:" * 25_000, "1月" * 25_000, " " * 50_000, "5-1 " * 9_000)]
        started = monotonic()

        for pattern in patterns:
            for text in hostile:
                pattern.fullmatch(text)

        assert len(patterns) >= 12
        assert monotonic() - started < 1
