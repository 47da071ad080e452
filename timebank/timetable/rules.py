"""When something is open: windows of a week, days that differ, and the slots that follow.

Appointments, off-hours service and fixed times are one thing: a calendar says when it is open, as data, and what is
offered follows from it. A public holiday on a weekday has hours of its own (none, unless they are written down), and a
weekend day that is worked instead has its own too, or those of its weekday.

Source: domain.md section 1.7 (opening calendar: normal, extended, weekend), section 2 (working days are data).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from timebank.ledger.days import ZONE
from timebank.refusal import Refusal
from timebank.rulebook.rules import RuleDocument, is_working_day

DAY_MINUTES: Final = 1440
WINDOWS_MAX: Final = 60
"""So many windows are enough for nine kinds of days."""
SLOT_MINUTES: Final = (5, 720)
PLACES: Final = (1, 10_000)
LABEL_MAX: Final = 20
EXCEPTION_DAYS_MAX: Final = 366
_SATURDAY: Final = 5


class Use(StrEnum):
    """What a calendar is for: activities of volunteers, appointments of residents, pick-up at the market."""

    ACTIVITIES = "activities"
    APPOINTMENTS = "appointments"
    PICK_UP = "pick_up"


class DayKind(StrEnum):
    """The kinds of days that have hours of their own."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"
    HOLIDAY = "holiday"
    WORKED_WEEKEND = "worked_weekend"


WEEK: Final = tuple(DayKind)[:7]


class TimetableUnclear(Refusal):
    """A calendar has a name and a place, slots of 5 to 720 minutes or none, and 1 to 10,000 places or no limit."""

    code = "timetable_unclear"


class WindowUnclear(Refusal):
    """A window opens before it closes, on one day, and is as long as a slot at least; its word is short."""

    code = "window_unclear"


class WindowsOverlap(Refusal):
    """Two windows of one kind of day overlap."""

    code = "windows_overlap"


class TooManyWindows(Refusal):
    """More windows than a week can have."""

    code = "too_many_windows"


class HoursInThePast(Refusal):
    """Hours and days that differ begin today at the earliest: nobody changes when it was open."""

    code = "hours_in_the_past"


class ExceptionUnclear(Refusal):
    """A day that differs says from when until when, and why."""

    code = "exception_unclear"


class SlotOver(Refusal):
    """The slot has begun."""

    code = "slot_over"


class SlotFull(Refusal):
    """All places of the slot are booked."""

    code = "slot_full"


class BookedAlready(Refusal):
    """The person has booked this slot."""

    code = "booked_already"


class TimetableClosed(Refusal):
    """The calendar is not used any more."""

    code = "timetable_closed"


class NotForBooking(Refusal):
    """What this calendar offers is not booked here."""

    code = "not_for_booking"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """From when until when it is open, in minutes of the day (510 is 08:30); a word on it, as 错时 or 晚间, or none."""

    opens: int
    closes: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class WeekWindow:
    """A window of a kind of day."""

    day: DayKind
    window: Window


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a week, from a day on."""

    valid_from: date
    windows: tuple[WeekWindow, ...]

    def on(self, kind: DayKind) -> tuple[Window, ...]:
        """The windows of a kind of day, the first one first."""
        return tuple(sorted(found.window for found in self.windows if found.day is kind))


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Days that differ: closed (no windows), with other windows, or (None) as ordinary again."""

    first_on: date
    last_on: date
    windows: tuple[Window, ...] | None
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Times:
    """A slot: from when until when, and the word of its window."""

    starts_at: datetime
    ends_at: datetime
    label: str = ""


def day_kind(document: RuleDocument, day: date) -> DayKind:
    """Tell which hours a day has, by the table of holidays in the rules."""
    weekend = day.weekday() >= _SATURDAY
    if is_working_day(document, day) == weekend:
        return DayKind.WORKED_WEEKEND if weekend else DayKind.HOLIDAY
    return WEEK[day.weekday()]


def windows_on(
    document: RuleDocument, hours: Sequence[Hours], exceptions: Sequence[Exceptional], day: date
) -> tuple[Window, ...]:
    """Return when it is open on a day.

    Args:
        hours: in the order in which they were set; of those that have begun, the one that begins last holds, and of
            several from the same day the one that was set last.
        exceptions: in the order in which they were set; the last one that covers the day holds.
    """
    covering = [found for found in exceptions if found.first_on <= day <= found.last_on]
    if covering and covering[-1].windows is not None:
        return tuple(sorted(covering[-1].windows))
    begun = sorted((found for found in hours if found.valid_from <= day), key=lambda found: found.valid_from)
    if not begun:
        return ()
    kind = day_kind(document, day)
    found = begun[-1].on(kind)
    if kind is DayKind.WORKED_WEEKEND and not found:
        return begun[-1].on(WEEK[day.weekday()])
    return found


