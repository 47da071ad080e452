"""Lengths of time as coordinators type them."""

import pytest

from timebank.service.durations import find_minutes, written_minutes


class TestTypedLengths:
    """experience.md, batch hours: accepts 1.5, 1:30, 90分; hours in quarters only, so that nothing is rounded."""

    @pytest.mark.parametrize(
        ("text", "minutes"),
        [
            ("1.5", 90),
            ("1:30", 90),
            ("90分", 90),
            ("90分钟", 90),
            ("90 min", 90),
            ("2", 120),
            ("2小时", 120),
            ("2个小时", 120),
            ("1小时30分", 90),
            ("1小时5分钟", 65),
            ("1个半小时", 90),
            ("1小时半", 90),
            ("半小时", 30),
            ("0.25", 15),
            ("1.50", 90),
            ("0:45", 45),
            ("2h", 120),
            ("１：３０", 90),
            (" 1 小时 30 分 ", 90),
            ("0", 0),
        ],
    )
    def test_are_read_as_whole_minutes(self, text, minutes):
        assert minutes == find_minutes(text)

    @pytest.mark.parametrize(
        "text",
        ["", "abc", "1.1", "1.33", "-1", "1:60", "1,5", "1:30:00", "一小时", "1e2", "1_0", "٣", "1.255", "1小时60分"],
    )
    def test_are_refused_where_they_are_not_clear(self, text):
        assert find_minutes(text) is None


class TestWrittenLengths:
    """The memo of an entry says how long, in the words of a passbook."""

    @pytest.mark.parametrize(
        ("minutes", "text"), [(45, "45分"), (60, "1小时"), (61, "1小时1分"), (90, "1小时30分"), (480, "8小时")]
    )
    def test_say_hours_and_minutes(self, minutes, text):
        assert text == written_minutes(minutes)
