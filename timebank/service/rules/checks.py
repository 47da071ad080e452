"""The checks of a record before it is kept, as one table.

Each check names its code and the limit or law that decides. What is blocked is not kept. What is flagged is kept, and
needs an answer in words before anybody can approve it.

Sources: domain.md sections 1.2 and 2; trust.md T4 to T6, X1, X6, X9; Order 67 articles 7 and 11.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from timebank.ledger.days import ZONE, day_of
from timebank.refusal import Refusal, refusal_of_rows
from timebank.rulebook.rules import SourceClass, entry_deadline_for
from timebank.service.rules import refusals
from timebank.service.rules.case import TYPED, Case, Facts, blocks, flags, written
from timebank.service.rules.patterns import PATTERNS
from timebank.service.rules.records import (
    MINUTES_MAX,
    ActivityState,
    Alike,
    Problem,
    ServiceFacts,
    Surroundings,
    Taken,
    alike_of,
)

WITHOUT_APPROVED_ACTIVITY: Final = frozenset({SourceClass.LATE_ENTRY, SourceClass.OPENING})


def _ends_before_start(case: Case) -> Facts | None:
    if case.span.ends_at > case.span.starts_at:
        return None
    return {"starts": written(case.span.starts_at), "ends": written(case.span.ends_at)}


def _not_whole_minutes(case: Case) -> Facts | None:
    odd = [moment for moment in (case.span.starts_at, case.span.ends_at) if moment.second or moment.microsecond]
    return {"written": odd[0].astimezone(ZONE).isoformat(sep=" ")[:19]} if odd else None


def _service_too_long(case: Case) -> Facts | None:
    minutes = case.span.minutes
    return {"minutes": minutes, "limit_minutes": MINUTES_MAX} if minutes > MINUTES_MAX else None


def _in_the_future(case: Case) -> Facts | None:
    latest = max(case.span.starts_at, case.span.ends_at)
    return {"ends": written(latest), "now": written(case.around.at)} if latest > case.around.at else None


def _unknown_class(case: Case) -> Facts | None:
    known = {known.code for known in case.service.rules.service_classes}
    return None if case.service.service_class in known else {"service_class": case.service.service_class}


def _before_go_live(case: Case) -> Facts | None:
    if case.span.served_on >= case.around.go_live_on or case.service.source_class is SourceClass.OPENING:
        return None
    return {"served_on": case.span.served_on.isoformat(), "go_live_on": case.around.go_live_on.isoformat()}


def _opening_after_go_live(case: Case) -> Facts | None:
    if case.span.served_on < case.around.go_live_on or case.service.source_class is not SourceClass.OPENING:
        return None
    return {"served_on": case.span.served_on.isoformat(), "go_live_on": case.around.go_live_on.isoformat()}


def _opening_closed(case: Case) -> Facts | None:
    days = case.service.rules.limits.opening_import_days_max
    last_day = case.around.go_live_on + timedelta(days=days)
    if case.service.corrects or case.service.source_class is not SourceClass.OPENING:
        return None
    if day_of(case.around.at) <= last_day:
        return None
    return {"last_day": last_day.isoformat(), "limit_days": days}


def _deadline_passed(case: Case) -> Facts | None:
    last_day = entry_deadline_for(case.service.rules, case.span.served_on)
    if case.service.corrects or case.service.source_class in WITHOUT_APPROVED_ACTIVITY:
        return None
    if day_of(case.around.at) <= last_day:
        return None
    return {"last_day": last_day.isoformat(), "limit_days": case.service.rules.limits.entry_deadline_working_days}


def _late_without_reason(case: Case) -> Facts | None:
    late = case.service.source_class is SourceClass.LATE_ENTRY
    return {} if late and not case.service.late_reason.strip() else None


def _no_such_activity(case: Case) -> Facts | None:
    activity = case.service.activity
    gone = activity is None or activity.state is ActivityState.CANCELLED
    return {"activity": case.service.activity_number} if gone else None


def _activity_not_approved(case: Case) -> Facts | None:
    activity = case.service.activity
    if activity is None or case.service.source_class in WITHOUT_APPROVED_ACTIVITY:
        return None
    return {"activity": activity.number} if activity.state is ActivityState.PROPOSED else None


def _activity_approved_late(case: Case) -> Facts | None:
    activity, service = case.service.activity, case.service
    if service.corrects or service.source_class in WITHOUT_APPROVED_ACTIVITY:
        return None
    if activity is None or activity.approved_at is None or not service.rules.confirmation.approved_before_start:
        return None
    starts_at = activity.span.starts_at
    if activity.approved_at <= starts_at:
        return None
    return {
        "activity": activity.number,
        "approved": written(activity.approved_at),
        "starts": written(starts_at),
    }


def _activity_not_over(case: Case) -> Facts | None:
    activity = case.service.activity
    if activity is None or activity.span.ends_at <= case.around.at:
        return None
    return {"activity": activity.number, "ends": written(activity.span.ends_at)}


def _not_during_activity(case: Case) -> Facts | None:
    activity = case.service.activity
    if activity is None or activity.span.overlaps(case.span):
        return None
    starts, ends = written(activity.span.starts_at), written(activity.span.ends_at)
    return {"activity": activity.number, "starts": starts, "ends": ends}


def _volunteer_left(case: Case) -> Facts | None:
    left_on = case.service.left_on
    return None if left_on is None or case.span.served_on <= left_on else {"left_on": left_on.isoformat()}


def _recorder_is_beneficiary(case: Case) -> Facts | None:
    return {} if case.service.person_id == case.around.recorder_id else None


def _recorder_is_close(case: Case) -> Facts | None:
    return {} if case.service.person_id in case.around.close_to_recorder else None


def _overlapping(case: Case) -> Facts | None:
    other = next((other for other in case.same_days if other.span.overlaps(case.span)), None)
    if other is None:
        return None
    return {
        "activity": other.activity_number,
        "starts": written(other.span.starts_at),
        "ends": written(other.span.ends_at),
    }


def _too_long_a_day(case: Case) -> Facts | None:
    limit = case.service.rules.limits.day_minutes_max
    for day, minutes in case.span.minutes_by_day().items():
        total = minutes + sum(other.span.minutes_by_day().get(day, 0) for other in case.same_days)
        if total > limit:
            return {"day": day.isoformat(), "minutes": total, "limit_minutes": limit}
    return None


CHECKS: Final = (
    blocks(refusals.EndsBeforeStart, "Order 67 article 7: the time of service", _ends_before_start),
    blocks(refusals.NotWholeMinutes, "domain.md section 2: whole minutes", _not_whole_minutes),
    blocks(refusals.ServiceTooLong, "domain.md section 2: per-record limit", _service_too_long),
    blocks(refusals.InTheFuture, "trust.md T6", _in_the_future),
    blocks(refusals.UnknownServiceClass, "rulebook: service_classes", _unknown_class),
    blocks(refusals.BeforeGoLive, "community: go_live_on", _before_go_live),
    blocks(refusals.OpeningAfterGoLive, "community: go_live_on", _opening_after_go_live),
    blocks(refusals.OpeningClosed, "rulebook: opening_import_days_max", _opening_closed),
    blocks(
        refusals.EntryDeadlinePassed, "rulebook: entry_deadline_working_days; Order 67 article 11", _deadline_passed
    ),
    blocks(refusals.LateWithoutReason, "domain.md section 2: back-filled hours", _late_without_reason),
    blocks(refusals.NoSuchActivity, "trust.md X1", _no_such_activity),
    blocks(refusals.ActivityNotApproved, "trust.md X1", _activity_not_approved),
    blocks(
        refusals.ActivityApprovedLate,
        "rulebook: approved_before_start; trust.md T4",
        _activity_approved_late,
    ),
    blocks(refusals.ActivityNotOver, "trust.md X1", _activity_not_over),
    blocks(refusals.NotDuringActivity, "trust.md X1", _not_during_activity),
    blocks(refusals.VolunteerLeft, "people: closed_on", _volunteer_left),
    blocks(refusals.RecorderIsBeneficiary, "trust.md X9", _recorder_is_beneficiary),
    blocks(refusals.RecorderIsClose, "trust.md X9", _recorder_is_close),
    blocks(refusals.Overlapping, "domain.md section 8, 6", _overlapping),
    flags(refusals.TooLongADay, "rulebook: day_minutes_max; a further approver", _too_long_a_day, version=2),
    *PATTERNS,
)
"""All rules of a record, in the order in which a single record is refused by them."""

_OF_TIMES_THAT_WERE: Final = frozenset(
    {
        _no_such_activity,
        _activity_not_approved,
        _activity_approved_late,
        _activity_not_over,
        _not_during_activity,
        _overlapping,
        _too_long_a_day,
        *(pattern.find for pattern in PATTERNS),
    }
)
"""What is looked at only where somebody can have served at that time, so that one slip is not told three times."""


def check_records(services: Sequence[ServiceFacts], around: Surroundings) -> tuple[tuple[Problem, ...], ...]:
    """Return every problem of every record, in the order of the records.

    A record is compared with what the person has already and with the records before it; of two that exclude each
    other, the later one has the problem.
    """
    diary = _Diary(around)
    found = []
    for service in services:
        found.append(tuple(_problems(diary.case(service))))
        diary.note(service)
    return tuple(found)


def _problems(case: Case) -> Iterator[Problem]:
    for check in CHECKS:
        facts = None if check.find in _OF_TIMES_THAT_WERE and not case.can_have_been else check.find(case)
        if facts is not None:
            told = {"volunteer": case.service.volunteer, **facts}
            yield Problem(check.refusal.code, check.severity, told, check.version)


class _Diary:
    """What each person does on which day, so that a record is compared with few others however many there are."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._days: dict[tuple[UUID, date], list[Taken]] = defaultdict(list)
        self._activities: dict[tuple[UUID, str], int] = defaultdict(int)
        self._alike = Counter(around.typed.alike)
        self._sheets: set[tuple[Alike, str]] = set()
        self._minutes = Counter(around.typed.minutes)
        for person_id, taken in around.taken.items():
            for one in taken:
                self._add(person_id, one)

    def _add(self, person_id: UUID, taken: Taken) -> None:
        self._activities[person_id, taken.activity_number] += 1
        for day in taken.span.minutes_by_day():
            self._days[person_id, day].append(taken)

    def case(self, service: ServiceFacts) -> Case:
        """Put a record beside what the person did on its days."""
        days = service.span.minutes_by_day() if service.span.could_be else {}
        others = {one: None for day in days for one in self._days.get((service.person_id, day), ())}
        in_activity = self._activities.get((service.person_id, service.activity_number), 0)
        return Case(
            service,
            self._around,
            tuple(others),
            in_activity,
            alike=self._alike_beside(service),
            typed_minutes=self._minutes.total(),
            pair_minutes=self._minutes[service.person_id],
        )

    def _alike_beside(self, service: ServiceFacts) -> int:
        """Count what looks like a record; the sheet that it stands on itself is none beside it."""
        if not service.span.could_be:
            return 0
        alike = alike_of(service.span)
        return self._alike[alike] - (_as_planned(service) and (alike, service.activity_number) in self._sheets)

    def note(self, service: ServiceFacts) -> None:
        """Take a record into account for those after it, unless nobody could have served at that time."""
        if not service.span.could_be:
            return
        self._add(service.person_id, Taken(service.span, service.activity_number))
        if service.source_class in TYPED:
            self._note_alike(service)
            self._minutes[service.person_id] += service.span.minutes

    def _note_alike(self, service: ServiceFacts) -> None:
        """Count a record, or the sheet that was served as planned when its first line comes."""
        alike = alike_of(service.span)
        sheet = (alike, service.activity_number)
        if _as_planned(service):
            self._alike[alike] += sheet not in self._sheets
            self._sheets.add(sheet)
        else:
            self._alike[alike] += 1


def _as_planned(service: ServiceFacts) -> bool:
    return service.activity is not None and service.activity.planned(service.span)


def refusal_for(problems: Sequence[Sequence[Problem]]) -> Refusal | None:
    """Return the refusal of what blocks, with every row that is blocked; None where all records can be kept."""
    blocking = [
        (place, Refusal.again(problem.code, problem.facts))
        for place, of_one in enumerate(problems, start=1)
        for problem in of_one
        if problem.blocked
    ]
    return refusal_of_rows(blocking, rows=len(problems))
