"""Every refusal of this room has a complete sentence: whatever it names stands in the facts."""

from datetime import date, timedelta

import pytest

from tests.builders import NOON
from tests.service.builders import moment, person_id
from tests.service.facts import a_service, an_activity, an_opening, around, taken, with_limits
from timebank.refusal import Refusal
from timebank.rulebook.rules import SourceClass, ordinary_document
from timebank.service import operations, queries
from timebank.service.operations import deciding
from timebank.service.queries.checking import NothingAsked
from timebank.service.rules import (
    CHECKS,
    ActivityState,
    ApprovalFacts,
    RecordState,
    Span,
    check_activity,
    check_activity_approval,
    check_approvals,
    check_class,
    check_rating,
    check_reason,
    check_records,
    check_reversal,
    span_for,
)
from timebank.service.shapes import check_moments, check_texts
from timebank.web.sentences.service import SENTENCES

ROOMS = (operations, queries)
"""Importing these two has defined every refusal of the room."""

SECONDS = Span(moment("2026-11-20 09:00"), moment("2026-11-20 10:00") + timedelta(seconds=1))
OFTEN = [taken(f"2026-11-20 {hour}:00", 60, activity="HD0001") for hour in (12, 14)]
PROPOSED = an_activity(state=ActivityState.PROPOSED)
LATE = SourceClass.LATE_ENTRY

BROKEN = {
    "ends_before_start": (a_service(minutes=0), around()),
    "not_whole_minutes": (a_service(span=SECONDS), around()),
    "longer_than_a_day": (a_service("2026-11-17 09:00", 1441), around()),
    "in_the_future": (a_service("2026-12-01 09:00"), around()),
    "unknown_service_class": (a_service(service_class="打麻将"), around()),
    "before_go_live": (a_service("2026-10-30 09:00"), around()),
    "opening_after_go_live": (an_opening("2026-11-20 09:00"), around()),
    "opening_closed": (an_opening(), around(at=NOON + timedelta(days=90))),
    "entry_deadline_passed": (a_service("2026-11-02 09:00"), around()),
    "late_without_reason": (a_service(source_class=LATE), around()),
    "no_such_activity": (a_service(activity=None), around()),
    "activity_not_approved": (a_service(activity=PROPOSED), around()),
    "activity_not_over": (a_service(activity=an_activity(minutes=6000)), around()),
    "not_during_activity": (a_service("2026-11-19 09:00", activity=an_activity()), around()),
    "volunteer_left": (a_service(left_on=date(2026, 11, 1)), around()),
    "recorder_is_beneficiary": (a_service(), around(recorder_id=person_id("V0001"))),
    "recorder_is_close": (a_service(), around(close_to_recorder=frozenset({person_id("V0001")}))),
    "overlapping": (a_service(), around(taken())),
    "too_long_a_day": (a_service(rules=with_limits(day_minutes_max=59)), around()),
    "long_service": (a_service(minutes=241), around()),
    "night_service": (a_service("2026-11-19 23:00"), around()),
    "entered_often": (a_service(activity=an_activity()), around(*OFTEN)),
}
"""For each rule, a record that breaks it."""


def _approval(**changes):
    defaults = {
        "record_id": person_id("record"),
        "volunteer": "V0001",
        "person_id": person_id("V0001"),
        "recorder_id": person_id("S001"),
        "state": RecordState.SUBMITTED,
        "unanswered": (),
        "rating": None,
    }
    return [ApprovalFacts(**(defaults | changes))]


def _approving(by="S002", close=(), **changes):
    close_to_approver = frozenset(map(person_id, close))
    return lambda: check_approvals(_approval(**changes), approver_id=person_id(by), close_to_approver=close_to_approver)


def _reversing(state, by="S002"):
    return lambda: check_reversal(state, volunteer="V0001", person_id=person_id("V0001"), reverser_id=person_id(by))


def _approving_activity(state, by):
    return lambda: check_activity_approval(
        state, number="HD0001", creator_id=person_id("S001"), approver_id=person_id(by)
    )


HOUR = span_for(NOON, 60)
REFUSED = {
    "record_not_waiting": _approving(state=RecordState.REJECTED),
    "approver_is_recorder": _approving(by="S001"),
    "approver_is_beneficiary": _approving(by="V0001"),
    "approver_is_close": _approving(close=["V0001"]),
    "rating_out_of_range": lambda: check_rating(6),
    "record_not_approved": _reversing(RecordState.SUBMITTED),
    "reverser_is_beneficiary": _reversing(RecordState.APPROVED, by="V0001"),
    "record_reason_missing": lambda: check_reason(" "),
    "activity_incomplete": lambda: check_activity(texts=("", "a", "b"), span=HOUR, capacity=None),
    "activity_ends_before_start": lambda: check_activity(texts=("a",), span=span_for(NOON, 0), capacity=None),
    "capacity_out_of_range": lambda: check_activity(texts=("a",), span=HOUR, capacity=0),
    "creator_cannot_approve": _approving_activity(ActivityState.PROPOSED, "S001"),
    "activity_not_proposed": _approving_activity(ActivityState.APPROVED, "S002"),
    "unknown_service_class": lambda: check_class(ordinary_document(), "打麻将"),
    "text_unclear": lambda: check_texts({"title": "长" * 101}),
    "moment_out_of_range": lambda: check_moments([NOON.replace(year=1)]),
}
"""For each further refusal, what is refused."""

WITHOUT_FACTS = {deciding.AskedTwice.code: {}, NothingAsked.code: {}, "no_such_record": {"record_id": "…"}}


class TestSentences:
    """style.md 5: one sentence for each kind of refusal, complete, in Chinese and English."""

    def test_every_rule_of_the_table_is_broken_here(self):
        assert {check.refusal.code for check in CHECKS} == set(BROKEN)

    @pytest.mark.parametrize("code", BROKEN)
    def test_a_problem_carries_what_its_sentence_names(self, code):
        service, surroundings = BROKEN[code]

        [problems] = check_records([service], surroundings)

        [facts] = [problem.facts for problem in problems if problem.code == code]
        assert all("V0001" in told for told in _told(code, facts) if "{volunteer}" in SENTENCES[code][0])

    @pytest.mark.parametrize("code", REFUSED)
    def test_a_refusal_carries_what_its_sentence_names(self, code):
        with pytest.raises(Refusal) as refused:
            REFUSED[code]()

        assert code == refused.value.code
        assert all(_told(code, refused.value.facts))

    def test_every_refusal_of_the_room_has_one_and_no_other(self):
        ours = {code for code, kind in Refusal.kinds().items() if kind.__module__.startswith("timebank.service")}

        assert set(SENTENCES) == ours
        assert ours == set(BROKEN) | set(REFUSED) | set(WITHOUT_FACTS)


def _told(code, facts):
    return [sentence.format_map(facts) for sentence in SENTENCES[code]]
