"""Every refusal of this room has a complete sentence: whatever it names stands in the facts."""

from datetime import date, timedelta

import pytest

from tests.builders import NOON
from tests.service.builders import moment, person_id
from tests.service.facts import a_service, an_activity, an_opening, around, shown, taken, typed, with_limits
from timebank.ledger.codes import Code, CodeKind
from timebank.refusal import Refusal
from timebank.rulebook.rules import SourceClass, ordinary_document
from timebank.service import operations, queries
from timebank.service.operations import (
    attending,
    confirming,
    deciding,
    further,
    objecting,
    offering,
    recipients,
    signing_up,
)
from timebank.service.queries.checking import NothingAsked
from timebank.service.rules import (
    CHECKS,
    ActivityState,
    ApprovalFacts,
    Needs,
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
from timebank.service.rules.attendance_codes import activity_shown
from timebank.service.rules.attending import Direction, Marks, check_door, check_mark
from timebank.service.rules.confirming import (
    Said,
    Side,
    Standing,
    check_desk,
    check_further,
    check_further_answer,
    check_rating_day,
    check_stars,
)
from timebank.service.rules.confirming import check_answer as check_said_answer
from timebank.service.rules.objecting import check_answer, check_objection, check_said
from timebank.service.rules.signing_up import SignUpFacts, check_open, check_sign_up, check_terms
from timebank.service.shapes import check_moments, check_texts
from timebank.web.sentences import attending as attending_sentences
from timebank.web.sentences import confirming as confirming_sentences
from timebank.web.sentences import objecting as objecting_sentences
from timebank.web.sentences import service as service_sentences

SENTENCES = (
    service_sentences.SENTENCES
    | attending_sentences.SENTENCES
    | objecting_sentences.SENTENCES
    | confirming_sentences.SENTENCES
)
ROOMS = (operations, queries, signing_up, attending, objecting, offering, confirming, recipients, further)
"""Importing these has defined every refusal of the room."""

SECONDS = Span(moment("2026-11-20 09:00"), moment("2026-11-20 10:00") + timedelta(seconds=1))
OFTEN = [taken(f"2026-11-20 {hour}:00", 60, activity="HD0001") for hour in (12, 14)]
PROPOSED = an_activity(state=ActivityState.PROPOSED)
LATE, SCAN = SourceClass.LATE_ENTRY, SourceClass.STAFF_SCAN

BROKEN = {
    "ends_before_start": (a_service(minutes=0), around()),
    "not_whole_minutes": (a_service(span=SECONDS), around()),
    "service_too_long": (a_service("2026-11-17 09:00", 1441), around()),
    "in_the_future": (a_service("2026-12-01 09:00"), around()),
    "unknown_service_class": (a_service(service_class="打麻将"), around()),
    "before_go_live": (a_service("2026-10-30 09:00"), around()),
    "opening_after_go_live": (an_opening("2026-11-20 09:00"), around()),
    "opening_closed": (an_opening(), around(at=NOON + timedelta(days=90))),
    "entry_deadline_passed": (a_service("2026-11-02 09:00"), around()),
    "late_without_reason": (a_service(source_class=LATE), around()),
    "no_such_activity": (a_service(activity=None), around()),
    "activity_not_approved": (a_service(activity=PROPOSED), around()),
    "activity_approved_late": (a_service(activity=an_activity(approved_at=NOON), rules=ordinary_document()), around()),
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
    "no_check_out": (a_service(source_class=SCAN, attended=shown(forgotten=True)), around()),
    "more_than_attended": (a_service(attended=shown(59)), around()),
    "one_device": (a_service(attended=shown(on_device=30)), around()),
    "many_alike": (a_service(), around(typed=typed(alike=29))),
    "recorder_types_much": (a_service(), around(typed=typed(week=500 * 60))),
    "pair_types_much": (a_service(), around(typed=typed(pair=20 * 60))),
    "served_too_young": (a_service(needs=Needs(age_min=18, born_on=date(2010, 1, 1))), around()),
    "served_age_unknown": (a_service(needs=Needs(age_min=18)), around()),
    "served_untrained": (a_service(needs=Needs(course="急救")), around()),
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


def _once_more(standing, close=()):
    persons = frozenset(map(person_id, ("V0001", "S001", "S002")))
    near = frozenset(map(person_id, ("S003", *close)))
    return lambda: check_further(standing, persons=persons, close_to_approver=near, volunteer="V0001")


HOUR = span_for(NOON, 60)
YESTERDAY = NOON - timedelta(days=1)


def _signing_up(**changes):
    defaults = {
        "volunteer": "V0001",
        "left_on": None,
        "born_on": None,
        "age_min": None,
        "signed_up": False,
        "opens_at": NOON,
        "at": NOON,
        "others": (),
    }
    return lambda: check_sign_up(SignUpFacts(**(defaults | changes)), HOUR, activity="HD0001")


def _answering(**changes):
    defaults = {"is_open": True, "person_id": person_id("V0001"), "close": frozenset()}
    return lambda: check_answer(number="Y-261123-1", answerer_id=person_id("S001"), **(defaults | changes))


def _saying(state=RecordState.CHECKED, said=(), agrees=True):
    return lambda: check_said_answer(state, said, Side.VOLUNTEER, agrees=agrees, reason="", volunteer="V0001")


def _at_the_desk():
    own = {person_id("S001")}
    return lambda: check_desk(
        actor_id=person_id("S001"), apart_from=own, close=set(), person_id=person_id("V0001"), volunteer="V0001"
    )


def _marking(direction, *, elsewhere=None, **marks):
    return lambda: check_mark(direction, Marks(**marks), volunteer="V0001", elsewhere=elsewhere)


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
    "age_out_of_range": lambda: check_terms(age_min=100, risk="", insurance=""),
    "risk_not_insured": lambda: check_terms(age_min=None, risk="要登高", insurance=" "),
    "sign_up_over": lambda: check_open(ActivityState.APPROVED, HOUR, activity="HD0001", at=NOON),
    "signed_up_already": _signing_up(signed_up=True),
    "signed_up_elsewhere": _signing_up(others=(("HD0002", HOUR),)),
    "sign_up_not_yet": _signing_up(opens_at=NOON + timedelta(hours=1)),
    "age_unknown": _signing_up(age_min=18),
    "too_young": _signing_up(born_on=date(2009, 11, 24), age_min=18),
    "attendance_closed": lambda: check_door(ActivityState.APPROVED, HOUR, activity="HD0001", at=YESTERDAY),
    "checked_in_already": _marking(Direction.IN, came_at=NOON),
    "checked_out_already": _marking(Direction.OUT, came_at=NOON, left_at=NOON),
    "checked_in_elsewhere": _marking(Direction.IN, elsewhere="HD0002"),
    "not_checked_in": _marking(Direction.OUT),
    "objection_empty": lambda: check_said(" "),
    "no_such_line": lambda: check_objection(is_own=False, objected=False, waiting=0),
    "objected_already": lambda: check_objection(is_own=True, objected=True, waiting=0),
    "too_many_open_objections": lambda: check_objection(is_own=True, objected=False, waiting=20),
    "line_objection_answered": _answering(is_open=False),
    "answerer_is_close": _answering(person_id=person_id("S001")),
    "answered_already": _saying(said=(Said(Side.VOLUNTEER, agrees=True, is_open=False),)),
    "answer_too_late": _saying(state=RecordState.APPROVED),
    "denial_without_reason": _saying(agrees=False),
    "desk_not_apart": _at_the_desk(),
    "further_not_asked": _once_more(Standing.CONFIRMATION),
    "further_not_apart": _once_more(Standing.FURTHER, close=("S001",)),
    "further_answer_missing": lambda: check_further_answer(" "),
    "stars_without_reason": lambda: check_stars(2, " ", ordinary_document()),
    "rating_too_late": lambda: check_rating_day(ordinary_document(), date(2026, 11, 2), date(2026, 11, 23)),
    "code_not_live": lambda: activity_shown("key", [], Code(CodeKind.ACTIVITY, 1), NOON),
}
"""For each further refusal, what is refused."""

WITHOUT_FACTS = {
    deciding.AskedTwice.code: {},
    NothingAsked.code: {},
    "no_such_record": {"record_id": "…"},
    "not_signed_up": {"volunteer": "V0001", "activity": "HD0001"},
    "approval_ring": {"volunteer": "V0001"},
    "low_rating": {"volunteer": "V0001", "rating": 2},
    "no_such_line_objection": {"number": "Y-261123-1"},
    "record_denied": {"volunteer": "V0001"},
    "not_on_public_notice": {},
    "decider_recorded": {"number": "Y-261123-1"},
    "no_such_recipient_code": {},
    "no_such_recipient": {"activity": "HD0001"},
    "recipient_incomplete": {},
    "recipient_answered": {"activity": "HD0001"},
    "rated_already": {},
    "nothing_corrected": {"volunteer": "V0001", "minutes": 60},
    "not_trained": {"volunteer": "V0001", "activity": "HD0001", "course": "急救"},
    "not_for_activities": {"number": "KF01"},
    "too_many_offered": {"slots": 61, "slots_max": 60},
}


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
