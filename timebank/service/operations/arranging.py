"""Arranging activities: one person proposes them, another approves them, and they are called off before they begin."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.queries import check_may, partner
from timebank.people.roles import Permission
from timebank.rulebook.queries import rules_on
from timebank.service.asked import NewActivity
from timebank.service.operations.keeping import next_activity_number
from timebank.service.queries.activities import PLANNED, activity
from timebank.service.rules import (
    ActivityState,
    Span,
    check_activity,
    check_activity_approval,
    check_class,
    check_reason,
)
from timebank.service.rules.signing_up import check_cancelling, check_terms
from timebank.service.shapes import check_moments, check_texts
from timebank.service.tables import ActivityCancelRow, ActivityRow, ActivityTermsRow, ActivityTiesRow
from timebank.timetable.queries import Timetable


@once("service.create_activity")
def create_activity(session: Session, act: Act, *, new: NewActivity) -> str:
    """Propose an activity; return its number. It takes place once a second person has approved it.

    Raises:
        NotAllowed: the actor makes no activities there.
        ActivityIncomplete, ActivityEndsBeforeStart, CapacityOutOfRange, AgeOutOfRange, RiskNotInsured,
            UnknownServiceClass, NoSuchPartner, TextUnclear, MomentOutOfRange: something about it is wrong.
    """
    return propose(session, act, new)


def propose(session: Session, act: Act, new: NewActivity, *, place: int = 0, calendar: Timetable | None = None) -> str:
    """Propose an activity inside another operation; see `create_activity`.

    Args:
        place: which one of several of the same act it is; calendar: whose slot it is, or None.
    """
    check_may(session, act, Permission.CREATE_ACTIVITY, org_unit_id=new.org_unit_id)
    names = ("title", "place", "leader", "needs", "risk", "insurance", "course")
    check_texts({name: getattr(new, name) for name in names})
    check_moments((new.starts_at, new.ends_at))
    span = Span(new.starts_at, new.ends_at)
    check_activity(texts=(new.title, new.place, new.leader), span=span, capacity=new.capacity)
    check_terms(age_min=new.age_min, risk=new.risk, insurance=new.insurance)
    check_class(rules_on(session, act.community_id, span.served_on).document, new.service_class)
    helping = partner(session, act.community_id, new.partner).code if new.partner else None
    number = next_activity_number(session, act.community_id)
    activity_id = act.new_id("activity", place)
    session.add(_planned(act, activity_id, number, new))
    session.flush()
    terms = ActivityTermsRow(
        community_id=act.community_id,
        activity_id=activity_id,
        needs=new.needs.strip(),
        age_min=new.age_min,
        risk=new.risk.strip(),
        insurance=new.insurance.strip(),
    )
    ties = ActivityTiesRow(
        community_id=act.community_id,
        activity_id=activity_id,
        partner=helping,
        course=new.course.strip(),
        timetable_id=calendar.id if calendar else None,
    )
    session.add_all((terms, ties))
    session.flush()
    return number


def _planned(act: Act, activity_id: UUID, number: str, new: NewActivity) -> ActivityRow:
    return ActivityRow(
        community_id=act.community_id,
        id=activity_id,
        number=number,
        origin=PLANNED,
        state=ActivityState.PROPOSED.value,
        title=new.title.strip(),
        service_class=new.service_class,
        place=new.place.strip(),
        org_unit_id=new.org_unit_id,
        leader=new.leader.strip(),
        capacity=new.capacity,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        creator_id=act.person_id,
        creator=act.number,
        created_at=act.at,
    )


@once("service.approve_activity", subject="number")
def approve_activity(session: Session, act: Act, *, number: str) -> None:
    """Approve an activity that somebody else has made.

    Raises:
        NotAllowed: the actor approves no activities there.
        NoSuchActivity, ActivityNotProposed, CreatorCannotApprove: it is not theirs to approve.
    """
    found = activity(session, act.community_id, number)
    check_may(session, act, Permission.APPROVE_ACTIVITY, org_unit_id=found.org_unit_id)
    check_activity_approval(found.state, number=number, creator_id=found.creator_id, approver_id=act.person_id)
    session.execute(
        sa.update(ActivityRow)
        .where(ActivityRow.community_id == act.community_id, ActivityRow.id == found.id)
        .values(state=ActivityState.APPROVED, approver_id=act.person_id, approver=act.number, approved_at=act.at)
    )


@once("service.cancel_activity", subject="number")
def cancel_activity(session: Session, act: Act, *, number: str, reason: str) -> None:
    """Call off an activity before it begins; it stays, with the reason, and everybody who signed up sees it.

    Raises:
        NotAllowed: the actor makes no activities there.
        NoSuchActivity, SignUpOver: there is nothing to call off any more.
        RecordReasonMissing, TextUnclear: nobody would know why.
    """
    check_reason(reason)
    check_texts({"reason": reason})
    found = activity(session, act.community_id, number)
    check_may(session, act, Permission.CREATE_ACTIVITY, org_unit_id=found.org_unit_id)
    check_cancelling(found.state, found.span, activity=number, at=act.at)
    session.execute(
        sa.update(ActivityRow)
        .where(ActivityRow.community_id == act.community_id, ActivityRow.id == found.id)
        .values(state=ActivityState.CANCELLED)
    )
    session.add(
        ActivityCancelRow(
            community_id=act.community_id,
            activity_id=found.id,
            reason=reason.strip(),
            canceller_id=act.person_id,
            canceller=act.number,
            cancelled_at=act.at,
        )
    )
