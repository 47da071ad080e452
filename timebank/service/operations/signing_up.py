"""Signing up for activities: by the volunteer, by a named helper, or at the desk for somebody without a phone."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.queries import Volunteer, check_may, volunteer
from timebank.people.queries.helping import helped_by
from timebank.people.queries.training import trainings_of
from timebank.people.roles import Permission
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import opens_at_for
from timebank.service.queries.activities import Activity, activity
from timebank.service.queries.attending import OPEN, sign_ups, signed_up_for, terms_of
from timebank.service.queries.ties import ties_of
from timebank.service.rules.signing_up import NotSignedUp, SignUpFacts, check_open, check_sign_up
from timebank.service.tables import SignUpRow
from timebank.stars.queries import level_on


@once("service.sign_up", subject="volunteer_number")
def sign_up(session: Session, act: Act, *, activity_number: str, volunteer_number: str) -> dict[str, Any]:
    """Sign somebody up for an activity: oneself, somebody for whom one is a named helper, or at the desk.

    Returns:
        `waits`: as which one they wait, 0 where they have a place.

    Raises:
        NotAllowed: it is about somebody else, and the actor is no helper of theirs and keeps no attendance there.
        NoSuchActivity, ActivityNotApproved, SignUpOver, NoSuchVolunteer: nobody can sign up for it, or not any more.
        VolunteerLeft, SignedUpAlready, AgeUnknown, TooYoung, NotTrained, SignUpNotYet, SignedUpElsewhere: this person
            cannot.
    """
    found, person = _about(session, act, activity_number, volunteer_number)
    there = sign_ups(session, act.community_id, found)
    course = ties_of(session, act.community_id, [found.id])[found.id].course
    trained = trainings_of(session, act.community_id, person.number, on=found.span.served_on) if course else ()
    facts = SignUpFacts(
        volunteer=person.number,
        left_on=person.closed_on,
        born_on=person.born_on,
        age_min=terms_of(session, act.community_id, [found.id])[found.id].age_min,
        opens_at=_opens_at(session, act, found, person),
        at=act.at,
        signed_up=any(one.person_id == person.person_id for one in there),
        others=tuple(
            (other.number, other.span)
            for other in signed_up_for(session, act.community_id, person.person_id, act.at)
            if other.id != found.id
        ),
        course=course,
        courses=frozenset(one.course for one in trained),
    )
    check_sign_up(facts, found.span, activity=found.number)
    session.add(_row(act, found, person, place=_last_place(session, act, found) + 1))
    session.flush()
    own = next(one for one in sign_ups(session, act.community_id, found) if one.person_id == person.person_id)
    return {"waits": own.waits}


def _about(session: Session, act: Act, activity_number: str, volunteer_number: str) -> tuple[Activity, Volunteer]:
    """Look up whom and what it is about, and make sure that the actor may."""
    found = activity(session, act.community_id, activity_number)
    person = volunteer(session, act.community_id, volunteer_number)
    helped = helped_by(session, act.community_id, act.person_id, act.today)
    if person.person_id not in {act.person_id, *(one.person_id for one in helped)}:
        check_may(session, act, Permission.KEEP_ATTENDANCE, org_unit_id=found.org_unit_id)
    check_open(found.state, found.span, activity=found.number, at=act.at)
    return found, person


def _opens_at(session: Session, act: Act, found: Activity, person: Volunteer) -> datetime:
    """Return from when on somebody may sign up: where places are few, in the order of the stars."""
    since = found.approved_at or found.created_at
    benefits = rules_on(session, act.community_id, act.today).document.benefits
    if found.capacity is None or not any(benefits.early_hours):
        return since
    level = level_on(session, act.community_id, person.number, act.today)
    return opens_at_for(benefits, level, since, found.starts_at)


def _last_place(session: Session, act: Act, found: Activity) -> int:
    query = sa.select(sa.func.max(SignUpRow.place)).where(
        SignUpRow.community_id == act.community_id, SignUpRow.activity_id == found.id
    )
    return session.scalar(query) or 0


def _row(act: Act, found: Activity, person: Volunteer, *, place: int) -> SignUpRow:
    return SignUpRow(
        community_id=act.community_id,
        id=act.new_id("sign-up"),
        activity_id=found.id,
        place=place,
        person_id=person.person_id,
        volunteer_number=person.number,
        signer_id=act.person_id,
        signer=act.number,
        signed_at=act.at,
        state=OPEN,
    )


@once("service.cancel_sign_up", subject="volunteer_number")
def cancel_sign_up(session: Session, act: Act, *, activity_number: str, volunteer_number: str) -> None:
    """Take somebody off the list of an activity before it begins; the first who waits has the place.

    Raises:
        NotAllowed: it is about somebody else, and the actor is no helper of theirs and keeps no attendance there.
        NoSuchActivity, ActivityNotApproved, SignUpOver, NoSuchVolunteer: it is too late.
        NotSignedUp: the person is not on the list.
    """
    found, person = _about(session, act, activity_number, volunteer_number)
    query = sa.select(SignUpRow).where(
        SignUpRow.community_id == act.community_id,
        SignUpRow.activity_id == found.id,
        SignUpRow.person_id == person.person_id,
        SignUpRow.state == OPEN,
    )
    row = session.scalar(query)
    if row is None:
        raise NotSignedUp(volunteer=person.number, activity=found.number)
    row.state, row.ender_id, row.ender, row.ended_at = "cancelled", act.person_id, act.number, act.at
