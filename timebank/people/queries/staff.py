"""The staff as others see them: who works here, and in which roles."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people.names import login_key
from timebank.people.numbers import could_be
from timebank.people.plain_text import find_text_fault
from timebank.people.roles import Role
from timebank.people.tables import PersonRow, RoleGrantRow, StaffRow
from timebank.refusal import Refusal


class NoSuchStaff(Refusal):
    """There is no such staff member in this community."""

    code = "no_such_staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A staff member. number: `S001`; roles: those held now, none when disabled."""

    person_id: UUID
    number: str
    login: str
    name: str
    roles: frozenset[Role]
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """A role and the part of the tree for which it is held."""

    role: Role
    org_unit_id: UUID
    granted_at: datetime
    granted_by: str


_PERSON_OF_STAFF: Final = sa.and_(PersonRow.community_id == StaffRow.community_id, PersonRow.id == StaffRow.person_id)


def staff_member(session: Session, community_id: str, person_id: UUID) -> Staff:
    """Return the staff member of a person id.

    Raises:
        NoSuchStaff: this person is not one.
    """
    return _one(_staff(session, community_id, StaffRow.person_id == person_id), str(person_id))


def staff_by_number(session: Session, community_id: str, number: str) -> Staff:
    """Return the staff member of a number.

    Raises:
        NoSuchStaff: there is none.
    """
    found = _staff(session, community_id, StaffRow.number == number) if could_be(number) else ()
    return _one(found, number)


def staff_by_login(session: Session, community_id: str, login: str) -> Staff:
    """Return the staff member who signs in with a name.

    Raises:
        NoSuchStaff: there is none.
    """
    found = find_staff_by_login(session, community_id, login)
    return _one(() if found is None else (found,), login)


def find_staff_by_login(session: Session, community_id: str, login: str) -> Staff | None:
    """Return the staff member who signs in with a name, or None."""
    key = login_key(login)
    if find_text_fault(key, multiline=False):
        return None
    return next(iter(_staff(session, community_id, StaffRow.login == key)), None)


def all_staff(session: Session, community_id: str) -> tuple[Staff, ...]:
    """Return every staff member, disabled ones too, in the order of their numbers."""
    return _staff(session, community_id, sa.true())


def staff_names(session: Session, community_id: str) -> dict[str, str]:
    """Return the name of every staff member by number, disabled ones too: old records keep their names."""
    return {staff.number: staff.name for staff in all_staff(session, community_id)}


def _one(found: tuple[Staff, ...], asked: str) -> Staff:
    if not found:
        raise NoSuchStaff(staff=asked)
    return found[0]


def _staff(session: Session, community_id: str, which: sa.ColumnElement[bool]) -> tuple[Staff, ...]:
    query = (
        sa.select(StaffRow, PersonRow.name)
        .join(PersonRow, _PERSON_OF_STAFF)
        .where(StaffRow.community_id == community_id, which)
        .order_by(sa.func.length(StaffRow.number), StaffRow.number)
    )
    found = session.execute(query).all()
    held = _roles_by_person(session, community_id, [row.person_id for row, _ in found])
    return tuple(
        Staff(
            person_id=row.person_id,
            number=row.number,
            login=row.login,
            name=name,
            roles=frozenset() if row.disabled_at else frozenset(held[row.person_id]),
            disabled=row.disabled_at is not None,
        )
        for row, name in found
    )


def _roles_by_person(session: Session, community_id: str, person_ids: Iterable[UUID]) -> dict[UUID, set[Role]]:
    query = sa.select(RoleGrantRow.person_id, RoleGrantRow.role).where(
        RoleGrantRow.community_id == community_id,
        RoleGrantRow.person_id.in_(person_ids),
        RoleGrantRow.revoked_at.is_(None),
    )
    held: dict[UUID, set[Role]] = defaultdict(set)
    for person_id, role in session.execute(query):
        held[person_id].add(Role(role))
    return held


def roles_held(session: Session, community_id: str, person_id: UUID) -> tuple[RoleHeld, ...]:
    """Return the roles of a person with their parts of the tree, the oldest first."""
    query = sa.select(RoleGrantRow).where(
        RoleGrantRow.community_id == community_id,
        RoleGrantRow.person_id == person_id,
        RoleGrantRow.revoked_at.is_(None),
    )
    return tuple(
        RoleHeld(role=Role(row.role), org_unit_id=row.org_unit_id, granted_at=row.granted_at, granted_by=row.granted_by)
        for row in session.scalars(query.order_by(RoleGrantRow.granted_at, RoleGrantRow.id))
    )
