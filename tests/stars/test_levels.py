"""Which level was held on a day, how far to the next, what waits and what was."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.people.builders import acting_as
from tests.stars.builders import (
    TWO_STARS,
    a_candidate,
    a_star,
    minutes_of,
    statements_of,
    take_back,
    the_case,
)
from timebank.people.queries import NoSuchVolunteer
from timebank.stars import queries
from timebank.stars.operations import refuse
from timebank.stars.queries import NoSuchAward

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


class TestTheLevelOnADay:
    """What a posting counts with is the level on the day of service, not today's."""

    def test_none_before_and_held_from_the_day_of_the_grant_on(self, session, approver, granter):
        number = a_candidate(session, approver)
        a_star(session, number, granter)

        assert [0, 1, 1] == [queries.level_on(session, "xfl", number, day) for day in (YESTERDAY, TODAY, TOMORROW)]

    def test_a_grant_late_in_the_evening_counts_for_that_civil_day(self, session, approver, granter):
        number = a_candidate(session, approver)
        a_star(session, number, granter, at=NOON.replace(hour=15, minute=59))  # 23:59 in the community

        assert [0, 1] == [queries.level_on(session, "xfl", number, day) for day in (YESTERDAY, TODAY)]

    def test_a_grant_after_midnight_counts_for_the_next(self, session, approver, granter):
        number = a_candidate(session, approver)
        a_star(session, number, granter, at=NOON.replace(hour=16, minute=0))  # 0:00 of the next day in the community

        assert [0, 1] == [queries.level_on(session, "xfl", number, day) for day in (TODAY, TOMORROW)]

    def test_each_level_from_its_own_day_on(self, session, approver, granter):
        number = a_candidate(session, approver, TWO_STARS)
        a_star(session, number, granter)
        a_star(session, number, granter, at=NOON + timedelta(days=3))

        days = [TODAY + timedelta(days=count) for count in (-1, 0, 2, 3, 4)]
        assert [0, 1, 1, 2, 2] == [queries.level_on(session, "xfl", number, day) for day in days]

    def test_open_refused_and_withdrawn_cases_are_no_level(self, session, approver, granter):
        waiting, refused, withdrawn = (a_candidate(session, approver) for _ in range(3))
        refuse(session, acting_as(granter), award_id=the_case(session, refused), reason="材料不全")
        take_back(session, acting_as(approver), withdrawn)

        assert [0, 0, 0] == [
            queries.level_on(session, "xfl", number, TOMORROW) for number in (waiting, refused, withdrawn)
        ]

    def test_many_volunteers_and_days_cost_two_statements(self, session, approver, granter):
        starred, plain = a_candidate(session, approver), a_candidate(session, approver)
        a_star(session, starred, granter)
        pairs = [(number, day) for number in (starred, plain, "V9999") for day in (YESTERDAY, TODAY)]
        found: dict[tuple[str, date], int] = {}

        statements = statements_of(session, lambda: found.update(queries.levels_on(session, "xfl", pairs)))

        assert 2 == statements
        assert [0, 1, 0, 0, 0, 0] == [found[pair] for pair in pairs]

    def test_nobody_asked_about_is_nothing_found(self, session):
        assert {} == queries.levels_on(session, "xfl", [])


class TestProgress:
    """V4 of the volunteer's page: how far to the next star, equal to what the rules say."""

    def test_on_the_way_to_the_first_star(self, session, approver):
        number = a_candidate(session, approver, 5_280)

        progress = queries.progress(session, "xfl", number, TODAY)

        assert (0, 5_280, 1, 720, None) == (
            progress.level,
            progress.minutes,
            progress.next_level,
            progress.missing_minutes,
            progress.open_case,
        )
        assert [(5_280, 6_000)] == [(condition.value, condition.needed) for condition in progress.conditions]

    def test_reached_and_waiting(self, session, approver):
        number = a_candidate(session, approver)

        progress = queries.progress(session, "xfl", number, TODAY)

        assert (0, 1, 0) == (progress.level, progress.next_level, progress.missing_minutes)
        assert progress.open_case is not None
        assert the_case(session, number) == progress.open_case.award_id

    def test_after_the_first_star_the_second_is_next(self, session, approver, granter):
        number = a_candidate(session, approver)
        a_star(session, number, granter)

        progress = queries.progress(session, "xfl", number, TODAY)

        assert (1, 2, 12_000) == (progress.level, progress.next_level, progress.missing_minutes)

    def test_at_the_top_nothing_is_next(self, session, approver, granter):
        number = a_candidate(session, approver, 90_000)
        for _ in range(5):
            a_star(session, number, granter)

        progress = queries.progress(session, "xfl", number, TODAY)

        assert (5, None, 0, ()) == (
            progress.level,
            progress.next_level,
            progress.missing_minutes,
            progress.conditions,
        )

    def test_hours_reach_a_level_of_each_ladder_before_any_star_is_granted(self, session, approver):
        number = a_candidate(session, approver, TWO_STARS)

        progress = queries.progress(session, "xfl", number, TODAY)

        assert 0 == progress.level
        assert [("社区星级", 2), ("全国志愿服务星级", 2)] == [
            (reached.ladder_name, reached.level) for reached in progress.reached
        ]

    def test_the_steps_of_the_ladder(self, session, admin):
        assert [6_000, 18_000, 36_000, 60_000, 90_000] == [
            step.minutes for step in queries.ladder(session, "xfl", TODAY)
        ]

    def test_nobody_of_that_number(self, session, admin):
        with pytest.raises(NoSuchVolunteer):
            queries.progress(session, "xfl", "V9999", TODAY)


class TestLookingUp:
    """Lists of what waits and of what was, and every case in order for verification."""

    def test_the_oldest_case_waits_first(self, session, approver):
        numbers = [a_candidate(session, approver) for _ in range(3)]

        assert numbers == [case.number for case in queries.open_cases(session, "xfl")]

    def test_one_case(self, session, approver):
        award_id = the_case(session, a_candidate(session, approver))

        assert award_id == queries.award(session, "xfl", award_id).award_id

    def test_no_such_case(self, session, admin):
        with pytest.raises(NoSuchAward):
            queries.award(session, "xfl", UUID(int=7))

    def test_every_case_in_order(self, session, approver, granter, monkeypatch):
        monkeypatch.setattr(queries, "STREAM", 2)
        numbers = [a_candidate(session, approver) for _ in range(5)]
        a_star(session, numbers[0], granter)

        found = list(queries.awards_in_order(session, "xfl"))

        assert 5 == len(found)
        assert set(numbers) == {case.number for case in found}
        assert minutes_of(session, numbers[0]) == found[0].minutes
