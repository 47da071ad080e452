"""Ladders, classes of service and working days: what a document must say, and what the first ones say."""

import json
from datetime import date, time

import pytest

from tests.rulebook.builders import a_document, a_text, refusal_of
from timebank.rulebook.rules import (
    Body,
    Ladder,
    NoSuchServiceClass,
    ServiceClass,
    Step,
    YearOfWork,
    as_json,
    document_of,
    ordinary_document,
    problems,
)


def found_name(word):
    """The name of the class of service that a word means, or None."""
    found = ordinary_document().find_service_class(word)
    return None if found is None else found.name


STEP = json.loads(as_json(ordinary_document()))["ladders"][0]["steps"][0]


def some_steps(*minutes, levels=None):
    """Steps of a ladder as JSON, with these minutes."""
    numbers = levels or range(1, len(minutes) + 1)
    return [STEP | {"level": level, "minutes": needed} for level, needed in zip(numbers, minutes, strict=True)]


class TestLadders:
    """domain.md 1.1: levels 1, 2, 3 … each once, each asking for more than the one below; none is skipped."""

    def test_a_gap_is_refused(self):
        refusal = refusal_of(a_text("ladders", 0, "steps", value=some_steps(600, 1200, levels=[1, 3])))

        assert problems.LadderGap is type(refusal)
        assert {"path": "ladders[0].steps[1].level", "found_level": 3, "expected_level": 2} == refusal.facts

    @pytest.mark.parametrize("levels", [[2], [1, 1], [2, 1]])
    def test_a_level_missing_twice_or_out_of_order_is_refused(self, levels):
        steps = some_steps(*range(600, 600 * len(levels) + 1, 600), levels=levels)

        assert problems.LadderGap is type(refusal_of(a_text("ladders", 1, "steps", value=steps)))

    @pytest.mark.parametrize("second", [599, 600])
    def test_an_overlap_is_refused(self, second):
        refusal = refusal_of(a_text("ladders", 0, "steps", value=some_steps(600, second)))

        assert problems.LadderNotRising is type(refusal)
        assert {
            "path": "ladders[0].steps[1].minutes",
            "found_minutes": second,
            "minutes_below": 600,
        } == refusal.facts

    def test_one_minute_more_is_enough(self):
        document = document_of(a_text("ladders", 0, "steps", value=some_steps(600, 601)))

        assert (600, 601) == document.ladder

    @pytest.mark.parametrize("steps", [[], some_steps(1, 2, 3, 4, 5, 6)])
    def test_a_ladder_has_one_to_five_steps(self, steps):
        assert "ladders[0].steps" in str(refusal_of(a_text("ladders", 0, "steps", value=steps)).facts["path"])

    def test_the_communitys_own_ladder_must_be_there(self):
        refusal = refusal_of(a_text("ladders", 0, "code", value="local"))

        assert (problems.LadderMissing, "community") == (type(refusal), refusal.facts["ladder"])

    def test_two_ladders_of_one_code_are_refused(self):
        refusal = refusal_of(a_text("ladders", 1, "code", value="community"))

        assert (problems.ListedTwice, "community") == (type(refusal), refusal.facts["value"])

    @pytest.mark.parametrize(
        ("minutes", "level"), [(0, 0), (5999, 0), (6000, 1), (17_999, 1), (18_000, 2), (89_999, 4), (90_000, 5)]
    )
    def test_the_level_for_minutes_is_the_highest_reached(self, minutes, level):
        assert level == ordinary_document().community_ladder.level_for(minutes)

    @pytest.mark.parametrize(
        ("key", "absurd"), [("ratings", -1), ("rating_average_e2", 501), ("year_minutes", -60), ("tenure_months", 121)]
    )
    def test_an_absurd_condition_is_refused_with_its_place(self, key, absurd):
        refusal = refusal_of(a_text("ladders", 0, "steps", 1, key, value=absurd))

        assert (problems.OutOfRange, f"ladders[0].steps[1].{key}") == (type(refusal), refusal.facts["path"])

    def test_a_level_beyond_the_ladder_has_no_step(self):
        ladder = Ladder("community", "社区星级", (Step(1, 600, 0, Body.COMMUNITY),))

        assert [None, ladder.steps[0], None] == [ladder.find_step(level) for level in (0, 1, 2)]

    def test_the_national_ladder_stands_beside_it_under_its_own_name(self):
        assert ["社区星级", "全国志愿服务星级"] == [ladder.name for ladder in ordinary_document().ladders]


