"""Who has signed up for an activity, who came and went, and what the activity asks for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.loading import in_chunks
from timebank.ledger.codes import read_code
from timebank.rulebook.rules import SourceClass
from timebank.service.queries.activities import Activity, activities_where
from timebank.service.rules import ActivityState, AttendedFacts
from timebank.service.rules.attendance_codes import activity_shown
from timebank.service.rules.attending import DOOR_OPENS, Direction, Marks, served_span
from timebank.service.rules.signing_up import waiting_place
from timebank.service.tables import ActivityCancelRow, ActivityRow, ActivityTermsRow, AttendanceRow, SignUpRow

OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an activity asks for; age_min is None where it asks for no age."""

    needs: str = ""
    age_min: int | None = None
    risk: str = ""
    insurance: str = ""


@dataclass(frozen=True, slots=True)
class SignUp:
    """Somebody who wants to come. waits: as which one they wait, 0 where they have a place; signer: who signed up."""

    activity_number: str
    person_id: UUID
    volunteer_number: str
    waits: int
    signer: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Attendance:
    """When somebody came and went. device: digest of the phone, empty at the door."""

    person_id: UUID
    volunteer_number: str
    marks: Marks
    source_class: SourceClass
    device: str


@dataclass(frozen=True, slots=True)
class Attended:
    """What codes and cards show of somebody's time, and how it became known."""

    facts: AttendedFacts
    source_class: SourceClass
    marks: Marks


def terms_of(session: Session, community_id: str, activity_ids: Iterable[UUID]) -> dict[UUID, Terms]:
    """Return what activities ask for, by id; one that came with old sheets asks for nothing."""
    wanted = tuple(activity_ids)
    found = dict.fromkeys(wanted, Terms())
    for chunk in in_chunks(wanted):
        query = sa.select(ActivityTermsRow).where(
            ActivityTermsRow.community_id == community_id, ActivityTermsRow.activity_id.in_(chunk)
        )
        for row in session.scalars(query):
            found[row.activity_id] = Terms(row.needs, row.age_min, row.risk, row.insurance)
    return found


def cancellation(session: Session, community_id: str, activity_id: UUID) -> str:
    """Return why an activity was cancelled, empty where it was not."""
    row = session.get(ActivityCancelRow, (community_id, activity_id))
    return "" if row is None else row.reason


def sign_ups(session: Session, community_id: str, activity: Activity) -> tuple[SignUp, ...]:
    """Return who is signed up for an activity, in their order: those with a place, then those who wait."""
    rows = session.scalars(_open_sign_ups(community_id).where(SignUpRow.activity_id == activity.id)).all()
    places = [row.place for row in rows]
    return tuple(
        SignUp(
            activity_number=activity.number,
            person_id=row.person_id,
            volunteer_number=row.volunteer_number,
            waits=waiting_place(places, row.place, activity.capacity),
            signer=row.signer,
            signed_at=row.signed_at,
        )
        for row in rows
    )


def _open_sign_ups(community_id: str) -> sa.Select[SignUpRow]:
    query = sa.select(SignUpRow).where(SignUpRow.community_id == community_id, SignUpRow.state == OPEN)
    return query.order_by(SignUpRow.place)


def signed_up_for(session: Session, community_id: str, person_id: UUID, at: datetime) -> tuple[Activity, ...]:
    """Return the activities that are not over and for which somebody is signed up, the next one first."""
    query = (
        sa.select(SignUpRow.activity_id)
        .where(SignUpRow.community_id == community_id, SignUpRow.person_id == person_id)
        .where(SignUpRow.state == OPEN)
    )
    return activities_where(
        session,
        community_id,
        ActivityRow.id.in_(query),
        ActivityRow.ends_at > at,
        ActivityRow.state == ActivityState.APPROVED,
    )


