"""The people of the demo, who are entered with one click (only there, and only on this machine)."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people.roles import Role
from timebank.people.tables import PersonRow, RoleGrantRow, StaffRow, VolunteerRow

OFFERED: Final = {Role.CLERK: 1, Role.COORDINATOR: 2, Role.AUDITOR: 1, Role.ADMIN: 1}
"""How many of each role are offered, in this order."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to enter as. login: what they sign in with; role: one of `Role`, or `volunteer`."""

    login: str
    name: str
    role: str


def demo_people(session: Session, community_id: str) -> tuple[DemoPerson, ...]:
    """Return the first volunteer and the first holder of each role, in the order in which people meet them.

    Two coordinators, for what one of them records the other approves.
    """
    first_volunteer = (
        sa.select(VolunteerRow.number, PersonRow.name)
        .join(PersonRow, _same(VolunteerRow))
        .where(VolunteerRow.community_id == community_id, VolunteerRow.closed_on.is_(None))
        .order_by(sa.func.length(VolunteerRow.number), VolunteerRow.number)
        .limit(1)
    )
    staff = (
        sa.select(RoleGrantRow.role, StaffRow.login, PersonRow.name)
        .join(
            StaffRow,
            sa.and_(StaffRow.community_id == RoleGrantRow.community_id, StaffRow.person_id == RoleGrantRow.person_id),
        )
        .join(PersonRow, _same(StaffRow))
        .where(StaffRow.community_id == community_id, StaffRow.disabled_at.is_(None), RoleGrantRow.revoked_at.is_(None))
        .order_by(sa.func.length(StaffRow.number), StaffRow.number)
    )
    people = [DemoPerson(row.number, row.name, "volunteer") for row in session.execute(first_volunteer)]
    holders: dict[str, list[DemoPerson]] = {}
    for row in session.execute(staff):
        holders.setdefault(row.role, []).append(DemoPerson(row.login, row.name, row.role))
    return (*people, *(person for role, number in OFFERED.items() for person in holders.get(role, [])[:number]))


def _same(table: type[VolunteerRow] | type[StaffRow]) -> sa.ColumnElement[bool]:
    return sa.and_(PersonRow.community_id == table.community_id, PersonRow.id == table.person_id)
