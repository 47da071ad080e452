"""Working days are counted by the table of holidays, not by the weekday."""

from datetime import date

import pytest

from tests.rulebook.builders import a_document, limits_with
from timebank.rulebook.rules import (
    entry_deadline_for,
    is_working_day,
    knows_year,
    ordinary_document,
    working_day_after,
)


class TestWhatIsAWorkingDay:
    """The State Council's arrangement of 2026: seven days off in October, two Saturdays and a Sunday worked for it."""

    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2026, 9, 30), True),  # Wednesday
            (date(2026, 10, 1), False),  # Thursday, National Day
            (date(2026, 10, 3), False),  # Saturday
            (date(2026, 10, 7), False),  # Wednesday, last day off
            (date(2026, 10, 8), True),  # Thursday
            (date(2026, 10, 10), True),  # Saturday, worked
            (date(2026, 10, 11), False),  # Sunday
            (date(2026, 9, 20), True),  # Sunday, worked
        ],
    )
    def test_days_around_the_national_day(self, day, works):
        assert works is is_working_day(ordinary_document(), day)

    @pytest.mark.parametrize(("day", "works"), [(date(2031, 10, 1), True), (date(2031, 10, 4), False)])
    def test_a_year_that_is_not_listed_goes_by_the_weekday(self, day, works):
        assert works is is_working_day(ordinary_document(), day)

    def test_one_can_ask_whether_a_year_is_listed(self):
        document = ordinary_document()

        assert [True, False] == [knows_year(document, 2026), knows_year(document, 2031)]


class TestCountingThem:
    """Order 67 article 11: within ten working days after the activity."""

    def test_the_day_itself_does_not_count(self):
        assert date(2026, 11, 24) == working_day_after(ordinary_document(), date(2026, 11, 23), 1)

    def test_none_is_the_day_itself_even_on_a_sunday(self):
        assert date(2026, 11, 22) == working_day_after(ordinary_document(), date(2026, 11, 22), 0)

    def test_ten_working_days_of_an_ordinary_fortnight(self):
        assert date(2026, 12, 7) == entry_deadline_for(ordinary_document(), date(2026, 11, 23))

    def test_a_week_of_holidays_makes_the_deadline_later(self):
        assert date(2026, 10, 16) == entry_deadline_for(ordinary_document(), date(2026, 9, 28))

    def test_a_service_on_the_weekend_counts_from_monday(self):
        assert entry_deadline_for(ordinary_document(), date(2026, 11, 20)) == entry_deadline_for(
            ordinary_document(), date(2026, 11, 22)
        )

    def test_the_number_of_days_is_a_rule(self):
        document = a_document(limits=limits_with(entry_deadline_working_days=3))

        assert date(2026, 11, 26) == entry_deadline_for(document, date(2026, 11, 23))
