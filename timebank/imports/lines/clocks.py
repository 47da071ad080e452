"""Sheets that tell the day once and then clocks: 日期 2026-08-01, 开始 9:00, 结束 11:00.

The commonest sign-in sheet there is. A time cell is either a full date and time (`moments.py`) or a clock, which the
row's day completes. Nothing is guessed: a word that leaves two hours open, a bare number and an end at or before its
start are problems. Seconds are kept as they are written.

| what | taken |
| --- | --- |
| clock | 9:00 · 9：00 · 09:00:00 · 9点 · 9点半 · 9点30分 · 9时30分 · a time cell of a workbook, which reads as 09:00 |
| word before it | 凌晨 早上 早晨 上午 中午 下午 傍晚 晚上, where the hour fits it: 下午2:30 and 下午14:30 |
| 24:00 | the end of that day |
"""

import re
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import Final

from timebank.imports.lines.moments import COMMUNITY_ZONE, YEARS_OF_MOMENTS, day, local_moment, moment
from timebank.imports.problems import CellProblem, shown
from timebank.people.plain_text import half_width

service_day: Final = partial(day, years=YEARS_OF_MOMENTS)

_CLOCK: Final = re.compile(
    r"(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上)? ?([0-9]{1,2})"
    r"(?::([0-9]{2})(?::([0-9]{2}))?| ?[时点](?:整|钟|(半)| ?([0-9]{1,2}) ?分?)?)"
)
# Of noon, of half past nine and of a lost format alike: 0.5, 9.5, 0900. Longer ones are days of a spreadsheet.
_BARE_NUMBER: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]+)?|\.[0-9]+")

_HOURS_OF_A_DAY: Final = 24


def _hours(*as_written: range, later: range = range(0)) -> dict[int, int]:
    """Return which hour of the day each written hour is; `later` are those that mean twelve more."""
    return {hour: hour for hour in chain(*as_written)} | {hour: hour + 12 for hour in later}


# 上午12:00 is midnight to a spreadsheet and noon to people, 晚上12:00 the beginning or the end of the day.
_HOURS_AFTER: Final[dict[str | None, dict[int, int]]] = {
    None: _hours(range(25)),
    "凌晨": _hours(range(6)),
    "早上": _hours(range(4, 12)),
    "早晨": _hours(range(4, 12)),
    "上午": _hours(range(1, 12)),
    "中午": _hours(range(11, 15), later=range(1, 3)),
    "下午": _hours(range(12, 24), later=range(1, 12)),
    "傍晚": _hours(range(16, 21), later=range(4, 9)),
    "晚上": _hours(range(16, 25), later=range(4, 12)),
}


def moment_or_clock(field: str, text: str) -> datetime | timedelta | CellProblem:
    """Read a full date and time (aware, UTC), or a clock as the time since midnight, 0 to 24 hours."""
    plain = " ".join(half_width(text).split())
    if _BARE_NUMBER.fullmatch(plain):
        return CellProblem(field, "number_for_a_clock", {"written": shown(text)})
    matched = _CLOCK.fullmatch(plain)
    return moment(field, text) if matched is None else _clock(field, text, matched)


def served_span(day_text: str, starts_text: str, ends_text: str) -> tuple[datetime, datetime] | list[CellProblem]:
    """Return when a service began and ended (aware, UTC), or what is wrong between its day, start and end.

    Args:
        day_text: empty where the table has no such column, or nothing stands in it.

    What is wrong with one of the three by itself is not told again here; the list is then empty. Two full moments in
    the wrong order are for the service rules.
    """
    served_on = service_day("served_on", day_text) if day_text else None
    starts, ends = moment_or_clock("starts_at", starts_text), moment_or_clock("ends_at", ends_text)
    if isinstance(served_on, CellProblem) or isinstance(starts, CellProblem) or isinstance(ends, CellProblem):
        return []
    clocks = [text for text, read in ((starts_text, starts), (ends_text, ends)) if isinstance(read, timedelta)]
    if served_on is None and clocks:
        return [CellProblem("served_on", "clock_without_day", {"written": shown(clocks[0])})]
    starts_at, ends_at = _on(served_on, starts), _on(served_on, ends)
    if served_on not in (None, starts_at.astimezone(COMMUNITY_ZONE).date()):
        facts = {"written": shown(day_text), "starts": shown(starts_text)}
        return [CellProblem("served_on", "days_differ", facts)]
    if clocks and ends_at <= starts_at:
        facts = {"written": shown(ends_text), "starts": shown(starts_text)}
        return [CellProblem("ends_at", "clock_not_after", facts)]
    return starts_at, ends_at


def _clock(field: str, text: str, matched: re.Match[str]) -> timedelta | CellProblem:
    word, hour, minutes, seconds, half, spelled_minutes = matched.groups()
    written = int(hour)
    minute, second = 30 if half else int(minutes or spelled_minutes or 0), int(seconds or 0)
    if written > _HOURS_OF_A_DAY or minute > time.max.minute or second > time.max.second:
        return CellProblem(field, "no_such_time", {"written": shown(text)})
    if written not in _HOURS_AFTER[word]:
        return CellProblem(field, "clock_unclear", {"written": shown(text)})
    since_midnight = timedelta(hours=_HOURS_AFTER[word][written], minutes=minute, seconds=second)
    if since_midnight > timedelta(days=1):
        return CellProblem(field, "no_such_time", {"written": shown(text)})
    return since_midnight


def _on(served_on: date | None, read: datetime | timedelta) -> datetime:
    """Return the moment; a clock is completed by the day, which is there wherever there is a clock."""
    if isinstance(read, datetime):
        return read
    assert served_on is not None
    return local_moment(served_on, read)
