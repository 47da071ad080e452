"""When points expire, and which notice they stand under: both sides of each boundary."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.rulebook.rules import Expiry, find_notice, last_day_of

EXPIRY = Expiry(on=True, years_kept=1, notice_days=(90, 30, 7))
END = date(2026, 12, 31)


class TestTheLastDay:
    """domain.md 2: 31 December of the following year, or of a later one where the rules say so."""

    @pytest.mark.parametrize(("kept", "year"), [(1, 2026), (2, 2027), (10, 2035)])
    def test_is_the_last_of_december(self, kept, year):
        assert date(year, 12, 31) == last_day_of(replace(EXPIRY, years_kept=kept), 2025)


class TestNotices:
    """Ninety, thirty and seven days before: each holds until the next one."""

    @pytest.mark.parametrize(
        ("days_left", "notice"),
        [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, None)],
    )
    def test_each_holds_from_its_day_on(self, days_left, notice):
        assert notice is find_notice(EXPIRY, 2025, END - timedelta(days=days_left))

    def test_none_where_points_stay(self):
        assert None is find_notice(replace(EXPIRY, on=False), 2025, END)
        assert None is find_notice(EXPIRY, 0, END)

    @given(st.sets(st.integers(1, 365), min_size=1, max_size=6), st.integers(2000, 2100))
    def test_every_notice_of_the_rules_has_exactly_one_day_on_which_it_begins(self, notice_days, vintage):
        expiry = replace(EXPIRY, notice_days=tuple(notice_days))
        last_on = last_day_of(expiry, vintage)

        begun = [
            days for days in range(366, -1, -1) if days == find_notice(expiry, vintage, last_on - timedelta(days=days))
        ]

        assert sorted(notice_days, reverse=True) == begun
