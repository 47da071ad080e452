"""The times of records: minutes, overlaps, the longest day, night; every rule on both sides of its boundary."""

from collections import Counter
from datetime import date, time, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.service.builders import moment, person_id
from tests.service.facts import (
    MORNING,
    a_service,
    a_span,
    an_activity,
    around,
    codes,
    codes_of,
    facts_of,
    taken,
    with_limits,
)
from timebank.rulebook.rules import SourceClass
from timebank.service.rules import ActivityFacts, ActivityState, Span, check_records, span_for


class TestStartAndEnd:
    """Order 67 article 7: minutes are what lies between start and end, 1 to 720."""

    @pytest.mark.parametrize(("minutes", "problems"), [(-1, 1), (0, 1), (1, 0)])
    def test_the_end_is_after_the_start(self, minutes, problems):
        assert ["ends_before_start"] * problems == codes_of(a_service(minutes=minutes, activity=an_activity()))

    def test_a_service_has_no_seconds(self):
        span = Span(moment(MORNING), moment(MORNING) + timedelta(minutes=60, seconds=30))

        assert ["not_whole_minutes"] == codes_of(a_service(span=span))
        assert {"volunteer": "V0001", "written": "2026-11-20 10:00:30"} == facts_of(a_service(span=span))

    @pytest.mark.parametrize(("minutes", "too_long"), [(720, False), (721, True)])
    def test_a_service_is_not_longer_than_twelve_hours(self, minutes, too_long):
        service = a_service("2026-11-17 12:00", minutes, rules=with_limits(day_minutes_max=1440))

        assert too_long == ("service_too_long" in codes_of(service))

    def test_the_times_of_others_are_not_compared_with_an_impossible_one(self):
        service = a_service(minutes=-60, activity=an_activity())

        assert ["ends_before_start"] == codes_of(service, around(taken(MORNING, 60)))


class TestTheFuture:
    """trust.md T6: nobody has served yet what is not over."""

    @pytest.mark.parametrize(("starts", "future"), [("2026-11-23 11:00", False), ("2026-11-23 11:01", True)])
    def test_a_service_is_over_when_it_is_recorded(self, starts, future):
        service = a_service(starts, 60, activity=an_activity("2026-11-23 10:00", 90))

        assert future == ("in_the_future" in codes_of(service))

    def test_a_start_in_the_future_is_told_even_where_the_end_is_not(self):
        span = Span(moment("2031-01-01 09:00"), moment(MORNING))

        assert ["ends_before_start", "in_the_future"] == codes_of(a_service(span=span))


class TestTwoAtOneTime:
    """domain.md 8, 6: a volunteer is in one place at a time."""

    @pytest.mark.parametrize(
        ("starts", "minutes", "overlaps"),
        [
            ("08:00", 60, False),
            ("08:00", 61, True),
            ("09:30", 10, True),
            ("09:59", 60, True),
            ("10:00", 60, False),
            ("09:00", 60, True),
        ],
    )
    def test_with_what_is_there_already(self, starts, minutes, overlaps):
        service = a_service(f"2026-11-20 {starts}", minutes)

        assert ["overlapping"] * overlaps == codes_of(service, around(taken("2026-11-20 09:00", 60)))

    def test_the_problem_names_the_other_time(self):
        facts = facts_of(a_service(), around(taken("2026-11-20 08:30", 60)))

        expected = {
            "volunteer": "V0001",
            "activity": "HD0009",
            "starts": "2026-11-20 08:30",
            "ends": "2026-11-20 09:30",
        }
        assert expected == facts

    def test_over_midnight(self):
        service = a_service("2026-11-20 00:30", 60)

        assert "overlapping" in codes_of(service, around(taken("2026-11-19 23:00", 120)))

    def test_within_one_sheet_the_later_line_has_the_problem(self):
        assert [[], ["overlapping"]] == codes(a_service(), a_service())

    def test_two_volunteers_may_serve_at_one_time(self):
        other = a_service(volunteer="V0002", person_id=person_id("V0002"))

        assert [[], []] == codes(a_service(), other)

    def test_an_impossible_line_takes_no_time(self):
        wrong = a_service(minutes=-30, activity=an_activity())

        assert [["ends_before_start"], []] == codes(wrong, a_service())