def places_taken(session: Session, community_id: str, activity_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many are signed up for activities, by id."""
    counted: Counter[UUID] = Counter()
    for chunk in in_chunks(tuple(activity_ids)):
        query = (
            sa.select(SignUpRow.activity_id, sa.func.count())
            .where(SignUpRow.community_id == community_id, SignUpRow.state == OPEN, SignUpRow.activity_id.in_(chunk))
            .group_by(SignUpRow.activity_id)
        )
        counted.update({row[0]: row[1] for row in session.execute(query)})
    return counted


def attendances(session: Session, community_id: str, activity_id: UUID) -> tuple[Attendance, ...]:
    """Return who came to an activity, in the order in which they came."""
    query = (
        sa.select(AttendanceRow)
        .where(AttendanceRow.community_id == community_id, AttendanceRow.activity_id == activity_id)
        .order_by(AttendanceRow.at)
    )
    by_person: dict[UUID, list[AttendanceRow]] = {}
    for row in session.scalars(query):
        by_person.setdefault(row.person_id, []).append(row)
    return tuple(_attendance(rows) for rows in by_person.values())


def _attendance(rows: list[AttendanceRow]) -> Attendance:
    at = {row.direction: row.at for row in rows}
    by_door = any(row.source_class == SourceClass.STAFF_SCAN for row in rows)
    return Attendance(
        person_id=rows[0].person_id,
        volunteer_number=rows[0].volunteer_number,
        marks=Marks(at.get(Direction.IN), at.get(Direction.OUT)),
        source_class=SourceClass.STAFF_SCAN if by_door else SourceClass.SELF_CHECK_IN,
        device=rows[0].device,
    )


def attended(session: Session, community_id: str, activity: Activity) -> dict[str, Attended]:
    """Return what codes and cards show of an activity, by volunteer number."""
    found = attendances(session, community_id, activity.id)
    crowd = Counter(one.device for one in found if one.device)
    return {
        one.volunteer_number: Attended(
            facts=AttendedFacts(
                span=served_span(one.marks, activity.span),
                forgotten=one.marks.left_at is None,
                on_device=crowd[one.device],
            ),
            source_class=one.source_class,
            marks=one.marks,
        )
        for one in found
    }


def elsewhere(session: Session, community_id: str, person_id: UUID, activity: Activity) -> str | None:
    """Return the number of another activity of that time to which somebody came and which they have not left."""
    came, left = aliased(AttendanceRow), aliased(AttendanceRow)
    gone = sa.exists().where(
        left.community_id == came.community_id,
        left.activity_id == came.activity_id,
        left.person_id == came.person_id,
        left.direction == Direction.OUT.value,
    )
    query = (
        sa.select(ActivityRow.number)
        .join(came, sa.and_(came.community_id == ActivityRow.community_id, came.activity_id == ActivityRow.id))
        .where(came.community_id == community_id, came.person_id == person_id, came.direction == Direction.IN.value)
        .where(came.activity_id != activity.id, ~gone)
        .where(ActivityRow.starts_at < activity.ends_at, ActivityRow.ends_at > activity.starts_at)
        .limit(1)
    )
    return session.scalar(query)


def open_activities(session: Session, community_id: str, at: datetime) -> tuple[Activity, ...]:
    """Return the activities to which one can check in, or out of which, at a moment."""
    return activities_where(
        session,
        community_id,
        ActivityRow.state == ActivityState.APPROVED,
        ActivityRow.starts_at <= at + DOOR_OPENS,
        ActivityRow.ends_at >= at - DOOR_OPENS,
    )


def shown_by(session: Session, community_id: str, key: str, digits: str, at: datetime) -> tuple[Activity, Direction]:
    """Return which activity shows a code at a moment, and for what.

    Args:
        key: of the installation; see `rules.attendance_codes`.

    Raises:
        NotACode, CodeMistyped, CodeNotLive: none does.
    """
    code = read_code(digits)
    here = {one.id: one for one in open_activities(session, community_id, at)}
    activity_id, direction = activity_shown(key, here, code, at)
    return here[activity_id], direction
