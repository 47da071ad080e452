"""The checks that flag: what can be right and often is not, so that somebody says in words why it is.

Long, at night, typed again and again; more than codes and cards show; a crowd at one phone; the same hours again and
again; very much by one recorder, or by one recorder for one volunteer. The sums are of what was typed within some days,
whenever it was served, so nothing is gained by splitting.

Whoever came without signing up, at the door or on a sheet, may miss what the activity asks for. They have served all
the same, so it is said in words why they were let in.

Hours that look alike are meant to find invented ones: typed one by one, or over many activities and days. Thirty people
who served as long as a second person had approved beforehand, on one sheet, are what a coordinator meets every week; so
such a sheet counts once, whatever its length, and every record that was not so planned counts itself.

Sources: domain.md section 2; trust.md T4, X3, X5, X6; the limits stand in the rulebook.
"""

from typing import Final

from timebank.ledger.days import ZONE
from timebank.service.rules import refusals
from timebank.service.rules.case import MANUAL, TYPED, Case, Facts, flags, written
from timebank.service.rules.signing_up import age_on


def _long(case: Case) -> Facts | None:
    limit = case.service.rules.limits.record_flag_minutes
    return {"minutes": case.span.minutes, "limit_minutes": limit} if case.span.minutes > limit else None


def _at_night(case: Case) -> Facts | None:
    limits = case.service.rules.limits
    start = case.span.starts_at.astimezone(ZONE).time()
    if limits.night_from <= limits.night_until:
        night = limits.night_from <= start < limits.night_until
    else:
        night = start >= limits.night_from or start < limits.night_until
    return {"starts": written(case.span.starts_at)} if night else None


def _entered_often(case: Case) -> Facts | None:
    times = 1 + case.same_activity
    if case.service.source_class not in MANUAL or times < case.service.rules.limits.manual_entries_flag:
        return None
    return {"activity": case.service.activity_number, "times": times}


def _no_check_out(case: Case) -> Facts | None:
    attended = case.service.attended
    if attended is None or not attended.forgotten or case.service.source_class in MANUAL:
        return None
    return {"activity": case.service.activity_number, "ends": written(case.span.ends_at)}


def _more_than_attended(case: Case) -> Facts | None:
    attended = case.service.attended
    if attended is None or attended.covers(case.span):
        return None
    shown = 0 if attended.span is None else attended.span.minutes
    return {"activity": case.service.activity_number, "minutes": case.span.minutes, "shown_minutes": shown}


def _one_device(case: Case) -> Facts | None:
    attended = case.service.attended
    if attended is None or attended.on_device < case.service.rules.patterns.device_people:
        return None
    return {"activity": case.service.activity_number, "people": attended.on_device}


def _many_alike(case: Case) -> Facts | None:
    records = case.alike + 1
    if case.service.source_class not in TYPED or records < case.service.rules.patterns.alike_records:
        return None
    return {"records": records, "starts": written(case.span.starts_at), "minutes": case.span.minutes}


def _recorder_types_much(case: Case) -> Facts | None:
    minutes, limit = case.typed_minutes + case.span.minutes, case.service.rules.patterns.recorder_minutes
    if case.service.source_class not in TYPED or minutes <= limit:
        return None
    return {"minutes": minutes, "limit_minutes": limit}


def _pair_types_much(case: Case) -> Facts | None:
    minutes, limit = case.pair_minutes + case.span.minutes, case.service.rules.patterns.pair_minutes
    if case.service.source_class not in TYPED or minutes <= limit:
        return None
    return {"minutes": minutes, "limit_minutes": limit}


def _too_young(case: Case) -> Facts | None:
    needs = case.service.needs
    if not needs.age_min or needs.born_on is None:
        return None
    age = age_on(needs.born_on, case.span.served_on)
    if age >= needs.age_min:
        return None
    return {"activity": case.service.activity_number, "age": age, "age_min": needs.age_min}


def _age_unknown(case: Case) -> Facts | None:
    needs = case.service.needs
    if not needs.age_min or needs.born_on is not None:
        return None
    return {"activity": case.service.activity_number, "age_min": needs.age_min}


def _untrained(case: Case) -> Facts | None:
    needs = case.service.needs
    if not needs.course or needs.trained:
        return None
    return {"activity": case.service.activity_number, "course": needs.course}


PATTERNS: Final = (
    flags(refusals.LongService, "rulebook: record_flag_minutes", _long),
    flags(refusals.NightService, "rulebook: night_from, night_until", _at_night),
    flags(refusals.EnteredOften, "rulebook: manual_entries_flag", _entered_often),
    flags(refusals.NoCheckOut, "trust.md X3", _no_check_out),
    flags(refusals.MoreThanAttended, "trust.md X3", _more_than_attended),
    flags(refusals.OneDevice, "rulebook: device_people; trust.md X3", _one_device),
    flags(refusals.ManyAlike, "rulebook: alike_records, days; trust.md X5", _many_alike, version=2),
    flags(refusals.RecorderTypesMuch, "rulebook: recorder_minutes, days; trust.md T4", _recorder_types_much),
    flags(refusals.PairTypesMuch, "rulebook: pair_minutes, days; trust.md T4", _pair_types_much),
    flags(refusals.ServedTooYoung, "activity: age; domain.md section 1.2", _too_young),
    flags(refusals.ServedAgeUnknown, "activity: age; domain.md section 1.2", _age_unknown),
    flags(refusals.ServedUntrained, "activity: training; domain.md section 1.2", _untrained),
)
"""The rules that flag."""
