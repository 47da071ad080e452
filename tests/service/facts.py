"""Facts for the pure rules: a record with nothing wrong about it, and what is true around it."""

from dataclasses import replace

from tests.builders import NOON
from tests.service.builders import GO_LIVE_ON, moment, person_id
from timebank.rulebook.rules import SourceClass, opening_document, ordinary_document
from timebank.service.rules import (
    ActivityFacts,
    ActivityState,
    AttendedFacts,
    ServiceFacts,
    Surroundings,
    Taken,
    Typed,
    check_records,
    span_for,
)
from timebank.service.rules.records import alike_of

ORDINARY = ordinary_document()
MORNING = "2026-11-20 09:00"


def a_span(starts=MORNING, minutes=60):
    return span_for(moment(starts), minutes)


def an_activity(starts=MORNING, minutes=600, state=ActivityState.APPROVED, approved_at=None):
    return ActivityFacts("HD0001", state, a_span(starts, minutes), approved_at)


def a_service(starts=MORNING, minutes=60, **changes):
    """A record with nothing wrong about it, in an activity that takes place at that time."""
    span = a_span(starts, minutes)
    defaults = {
        "volunteer": "V0001",
        "person_id": person_id("V0001"),
        "left_on": None,
        "span": span,
        "service_class": "cleaning",
        "source_class": SourceClass.SHEET,
        "activity_number": "HD0001",
        "activity": ActivityFacts("HD0001", ActivityState.APPROVED, span),
        "late_reason": "",
        "rules": ORDINARY,
    }
    return ServiceFacts(**(defaults | changes))


def shown(minutes=60, *, starts=MORNING, forgotten=False, on_device=1):
    """What codes and cards show of a record: so many minutes from a moment on."""
    return AttendedFacts(a_span(starts, minutes), forgotten, on_device)


def typed(alike=0, week=0, pair=0):
    """What the recorder has typed already: records that look like this hour, minutes of others and V0001."""
    return Typed({alike_of(a_span()): alike}, {person_id("V0099"): week, person_id("V0001"): pair})


def with_limits(**changes):
    return replace(ORDINARY, limits=replace(ORDINARY.limits, **changes))


def with_patterns(**changes):
    return replace(ORDINARY, patterns=replace(ORDINARY.patterns, **changes))


def an_opening(starts="2026-08-01 15:30", minutes=60, **changes):
    return a_service(starts, minutes, source_class=SourceClass.OPENING, rules=opening_document(), **changes)


def around(*taken, **changes):
    """What is true around the records: S001 records on Monday noon; the volunteer has these times already."""
    defaults = {
        "recorder_id": person_id("S001"),
        "close_to_recorder": frozenset(),
        "at": NOON,
        "go_live_on": GO_LIVE_ON,
        "taken": {person_id("V0001"): taken},
    }
    return Surroundings(**(defaults | changes))


def taken(starts=MORNING, minutes=60, activity="HD0009"):
    return Taken(a_span(starts, minutes), activity)


def codes(*services, beside=None):
    """The codes of the problems of each record."""
    found = check_records(services, beside or around())
    return [[problem.code for problem in of_one] for of_one in found]


def codes_of(service, beside=None):
    [found] = codes(service, beside=beside)
    return found


def facts_of(service, beside=None):
    """The facts of the only problem of a record."""
    [[problem]] = check_records([service], beside or around())
    return problem.facts
