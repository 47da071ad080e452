"""Rule documents are read strictly: what is not understood is refused, with its place and the reason."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rulebook.builders import a_document, a_text, a_text_without, limits_with, refusal_of
from timebank.rulebook.rules import (
    AT_ONCE,
    RuleDocumentInvalid,
    as_json,
    document_hash,
    document_of,
    explanations,
    in_words,
    opening_document,
    ordinary_document,
    problems,
)
from timebank.rulebook.rules.document import SCHEMA


class TestReadingBack:
    """What is written in the canonical form comes back as it was."""

    @pytest.mark.parametrize("document", [opening_document(), ordinary_document()], ids=["opening", "ordinary"])
    def test_the_first_rules_come_back(self, document):
        assert document == document_of(as_json(document))

    @given(
        st.integers(0, 100_000),
        st.tuples(*[st.integers(0, 200)] * 5),
        st.integers(1, 1440),
        st.none() | st.integers(1, 100),
        st.times(),
    )
    def test_any_rules_come_back(self, rate, ratings, minutes, redemptions, night):
        limits = limits_with(
            day_minutes_max=minutes,
            redemptions_per_month_max=redemptions,
            night_from=night.replace(second=0, microsecond=0),
        )
        document = a_document(points_e2_per_hour=rate, rating_percents=ratings, limits=limits)

        assert document == document_of(as_json(document))

    def test_the_canonical_form_does_not_depend_on_how_it_was_typed(self):
        typed = json.dumps(json.loads(as_json(ordinary_document())), indent=4)

        assert as_json(ordinary_document()) == as_json(document_of(typed))

    def test_one_changed_value_changes_the_hash(self):
        hashes = {document_hash(as_json(document)) for document in (ordinary_document(), opening_document())}

        assert 2 == len(hashes)
        assert {32} == {len(each) for each in hashes}

    def test_the_first_rules_differ_in_name_in_what_opening_sheets_earn_and_in_that_nobody_is_asked(self):
        opening, ordinary = opening_document(), ordinary_document()

        same = replace(opening, name="日常规则", source_percents=replace(opening.source_percents, opening=0))

        assert AT_ONCE == opening.confirmation != ordinary.confirmation
        assert ordinary == replace(same, confirmation=ordinary.confirmation)


class TestWhatIsNoDocument:
    """Bad input is refused as a whole; nothing of it is used."""

    @pytest.mark.parametrize("text", ["", "{", "[1", "null and void", "[" * 100_000, "1" * 5_000, " " * 200_001])
    def test_text_that_is_no_document_is_refused(self, text):
        assert RuleDocumentInvalid is type(refusal_of(text))

    @pytest.mark.parametrize("text", ["[]", "null", "7", '"rules"'])
    def test_json_that_is_no_group_is_refused(self, text):
        refusal = refusal_of(text)

        assert (problems.NotAGroup, {"path": "$"}) == (type(refusal), refusal.facts)

    def test_a_value_that_stands_twice_is_refused(self):
        text = as_json(ordinary_document()).replace('"name":"日常规则"', '"name":"一","name":"二"')

        refusal = refusal_of(text)

        assert (problems.RepeatedRuleKey, {"path": "name"}) == (type(refusal), refusal.facts)

    def test_an_unknown_key_is_refused_with_its_path(self):
        refusal = refusal_of(a_text("limits", "day_minutes_maximum", value=480))

        assert (problems.UnknownRuleKey, {"path": "limits.day_minutes_maximum"}) == (type(refusal), refusal.facts)

    def test_a_missing_key_is_refused_with_its_path(self):
        refusal = refusal_of(a_text_without("ladders", 0, "steps", 2, "minutes"))

        assert (problems.MissingRuleKey, {"path": "ladders[0].steps[2].minutes"}) == (type(refusal), refusal.facts)

    def test_a_later_form_of_the_document_is_refused(self):
        assert problems.OutOfRange is type(refusal_of(a_text("schema", value=SCHEMA + 1)))


class TestWrongValues:
    """Each kind of value is refused by name; a yes is no number, a fraction is no whole number."""

    @pytest.mark.parametrize("value", [True, "1000", 10.0, 10.5, None, [1000], {}])
    def test_what_is_no_whole_number_is_refused(self, value):
        refusal = refusal_of(a_text("points_e2_per_hour", value=value))

        assert (problems.NotAWholeNumber, {"path": "points_e2_per_hour"}) == (type(refusal), refusal.facts)

    @pytest.mark.parametrize("text", ["NaN", "Infinity", "1e3"])
    def test_numbers_that_only_a_computer_writes_are_refused(self, text):
        typed = as_json(ordinary_document()).replace('"points_e2_per_hour":1000', f'"points_e2_per_hour":{text}')

        assert problems.NotAWholeNumber is type(refusal_of(typed))

    @pytest.mark.parametrize("value", [-1, 100_001, 10**30])
    def test_a_negative_or_absurd_number_is_refused_with_its_range(self, value):
        refusal = refusal_of(a_text("points_e2_per_hour", value=value))

        assert problems.OutOfRange is type(refusal)
        assert {"path": "points_e2_per_hour", "found": str(value)[:20], "low": 0, "high": 100_000} == refusal.facts

    @pytest.mark.parametrize("value", [0, 100_000])
    def test_the_ends_of_the_range_are_allowed(self, value):
        assert value == document_of(a_text("points_e2_per_hour", value=value)).points_e2_per_hour

    @pytest.mark.parametrize(("percent", "allowed"), [(49, False), (50, True), (200, True), (201, False)])
    def test_a_class_counts_from_half_to_double(self, percent, allowed):
        text = a_text("service_classes", 0, "percent", value=percent)

        if allowed:
            assert percent == document_of(text).service_classes[0].percent
        else:
            assert "service_classes[0].percent" == refusal_of(text).facts["path"]

    @pytest.mark.parametrize("value", [1, " 日常", "日常 ", "日\n常", "日\x07常", None])
    def test_a_name_is_one_line_of_text(self, value):
        assert problems.NotAText is type(refusal_of(a_text("name", value=value)))

    @pytest.mark.parametrize("value", ["", "规" * 41])
    def test_a_name_is_neither_empty_nor_endless(self, value):
        assert problems.WrongLength is type(refusal_of(a_text("name", value=value)))

    def test_a_name_is_kept_in_one_form_of_unicode(self):
        assert "é" == document_of(a_text("name", value="e\u0301")).name

    @pytest.mark.parametrize("value", ["Sheets", "9lives", "", "课业", "a" * 33, 5, None])
    def test_a_code_has_small_letters_digits_and_underscores(self, value):
        refusal = refusal_of(a_text("service_classes", 3, "code", value=value))

        assert (problems.NotACode, "service_classes[3].code") == (type(refusal), refusal.facts["path"])

    @pytest.mark.parametrize("value", ["yes", 1, 0, None])
    def test_a_switch_is_true_or_false(self, value):
        assert problems.NotYesOrNo is type(refusal_of(a_text("expiry", "on", value=value)))

    @pytest.mark.parametrize("value", ["22", "24:00", "7:30", "22:60", "22:00:00", 22, None, "2２:00"])
    def test_a_clock_time_is_written_with_two_digits_each(self, value):
        assert problems.NotAClockTime is type(refusal_of(a_text("limits", "night_from", value=value)))

    @pytest.mark.parametrize("value", ["2026-02-30", "2026-1-5", "20260105", "明天", 20260105])
    def test_a_day_is_a_day_of_the_calendar(self, value):
        refusal = refusal_of(a_text("working_years", 1, "days_off", 0, value=value))

        assert (problems.NotADay, "working_years[1].days_off[0]") == (type(refusal), refusal.facts["path"])

    @pytest.mark.parametrize("value", ["street", "", None, ["community"]])
    def test_a_choice_is_one_of_its_words(self, value):
        refusal = refusal_of(a_text("ladders", 0, "steps", 0, "body", value=value))

        assert (problems.NotAChoice, "area / community / upper") == (type(refusal), refusal.facts["choices"])

    @pytest.mark.parametrize("value", [{"1": 60}, "60", 60, None])
    def test_a_list_is_a_list(self, value):
        assert problems.NotAList is type(refusal_of(a_text("rating_percents", value=value)))

    @pytest.mark.parametrize(("value", "found"), [([60, 80, 100, 100], 4), ([100] * 6, 6)])
    def test_every_rating_has_its_coefficient(self, value, found):
        refusal = refusal_of(a_text("rating_percents", value=value))

        assert {"path": "rating_percents", "found": found, "low": 5, "high": 5} == refusal.facts

    @pytest.mark.parametrize("value", [None, 1, 100])
    def test_the_limit_of_redemptions_can_be_switched_off(self, value):
        text = a_text("limits", "redemptions_per_month_max", value=value)

        assert value == document_of(text).limits.redemptions_per_month_max

    @pytest.mark.parametrize("value", [0, 101, False])
    def test_a_limit_of_no_redemptions_is_refused(self, value):
        refusal = refusal_of(a_text("limits", "redemptions_per_month_max", value=value))

        assert "limits.redemptions_per_month_max" == refusal.facts["path"]

    def test_a_long_way_is_cut_off_in_the_refusal(self):
        assert 120 == len(str(refusal_of(a_text("x" * 500, value=1)).facts["path"]))


class TestExplanations:
    """Every value of a document is explained, with its unit and range, from where it is declared."""

    def test_every_value_of_a_document_has_one(self):
        explained = {each.path for each in explanations()}

        assert _paths(json.loads(as_json(ordinary_document())), "") <= explained

    def test_each_says_what_it_means_and_what_it_may_be(self):
        by_path = {each.path: each for each in explanations()}

        assert "0–100000 百分之一分" == by_path["points_e2_per_hour"].range
        assert "1–100 次 / null" == by_path["limits.redemptions_per_month_max"].range
        assert all(each.words and each.range for each in by_path.values())


def _paths(value, path):
    if isinstance(value, dict):
        return {found for key, each in value.items() for found in _paths(each, f"{path}.{key}" if path else key)}
    if isinstance(value, list):
        return {path} | {found for each in value for found in _paths(each, f"{path}[]")}
    return {path}


class TestCaps:
    """What a passbook holds above a cap goes into the pool: the pool must be open to take it."""

    @pytest.mark.parametrize("name", ["volunteer_balance_most_e2", "group_balance_most_e2"])
    def test_a_cap_without_a_pool_is_refused_with_its_place(self, name):
        document = json.loads(as_json(ordinary_document()))
        document["pool"] |= {"is_open": False, name: 10_000}

        refusal = refusal_of(json.dumps(document))

        assert (problems.CapWithoutPool, f"pool.{name}") == (type(refusal), refusal.facts["path"])

    @pytest.mark.parametrize("name", ["volunteer_balance_most_e2", "group_balance_most_e2"])
    @pytest.mark.parametrize(("cap", "taken"), [(99, False), (100, True), (10**9, True), (10**9 + 1, False)])
    def test_a_cap_is_one_point_at_least(self, name, cap, taken):
        text = a_text("pool", name, value=cap)

        if taken:
            assert cap == getattr(document_of(text).pool, name)
        else:
            assert (problems.OutOfRange, f"pool.{name}") == (type(refusal_of(text)), refusal_of(text).facts["path"])

    def test_none_is_no_cap_and_the_ordinary_rules_have_none(self):
        pool = ordinary_document().pool

        assert (None, None) == (pool.balance_most_e2(of_group=True), pool.balance_most_e2(of_group=False))

    def test_each_is_said_in_the_rules(self):
        pool = replace(ordinary_document().pool, volunteer_balance_most_e2=150_000, group_balance_most_e2=50_000)

        said = "".join(line for section in in_words(a_document(pool=pool)) for line in section.lines)

        assert "个人存折最多存1500分，多出来的当天夜里捐进互助池" in said
        assert "团队存折最多存500分，多出来的当天夜里捐进互助池" in said
        assert "存折最多存" not in "".join(line for section in in_words(a_document()) for line in section.lines)
