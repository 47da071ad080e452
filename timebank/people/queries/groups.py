"""Groups (团队): which are registered, and who speaks for each."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.accounts import GROUP_PREFIX, is_group
from timebank.people.identity import mask_phone
from timebank.people.queries.volunteers import NoSuchVolunteer
from timebank.people.tables import PersonRow, VolunteerRow
from timebank.refusal import Refusal


class GroupOnlyGives(Refusal):
    """The passbook is a group's: hours are recorded in it and points given out of it, and nothing else."""

    code = "group_only_gives"


@dataclass(frozen=True, slots=True)
class VolunteerGroup:
    """A group with its passbook.

    Attributes:
        number: `TD0001`; owns the passbook.
        contact: who speaks for it; `phone` theirs, masked, or empty.
    """

    number: str
    name: str
    contact: str
    phone: str
    registered_on: date


def groups(session: Session, community_id: str) -> tuple[VolunteerGroup, ...]:
    """Return the groups, in the order of their numbers."""
    same = sa.and_(PersonRow.community_id == VolunteerRow.community_id, PersonRow.id == VolunteerRow.person_id)
    query = (
        sa.select(VolunteerRow.number, PersonRow.name, PersonRow.note, PersonRow.phone, VolunteerRow.registered_on)
        .join(PersonRow, same)
        .where(VolunteerRow.community_id == community_id, VolunteerRow.number.startswith(GROUP_PREFIX))
        .order_by(sa.func.length(VolunteerRow.number), VolunteerRow.number)
    )
    return tuple(
        VolunteerGroup(row.number, row.name, row.note, mask_phone(row.phone) if row.phone else "", row.registered_on)
        for row in session.execute(query)
    )


def group(session: Session, community_id: str, number: str) -> VolunteerGroup:
    """Return the group of a number.

    Raises:
        NoSuchVolunteer: no group has it.
    """
    for found in groups(session, community_id):
        if found.number == number:
            return found
    raise NoSuchVolunteer(number=number)


def check_no_group(number: str) -> None:
    """Make sure that a number is a person's, who may do what groups do not.

    Raises:
        GroupOnlyGives: it is a group's.
    """
    if is_group(number):
        raise GroupOnlyGives(group=number)
