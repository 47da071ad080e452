"""Activities, service records and their approval: hours recorded by one person and approved by another."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from marshmallow import fields

from timebank.database import db
from timebank.people.roles import Permission
from timebank.service import operations, queries
from timebank.service.asked import Decision, NewActivity, Sheet, SheetLine
from timebank.service.operations import objecting
from timebank.service.queries import Activity, ServiceRecord, attending
from timebank.service.queries.attending import Attendance, SignUp
from timebank.service.rules.approval import RecordState
from timebank.service.rules.confirming import Side
from timebank.tokens.rules import Scope
from timebank.web import sights
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family, named
from timebank.web.api.fields import Choice, Id, Many, Moment, Number, Part, Sent, Switch, Text, Whole
from timebank.web.api.keys import by_id, id_in, ordered_number
from timebank.web.api.lists import Key, Listed, Order
from timebank.web.api.shapes import shape, shape_of

family = Family("service", "活动、服务记录和审批 · Activities, service records, approvals")

READERS: Final = (Permission.RECORD_HOURS, Permission.READ_BOOKS)
INNER: Final = frozenset({"person_id", "creator_id", "recorder_id", "approver_id", "device"})
ACTIVITY: Final = shape_of(Activity, without=INNER)
RECORD: Final = shape_of(ServiceRecord, without=INNER)
SIGN_UP: Final = shape_of(SignUp, without=INNER)
ATTENDANCE: Final = shape_of(Attendance, without=INNER)
RECORDS_MAX: Final = 200
NEWEST: Final = Order(by_id, newest=True)


class NewActivitySent(Sent):
    """An activity that is to take place; a second person approves it."""

    title = Text(60, required=True)
    service_class = Text(40, required=True)
    place = Text(60, required=True)
    leader = Text(60, required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    capacity = Whole(1, 10_000, load_default=None)
    org_unit_id = Id(load_default=None)
    needs = Text(200, shortest=0, load_default="")
    age_min = Whole(1, 99, load_default=None)
    risk = Text(300, shortest=0, load_default="")
    insurance = Text(100, shortest=0, load_default="")
    partner = Text(32, shortest=0, load_default="")
    course = Text(60, shortest=0, load_default="")


class SheetLineSent(Sent):
    """One person on a sign-in sheet."""

    volunteer_number = Number(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    remark = Text(200, shortest=0, load_default="")


class SheetSent(Sent):
    """A sign-in sheet: the hours of many people in one activity, all or none."""

    activity_number = Number(required=True)
    lines = Many(Part(SheetLineSent), RECORDS_MAX, required=True)
    sheet_number = Text(40, shortest=0, load_default="")
    content = Text(200, shortest=0, load_default="")
    late_reason = Text(200, shortest=0, load_default="")


class RatingSent(Sent):
    """An approval: one to five stars or none, and an answer to what is flagged."""

    rating = Whole(1, 5, load_default=None, allow_none=True)
    answer = Text(200, shortest=0, load_default="")


class DecisionSent(RatingSent):
    """The approval of one record of several."""

    record_id = Id(required=True)


class DecisionsSent(Sent):
    """Approvals, all or none."""

    decisions = Many(Part(DecisionSent), RECORDS_MAX, required=True)


class FurtherSent(Sent):
    """A further approval of records that make a day too long, all or none; why they are right."""

    record_ids = Many(Id(), RECORDS_MAX, required=True)
    answer = Text(200, shortest=2, required=True)


class ReasonSent(Sent):
    """Why."""

    reason = Text(200, shortest=2, required=True)


class CorrectionSent(ReasonSent):
    """How long it was, and why it is put right."""

    minutes = Whole(1, 1440, required=True)


class RecordWords(Listed):
    """Which records."""

    state = Choice(RecordState, load_default=None)
    volunteer = Number(load_default=None)


class AnsweredFor(StrEnum):
    """For whom the desk answers."""

    VOLUNTEER = Side.VOLUNTEER.value
    RECIPIENT = Side.RECIPIENT.value


class ConfirmationSent(Sent):
    """What was said about a service: a yes, or a no with its reason."""

    agrees = Switch(required=True)
    reason = Text(200, shortest=0, load_default="")
    side = Choice(AnsweredFor, load_default=AnsweredFor.VOLUNTEER)


APPROVED: Final = shape(
    "Approved",
    {
        "approved": fields.Integer(),
        "minutes": fields.Integer(),
        "points_e2": fields.Integer(),
        "first_seq": fields.Integer(allow_none=True),
        "last_seq": fields.Integer(allow_none=True),
        "waiting": fields.Integer(),
        "rows": fields.List(
            fields.Nested(
                shape(
                    "ApprovedRow",
                    {
                        "record_id": fields.UUID(required=True),
                        "seq": fields.Integer(required=True, allow_none=True),
                        "minutes": fields.Integer(),
                        "points_e2": fields.Integer(),
                    },
                )
            )
        ),
    },
)
RECORDED: Final = shape(
    "Recorded",
    {
        "records": fields.List(fields.UUID()),
        "flagged": fields.Integer(),
        "flags": fields.List(fields.List(fields.String())),
    },
)
ANSWERED: Final = shape("Confirmed", {"posted": fields.Integer(), "objection": fields.String()})
ONCE_MORE: Final = shape("ApprovedOnceMore", {"approved": fields.Integer(), "posted": fields.Integer()})
ENTERED: Final = shape("Entered", {"seq": fields.Integer()})


@family.lists("/activities", ACTIVITY, order=NEWEST)
def activities(seen: Key | None, limit: int, **_words: Any) -> Sequence[Activity]:
    """List the activities in every state, the last made first."""
    return queries.activities_newest(db.session(), community_id(), before=id_in(seen), limit=limit + 1)


@family.does(
    "/activities",
    Scope.HOURS,
    Permission.CREATE_ACTIVITY,
    reads=NewActivitySent,
    answers=shape("ProposedActivity", {"number": fields.String()}),
    at="/activities/{number}",
)
def create_activity(typed: Mapping[str, Any]) -> Work:
    """Propose an activity."""
    new = NewActivity(**typed)
    return named("number", lambda session, act: operations.create_activity(session, act, new=new))


@family.shows("/activities/<number>", ACTIVITY)
def activity(number: str) -> Activity:
    """Show one activity."""
    return queries.activity(db.session(), community_id(), number)


@family.does("/activities/<number>/approvals", Scope.HOURS, Permission.APPROVE_ACTIVITY, reads=None, answers=None)
def approve_activity(number: str) -> Work:
    """Approve an activity that somebody else has proposed."""
    return lambda session, act: operations.approve_activity(session, act, number=number)


def _by_volunteer(one: SignUp | Attendance) -> str:
    return ordered_number(one.volunteer_number)


@family.lists("/activities/<number>/sign-ups", SIGN_UP, *READERS, order=Order(_by_volunteer))
def sign_ups(number: str, **_words: Any) -> Sequence[SignUp]:
    """List who wants to come to an activity, with a place or waiting."""
    found = queries.activity(db.session(), community_id(), number)
    return attending.sign_ups(db.session(), community_id(), found)


@family.lists("/activities/<number>/attendances", ATTENDANCE, *READERS, order=Order(_by_volunteer))
def attendances(number: str, **_words: Any) -> Sequence[Attendance]:
    """List who came to an activity, and when they came and went."""
    found = queries.activity(db.session(), community_id(), number)
    return attending.attendances(db.session(), community_id(), found.id)


@family.lists("/service-records", RECORD, *READERS, order=NEWEST, reads=RecordWords)
def service_records(words: Mapping[str, Any], seen: Key | None, limit: int) -> Sequence[ServiceRecord]:
    """List the service records, the last recorded first."""
    return queries.records_newest(
        db.session(),
        community_id(),
        state=words["state"],
        volunteer_number=words["volunteer"],
        before=id_in(seen),
        limit=limit + 1,
    )


@family.shows("/service-records/<uuid:record_id>", RECORD, *READERS)
def service_record(record_id: UUID) -> ServiceRecord:
    """Show one service record."""
    found = queries.record(db.session(), community_id(), record_id)
    sights.about(found.volunteer_number)
    return found


@family.does(
    "/service-record-batches", Scope.HOURS, Permission.RECORD_HOURS, reads=SheetSent, answers=RECORDED, rows="lines"
)
def record_sheet(typed: Mapping[str, Any]) -> Work:
    """Record the hours of a sign-in sheet, all lines or none; another person approves them."""
    lines = tuple(SheetLine(**line) for line in typed["lines"])
    sheet = Sheet(**(dict(typed) | {"lines": lines}))
    return lambda session, act: operations.record_many(session, act, sheet=sheet)


@family.does(
    "/approvals", Scope.HOURS, Permission.APPROVE_HOURS, reads=DecisionsSent, answers=APPROVED, rows="decisions"
)
def approve_records(typed: Mapping[str, Any]) -> Work:
    """Approve records that others have recorded, all or none; minutes and points are posted."""
    return _approving(tuple(Decision(**one) for one in typed["decisions"]))


@family.does(
    "/service-records/<uuid:record_id>/approvals",
    Scope.HOURS,
    Permission.APPROVE_HOURS,
    reads=RatingSent,
    answers=APPROVED,
)
def approve_record(typed: Mapping[str, Any], record_id: UUID) -> Work:
    """Approve one record that somebody else has recorded."""
    return _approving((Decision(record_id=record_id, **typed),))


def _approving(decisions: tuple[Decision, ...]) -> Work:
    return lambda session, act: operations.approve_many(session, act, decisions=decisions)


@family.does(
    "/further-approvals",
    Scope.HOURS,
    Permission.APPROVE_HOURS,
    reads=FurtherSent,
    answers=ONCE_MORE,
    rows="record_ids",
)
def approve_once_more(typed: Mapping[str, Any]) -> Work:
    """Approve, as a further person, records that make a day longer than the rules allow."""
    chosen, answer = tuple(typed["record_ids"]), typed["answer"]
    return lambda session, act: operations.approve_further(session, act, record_ids=chosen, answer=answer)


@family.does(
    "/service-records/<uuid:record_id>/confirmations",
    Scope.HOURS,
    Permission.ANSWER_AT_DESK,
    reads=ConfirmationSent,
    answers=ANSWERED,
)
def answer_for_record(typed: Mapping[str, Any], record_id: UUID) -> Work:
    """Answer at the desk for who served or was served; a yes posts it on its day, a no stops it and opens a case."""
    side = Side(typed["side"].value)
    if typed["agrees"]:
        return lambda session, act: operations.confirm_record(session, act, record_id=record_id, side=side)
    reason = typed["reason"]
    return lambda session, act: operations.deny_record(session, act, record_id=record_id, reason=reason, side=side)


@family.does(
    "/service-records/<uuid:record_id>/rejections",
    Scope.HOURS,
    Permission.APPROVE_HOURS,
    reads=ReasonSent,
    answers=None,
)
def reject_record(typed: Mapping[str, Any], record_id: UUID) -> Work:
    """Reject a record that waits; it stays, with the reason, and earns nothing."""
    return lambda session, act: operations.reject(session, act, record_id=record_id, reason=typed["reason"])


@family.does(
    "/service-records/<uuid:record_id>/corrections",
    Scope.HOURS,
    Permission.APPROVE_HOURS,
    reads=CorrectionSent,
    answers=shape("Corrected", {"reversal_seq": fields.Integer(), "record": fields.UUID()}),
)
def correct_record(typed: Mapping[str, Any], record_id: UUID) -> Work:
    """Put an approved record right: it is taken back and recorded anew, and another person approves that."""
    return lambda session, act: objecting.correct_record(session, act, record_id=record_id, **typed)


@family.does(
    "/service-records/<uuid:record_id>/reversals",
    Scope.HOURS,
    Permission.APPROVE_HOURS,
    reads=ReasonSent,
    answers=ENTERED,
)
def reverse_record(typed: Mapping[str, Any], record_id: UUID) -> Work:
    """Take an approved record back by a mirrored entry; the record and its entry stay."""
    reason = typed["reason"]
    return named(
        "seq", lambda session, act: operations.reverse_record(session, act, record_id=record_id, reason=reason)
    )
