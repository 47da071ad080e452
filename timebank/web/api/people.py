"""Volunteers and their passbooks, partner units, and the organisation tree.

Only what a program needs: no phone, no birthday, no document; whoever needs these opens the page, where it is noted.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import fields, validate
from sqlalchemy.orm import Session

from timebank.books import pages, statements
from timebank.books.acts import Act
from timebank.books.pages import StatementLine
from timebank.books.statements import AccountBalance
from timebank.database import db
from timebank.people import operations, queries
from timebank.people.operations import NewVolunteer, correcting, organising
from timebank.people.operations.organising import Place
from timebank.people.queries import OrgUnit, Partner, Volunteer
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family, named
from timebank.web.api.fields import Day, Id, Many, Part, Sent, Text
from timebank.web.api.keys import by_id, by_number
from timebank.web.api.lists import Key, Listed, Order
from timebank.web.api.shapes import shape, shape_of

family = Family("people", "志愿者、存折、单位和组织 · Volunteers, passbooks, partners, organisation")

UNNEEDED: Final = frozenset({"person_id", "sex", "born_on", "phone", "household"})
VOLUNTEER: Final = shape_of(Volunteer, without=UNNEEDED)
PARTNER: Final = shape_of(Partner)
ORG_UNIT: Final = shape_of(OrgUnit)
LINE: Final = shape_of(StatementLine)
LINES_OF_AN_ENTRY: Final = 1000
"""More lines than one entry has; an entry's number and a line's make one key."""


@dataclass(frozen=True, slots=True)
class Passbook:
    """A volunteer's accounts: minutes of service, points by vintage, points put aside, points owed."""

    number: str
    accounts: tuple[AccountBalance, ...]


PASSBOOK: Final = shape_of(Passbook)


class Search(Listed):
    """Whom to look for."""

    q = Text(60, load_default=None, metadata={"description": "name, its initials, number or phone"})


class NewPerson(Sent):
    """Somebody to be registered; a child is registered on the page, together with the guardian."""

    name = Text(60, required=True)
    phone = Text(20, load_default=None)
    sex = fields.String(load_default=None, validate=validate.OneOf(["female", "male"]))
    born_on = Day(load_default=None)
    area = Text(60, shortest=0, load_default="")
    building = Text(60, shortest=0, load_default="")
    org_unit_id = Id(load_default=None)
    skills = Text(200, shortest=0, load_default="")
    note = Text(200, shortest=0, load_default="")


class NewPeople(Sent):
    """People to be registered, all or none."""

    people = Many(Part(NewPerson), 200, required=True)


class PersonSent(Sent):
    """What is corrected of a person; what is not named stays as it is. Everything else is corrected on the page."""

    name = Text(60)
    org_unit_id = Id(allow_none=True)


class PlaceSent(Sent):
    """An area, or a building in one."""

    area = Text(60, required=True)
    building = Text(60, shortest=0, load_default="")


class PlacesSent(Sent):
    """Places of the organisation tree, all or none."""

    places = Many(Part(PlaceSent), 200, required=True)


class NewPartner(Sent):
    """A partner unit."""

    name = Text(60, required=True)


REGISTERED: Final = shape(
    "Registered",
    {
        "people": fields.List(
            fields.Nested(shape("RegisteredPerson", {"number": fields.String(), "person_id": fields.UUID()}))
        ),
        "shared_phones": fields.List(fields.List(fields.String())),
    },
)


@family.lists("/volunteers", VOLUNTEER, Permission.READ_PEOPLE, order=Order(by_number), reads=Search)
def volunteers(words: Mapping[str, Any], **_place: Any) -> Sequence[Volunteer]:
    """List the volunteers, or those who fit a text."""
    if words["q"] is None:
        return queries.all_volunteers(db.session(), community_id())
    return queries.search_volunteers(db.session(), community_id(), words["q"], limit=1000)