def slots_on(day: date, windows: Iterable[Window], slot_minutes: int | None) -> tuple[Times, ...]:
    """Cut the windows of a day into slots; what is left at the end and is too short for one is not offered.

    Args:
        slot_minutes: how long a slot is; None: each window is one.
    """
    found = []
    for window in windows:
        length = slot_minutes or window.closes - window.opens
        for start in range(window.opens, window.closes - length + 1, length):
            found.append(Times(_moment(day, start), _moment(day, start + length), window.label))
    return tuple(found)


def _moment(day: date, minute: int) -> datetime:
    """A minute of a day, as a moment; the last one of a day is the first of the next."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


def check_shape(*, name: str, place: str, slot_minutes: int | None, places: int | None) -> None:
    """Make sure that a calendar can be one.

    Raises:
        TimetableUnclear: it cannot.
    """
    named = bool(name.strip()) and bool(place.strip())
    long_enough = slot_minutes is None or SLOT_MINUTES[0] <= slot_minutes <= SLOT_MINUTES[1]
    big_enough = places is None or PLACES[0] <= places <= PLACES[1]
    if not (named and long_enough and big_enough):
        raise TimetableUnclear(shortest_minutes=SLOT_MINUTES[0], longest_minutes=SLOT_MINUTES[1])


def check_windows(windows: Sequence[Window], slot_minutes: int | None) -> None:
    """Make sure that the windows of one day can be kept.

    Raises:
        TooManyWindows, WindowUnclear, WindowsOverlap: they cannot.
    """
    if len(windows) > WINDOWS_MAX:
        raise TooManyWindows(windows=len(windows), windows_max=WINDOWS_MAX)
    for window in windows:
        _check_window(window, slot_minutes)
    for earlier, later in zip(sorted(windows), sorted(windows)[1:], strict=False):
        if later.opens < earlier.closes:
            raise WindowsOverlap(first=clock(earlier.opens), second=clock(later.opens))


def _check_window(window: Window, slot_minutes: int | None) -> None:
    short = window.closes - window.opens < (slot_minutes or 1)
    if short or window.opens < 0 or window.closes > DAY_MINUTES or len(window.label) > LABEL_MAX:
        raise WindowUnclear(opens=clock(window.opens), closes=clock(window.closes), minutes=slot_minutes or 1)


def check_week(windows: Sequence[WeekWindow], slot_minutes: int | None) -> None:
    """Make sure that the windows of a week can be kept; none at all is a calendar that is shut.

    Raises:
        TooManyWindows, WindowUnclear, WindowsOverlap: they cannot.
    """
    if len(windows) > WINDOWS_MAX:
        raise TooManyWindows(windows=len(windows), windows_max=WINDOWS_MAX)
    for kind in DayKind:
        check_windows([found.window for found in windows if found.day is kind], slot_minutes)


def check_exception(found: Exceptional, slot_minutes: int | None, *, today: date) -> None:
    """Make sure that days may differ.

    Raises:
        ExceptionUnclear, HoursInThePast, TooManyWindows, WindowUnclear, WindowsOverlap: they may not.
    """
    days = (found.last_on - found.first_on).days + 1
    if not 1 <= days <= EXCEPTION_DAYS_MAX or not found.reason.strip():
        raise ExceptionUnclear(days_max=EXCEPTION_DAYS_MAX)
    check_begins(found.first_on, today=today)
    check_windows(found.windows or (), slot_minutes)


def check_begins(first_on: date, *, today: date) -> None:
    """Make sure that hours do not begin before today.

    Raises:
        HoursInThePast: they do.
    """
    if first_on < today:
        raise HoursInThePast(first_on=first_on.isoformat(), today=today.isoformat())


def check_booking(times: Times, *, taken: int, places: int | None, has_it: bool, at: datetime) -> None:
    """Make sure that a slot can be booked.

    Raises:
        SlotOver, BookedAlready, SlotFull: it cannot.
    """
    if times.starts_at <= at:
        raise SlotOver(starts=written(times.starts_at))
    if has_it:
        raise BookedAlready(starts=written(times.starts_at))
    if places is not None and taken >= places:
        raise SlotFull(starts=written(times.starts_at), places=places)


def clock(minute: int) -> str:
    """Write a minute of the day as a clock time: 510 is 08:30."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_of(text: str) -> int | None:
    """Read a clock time, 8:30 or 24:00, as a minute of the day; None where it is none."""
    hours, colon, minutes = text.strip().replace("：", ":").partition(":")
    if not (colon and hours.isascii() and minutes.isascii() and hours.isdigit() and minutes.isdigit()):
        return None
    if len(minutes) != 2 or len(hours) > 2 or int(minutes) > 59:
        return None
    found = int(hours) * 60 + int(minutes)
    return found if found <= DAY_MINUTES else None


def written(moment: datetime) -> str:
    """Write a moment as it is read in the community: 2026-08-01 15:30."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
