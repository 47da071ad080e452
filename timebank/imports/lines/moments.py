"""Dates, times and lengths of time as people write them in tables.

Only the formats listed here are taken; a guess between day and month, or at a missing year, is never made. All
patterns are matched whole and have no nested repetition, so their time grows with the length of the text alone.

| what | taken |
| --- | --- |
| date | 2026-08-01 · 2026-8-1 · 2026/8/1 · 2026.8.1 · 2026年8月1日 · 20260801; a following 00:00 is passed over |
| moment | a date (not 20260801) and 15:30 · 15:30:00 · 15时30分 · 15点; `T` may stand between; 24:00 ends the day |
| length | 90 (by the column) · 90分 · 90分钟 · 1:30 · 1.5小时 · 1小时30分; hours in quarters only |
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from timebank.imports.problems import CellProblem, shown
from timebank.people.plain_text import half_width

COMMUNITY_ZONE: Final = ZoneInfo("Asia/Shanghai")

_YEARS_OF_DATES: Final = (1900, 2199)

# Until 1991 China had summer time: a local time could then mean two moments.
YEARS_OF_MOMENTS: Final = (1992, 2199)

_TIME: Final = r"([0-9]{1,2})(?::([0-9]{2})(?::([0-9]{2}))?|[时点](?:([0-9]{1,2})分?)?)"
_DATED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}})(?:[ T]{_TIME})?",
        rf"([0-9]{{4}})/([0-9]{{1,2}})/([0-9]{{1,2}})(?:[ T]{_TIME})?",
        rf"([0-9]{{4}})\.([0-9]{{1,2}})\.([0-9]{{1,2}})(?:[ T]{_TIME})?",
        rf"([0-9]{{4}})年([0-9]{{1,2}})月([0-9]{{1,2}})日(?: ?{_TIME})?",
    )
)
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_WITHOUT_YEAR: Final = re.compile(r"[0-9]{1,2}(?:月[0-9]{1,2}日?|[-/.][0-9]{1,2})(?: .*)?")
_DAY_NUMBER: Final = re.compile(r"[0-9]{4,5}(?:\.[0-9]+)?")

_MINUTES: Final = re.compile(r"([0-9]{1,9})分钟?")
_CLOCK: Final = re.compile(r"([0-9]{1,6}):([0-5][0-9])(?::00)?")
_HOURS: Final = re.compile(r"([0-9]{1,7})(?:\.([0-9]+))?(?:个?小时|时|h)")
_HOURS_AND_MINUTES: Final = re.compile(r"([0-9]{1,6})(?:个?小时|时)([0-5]?[0-9])分钟?")
_BARE: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]+)?")
_MIDNIGHT: Final = time(0)


class BareUnit(StrEnum):
    """What a bare number means in a column of lengths of time."""

    MINUTES = "分"
    HOURS = "小时"


def day(field: str, text: str, *, years: tuple[int, int] = _YEARS_OF_DATES) -> date | CellProblem:
    """Read a date of the years given, both included; 1900 to 2199 unless said otherwise."""
    plain = _plain(text)
    matched = _match_dated(plain) or _COMPACT.fullmatch(plain)
    if matched is None:
        return CellProblem(field, _not_dated(plain, "not_a_date"), {"written": shown(text)})
    read = _date_in(field, text, matched, years)
    if isinstance(read, date) and matched.re is not _COMPACT and _clock_in(matched) not in (None, (0, 0, 0)):
        return CellProblem(field, "not_a_date", {"written": shown(text)})
    return read


def moment(field: str, text: str) -> datetime | CellProblem:
    """Read a date and time of day in the community's zone (Asia/Shanghai) and return it in UTC, aware.

    Years 1992 to 2199. Seconds are kept as they are written.
    """
    matched = _match_dated(_plain(text))
    if matched is None:
        return CellProblem(field, _not_dated(_plain(text), "not_a_moment"), {"written": shown(text)})
    read = _date_in(field, text, matched, YEARS_OF_MOMENTS)
    clock = _clock_in(matched)
    if isinstance(read, CellProblem) or clock is None:
        return read if isinstance(read, CellProblem) else CellProblem(field, "time_missing", {"written": shown(text)})
    hours, minutes, seconds = clock
    if hours > 24 or minutes > 59 or seconds > 59 or (hours == 24 and (minutes or seconds)):
        return CellProblem(field, "no_such_time", {"written": shown(text)})
    return local_moment(read, timedelta(hours=hours, minutes=minutes, seconds=seconds))


def local_moment(on: date, since_midnight: timedelta) -> datetime:
    """Return a moment of the community's day, 0 to 24 hours after its midnight, in UTC, aware."""
    return (datetime.combine(on, _MIDNIGHT, COMMUNITY_ZONE) + since_midnight).astimezone(UTC)


def minutes_long(field: str, text: str, *, bare: BareUnit, high_minutes: int) -> int | CellProblem:
    """Read a length of time as whole minutes, 0 to `high_minutes`.

    Hours with decimals must be whole quarters (0.25 is 15 minutes), so that nothing is ever rounded (`trust.md` N2).
    """
    plain = _plain(text).replace(" ", "")
    if _BARE.fullmatch(plain):
        plain = f"{plain}{bare.value}"
    read = _minutes_in(plain)
    if isinstance(read, str):
        return CellProblem(field, read, {"written": shown(text)})
    if read > high_minutes:
        return CellProblem(field, "out_of_range", {"written": shown(text), "low": 0, "high": high_minutes})
    return read


def _minutes_in(plain: str) -> int | str:
    """Return the minutes, or the code of the problem."""
    if matched := _MINUTES.fullmatch(plain):
        return int(matched[1])
    if matched := _CLOCK.fullmatch(plain) or _HOURS_AND_MINUTES.fullmatch(plain):
        return int(matched[1]) * 60 + int(matched[2])
    if matched := _HOURS.fullmatch(plain):
        hundredths = (matched[2] or "").rstrip("0").ljust(2, "0")
        if len(hundredths) > 2 or int(hundredths) % 25:
            return "not_quarter_hour"
        return int(matched[1]) * 60 + int(hundredths) * 60 // 100
    return "not_a_duration"


def _plain(text: str) -> str:
    return " ".join(half_width(text).split())


def _match_dated(plain: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.fullmatch(plain) for pattern in _DATED)), None)


def _not_dated(plain: str, otherwise: str) -> str:
    if _WITHOUT_YEAR.fullmatch(plain):
        return "year_missing"
    return "excel_day_number" if _DAY_NUMBER.fullmatch(plain) else otherwise


def _date_in(field: str, text: str, matched: re.Match[str], years: tuple[int, int]) -> date | CellProblem:
    year, month, day_of_month = int(matched[1]), int(matched[2]), int(matched[3])
    if not years[0] <= year <= years[1]:
        return CellProblem(field, "out_of_range", {"written": shown(text), "low": years[0], "high": years[1]})
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return CellProblem(field, "no_such_day", {"written": shown(text)})


def _clock_in(matched: re.Match[str]) -> tuple[int, int, int] | None:
    hours, minutes, seconds, spelled_minutes = matched.groups()[3:7]
    if hours is None:
        return None
    return int(hours), int(minutes or spelled_minutes or 0), int(seconds or 0)
