"""Offering the slots of an opening calendar as activities: fixed times, off-hours and duties come from one place."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.refusal import Refusal
from timebank.service.asked import NewActivity
from timebank.service.operations.arranging import approve_activity, propose
from timebank.service.queries.activities import Activity, activity
from timebank.service.queries.attending import terms_of
from timebank.service.queries.checking import NothingAsked
from timebank.service.queries.ties import starts_offered, ties_of
from timebank.timetable.queries import DAYS_MAX, Timetable, slots, timetable
from timebank.timetable.rules import Use

OFFERED_MAX: Final = 100
"""So many activities at a time are enough; a second person has to look at them."""


class NotForActivities(Refusal):
    """The calendar is for something else than activities."""

    code = "not_for_activities"


class TooManyOffered(Refusal):
    """More slots than a second person can look at."""

    code = "too_many_offered"


@once("service.offer_slots", subject="timetable_number")
def offer_slots(
    session: Session, act: Act, *, timetable_number: str, like: str, first_on: date, days: int
) -> dict[str, Any]:
    """Propose an activity like an earlier one for every slot of a calendar that has none yet; a second person approves.

    Args:
        like: number of the activity from which everything but the time, the place and the number of places is taken.

    Returns:
        `activities`: the numbers of the new activities, in the order of their times.

    Raises:
        NotAllowed: the actor makes no activities there.
        NoSuchTimetable, NotForActivities, NoSuchActivity: there is nothing to offer.
        NothingAsked: every slot has an activity already, or there is none.
        TooManyOffered: there are more than 100.
    """
    calendar = timetable(session, act.community_id, timetable_number)
    if calendar.use is not Use.ACTIVITIES:
        raise NotForActivities(number=timetable_number)
    there = starts_offered(session, act.community_id, calendar.id, act.at)
    found = slots(session, act.community_id, timetable_number, first_on=first_on, days=min(days, DAYS_MAX))
    wanted = [slot for slot in found if slot.times.starts_at > act.at and slot.times.starts_at not in there]
    if not wanted:
        raise NothingAsked()
    if len(wanted) > OFFERED_MAX:
        raise TooManyOffered(slots=len(wanted), slots_max=OFFERED_MAX)
    template = _template(session, act, calendar, activity(session, act.community_id, like))
    numbers = [
        propose(
            session,
            act,
            replace(template, starts_at=slot.times.starts_at, ends_at=slot.times.ends_at),
            place=place,
            calendar=calendar,
        )
        for place, slot in enumerate(wanted)
    ]
    return {"activities": numbers}


def _template(session: Session, act: Act, calendar: Timetable, last: Activity) -> NewActivity:
    """Take from an earlier activity everything but its time, and from the calendar where and for how many."""
    terms = terms_of(session, act.community_id, [last.id])[last.id]
    ties = ties_of(session, act.community_id, [last.id])[last.id]
    return NewActivity(
        title=last.title,
        service_class=last.service_class,
        place=calendar.place,
        leader=last.leader,
        starts_at=last.starts_at,
        ends_at=last.ends_at,
        capacity=calendar.places or last.capacity,
        org_unit_id=last.org_unit_id,
        needs=terms.needs,
        age_min=terms.age_min,
        risk=terms.risk,
        insurance=terms.insurance,
        partner=ties.partner,
        course=ties.course,
    )


@once("service.approve_activities")
def approve_activities(session: Session, act: Act, *, numbers: tuple[str, ...]) -> dict[str, Any]:
    """Approve several activities that somebody else has made, all or none.

    Returns:
        `approved`: how many.

    Raises:
        NothingAsked: none was chosen.
        see `approve_activity`.
    """
    if not numbers:
        raise NothingAsked()
    for number in dict.fromkeys(numbers):
        approve_activity(session, act, number=number)
    return {"approved": len(set(numbers))}
