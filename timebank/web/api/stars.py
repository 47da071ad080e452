"""Star awards: cases that are opened, announced, and granted or refused by somebody else."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from marshmallow import fields

from timebank.database import db
from timebank.people import queries as people
from timebank.people.roles import Permission
from timebank.stars import operations, queries
from timebank.stars.operations import inquiring
from timebank.stars.queries.inquiries import Inquiry, inquiries
from timebank.stars.rules import REASON_MAX, Award
from timebank.stars.rules.inquiries import TEXT_MAX
from timebank.tokens.rules import Scope
from timebank.web import sights
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family, named
from timebank.web.api.fields import Number, Sent, Text
from timebank.web.api.lists import Listed, Order
from timebank.web.api.service import ReasonSent
from timebank.web.api.shapes import shape, shape_of

family = Family("stars", "星级 · Star awards")

READERS: Final = (Permission.GRANT_STAR, Permission.READ_BOOKS)
AWARD: Final = shape_of(Award, without=frozenset({"person_id", "opener_id"}))
INQUIRY: Final = shape_of(Inquiry, without=frozenset({"person_id", "opener_id"}))


class AwardWords(Listed):
    """Whose awards; without it the cases that wait for a decision."""

    volunteer = Number(load_default=None)


class Nomination(Sent):
    """For whom a case is opened by hand."""

    volunteer_number = Number(required=True)


def _by_award(award: Award) -> str:
    return str(award.award_id)


class InquirySent(Sent):
    """Into whose star an inquiry is opened, why, and what shows it."""

    volunteer_number = Number(required=True)
    reason = Text(REASON_MAX, required=True)
    evidence = Text(TEXT_MAX, required=True)


@family.lists("/star-awards", AWARD, *READERS, order=Order(_by_award, newest=True), reads=AwardWords)
def star_awards(words: Mapping[str, Any], **_place: Any) -> Sequence[Award]:
    """List the cases that wait for a decision, or all of one volunteer."""
    if words["volunteer"] is None:
        return queries.open_cases(db.session(), community_id())
    number = people.volunteer(db.session(), community_id(), words["volunteer"]).number
    return queries.history(db.session(), community_id(), number)


@family.does(
    "/star-awards",
    Scope.STARS,
    Permission.GRANT_STAR,
    reads=Nomination,
    answers=shape("OpenedCase", {"award_id": fields.UUID()}),
    at="/star-awards/{award_id}",
)
def nominate(typed: Mapping[str, Any]) -> Work:
    """Open a case for a volunteer's next star by hand."""
    number = typed["volunteer_number"]
    return named("award_id", lambda session, act: operations.nominate(session, act, number=number))


@family.shows("/star-awards/<uuid:award_id>", AWARD, *READERS)
def star_award(award_id: UUID) -> Award:
    """Show one case."""
    found = queries.award(db.session(), community_id(), award_id)
    sights.about(found.number)
    return found


@family.does(
    "/star-awards/<uuid:award_id>/grants",
    Scope.STARS,
    Permission.GRANT_STAR,
    reads=None,
    answers=shape(
        "Granted",
        {
            "number": fields.String(),
            "level": fields.Integer(),
            "entry": fields.Integer(),
            "next_award": fields.UUID(allow_none=True),
        },
    ),
)
def grant(award_id: UUID) -> Work:
    """Grant a case that somebody else has opened; the star is held from today on."""
    return lambda session, act: operations.grant(session, act, award_id=award_id)


@family.does(
    "/star-awards/<uuid:award_id>/refusals",
    Scope.STARS,
    Permission.GRANT_STAR,
    reads=ReasonSent,
    answers=shape("RefusedCase", {"seq": fields.Integer()}),
)
def refuse(typed: Mapping[str, Any], award_id: UUID) -> Work:
    """Refuse a case with a reason."""
    reason = typed["reason"]
    return named("seq", lambda session, act: operations.refuse(session, act, award_id=award_id, reason=reason))


def _by_inquiry(found: Inquiry) -> str:
    return str(found.inquiry_id)


@family.lists("/star-inquiries", INQUIRY, *READERS, order=Order(_by_inquiry, newest=True))
def star_inquiries(**_place: Any) -> Sequence[Inquiry]:
    """List the inquiries into stars, with what was said and decided."""
    return inquiries(db.session(), community_id())


@family.does(
    "/star-inquiries",
    Scope.STARS,
    Permission.GRANT_STAR,
    reads=InquirySent,
    answers=shape("OpenedInquiry", {"number": fields.String()}),
)
def open_inquiry(typed: Mapping[str, Any]) -> Work:
    """Open an inquiry into the star that a volunteer holds; the volunteer is heard, and another person decides."""
    return named("number", lambda session, act: inquiring.open_inquiry(session, act, **typed))
