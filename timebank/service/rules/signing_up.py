"""Signing up: who may, who has a place and who waits. Pure.

Places are given in the order of the sign-ups; when somebody cancels, the first who waits has the place.

Sources: domain.md section 3, C1; experience.md V5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from timebank.refusal import Refusal
from timebank.service.rules.case import written
from timebank.service.rules.records import ActivityState, Span
from timebank.service.rules.refusals import ActivityNotApproved, NoSuchActivity, VolunteerLeft

AGE_MAX: Final = 99


class SignUpOver(Refusal):
    """The activity has begun; nobody signs up or cancels any more."""

    code = "sign_up_over"


class SignedUpAlready(Refusal):
    """The person is signed up."""

    code = "signed_up_already"


class SignedUpElsewhere(Refusal):
    """The person is signed up for another activity at that time."""

    code = "signed_up_elsewhere"


class SignUpNotYet(Refusal):
    """Places are few, and higher stars sign up first; the facts say from when on this person may."""

    code = "sign_up_not_yet"


class NotSignedUp(Refusal):
    """The person is not signed up."""

    code = "not_signed_up"


class TooYoung(Refusal):
    """The activity asks for a higher age."""

    code = "too_young"


class AgeUnknown(Refusal):
    """The activity asks for an age, and nobody has noted when the person was born."""

    code = "age_unknown"


class NotTrained(Refusal):
    """The activity asks for a training that the person has not attended."""

    code = "not_trained"


class AgeOutOfRange(Refusal):
    """So old nobody can be asked to be; without a limit the field stays empty."""

    code = "age_out_of_range"


class RiskNotInsured(Refusal):
    """An activity with a risk names its insurance."""

    code = "risk_not_insured"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpFacts:
    """Somebody who wants to come.

    Attributes:
        left_on: the day on which they left, or None; born_on: None where it is not known.
        age_min: what the activity asks for, or None.
        course: the training that it asks for, or empty; courses: those that they have attended, approved.
        opens_at: from when on this person may sign up, by their star.
        at: now.
        others: the other activities for which they are signed up, by number.
    """

    volunteer: str
    left_on: date | None
    born_on: date | None
    age_min: int | None
    signed_up: bool
    opens_at: datetime
    at: datetime
    others: tuple[tuple[str, Span], ...]
    course: str = ""
    courses: frozenset[str] = frozenset()


def check_open(state: ActivityState, plan: Span, *, activity: str, at: datetime) -> None:
    """Make sure that one can sign up for an activity now, or cancel.

    Raises:
        NoSuchActivity, ActivityNotApproved, SignUpOver: one cannot.
    """
    if state is ActivityState.CANCELLED:
        raise NoSuchActivity(activity=activity)
    if state is ActivityState.PROPOSED:
        raise ActivityNotApproved(activity=activity)
    if plan.starts_at <= at:
        raise SignUpOver(activity=activity, starts=written(plan.starts_at))


def check_sign_up(facts: SignUpFacts, plan: Span, *, activity: str) -> None:
    """Make sure that somebody may sign up.

    Raises:
        VolunteerLeft, SignedUpAlready, AgeUnknown, TooYoung, NotTrained, SignUpNotYet, SignedUpElsewhere: they may not.
    """
    if facts.left_on is not None and facts.left_on < plan.served_on:
        raise VolunteerLeft(volunteer=facts.volunteer, left_on=facts.left_on.isoformat())
    if facts.signed_up:
        raise SignedUpAlready(volunteer=facts.volunteer, activity=activity)
    if facts.age_min and facts.born_on is None:
        raise AgeUnknown(volunteer=facts.volunteer, activity=activity, age_min=facts.age_min)
    if facts.age_min and facts.born_on and age_on(facts.born_on, plan.served_on) < facts.age_min:
        raise TooYoung(volunteer=facts.volunteer, activity=activity, age_min=facts.age_min)
    if facts.course and facts.course not in facts.courses:
        raise NotTrained(volunteer=facts.volunteer, activity=activity, course=facts.course)
    if facts.at < facts.opens_at:
        raise SignUpNotYet(volunteer=facts.volunteer, activity=activity, opens=written(facts.opens_at))
    for number, span in facts.others:
        if span.overlaps(plan):
            starts, ends = written(span.starts_at), written(span.ends_at)
            raise SignedUpElsewhere(volunteer=facts.volunteer, activity=number, starts=starts, ends=ends)


def age_on(born_on: date, day: date) -> int:
    """Return the full years of somebody on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def waiting_place(places: Iterable[int], place: int, capacity: int | None) -> int:
    """Return as which one of those who wait somebody waits, 0 where they have a place.

    Args:
        places: of all who are signed up; place: of the one who asks.
    """
    before = sum(other < place for other in places)
    return 0 if capacity is None else max(0, before + 1 - capacity)


def check_cancelling(state: ActivityState, plan: Span, *, activity: str, at: datetime) -> None:
    """Make sure that an activity can still be called off.

    Raises:
        NoSuchActivity, SignUpOver: it was called off before, or has begun.
    """
    check_open(ActivityState.APPROVED if state is ActivityState.PROPOSED else state, plan, activity=activity, at=at)


def check_terms(*, age_min: int | None, risk: str, insurance: str) -> None:
    """Make sure that what an activity asks for can be, and that one with a risk is insured before anybody starts it.

    Raises:
        AgeOutOfRange, RiskNotInsured: it is not so.
    """
    if age_min is not None and not 1 <= age_min <= AGE_MAX:
        raise AgeOutOfRange(highest=AGE_MAX)
    if risk.strip() and not insurance.strip():
        raise RiskNotInsured()
