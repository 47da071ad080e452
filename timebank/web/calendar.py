"""A calendar feed (iCalendar, RFC 5545): one event per activity, with a stable name, so that a change is a change.

China has one civil time and no summer time, so the time zone is written out in three lines.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from timebank.ledger.days import ZONE
from timebank.people.queries import Community
from timebank.service.queries import Activity
from timebank.service.rules import ActivityState

LINE_OCTETS_MAX: Final = 75
_BEGIN: Final = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//timebank//activities//ZH",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)
_ZONE: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19920101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "END:STANDARD",
    "END:VTIMEZONE",
)
_A_DAY_BEFORE: Final = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D", "DESCRIPTION:爱心存折", "END:VALARM")


def calendar_of(community: Community, activities: Iterable[Activity], address_of: Callable[[Activity], str]) -> str:
    """Write activities as a calendar; one that was called off stays in it as cancelled."""
    lines = [*_BEGIN, f"X-WR-CALNAME:{_text(community.name)}", *_ZONE]
    for activity in activities:
        lines += _event(community, activity, address_of(activity))
    return "".join(f"{folded}\r\n" for line in (*lines, "END:VCALENDAR") for folded in _folded(line))


def _event(community: Community, activity: Activity, address: str) -> list[str]:
    off = activity.state is ActivityState.CANCELLED
    return [
        "BEGIN:VEVENT",
        f"UID:{activity.id}@{community.id}",
        f"DTSTAMP:{activity.created_at:%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{int(off)}",
        f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}",
        f"DTSTART;TZID=Asia/Shanghai:{_clock(activity.starts_at)}",
        f"DTEND;TZID=Asia/Shanghai:{_clock(activity.ends_at)}",
        f"SUMMARY:{_text(activity.title)}",
        f"LOCATION:{_text(activity.place)}",
        f"URL:{address}",
        *(() if off else _A_DAY_BEFORE),
        "END:VEVENT",
    ]


def _clock(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y%m%dT%H%M%S")


def _text(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Break a line after at most 75 octets, never inside a character; what goes on begins with a blank."""
    part, octets = "", 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > LINE_OCTETS_MAX:
            yield part
            part, octets = " ", 1
        part, octets = part + sign, octets + size
    yield part
