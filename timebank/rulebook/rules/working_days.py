"""Working days: counted by the table in the rules, never by the weekday alone.

In a year that the table does not list yet, Monday to Friday are taken as working days; `knows_year` tells where that is
so, and rules that begin in such a year are not published.

Source: Order 67 article 11 (ten working days); the State Council's yearly arrangement of holidays.
"""

from datetime import date, timedelta
from typing import Final

from timebank.rulebook.rules.document import RuleDocument

_SATURDAY: Final = 5


def knows_year(document: RuleDocument, year: int) -> bool:
    """Tell whether the holidays of a year are listed."""
    return any(known.year == year for known in document.working_years)


def is_working_day(document: RuleDocument, day: date) -> bool:
    """Tell whether people work on a day."""
    for known in document.working_years:
        if known.year == day.year:
            return day in known.days_on if day.weekday() >= _SATURDAY else day not in known.days_off
    return day.weekday() < _SATURDAY


def working_day_after(document: RuleDocument, day: date, count: int) -> date:
    """Return the `count`-th working day after a day; `day` itself when `count` is 0."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(document, day)
    return day


def entry_deadline_for(document: RuleDocument, served_on: date) -> date:
    """Return the last day on which a service of `served_on` may be entered without being a late entry."""
    return working_day_after(document, served_on, document.limits.entry_deadline_working_days)
