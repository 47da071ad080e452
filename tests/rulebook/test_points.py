"""What a service earns: one formula, one rounding, and the same answer afterwards."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOON
from tests.rulebook.builders import a_document, a_document_with_class, an_approval, some_inputs
from timebank.rulebook.rules import (
    Expiry,
    NoSuchServiceClass,
    Percents,
    SourceClass,
    facts_as_inputs,
    inputs_as_facts,
    opening_document,
    ordinary_document,
    percents_for,
    points_for,
    recompute,
    vintage_for,
)

MINUTES = st.integers(1, 1440)
PERCENT = st.integers(0, 200)
WEEKS = 52


class TestWhatAServiceEarns:
    """domain.md section 2: points per hour, times class, rating, level and source; rounded half up at the hundredth."""

    def test_an_hour_earns_ten_points(self):
        assert 1000 == points_for(ordinary_document(), some_inputs(minutes=60))

    def test_a_weekly_duty_of_45_minutes_at_one_point_an_hour_earns_39_points_a_year(self):
        document = a_document(points_e2_per_hour=100)

        earned_e2 = sum(points_for(document, some_inputs(minutes=45)) for _ in range(WEEKS))

        assert 3900 == earned_e2

    def test_three_times_20_minutes_are_one_hour_of_minutes_and_round_each_on_its_own(self):
        document = ordinary_document()

        earned_e2 = [points_for(document, some_inputs(minutes=20)) for _ in range(3)]

        assert 60 == 3 * 20
        assert [333, 333, 333] == earned_e2

    @pytest.mark.parametrize(
        ("minutes", "points_e2"),
        [(1, 17), (29, 483), (30, 500), (31, 517), (59, 983), (61, 1017), (1440, 24000)],
    )
    def test_minutes_count_one_by_one(self, minutes, points_e2):
        assert points_e2 == points_for(ordinary_document(), some_inputs(minutes=minutes))

    @pytest.mark.parametrize(("rate", "points_e2"), [(29, 0), (30, 1), (31, 1), (89, 1), (90, 2)])
    def test_half_a_hundredth_rounds_up_and_less_rounds_down(self, rate, points_e2):
        assert points_e2 == points_for(a_document(points_e2_per_hour=rate), some_inputs(minutes=1))

    @pytest.mark.parametrize(
        ("rating", "points_e2"), [(None, 1000), (1, 600), (2, 800), (3, 1000), (4, 1000), (5, 1000)]
    )
    def test_a_poor_rating_lowers_the_points(self, rating, points_e2):
        assert points_e2 == points_for(ordinary_document(), some_inputs(rating=rating))

    def test_the_class_of_service_counts(self):
        assert 1500 == points_for(a_document_with_class(150), some_inputs())

    @pytest.mark.parametrize(("level", "points_e2"), [(0, 1000), (1, 1010), (5, 1200)])
    def test_the_level_on_the_day_of_service_counts(self, level, points_e2):
        document = a_document(level_percents=(100, 101, 102, 105, 110, 120))

        assert points_e2 == points_for(document, some_inputs(level=level))

    def test_all_coefficients_together_are_rounded_once(self):
        document = replace(a_document_with_class(150), level_percents=(100, 100, 100, 105, 110, 120))

        # 20 min × 10 points/h × 1.5 × 0.6 × 1.05 = 3.15 points; rounding in between would give 3.14 or 3.16.
        assert 315 == points_for(document, some_inputs(minutes=20, rating=1, level=3))

    def test_an_unknown_class_of_service_is_refused(self):
        with pytest.raises(NoSuchServiceClass) as refused:
            points_for(ordinary_document(), some_inputs(service_class="flying"))

        assert {"service_class": "flying"} == refused.value.facts


class TestWhereTheServiceCameFrom:
    """domain.md section 0, finding 6: how an hour came to be known decides whether it earns points."""

    @pytest.mark.parametrize("source", [SourceClass.SELF_CHECK_IN, SourceClass.STAFF_SCAN, SourceClass.SHEET])
    def test_what_is_recorded_in_time_earns_points(self, source):
        assert 1000 == points_for(ordinary_document(), some_inputs(source_class=source))

    def test_a_late_entry_earns_none(self):
        assert 0 == points_for(ordinary_document(), some_inputs(source_class=SourceClass.LATE_ENTRY))

    def test_a_late_entry_of_the_time_before_earns_none_either(self):
        assert 0 == points_for(opening_document(), some_inputs(source_class=SourceClass.LATE_ENTRY))

    def test_sheets_from_before_earn_points_by_the_opening_rules_only(self):
        inputs = some_inputs(source_class=SourceClass.OPENING)

        assert 1000 == points_for(opening_document(), inputs)
        assert 0 == points_for(ordinary_document(), inputs)

    def test_a_volunteer_can_be_told_why(self):
        percents = percents_for(ordinary_document(), some_inputs(rating=2, source_class=SourceClass.LATE_ENTRY))

        assert Percents(service_class=100, rating=80, level=100, source=0) == percents


class TestExactness:
    """Whole numbers only: the result is the exact value, rounded half up, whatever the coefficients."""

    @given(MINUTES, st.integers(0, 100_000), PERCENT, PERCENT)
    def test_never_further_than_half_a_hundredth_from_the_exact_value(self, minutes, rate, rating, level):
        document = a_document(points_e2_per_hour=rate, unrated_percent=rating, level_percents=(level,) * 6)

        points_e2 = points_for(document, some_inputs(minutes=minutes))

        exact_times_600_000 = rate * minutes * rating * level
        assert -300_000 <= points_e2 * 600_000 - exact_times_600_000 <= 300_000
        assert type(points_e2) is int

    @given(MINUTES, MINUTES)
    def test_more_minutes_never_earn_less(self, minutes, others):
        document = ordinary_document()
        shorter, longer = sorted((minutes, others))

        assert points_for(document, some_inputs(minutes=shorter)) <= points_for(document, some_inputs(minutes=longer))

    @given(st.lists(st.integers(1, 200), min_size=1, max_size=7))
    def test_splitting_a_service_changes_at_most_half_a_hundredth_per_part(self, parts):
        document = ordinary_document()

        split_e2 = sum(points_for(document, some_inputs(minutes=part)) for part in parts)
        whole_e2 = points_for(document, some_inputs(minutes=sum(parts)))

        assert abs(split_e2 - whole_e2) * 2 <= len(parts) + 1

    @given(PERCENT)
    def test_100_per_cent_changes_nothing_and_nothing_per_cent_earns_nothing(self, percent):
        document = a_document(unrated_percent=percent)

        points_e2 = points_for(document, some_inputs(minutes=60))

        assert 10 * percent == points_e2


class TestInputs:
    """Every posting stores what the rule was given."""

    @given(MINUTES, st.none() | st.integers(1, 5), st.integers(0, 5), st.sampled_from(SourceClass))
    def test_they_come_back_from_the_facts_as_they_were(self, minutes, rating, level, source):
        inputs = some_inputs(minutes=minutes, rating=rating, level=level, source_class=source)

        assert inputs == facts_as_inputs(inputs_as_facts(inputs))

    def test_other_facts_beside_them_do_no_harm(self):
        facts = {**inputs_as_facts(some_inputs()), "sheet": "QD-20260801-1"}

        assert some_inputs() == facts_as_inputs(facts)

    @pytest.mark.parametrize(
        "damage",
        [
            {"minutes": "60"},
            {"minutes": True},
            {"minutes": 0},
            {"minutes": 1441},
            {"rating": 0},
            {"rating": 6},
            {"level": -1},
            {"level": 6},
            {"level": None},
            {"source_class": "hearsay"},
        ],
    )
    def test_facts_that_are_no_inputs_are_noticed(self, damage):
        with pytest.raises(ValueError, match="not the inputs"):
            facts_as_inputs({**inputs_as_facts(some_inputs()), **damage})

    def test_a_missing_fact_is_noticed(self):
        facts = dict(inputs_as_facts(some_inputs()))
        del facts["rating"]

        with pytest.raises(ValueError, match="rating"):
            facts_as_inputs(facts)

    @pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": 1441}, {"rating": 6}, {"level": 6}])
    def test_impossible_inputs_cannot_be_made(self, wrong):
        with pytest.raises(AssertionError):
            some_inputs(**wrong)


class TestRecomputing:
    """ledger.md section 3: every posting equals its rule, given the inputs that it stored."""

    def test_an_honest_posting_agrees(self):
        assert recompute(an_approval(), ordinary_document()).agrees

    def test_points_that_settled_a_debt_count_too(self):
        assert recompute(an_approval(points_e2=1000, debt_e2=400), ordinary_document()).agrees

    def test_a_posting_without_points_agrees_where_the_rule_gives_none(self):
        entry = an_approval(points_e2=0, source_class="late_entry")

        assert recompute(entry, ordinary_document()).agrees

    @pytest.mark.parametrize("points_e2", [999, 1001])
    def test_one_hundredth_more_or_less_does_not(self, points_e2):
        found = recompute(an_approval(points_e2=points_e2), ordinary_document())

        assert not found.agrees
        assert (points_e2, 1000) == (found.points_e2, found.points_due_e2)

    def test_one_minute_more_does_not(self):
        found = recompute(an_approval(minutes=61), ordinary_document())

        assert not found.agrees
        assert (61, 60) == (found.minutes, found.minutes_due)

    def test_a_posting_by_another_version_does_not(self):
        assert not recompute(an_approval(), a_document(points_e2_per_hour=900)).agrees

    def test_a_posting_without_inputs_is_noticed(self):
        entry = replace(an_approval(), facts={})

        with pytest.raises(ValueError, match="not the inputs"):
            recompute(entry, ordinary_document())


class TestWhenPointsExpire:
    """domain.md section 2: expiry is off; where it is on, points are kept by the year in which they were earned."""

    def test_points_that_never_expire_have_no_year(self):
        assert 0 == vintage_for(ordinary_document(), NOON.date())

    def test_points_that_expire_have_the_year_for_which_they_count(self):
        document = a_document(expiry=Expiry(on=True, years_kept=1, notice_days=(90, 30, 7)))

        assert 2026 == vintage_for(document, NOON.date())