@family.does(
    "/volunteers",
    Scope.PEOPLE,
    Permission.REGISTER_PEOPLE,
    reads=NewPeople,
    answers=REGISTERED,
    rows="people",
)
def register_volunteers(typed: Mapping[str, Any]) -> Work:
    """Register people as volunteers, all or none."""
    newcomers = tuple(NewVolunteer(**person) for person in typed["people"])
    return lambda session, act: operations.register_volunteers(session, act, people=newcomers)


@family.shows("/volunteers/<number>", VOLUNTEER, Permission.READ_PEOPLE)
def volunteer(number: str) -> Volunteer:
    """Show one volunteer."""
    return queries.volunteer(db.session(), community_id(), number)


def _volunteer_now(session: Session, number: str) -> Volunteer:
    return queries.volunteer(session, community_id(), number)


@family.changes(
    "/volunteers/<number>",
    Scope.PEOPLE,
    Permission.REGISTER_PEOPLE,
    reads=PersonSent,
    shape=VOLUNTEER,
    found=_volunteer_now,
)
def correct_volunteer(typed: Mapping[str, Any], number: str) -> Work:
    """Correct the name or the home of a volunteer."""

    def work(session: Session, act: Act) -> None:
        person = dataclasses.replace(correcting.details(session, act.community_id, number), **typed)
        correcting.correct_person(session, act, number=number, person=person)

    return work


@family.shows("/volunteers/<number>/passbook", PASSBOOK, Permission.READ_PASSBOOKS)
def passbook(number: str) -> Passbook:
    """Show the balances of a volunteer's accounts: whole minutes, whole hundredths of a point."""
    found = queries.volunteer(db.session(), community_id(), number)
    return Passbook(found.number, statements.passbook_accounts(db.session(), community_id(), found.number))


def _by_line(line: StatementLine) -> int:
    return line.seq * LINES_OF_AN_ENTRY + line.line


@family.lists(
    "/volunteers/<number>/passbook/lines",
    LINE,
    Permission.READ_PASSBOOKS,
    order=Order(_by_line, newest=True),
    kind=int,
)
def passbook_lines(number: str, seen: Key | None, limit: int, **_words: Any) -> Sequence[StatementLine]:
    """List the lines of a passbook, the newest first, each with the balance behind it."""
    found = queries.volunteer(db.session(), community_id(), number)
    accounts = [one.account for one in statements.passbook_accounts(db.session(), community_id(), found.number)]
    before = None if seen is None else int(seen) // LINES_OF_AN_ENTRY + 1
    return pages.statement(db.session(), community_id(), accounts, before=before, limit=limit + 10).lines


def _by_code(partner: Partner) -> str:
    return partner.code


@family.lists("/partners", PARTNER, order=Order(_by_code))
def partners(**_words: Any) -> Sequence[Partner]:
    """List the partner units."""
    return queries.partners(db.session(), community_id())


@family.does(
    "/partners",
    Scope.PEOPLE,
    Permission.ADD_PARTNER,
    reads=NewPartner,
    answers=shape("AddedPartner", {"code": fields.String()}),
)
def add_partner(typed: Mapping[str, Any]) -> Work:
    """Add a partner unit."""
    return named("code", lambda session, act: operations.add_partner(session, act, name=typed["name"]))


@family.does(
    "/org-units",
    Scope.PEOPLE,
    Permission.REGISTER_PEOPLE,
    reads=PlacesSent,
    answers=shape("AddedOrgUnits", {"added": fields.Integer()}),
    rows="places",
)
def add_org_units(typed: Mapping[str, Any]) -> Work:
    """Make sure that the organisation tree has these places; what is there already stays as it is."""
    places = tuple(Place(**place) for place in typed["places"])
    return lambda session, act: organising.ensure_org_units(session, act, places=places)


@family.lists("/org-units", ORG_UNIT, order=Order(by_id))
def org_units(**_words: Any) -> Sequence[OrgUnit]:
    """List the units of the organisation tree."""
    return queries.org_units(db.session(), community_id())