class TestClassesOfService:
    """Sheets name classes in words; each word must mean one class."""

    SHEETS = ("文体活动", "课业辅导", "便民服务", "治安巡逻", "文明劝导", "应急救助", "环境清洁", "助老助残")

    @pytest.mark.parametrize("word", SHEETS)
    def test_every_class_of_the_sheets_is_known(self, word):
        assert word == found_name(word)

    def test_a_synonym_and_a_code_find_the_class_too(self):
        assert "课业辅导" == found_name("课后辅导") == found_name("tutoring")
        assert "课业辅导" == ordinary_document().service_class("tutoring").name

    def test_a_word_that_means_nothing_finds_nothing(self):
        assert None is found_name("飞行")

    def test_a_code_that_means_nothing_is_refused(self):
        with pytest.raises(NoSuchServiceClass):
            ordinary_document().service_class("课业辅导")

    @pytest.mark.parametrize(
        ("key", "value"), [("code", "tutoring"), ("name", "课业辅导"), ("name", "课后辅导"), ("synonyms", ["课业辅导"])]
    )
    def test_a_word_for_two_classes_is_refused(self, key, value):
        refusal = refusal_of(a_text("service_classes", 4, key, value=value))

        assert (problems.ListedTwice, "service_classes[4]") == (type(refusal), refusal.facts["path"])

    def test_a_word_that_is_both_name_and_synonym_is_refused(self):
        assert problems.ListedTwice is type(refusal_of(a_text("service_classes", 0, "synonyms", value=["文体活动"])))

    def test_a_code_may_be_the_name(self):
        plain = ServiceClass("reading", "reading", (), 100)

        document = a_document(service_classes=(plain,))

        assert document == document_of(as_json(document))


class TestTheTableOfWorkingDays:
    """domain.md section 2: the State Council's arrangement is data; it lists the exceptions of a year, each once."""

    @pytest.mark.parametrize(("key", "day"), [("days_off", "2025-10-01"), ("days_on", "2027-01-02")])
    def test_a_day_of_another_year_is_refused(self, key, day):
        refusal = refusal_of(a_text("working_years", 1, key, 0, value=day))

        assert problems.WrongYear is type(refusal)
        assert {"path": f"working_years[1].{key}[0]", "day": day, "year": "2026"} == refusal.facts

    @pytest.mark.parametrize(("key", "day"), [("days_off", "2026-10-03"), ("days_on", "2026-10-08")])
    def test_a_day_that_is_no_exception_is_refused(self, key, day):
        assert problems.WrongWeekday is type(refusal_of(a_text("working_years", 1, key, 0, value=day)))

    def test_a_day_listed_twice_is_refused(self):
        assert problems.ListedTwice is type(refusal_of(a_text("working_years", 1, "days_off", 0, value="2026-10-01")))

    def test_a_year_listed_twice_is_refused(self):
        year = {"year": 2026, "days_off": [], "days_on": []}

        assert problems.ListedTwice is type(refusal_of(a_text("working_years", 0, value=year)))

    def test_a_notice_given_twice_on_one_day_is_refused(self):
        refusal = refusal_of(a_text("expiry", "notice_days", value=[90, 90]))

        assert (problems.ListedTwice, "expiry.notice_days") == (type(refusal), refusal.facts["path"])

    def test_a_year_without_exceptions_is_allowed(self):
        document = a_document(working_years=(YearOfWork(2027, (), ()),))

        assert document == document_of(as_json(document))


class TestTheDefaults:
    """domain.md section 2: the values with which a community begins."""

    def test_rates_and_coefficients(self):
        document = ordinary_document()

        assert 1000 == document.points_e2_per_hour
        assert ((60, 80, 100, 100, 100), 100) == (document.rating_percents, document.unrated_percent)
        assert (100,) * 6 == document.level_percents
        assert {100} == {each.percent for each in document.service_classes}

    def test_the_ladder_is_the_national_one_and_the_community_grants_two_stars(self):
        ladder = ordinary_document().community_ladder

        assert (6_000, 18_000, 36_000, 60_000, 90_000) == ordinary_document().ladder
        assert [Body.COMMUNITY] * 2 + [Body.UPPER] * 3 == [step.body for step in ladder.steps]
        assert {0} == {step.tenure_months for step in ladder.steps}

    def test_limits(self):
        limits = ordinary_document().limits

        assert (240, 480) == (limits.record_flag_minutes, limits.day_minutes_max)
        assert (time(22), time(6)) == (limits.night_from, limits.night_until)
        assert (10, 60) == (limits.entry_deadline_working_days, limits.opening_import_days_max)
        assert (2, 48, 3) == (limits.redemptions_per_month_max, limits.hold_hours, limits.manual_entries_flag)

    def test_what_must_be_explained(self):
        odd = ordinary_document().patterns

        assert (7, 30, 30_000, 1_200) == (odd.days, odd.alike_records, odd.recorder_minutes, odd.pair_minutes)
        assert (30, 90, 3) == (odd.device_people, odd.ring_days, odd.rating_needs_reason_below)
        assert 3 == ordinary_document().limits.objection_answer_working_days

    def test_points_do_not_expire(self):
        expiry = ordinary_document().expiry

        assert (False, 1, (90, 30, 7)) == (expiry.on, expiry.years_kept, expiry.notice_days)

    def test_stars_are_put_to_notice_for_five_working_days(self):
        assert 5 == ordinary_document().star_notice_working_days

    def test_the_holidays_of_the_first_years_are_listed(self):
        assert [2025, 2026] == [known.year for known in ordinary_document().working_years]
        assert date(2026, 10, 10) in ordinary_document().working_years[1].days_on
