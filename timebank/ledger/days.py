"""Days: the communities' civil time. Days, opening hours and deadlines are counted in it; moments are kept in UTC."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """Return the civil day on which a moment falls."""
    return moment.astimezone(ZONE).date()


def moment_of(day: date, at: time) -> datetime:
    """Return the moment (UTC) of a civil day and clock time."""
    return datetime.combine(day, at, tzinfo=ZONE).astimezone(UTC)