class TestTheLongestDay:
    """rulebook: day_minutes_max, 480 minutes of one person on one civil day."""

    @pytest.mark.parametrize(("minutes", "problems"), [(480, []), (481, ["too_long_a_day"])])
    def test_one_service(self, minutes, problems):
        rules = with_limits(record_flag_minutes=1440)

        assert problems == codes_of(a_service("2026-11-20 08:00", minutes, rules=rules))

    @pytest.mark.parametrize(("minutes", "problems"), [(240, []), (241, ["too_long_a_day"])])
    def test_two_services_of_one_day_together(self, minutes, problems):
        service = a_service("2026-11-20 13:00", minutes, rules=with_limits(record_flag_minutes=1440))

        assert problems == codes_of(service, around(taken("2026-11-20 08:00", 240)))

    def test_the_lines_of_one_sheet_count_together(self):
        rules = with_limits(record_flag_minutes=1440)
        morning = a_service("2026-11-20 06:00", 300, rules=rules)
        evening = a_service("2026-11-20 14:00", 181, rules=rules)

        assert [[], ["too_long_a_day"]] == codes(morning, evening)

    def test_the_facts_are_the_sum_and_the_limit(self):
        service = a_service("2026-11-20 13:00", 241, rules=with_limits(record_flag_minutes=1440))

        facts = facts_of(service, around(taken("2026-11-20 08:00", 240)))

        assert {"volunteer": "V0001", "day": "2026-11-20", "minutes": 481, "limit_minutes": 480} == facts

    def test_midnight_divides_a_service(self):
        """18:00 to 06:00 is six hours on each of two days."""
        rules = with_limits(record_flag_minutes=1440, day_minutes_max=360)

        assert [] == codes_of(a_service("2026-11-19 18:00", 720, rules=rules))
        assert ["too_long_a_day"] == codes_of(a_service("2026-11-19 17:59", 720, rules=rules))


class TestFlags:
    """domain.md 2: flag more than four hours, a start at night, the third manual entry in one activity."""

    @pytest.mark.parametrize(("minutes", "problems"), [(240, []), (241, ["long_service"])])
    def test_more_than_four_hours(self, minutes, problems):
        assert problems == codes_of(a_service(minutes=minutes))

    @pytest.mark.parametrize(
        ("clock", "night"),
        [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("05:59", True), ("06:00", False)],
    )
    def test_a_start_between_ten_and_six(self, clock, night):
        assert ["night_service"] * night == codes_of(a_service(f"2026-11-19 {clock}", 30))

    @pytest.mark.parametrize(("clock", "night"), [("00:59", False), ("01:00", True), ("04:59", True), ("05:00", False)])
    def test_a_night_that_does_not_pass_midnight(self, clock, night):
        rules = with_limits(night_from=time(1), night_until=time(5))

        assert ["night_service"] * night == codes_of(a_service(f"2026-11-19 {clock}", 30, rules=rules))

    def test_the_third_manual_entry_of_one_person_in_one_activity(self):
        two = [taken(f"2026-11-20 {hour}:00", 60, activity="HD0001") for hour in (12, 14)]
        service = a_service(activity=an_activity())

        assert [] == codes_of(service, around(two[0]))
        assert ["entered_often"] == codes_of(service, around(*two))

    def test_what_a_card_has_shown_is_no_manual_entry(self):
        two = [taken(f"2026-11-20 {hour}:00", 60, activity="HD0001") for hour in (12, 14)]
        scanned = a_service(activity=an_activity(), source_class=SourceClass.STAFF_SCAN)

        assert [] == codes_of(scanned, around(*two))


class TestMinutes:
    """Whole minutes, computed, never typed; civil days of the community."""

    def test_ten_in_the_evening_to_two_is_240_minutes_on_two_days(self):
        span = a_span("2026-11-19 22:00", 240)

        assert 240 == span.minutes
        assert {date(2026, 11, 19): 120, date(2026, 11, 20): 120} == span.minutes_by_day()

    @pytest.mark.parametrize("minutes", [59, 60, 61])
    def test_an_hour_is_sixty_of_them(self, minutes):
        assert minutes == a_span(minutes=minutes).minutes

    def test_three_times_twenty_minutes_are_an_hour(self):
        assert 60 == sum(a_span(f"2026-11-20 {hour}:00", 20).minutes for hour in (9, 10, 11))

    def test_the_day_of_service_is_the_civil_day_of_the_start(self):
        assert date(2026, 11, 20) == a_span("2026-11-20 00:00").served_on
        assert date(2026, 11, 19) == a_span("2026-11-19 23:59").served_on


class TestWhateverComesIn:
    """What is kept never overlaps, nor passes a day's limit without a further approver, in whatever order it comes."""

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 2 * 1440), st.integers(-60, 600)), max_size=20))
    def test_the_records_without_a_blocking_problem_fit_together(self, times):
        midnight = moment("2026-11-18 00:00")
        spans = [span_for(midnight + timedelta(minutes=start), minutes) for start, minutes in times]
        services = [
            a_service(span=span, activity=ActivityFacts("HD0001", ActivityState.APPROVED, span)) for span in spans
        ]

        found = check_records(services, around())

        kept = [one for one in zip(spans, found, strict=True) if not any(problem.blocked for problem in one[1])]
        assert not [pair for pair in combinations((span for span, _ in kept), 2) if pair[0].overlaps(pair[1])]
        by_one_approver = (span for span, problems in kept if "too_long_a_day" not in {one.code for one in problems})
        days = sum((Counter(span.minutes_by_day()) for span in by_one_approver), Counter())
        assert 480 >= max(days.values(), default=0)
