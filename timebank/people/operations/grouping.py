"""Registering a group (团队): it has a passbook like a volunteer, and only gives.

What a group serves together is recorded under its number, once for the time that it was there; who wants hours of
their own is recorded under their own number instead. A group has no login, no card and no star.

Source: domain.md section 1.4 (the time of group volunteers can only be given away) and 3, P4.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.accounts import GROUP_PREFIX
from timebank.people import numbers
from timebank.people.admission import TEXT_LENGTH_MAX, refusals_for
from timebank.people.names import name_key
from timebank.people.newcomers import NewVolunteer
from timebank.people.operations.registering import check_homes, home_of, known_to, person_columns
from timebank.people.plain_text import find_text_fault
from timebank.people.queries import check_may
from timebank.people.queries.groups import groups
from timebank.people.roles import Permission
from timebank.people.tables import PersonRow, VolunteerRow
from timebank.refusal import Refusal


class GroupExists(Refusal):
    """A group of this name is registered already."""

    code = "group_exists"


class GroupContactMissing(Refusal):
    """Somebody speaks for a group: their name in 1 to 60 characters on one line."""

    code = "group_contact_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """A group to be registered.

    Attributes:
        contact: name of who speaks for it; `phone` theirs, or None.
        area, building: names in the organisation tree; empty where it belongs to the whole community.
    """

    name: str
    contact: str
    phone: str | None = None
    area: str = ""
    building: str = ""


@once("people.register_group")
def register_group(session: Session, act: Act, *, group: NewGroup) -> str:
    """Register a group and return its number, `TD0001`, which owns its passbook.

    Raises:
        NotAllowed: the actor does not register people there.
        GroupExists, GroupContactMissing: it is known, or nobody speaks for it.
        PersonNameInvalid, PhoneInvalid, HomeUnknown: see `registration_refusals`.
    """
    check_may(session, act, Permission.REGISTER_PEOPLE)
    contact, contact_max = group.contact.strip(), TEXT_LENGTH_MAX["household"]
    if not 1 <= len(contact) <= contact_max or find_text_fault(contact, multiline=False):
        raise GroupContactMissing(characters_max=contact_max)
    written = NewVolunteer(name=group.name, phone=group.phone, area=group.area, building=group.building, note=contact)
    known = known_to(session, act, (written,))
    for refusal in refusals_for((written,), known):
        raise refusal
    for earlier in groups(session, act.community_id):
        if name_key(earlier.name) == name_key(written.clean_name):
            raise GroupExists(group=earlier.number)
    home, person_id = home_of(written, known), act.new_id("group")
    check_homes(session, act, [home])
    number = numbers.number(GROUP_PREFIX, numbers.largest(session, act.community_id, GROUP_PREFIX) + 1)
    owner = {"community_id": act.community_id, "person_id": person_id, "number": number}
    session.execute(sa.insert(PersonRow), [person_columns(act, person_id, written, home)])
    session.execute(sa.insert(VolunteerRow), [{**owner, "registered_on": act.today, "closed_on": None}])
    return number
