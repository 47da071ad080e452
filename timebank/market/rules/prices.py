"""Prices: from which day a confirmed price holds.

Source: trust.md T8.
"""

from datetime import date, timedelta


def first_day_for(*, wanted_from: date, today: date, has_price: bool) -> date:
    """Return the first day on which a price confirmed today may hold.

    A good that has no price yet may get one today; a change takes effect tomorrow at the earliest, so nobody can lower
    a price, redeem, and put it back (trust.md T8).
    """
    earliest = today + timedelta(days=1) if has_price else today
    return max(wanted_from, earliest)
