"""The checks that flag: what can be right and often is not, so that somebody says in words why it is.

Long, at night, typed again and again; more than codes and cards show; a crowd at one phone; the same hours for a
crowd; very much by one recorder, or by one recorder for one volunteer. The sums are of what was typed within seven
days, whenever it was served, so nothing is gained by splitting.

Sources: domain.md section 2; trust.md T4, X3, X5, X6; the limits without a name in the rulebook stand here.
"""

from typing import Final

from timebank.ledger.days import ZONE
from timebank.service.rules import refusals
from timebank.service.rules.case import MANUAL, TYPED, Case, Facts, flags, written

DEVICE_PEOPLE: Final = 30
"""So many people checked in by one phone are looked at."""
ALIKE_RECORDS: Final = 30
"""From so many typed records of exactly the same time on, one recorder's are looked at."""
RECORDER_WEEK_MINUTES: Final = 500 * 60
PAIR_WEEK_MINUTES: Final = 20 * 60
"""What one recorder types within seven days, in all and for one volunteer, before somebody asks."""


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
    if attended is None or attended.on_device < DEVICE_PEOPLE:
        return None
    return {"activity": case.service.activity_number, "people": attended.on_device}


def _many_alike(case: Case) -> Facts | None:
    records = case.alike + 1
    if case.service.source_class not in TYPED or records < ALIKE_RECORDS:
        return None
    return {"records": records, "starts": written(case.span.starts_at), "minutes": case.span.minutes}


def _recorder_types_much(case: Case) -> Facts | None:
    minutes = case.week_minutes + case.span.minutes
    if case.service.source_class not in TYPED or minutes <= RECORDER_WEEK_MINUTES:
        return None
    return {"minutes": minutes, "limit_minutes": RECORDER_WEEK_MINUTES}


def _pair_types_much(case: Case) -> Facts | None:
    minutes = case.pair_minutes + case.span.minutes
    if case.service.source_class not in TYPED or minutes <= PAIR_WEEK_MINUTES:
        return None
    return {"minutes": minutes, "limit_minutes": PAIR_WEEK_MINUTES}


PATTERNS: Final = (
    flags(refusals.LongService, "rulebook: record_flag_minutes", _long),
    flags(refusals.NightService, "rulebook: night_from, night_until", _at_night),
    flags(refusals.EnteredOften, "rulebook: manual_entries_flag", _entered_often),
    flags(refusals.NoCheckOut, "trust.md X3", _no_check_out),
    flags(refusals.MoreThanAttended, "trust.md X3", _more_than_attended),
    flags(refusals.OneDevice, "trust.md X3", _one_device),
    flags(refusals.ManyAlike, "trust.md X5", _many_alike),
    flags(refusals.RecorderTypesMuch, "trust.md T4", _recorder_types_much),
    flags(refusals.PairTypesMuch, "trust.md T4", _pair_types_much),
)
"""The rules that flag."""
