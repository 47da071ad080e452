"""The clock: the only file that asks the system for the time.

Only the shell (`web`, `cli`, `app`) calls it; everything below takes the moment as an argument.
"""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC, to the microsecond."""
    return datetime.now(tz=UTC)
