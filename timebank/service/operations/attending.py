"""Coming and going: by the code that the activity shows, or by cards at the door."""

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people.queries import Volunteer, check_may, close_to, volunteer
from timebank.people.roles import Permission
from timebank.rulebook.rules import SourceClass
from timebank.service.queries.activities import Activity, activity
from timebank.service.queries.attending import attendances, elsewhere, shown_by
from timebank.service.rules.attending import Direction, Marks, check_door, check_mark, direction_at_door
from timebank.service.rules.refusals import RecorderIsBeneficiary, RecorderIsClose, VolunteerLeft
from timebank.service.tables import AttendanceRow


@once("service.check_in", subject="volunteer_number")
def check_in(
    session: Session, act: Act, *, volunteer_number: str, code: str, key: Secret, device: Secret
) -> dict[str, str]:
    """Check in or out as the volunteer who acts, by the code that an activity shows now.

    Args:
        code: the twenty digits.
        key: of the installation, by which the code was made.
        device: what the phone is known by; only a digest is kept.

    Returns:
        `activity` (its number), `direction` and `title`.

    Raises:
        NoSuchVolunteer: the actor is no volunteer of that number.
        NotACode, CodeMistyped, CodeNotLive: no activity shows it.
        VolunteerLeft, CheckedInAlready, CheckedOutAlready, NotCheckedIn, CheckedInElsewhere: they cannot.
    """
    person = volunteer(session, act.community_id, volunteer_number)
    assert person.person_id == act.person_id, "whoever checks in is who acts"
    found, direction = shown_by(session, act.community_id, key.value, code, act.at)
    _check(session, act, found, person, direction)
    digest = hashlib.sha256(device.value.encode()).hexdigest()[:32]
    session.add(_row(act, found, person, direction, source_class=SourceClass.SELF_CHECK_IN, device=digest))
    return {"activity": found.number, "title": found.title, "direction": direction.value}


@once("service.mark_at_door", subject="volunteer_number")
def mark_at_door(
    session: Session, act: Act, *, activity_number: str, volunteer_number: str, leaving: bool | None = None
) -> dict[str, Any]:
    """Check somebody in at the door by their card, or out: the first scan is in, one after five minutes is out.

    Args:
        leaving: what it is, where whoever stands at the door says so.

    Returns:
        `direction` and `volunteer`.

    Raises:
        NotAllowed: the actor does not keep attendance there.
        NoSuchActivity, ActivityNotApproved, AttendanceClosed, NoSuchVolunteer: nobody can check in there now.
        RecorderIsBeneficiary, RecorderIsClose: it is the actor or somebody close to them.
        VolunteerLeft, CheckedInAlready, CheckedOutAlready, NotCheckedIn, CheckedInElsewhere: they cannot.
    """
    found = activity(session, act.community_id, activity_number)
    check_may(session, act, Permission.KEEP_ATTENDANCE, org_unit_id=found.org_unit_id)
    person = volunteer(session, act.community_id, volunteer_number)
    if person.person_id == act.person_id:
        raise RecorderIsBeneficiary(volunteer=person.number)
    if person.person_id in close_to(session, act.community_id, [act.person_id])[act.person_id]:
        raise RecorderIsClose(volunteer=person.number)
    if leaving is None:
        direction = direction_at_door(_marks(session, act, found, person), at=act.at)
    else:
        direction = Direction.OUT if leaving else Direction.IN
    _check(session, act, found, person, direction)
    session.add(_row(act, found, person, direction, source_class=SourceClass.STAFF_SCAN, device=""))
    return {"direction": direction.value, "volunteer": person.number}


def _marks(session: Session, act: Act, found: Activity, person: Volunteer) -> Marks:
    there = attendances(session, act.community_id, found.id)
    return next((one.marks for one in there if one.person_id == person.person_id), Marks())


def _check(session: Session, act: Act, found: Activity, person: Volunteer, direction: Direction) -> None:
    check_door(found.state, found.span, activity=found.number, at=act.at)
    if person.closed_on is not None and person.closed_on < found.span.served_on:
        raise VolunteerLeft(volunteer=person.number, left_on=person.closed_on.isoformat())
    other = elsewhere(session, act.community_id, person.person_id, found)
    check_mark(direction, _marks(session, act, found, person), volunteer=person.number, elsewhere=other)


def _row(
    act: Act, found: Activity, person: Volunteer, direction: Direction, *, source_class: SourceClass, device: str
) -> AttendanceRow:
    return AttendanceRow(
        community_id=act.community_id,
        activity_id=found.id,
        person_id=person.person_id,
        direction=direction.value,
        volunteer_number=person.number,
        at=act.at,
        source_class=source_class.value,
        marker_id=act.person_id,
        marker=act.number,
        device=device,
    )
