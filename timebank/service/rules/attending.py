"""Coming and going: when somebody can check in or out, and what time of service follows from it. Pure.

Whoever came within five minutes of the start has come at the start, and the same at the end. A check-out that was
forgotten counts to the end of the plan and is marked: it needs a word before it is approved.

Sources: domain.md section 3, C2; trust.md T3, X3; experience.md V6, C3.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from timebank.refusal import Refusal
from timebank.service.rules.case import written
from timebank.service.rules.records import ActivityState, Span
from timebank.service.rules.refusals import ActivityNotApproved, NoSuchActivity

DOOR_OPENS: Final = timedelta(hours=1)
"""So long before its start and after its end one can check in to an activity and out of it."""
GRACE: Final = timedelta(minutes=5)
"""So late, or early, is not late."""
SAME_SCAN: Final = timedelta(minutes=5)
"""A card scanned twice at the door within this time is one scan, no check-out."""


class Direction(StrEnum):
    """What somebody checks."""

    IN = "in"
    OUT = "out"


class AttendanceClosed(Refusal):
    """Nobody checks in to the activity or out of it at this time."""

    code = "attendance_closed"


class CheckedInAlready(Refusal):
    """The person is checked in; once is enough."""

    code = "checked_in_already"


class CheckedOutAlready(Refusal):
    """The person has checked out; once is enough."""

    code = "checked_out_already"


class CheckedInElsewhere(Refusal):
    """The person is checked in to another activity and has not checked out."""

    code = "checked_in_elsewhere"


class NotCheckedIn(Refusal):
    """Who has not come cannot go."""

    code = "not_checked_in"


@dataclass(frozen=True, slots=True)
class Marks:
    """When somebody came to an activity and went; None where they did not."""

    came_at: datetime | None = None
    left_at: datetime | None = None


def direction_at(plan: Span, at: datetime) -> Direction:
    """Tell what is checked at a moment of an activity: in until a quarter of an hour before its end, then out."""
    return Direction.IN if at < plan.ends_at - timedelta(minutes=15) else Direction.OUT


def is_open(plan: Span, at: datetime) -> bool:
    """Tell whether one can check in or out at a moment."""
    return plan.starts_at - DOOR_OPENS <= at <= plan.ends_at + DOOR_OPENS


def check_door(state: ActivityState, plan: Span, *, activity: str, at: datetime) -> None:
    """Make sure that people can check in to an activity, or out of it, now.

    Raises:
        NoSuchActivity, ActivityNotApproved: it does not take place, or nobody has approved it.
        AttendanceClosed: it is too early or too late.
    """
    if state is ActivityState.CANCELLED:
        raise NoSuchActivity(activity=activity)
    if state is ActivityState.PROPOSED:
        raise ActivityNotApproved(activity=activity)
    if not is_open(plan, at):
        raise AttendanceClosed(activity=activity, starts=written(plan.starts_at), ends=written(plan.ends_at))


def check_mark(direction: Direction, marks: Marks, *, volunteer: str, elsewhere: str | None) -> None:
    """Make sure that somebody who came and went like this may check in or out.

    Args:
        elsewhere: the activity to which they are checked in without having left it, or None.

    Raises:
        CheckedInAlready, CheckedOutAlready, NotCheckedIn, CheckedInElsewhere: they may not.
    """
    if marks.left_at is not None:
        raise CheckedOutAlready(volunteer=volunteer, written=written(marks.left_at))
    if direction is Direction.OUT and marks.came_at is None:
        raise NotCheckedIn(volunteer=volunteer)
    if direction is Direction.IN and marks.came_at is not None:
        raise CheckedInAlready(volunteer=volunteer, written=written(marks.came_at))
    if direction is Direction.IN and elsewhere is not None:
        raise CheckedInElsewhere(volunteer=volunteer, activity=elsewhere)


def direction_at_door(marks: Marks, *, at: datetime) -> Direction:
    """Tell what a card at the door means: the first scan is in, a later one out; the same scan twice is still in."""
    if marks.came_at is None or (marks.left_at is None and at - marks.came_at < SAME_SCAN):
        return Direction.IN
    return Direction.OUT


def served_span(marks: Marks, plan: Span) -> Span | None:
    """Return the time inside the plan that somebody was there, or None where that is no minute."""
    if marks.came_at is None:
        return None
    came, left = _whole(marks.came_at), _whole(marks.left_at or plan.ends_at)
    starts_at = plan.starts_at if came <= plan.starts_at + GRACE else came
    ends_at = plan.ends_at if left >= plan.ends_at - GRACE else left
    return Span(starts_at, ends_at) if ends_at > starts_at else None


def _whole(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
