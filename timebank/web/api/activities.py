"""Who comes to activities, what they doubt, when something is open: sign-ups, attendances, objections, calendars."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from marshmallow import fields

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people.roles import Permission
from timebank.service import operations, queries
from timebank.service.operations import attending, objecting, offering, signing_up
from timebank.service.queries import LineObjection, Recipient
from timebank.timetable import operations as timetables
from timebank.timetable import queries as timetable_queries
from timebank.timetable.queries import Slot, Timetable
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family, named
from timebank.web.api.fields import Choice, Count, Moment, Number, Sent, Switch, Text, Whole
from timebank.web.api.keys import by_number
from timebank.web.api.lists import Listed, Order
from timebank.web.api.shapes import shape, shape_of

family = Family("activities", "报名、签到、异议、开放日历 · Sign-ups, attendances, objections, opening calendars")

READERS: Final = (Permission.RECORD_HOURS, Permission.READ_BOOKS)
OBJECTION: Final = shape_of(LineObjection, without=frozenset({"id", "person_id"}))
RECIPIENT: Final = shape_of(Recipient, without=frozenset({"activity_id"}))
TIMETABLE: Final = shape(
    "Timetable",
    {
        "number": fields.String(),
        "use": fields.String(),
        "name": fields.String(),
        "place": fields.String(),
        "slot_minutes": fields.Integer(allow_none=True),
        "places": fields.Integer(allow_none=True),
    },
)
SLOT: Final = shape(
    "Slot",
    {
        "starts_at": fields.AwareDateTime(attribute="times.starts_at"),
        "ends_at": fields.AwareDateTime(attribute="times.ends_at"),
        "label": fields.String(attribute="times.label"),
        "places": fields.Integer(allow_none=True),
        "taken": fields.Integer(),
    },
)


class Way(StrEnum):
    """Coming or going."""

    IN = "in"
    OUT = "out"


class WhoSent(Sent):
    """Whom it is about."""

    volunteer_number = Number(required=True)


class MarkSent(WhoSent):
    """Somebody at the door; without a way the first mark is in and a later one out."""

    way = Choice(Way, load_default=None)


class CallOffSent(Sent):
    """Why an activity does not take place."""

    reason = Text(500, shortest=2, required=True)


class RecipientSent(Sent):
    """For whom an activity is: a name and the last four digits of a phone."""

    name = Text(60, required=True)
    phone_tail = Text(4, shortest=4, required=True)


class ObjectionSent(WhoSent):
    """What is doubted; without an entry something is missing."""

    entry_seq = Whole(1, 10**12, load_default=None)
    text = Text(500, shortest=2, required=True)


class AnswerSent(Sent):
    """The answer to an objection, and whether the record was put right."""

    answer = Text(500, shortest=2, required=True)
    corrected = Switch(required=True)


class OfferSent(Sent):
    """Like which activity, and for how many days."""

    like = Number(required=True)
    days = Whole(1, timetable_queries.DAYS_MAX, load_default=14)


class BookingSent(WhoSent):
    """Which slot, for whom, about what."""

    starts_at = Moment(required=True)
    about = Text(100, shortest=0, load_default="")


class SlotWords(Listed):
    """For how many days."""

    days = Count(1, timetable_queries.DAYS_MAX, load_default=14)


@family.does(
    "/activities/<number>/sign-ups",
    Scope.HOURS,
    Permission.KEEP_ATTENDANCE,
    reads=WhoSent,
    answers=shape("SignedUp", {"waits": fields.Integer()}),
)
def sign_up(typed: Mapping[str, Any], number: str) -> Work:
    """Sign a volunteer up at the desk; where the places are taken they wait."""
    who = typed["volunteer_number"]
    return lambda session, act: signing_up.sign_up(session, act, activity_number=number, volunteer_number=who)


@family.does("/activities/<number>/sign-offs", Scope.HOURS, Permission.KEEP_ATTENDANCE, reads=WhoSent, answers=None)
def sign_off(typed: Mapping[str, Any], number: str) -> Work:
    """Take a volunteer off the list; the first who waits has the place."""
    who = typed["volunteer_number"]
    return lambda session, act: signing_up.cancel_sign_up(session, act, activity_number=number, volunteer_number=who)


@family.does(
    "/activities/<number>/attendances",
    Scope.HOURS,
    Permission.KEEP_ATTENDANCE,
    reads=MarkSent,
    answers=shape("Marked", {"direction": fields.String(), "volunteer": fields.String()}),
)
def mark(typed: Mapping[str, Any], number: str) -> Work:
    """Check a volunteer in or out at the door."""
    who, way = typed["volunteer_number"], typed["way"]
    leaving = None if way is None else way is Way.OUT
    return lambda session, act: attending.mark_at_door(
        session, act, activity_number=number, volunteer_number=who, leaving=leaving
    )


@family.does(
    "/activities/<number>/cancellations", Scope.HOURS, Permission.CREATE_ACTIVITY, reads=CallOffSent, answers=None
)
def call_off(typed: Mapping[str, Any], number: str) -> Work:
    """Call an activity off before it begins."""
    return lambda session, act: operations.cancel_activity(session, act, number=number, reason=typed["reason"])


@family.does(
    "/activities/<number>/recipients",
    Scope.HOURS,
    Permission.CREATE_ACTIVITY,
    reads=RecipientSent,
    answers=shape("RecipientNamed", {"activity": fields.String()}),
)
def name_recipient(typed: Mapping[str, Any], number: str) -> Work:
    """Say for whom an activity is; they confirm and rate by the code that stands at the recipient."""
    code = Secret(chance.fresh_digits(10))
    return lambda session, act: operations.name_recipient(session, act, activity_number=number, code=code, **typed)


@family.shows("/activities/<number>/recipient", RECIPIENT, Permission.CREATE_ACTIVITY)
def recipient(number: str) -> Recipient:
    """Show for whom an activity is, and the code by which they answer."""
    found = queries.activity(db.session(), community_id(), number)
    return queries.recipient(db.session(), community_id(), found)


@family.lists("/objections", OBJECTION, *READERS, order=Order(by_number))
def objections(**_words: Any) -> Sequence[LineObjection]:
    """List the objections that wait for an answer."""
    return queries.objections_open(db.session(), community_id())


@family.does(
    "/objections",
    Scope.HOURS,
    Permission.KEEP_ATTENDANCE,
    reads=ObjectionSent,
    answers=shape("Objected", {"number": fields.String(), "due_on": fields.Date()}),
    at="/objections/{number}",
)
def object_to_line(typed: Mapping[str, Any]) -> Work:
    """Take an objection for a volunteer."""
    return lambda session, act: objecting.object_to_line(session, act, **typed)


@family.shows("/objections/<number>", OBJECTION, *READERS)
def objection(number: str) -> LineObjection:
    """Show one objection and its answer."""
    return queries.line_objection(db.session(), community_id(), number)


@family.does("/objections/<number>/answers", Scope.HOURS, Permission.APPROVE_HOURS, reads=AnswerSent, answers=None)
def answer(typed: Mapping[str, Any], number: str) -> Work:
    """Answer an objection."""
    return lambda session, act: objecting.answer_line_objection(session, act, number=number, **typed)


@family.lists("/timetables", TIMETABLE, order=Order(by_number))
def opening_calendars(**_words: Any) -> Sequence[Timetable]:
    """List the opening calendars in use."""
    return timetable_queries.timetables(db.session(), community_id())


def _by_start(slot: Slot) -> str:
    return slot.times.starts_at.isoformat()


@family.lists("/timetables/<number>/slots", SLOT, order=Order(_by_start), reads=SlotWords)
def slots(number: str, words: Mapping[str, Any], **_words: Any) -> Sequence[Slot]:
    """List the slots of a calendar from today on."""
    today = day_of(clock.now())
    return timetable_queries.slots(db.session(), community_id(), number, first_on=today, days=words["days"])


@family.does(
    "/timetables/<number>/bookings",
    Scope.HOURS,
    Permission.KEEP_TIMETABLE,
    reads=BookingSent,
    answers=shape("Booked", {"booking": fields.UUID()}),
)
def book(typed: Mapping[str, Any], number: str) -> Work:
    """Book a slot for a volunteer."""
    return named("booking", lambda session, act: timetables.book(session, act, number=number, **typed))


@family.does(
    "/timetables/<number>/offers",
    Scope.HOURS,
    Permission.CREATE_ACTIVITY,
    reads=OfferSent,
    answers=shape("Offered", {"activities": fields.List(fields.String())}),
)
def offer(typed: Mapping[str, Any], number: str) -> Work:
    """Propose an activity for every slot that has none, like an earlier one."""
    return lambda session, act: offering.offer_slots(session, act, timetable_number=number, first_on=act.today, **typed)
