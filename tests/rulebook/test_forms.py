"""Rule documents of an older form: read for ever, with nothing asked that they did not ask."""

import json
from dataclasses import replace

import pytest

from tests.rulebook.builders import a_text, refusal_of
from timebank.rulebook.rules import AT_ONCE, Body, as_json, document_hash, document_of, ordinary_document, problems

NEW = ("ratings", "rating_average_e2", "year_minutes", "no_open_case", "training_minutes")
THRESHOLDS = ("near_expiry_days", "low_stock_pieces")


def first_form():
    """The ordinary rules as they were written in the first form."""
    document = sixth_form() | {"schema": 1}
    del document["pool"], document["market"], document["patterns"], document["limits"]["objection_answer_working_days"]
    for ladder in document["ladders"]:
        ladder["steps"] = [{key: value for key, value in step.items() if key not in NEW} for step in ladder["steps"]]
    return document


def ninth_form():
    """The ordinary rules as they were written in the ninth form."""
    document = json.loads(as_json(ordinary_document())) | {"schema": 9}
    for name in THRESHOLDS:
        del document["market"][name]
    del document["pool"]["volunteer_balance_most_e2"], document["pool"]["group_balance_most_e2"]
    return document


def eighth_form():
    """The ordinary rules as they were written in the eighth form."""
    document = ninth_form() | {"schema": 8}
    del document["confirmation"]
    return document


def seventh_form():
    """The ordinary rules as they were written in the seventh form."""
    document = eighth_form() | {"schema": 7}
    del document["benefits"]
    return document


def sixth_form():
    """The ordinary rules as they were written in the sixth form."""
    document = seventh_form() | {"schema": 6}
    del document["inquiries"]
    return document


def fourth_form():
    """The ordinary rules as they were written in the fourth form."""
    document = sixth_form() | {"schema": 4}
    del document["market"], document["patterns"], document["limits"]["objection_answer_working_days"]
    return document


def as_now(document):
    """A document of an older form as it is read, with the shop and questions of today, tested elsewhere."""
    today = ordinary_document()
    return replace(document_of(a_text_of(document)), market=today.market, confirmation=today.confirmation)


def third_form():
    """The ordinary rules as they were written in the third form."""
    document = fourth_form() | {"schema": 3}
    for ladder in document["ladders"]:
        for step in ladder["steps"]:
            del step["training_minutes"]
    return document


def a_text_of(document):
    """A document as JSON."""
    return json.dumps(document, ensure_ascii=False)


class TestTheFirstForm:
    """It asked for minutes and tenure alone."""

    def test_says_what_the_newest_form_says(self):
        ordinary = ordinary_document()

        assert replace(ordinary, pool=replace(ordinary.pool, is_open=False)) == as_now(first_form())

    def test_asks_for_nothing_that_it_could_not_say(self):
        step = document_of(a_text_of(first_form())).community_ladder.steps[0]

        assert (0, 0, 0, False, Body.COMMUNITY) == (
            step.ratings,
            step.rating_average_e2,
            step.year_minutes,
            step.no_open_case,
            step.body,
        )

    @pytest.mark.parametrize("key", NEW)
    def test_a_key_that_it_did_not_know_is_refused(self, key):
        document = first_form()
        document["ladders"][1]["steps"][2][key] = 0

        refusal = refusal_of(a_text_of(document))

        assert (problems.UnknownRuleKey, f"ladders[1].steps[2].{key}") == (type(refusal), refusal.facts["path"])

    @pytest.mark.parametrize("key", NEW)
    def test_the_newest_form_must_say_all(self, key):
        document = first_form() | {"schema": 2}

        assert problems.MissingRuleKey is type(refusal_of(a_text_of(document))), key

    @pytest.mark.parametrize(
        "ladders", [None, 5, [], [7], [{"steps": 1}], [{"code": "community", "name": "一", "steps": [3]}]]
    )
    def test_nonsense_in_it_is_refused_with_its_place(self, ladders):
        refusal = refusal_of(a_text_of(first_form() | {"ladders": ladders}))

        assert str(refusal.facts["path"]).startswith("ladders")

    def test_the_second_knew_no_pool(self):
        second = third_form() | {"schema": 2}

        assert "pool" == refusal_of(a_text_of(second)).facts["path"]
        del second["pool"]
        assert not document_of(a_text_of(second)).pool.is_open

    def test_the_third_asked_for_no_training(self):
        too_new = fourth_form() | {"schema": 3}

        assert "ladders[0].steps[0].training_minutes" == refusal_of(a_text_of(too_new)).facts["path"]
        assert ordinary_document() == as_now(third_form())

    def test_the_fifth_knew_no_households_no_relief_and_no_second_look(self):
        fifth = sixth_form() | {"schema": 5}

        assert "market" == refusal_of(a_text_of(fifth)).facts["path"]
        del fifth["market"]
        shop = document_of(a_text_of(fifth)).market
        assert (20, None, None, 0) == (
            shop.served_an_hour_max,
            shop.dormant_days,
            shop.household_redemptions_per_month_max,
            shop.relief_per_month_max,
        )

    def test_the_sixth_knew_no_inquiries(self):
        too_new = seventh_form() | {"schema": 6}

        assert "inquiries" == refusal_of(a_text_of(too_new)).facts["path"]
        assert ordinary_document() == as_now(sixth_form())

    def test_the_seventh_gave_a_star_nothing_but_points(self):
        too_new = eighth_form() | {"schema": 7}

        assert "benefits" == refusal_of(a_text_of(too_new)).facts["path"]
        assert ordinary_document() == as_now(seventh_form())

    def test_the_eighth_asked_nobody_and_posted_at_once(self):
        too_new = ninth_form() | {"schema": 8}

        assert "confirmation" == refusal_of(a_text_of(too_new)).facts["path"]
        assert document_of(a_text_of(eighth_form())).confirmation == AT_ONCE

    def test_the_ninth_left_to_the_program_what_is_near_its_last_day_and_what_is_few(self):
        too_new = json.loads(as_json(ordinary_document())) | {"schema": 9}

        assert "market.near_expiry_days" == refusal_of(a_text_of(too_new)).facts["path"]

    def test_the_ninth_knew_no_caps(self):
        too_new = ninth_form()
        too_new["pool"]["group_balance_most_e2"] = None

        assert "pool.group_balance_most_e2" == refusal_of(a_text_of(too_new)).facts["path"]
        assert ordinary_document() == document_of(a_text_of(ninth_form()))

    def test_true_is_no_number_of_a_form(self):
        assert problems.NotAWholeNumber is type(refusal_of(a_text("schema", value=True)))

    def test_its_hash_stays_what_it_was(self):
        text = json.dumps(first_form(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

        assert document_hash(text) != document_hash(as_json(document_of(text)))


class TestTheFourthForm:
    """It left to the program what looks odd, and when objections are answered."""

    def test_keeps_the_values_of_the_program(self):
        assert ordinary_document() == as_now(fourth_form())

    def test_knew_no_patterns_and_no_days_for_answers(self):
        with_patterns = fourth_form() | {"patterns": {}}
        with_days = fourth_form()
        with_days["limits"]["objection_answer_working_days"] = 3

        assert "patterns" == refusal_of(a_text_of(with_patterns)).facts["path"]
        assert "limits.objection_answer_working_days" == refusal_of(a_text_of(with_days)).facts["path"]

    def test_without_limits_it_cannot_be_one(self):
        broken = fourth_form()
        del broken["limits"]

        assert (problems.MissingRuleKey, "limits") == (
            type(refusal_of(a_text_of(broken))),
            refusal_of(a_text_of(broken)).facts["path"],
        )
