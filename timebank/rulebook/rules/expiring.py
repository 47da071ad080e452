"""When points expire, and from when on their owner is told: at the end of the year that the rules name, days before.

Source: domain.md section 2 (off by default; 31 December of the following year; notices 90, 30 and 7 days before).
"""

from datetime import date

from timebank.rulebook.rules.document import Expiry

_DECEMBER, _LAST = 12, 31


def last_day_of(expiry: Expiry, vintage: int) -> date:
    """Return the last day on which points of a year can be spent."""
    return date(vintage + expiry.years_kept, _DECEMBER, _LAST)


def find_notice(expiry: Expiry, vintage: int, today: date) -> int | None:
    """Return the notice under which points of a year stand, as its days before the last day; None before the first.

    With notices 90, 30 and 7 days before, 31 days before the end it is the first, and 30 days before the second.
    Points that expired, and those that never do, have none.
    """
    if not expiry.on or vintage == 0:
        return None
    days_left = (last_day_of(expiry, vintage) - today).days
    return min((days for days in expiry.notice_days if 0 <= days_left <= days), default=None)
