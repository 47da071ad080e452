"""Public notices of stars with their objections, and ratings: what is said about people by those who are not staff."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from timebank import clock
from timebank.books.acts import Act
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people.roles import Permission
from timebank.service import operations
from timebank.service.queries.confirming import Rating, ratings_newest
from timebank.stars import queries as stars
from timebank.stars.operations import noticing
from timebank.stars.queries import notices as noticed
from timebank.stars.rules.noticing import OBJECTION_MAX, Noticed, Objection
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family, named
from timebank.web.api.fields import Id, Many, Sent, Text, Whole
from timebank.web.api.keys import id_in
from timebank.web.api.lists import Key, Order
from timebank.web.api.shapes import shape, shape_of

family = Family("notices", "公示、星级异议和评价 · Notices, objections to stars, ratings")

CASES_MAX: Final = 200
READERS: Final = (Permission.GRANT_STAR, Permission.READ_BOOKS)
RATERS: Final = (Permission.RECORD_HOURS, Permission.READ_BOOKS)
NOTICE: Final = shape(
    "Notice",
    {
        "award_id": fields.UUID(attribute="award.award_id"),
        "number": fields.String(attribute="award.number", metadata={"description": "whose star"}),
        "level": fields.Integer(attribute="award.level"),
        "stage": fields.String(attribute="stage.value"),
        "first_on": fields.Date(allow_none=True),
        "last_on": fields.Date(allow_none=True),
        "objections": fields.List(fields.Nested(shape_of(Objection, without=frozenset({"award_id", "contact"})))),
    },
)
RATING: Final = shape_of(Rating)


class CasesSent(Sent):
    """Several cases, all or none."""

    award_ids = Many(Id(), CASES_MAX, required=True)


class StarObjectionSent(Sent):
    """What somebody has against a star; no name is needed."""

    text = Text(OBJECTION_MAX, shortest=5, required=True)
    contact = Text(100, shortest=0, load_default="")


class StarAnswerSent(Sent):
    """The answer to an objection."""

    answer = Text(OBJECTION_MAX, shortest=5, required=True)


class StarsSent(Sent):
    """The stars of who was served, with the code that they were given and the end of their phone number."""

    record_id = Id(required=True)
    code = Text(20, required=True)
    phone_tail = Text(4, shortest=4, required=True)
    stars = Whole(1, 5, required=True)
    reason = Text(200, shortest=0, load_default="")


def _by_award(one: Noticed) -> str:
    return str(one.award.award_id)


@family.lists("/notices", NOTICE, *READERS, order=Order(_by_award))
def notices(**_words: Any) -> Sequence[Noticed]:
    """List the stars that are announced to everybody today, with the objections to them."""
    return noticed.on_notice(db.session(), community_id(), day_of(clock.now()))


@family.does(
    "/notices",
    Scope.STARS,
    Permission.GRANT_STAR,
    reads=CasesSent,
    answers=shape("PutOnNotice", {"cases": fields.Integer(), "last_on": fields.Date(format="iso")}),
    rows="award_ids",
)
def put_on_notice(typed: Mapping[str, Any]) -> Work:
    """Announce cases to everybody for the working days that the rules ask for, all or none."""
    award_ids = tuple(typed["award_ids"])
    return lambda session, act: noticing.put_on_notice(session, act, award_ids=award_ids)


@family.shows("/notices/<uuid:award_id>", NOTICE, *READERS)
def notice(award_id: UUID) -> Noticed:
    """Show how far a case has come, its notice and the objections to it."""
    award = stars.award(db.session(), community_id(), award_id)
    (found,) = noticed.noticed(db.session(), community_id(), [award], day_of(clock.now()))
    return found


@family.does(
    "/notices/<uuid:award_id>/objections",
    Scope.STARS,
    Permission.GRANT_STAR,
    reads=StarObjectionSent,
    answers=shape("StarObjected", {"number": fields.String()}),
)
def object_to(typed: Mapping[str, Any], award_id: UUID) -> Work:
    """Take an objection to a star that somebody makes at the desk or by phone."""
    return named("number", lambda session, act: noticing.object_to(session, act, award_id=award_id, **typed))


@family.does(
    "/notices/<uuid:award_id>/objections/<uuid:objection_id>/answers",
    Scope.STARS,
    Permission.GRANT_STAR,
    reads=StarAnswerSent,
    answers=None,
)
def answer_objection(typed: Mapping[str, Any], award_id: UUID, objection_id: UUID) -> Work:
    """Answer an objection, so that the case can be decided."""
    answer = typed["answer"]

    def work(session: Session, act: Act) -> None:
        known = noticed.objections_to(session, act.community_id, [award_id]).get(award_id, ())
        if objection_id not in {one.objection_id for one in known}:
            raise noticed.NoSuchObjection()
        noticing.answer_objection(session, act, objection_id=objection_id, answer=answer)

    return work


def _by_rating(one: Rating) -> str:
    # Of one service the recipient's stars come first, in a list whose newest is the greatest.
    return f"{one.record_id}{'b' if one.by is None else 'a'}"


@family.lists("/ratings", RATING, *RATERS, order=Order(_by_rating, newest=True))
def ratings(seen: Key | None, limit: int, **_words: Any) -> Sequence[Rating]:
    """List the stars that approvers and those who were served have given, the last recorded service first."""
    until = None if seen is None else id_in(str(seen)[:-1])
    return ratings_newest(db.session(), community_id(), until=until, limit=limit + 2)


@family.does(
    "/ratings",
    Scope.HOURS,
    Permission.ANSWER_AT_DESK,
    reads=StarsSent,
    answers=shape("Rated", {"stars": fields.Integer()}),
)
def rate(typed: Mapping[str, Any]) -> Work:
    """Take the stars of who was served, once; the code and the phone show that it is them."""
    return lambda session, act: operations.rate_as_recipient(session, act, **typed)
