"""Builders of the people room: a community, volunteers, staff with roles, partner units, made by the real operations.

`where` is an engine (what is built is committed) or a session (it is part of the test's transaction).
"""

import itertools
from contextlib import nullcontext
from datetime import date, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.builders import NOON, an_act
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.people import operations, queries
from timebank.people.identity import identity_check_character
from timebank.people.operations import NewCommunity, NewGuardian, NewStaff, NewVolunteer, Place
from timebank.people.operations.logins import find_person
from timebank.people.passwords import password_hash
from timebank.people.roles import SYSTEM, Role
from timebank.people.tables import CredentialRow
from timebank.people.vault import IdentityVault

XFL = "xfl"
GO_LIVE_ON = date(2026, 11, 1)
OPENED_AT = NOON - timedelta(days=400)
FIRST_TOKEN = "first-token-of-the-first-admin"
VAULT = IdentityVault(encryption_key=b"e" * 32, lookup_key=b"l" * 32)
PASSWORD = "海棠花在三号楼下开了"

_counts = itertools.count(1)


def with_defaults(changes, **defaults):
    """What a builder says by itself, unless the test says otherwise."""
    return defaults | changes


def within(where):
    """Open a writing transaction on an engine, or go on in the one that is given."""
    return nullcontext(where) if isinstance(where, Session) else writing(where)


def open_the_community(where, community_id=XFL, **changes):
    """Open a community with its first admin, S001; return the answer of the operation."""
    first = an_act(community_id=community_id, number=SYSTEM, at=OPENED_AT)
    new = NewCommunity(**with_defaults(changes, name="幸福里社区", go_live_on=GO_LIVE_ON))
    with within(where) as session:
        return operations.open_community(
            session,
            first,
            community=new,
            admin=NewStaff(login="admin", name="陈主任"),
            one_time_token=Secret(f"{FIRST_TOKEN} {community_id}"),
        )


def an_admin_act(**changes):
    """Build an act of the first admin."""
    return an_act(**with_defaults(changes, person_id=operations.FIRST_ADMIN_ID, number="S001"))


def acting_as(staff, **changes):
    """Build an act of a staff member."""
    return an_act(**with_defaults(changes, person_id=staff.person_id, number=staff.number))


def a_staff_member(where, *roles, community_id=XFL, org_unit_id=None, **changes):
    """Add somebody to the staff (a coordinator, unless the test says otherwise); return the `Staff`."""
    count = next(_counts)
    new = NewStaff(**with_defaults(changes, login=f"staff.{count}", name=f"社工{count}"))
    with within(where) as session:
        answer = operations.add_staff(
            session,
            an_admin_act(community_id=community_id),
            staff=new,
            roles=roles or (Role.COORDINATOR,),
            one_time_token=Secret(f"token of {new.login}"),
            org_unit_id=org_unit_id,
        )
        return queries.staff_by_number(session, community_id, answer["number"])


def a_newcomer(**changes):
    """Describe a grown-up who may be registered."""
    return NewVolunteer(**with_defaults(changes, name="王秀英", born_on=date(1958, 3, 2)))


def a_volunteer(where, community_id=XFL, **changes):
    """Register a volunteer; the area and the building are made if they are not there. Return the `Volunteer`."""
    new = a_newcomer(**changes)
    with within(where) as session:
        if new.area or new.building:
            a_place(session, community_id=community_id, area=new.area, building=new.building)
        answer = operations.register_volunteers(session, an_admin_act(community_id=community_id), people=(new,))
        return queries.volunteer(session, community_id, answer["people"][0]["number"])


def a_place(where, community_id=XFL, **names):
    """Make sure that the organisation tree has a place; return the id of its lowest unit."""
    place = Place(**names)
    with within(where) as session:
        operations.ensure_org_units(session, an_admin_act(community_id=community_id), places=(place,))
        named = {unit.name: unit.id for unit in queries.org_units(session, community_id)}
        return named[place.steps[-1][1]]


def a_partner(where, name="市第一人民医院", community_id=XFL):
    """Add a partner unit and return its code."""
    with within(where) as session:
        return operations.add_partner(session, an_admin_act(community_id=community_id), name=name)


def a_guardian(**changes):
    """Describe a guardian from outside the community."""
    return NewGuardian(**with_defaults(changes, name="宋凤英", relation="母亲"))


def an_identity_number(born_on=date(1958, 3, 2), sequence=1):
    """Make an identity number without fault; its region, 990000, does not exist."""
    first = f"990000{born_on:%Y%m%d}{sequence:03}"
    return first + identity_check_character(first)


def a_password(where, number, password=PASSWORD, community_id=XFL):
    """Give a staff member or volunteer a password, as if they had chosen it long ago; return their number."""
    with within(where) as session:
        person_id = find_person(session, community_id, number)
        row = {"community_id": community_id, "person_id": person_id, "set_at": OPENED_AT}
        session.execute(sa.insert(CredentialRow), row | {"password_hash": _hashed(password)})
        return number


@cache
def _hashed(password):
    """Hashing is slow on purpose; for a test once is enough."""
    return password_hash(Secret(password), salt=b"salt of the test")


def signed_in(session, cookie="cookie", at=NOON, community_id=XFL):
    """Return who is signed in under a cookie, or None."""
    return queries.find_session(session, community_id, secret=cookie, at=at)


def guardian_of(session, number):
    """Return what is known of somebody's guardian."""
    return operations.details(session, XFL, number).guardian
