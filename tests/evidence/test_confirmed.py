"""The outside verifier computes again that hours were confirmed by whom the rules ask, and not before their day."""

import json
from collections import defaultdict
from dataclasses import replace
from functools import cache

import pytest

from timebank.evidence.verifier.verify_timebank import Books
from timebank.rulebook.rules import Confirmer, as_json, ordinary_document

SERVED = {
    "minutes": 60,
    "service_class": "cleaning",
    "rating": None,
    "level": 0,
    "source_class": "sheet",
    "confirmed": "volunteer",
    "approved_on": "2026-11-23",
}
"""An hour by a sheet, approved on a Monday and confirmed by who served."""


def _check(booked_at, changes, **rules):
    document = ordinary_document()
    document = replace(document, confirmation=replace(document.confirmation, **rules))
    books = object.__new__(Books)
    books.rules = cache(lambda _version: json.loads(as_json(document)))
    facts = {name: value for name, value in (SERVED | changes).items() if value != "missing"}
    out = defaultdict(int, {("service", "minutes"): 60, ("issuance", "points"): 1000})
    books.rule_results({"rule": 2, "booked_at": booked_at}, "service-approved", facts, out)


NEXT_DAY, SAME_EVENING = "2026-11-23T16:00:00Z", "2026-11-23T15:59:59Z"
"""Midnight in the community, and a second before it."""


class TestWhatTheVerifierAsks:
    """trust.md X2; ledger.md section 5: without any of our code."""

    @pytest.mark.parametrize(
        "changes", [{}, {"confirmed": "recipient"}, {"source_class": "staff_scan", "confirmed": "missing"}]
    )
    def test_what_the_rules_ask_for_is_enough(self, changes):
        _check(NEXT_DAY, changes)

    @pytest.mark.parametrize("confirmed", ["missing", "resident"])
    def test_nobody_or_somebody_else_is_not(self, confirmed):
        with pytest.raises(AssertionError, match="unconfirmed"):
            _check(NEXT_DAY, {"confirmed": confirmed}, sheet=Confirmer.VOLUNTEER)

    def test_the_volunteer_is_not_the_recipient(self):
        with pytest.raises(AssertionError, match="unconfirmed"):
            _check(NEXT_DAY, {}, sheet=Confirmer.RECIPIENT)

    def test_a_second_before_its_day_is_too_early(self):
        with pytest.raises(AssertionError, match="too early"):
            _check(SAME_EVENING, {})

    def test_where_no_day_is_asked_for_none_is_needed(self):
        _check(SAME_EVENING, {"approved_on": "missing"}, post_days=0)

    def test_who_hides_the_day_has_none(self):
        with pytest.raises(AssertionError, match="too early"):
            _check(NEXT_DAY, {"approved_on": "missing"})
