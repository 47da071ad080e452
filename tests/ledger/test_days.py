"""Days are the communities' civil days; moments are kept in UTC."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from timebank.ledger.days import day_of, moment_of

MIDNIGHT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


class TestDays:
    """trust.md T3: the day begins at midnight in Asia/Shanghai, wherever the machine stands."""

    def test_the_day_changes_at_midnight_of_the_community(self):
        assert date(2026, 11, 23) == day_of(MIDNIGHT)
        assert date(2026, 11, 22) == day_of(MIDNIGHT - timedelta(microseconds=1))

    def test_a_clock_time_of_a_day_is_a_moment(self):
        assert MIDNIGHT == moment_of(date(2026, 11, 23), time(0, 0))

    @pytest.mark.parametrize("day", [date(1990, 9, 16), date(1986, 5, 4), date(2026, 2, 28), date(2024, 2, 29)])
    def test_every_day_has_a_noon_of_its_own_summer_time_or_not(self, day):
        assert day == day_of(moment_of(day, time(12, 0)))
