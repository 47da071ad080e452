"""Roles: given, taken, and never the last one; past the program triggers keep the same.

Source: trust.md section 1 (separation of duties), Z10 (the last admin; an auditor who records).
"""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.operations.logins import StaffDisabled, end_sessions
from timebank.people.queries import Staff, check_may, roles_held, staff_by_number
from timebank.people.queries.places import OrgLevel, org_unit, root
from timebank.people.roles import Permission, Role, find_conflict
from timebank.people.tables import RoleGrantRow
from timebank.refusal import Refusal

FOR_THE_WHOLE: Final = frozenset({Role.ADMIN, Role.AUDITOR, Role.SECURITY_ADMIN})
"""Roles that are held for the whole community only."""


class RolesIncompatible(Refusal):
    """One person must not have these roles together (trust.md section 1)."""

    code = "roles_incompatible"


class RoleHeldAlready(Refusal):
    """The role is held for this part of the community already."""

    code = "role_held_already"


class RoleNotHeld(Refusal):
    """The role is not held for this part of the community."""

    code = "role_not_held"


class RoleForTheWhole(Refusal):
    """Admins, security admins and auditors are there for the whole community."""

    code = "role_for_the_whole"


class SecurityAdminNeedsTwo(Refusal):
    """Nobody alone makes a security admin (`security_admins`)."""

    code = "security_admin_needs_two"


class LastAdmin(Refusal):
    """Somebody must remain who can manage the community, and the staff (trust.md Z10)."""

    code = "last_admin"


@once("people.grant_role", subject="number")
def grant_role(session: Session, act: Act, *, number: str, role: Role, org_unit_id: UUID | None = None) -> str:
    """Give a staff member a role for a part of the community (None: for the whole); return the id of the grant.

    Their sessions end: what a page offers is decided anew.

    Raises:
        NotAllowed, NoSuchStaff, StaffDisabled, RolesIncompatible, RoleHeldAlready, RoleForTheWhole, NoSuchOrgUnit,
        SecurityAdminNeedsTwo
    """
    check_may(session, act, Permission.MANAGE_STAFF)
    check_not_security(role)
    person_id = active_staff(session, act, number).person_id
    end_sessions(session, act, person_id)
    return grant(session, act, person_id, role, org_unit_id=org_unit_id)


def check_not_security(*roles: Role) -> None:
    """Make sure that nobody alone makes a security admin.

    Raises:
        SecurityAdminNeedsTwo
    """
    if Role.SECURITY_ADMIN in roles:
        raise SecurityAdminNeedsTwo()


def active_staff(session: Session, act: Act, number: str) -> Staff:
    """Return a member of the staff who works here.

    Raises:
        NoSuchStaff, StaffDisabled
    """
    staff = staff_by_number(session, act.community_id, number)
    if staff.disabled:
        raise StaffDisabled(number=number)
    return staff


def grant(
    session: Session, act: Act, person_id: UUID, role: Role, *, org_unit_id: UUID | None = None, index: int = 0
) -> str:
    """Give a person on the staff a role and return the id of the grant; who may do that is decided by the caller.

    index: which of several grants of one act it is.

    Raises:
        RolesIncompatible, RoleHeldAlready, RoleForTheWhole, NoSuchOrgUnit
    """
    scope = _scope(session, act, role, org_unit_id)
    held = roles_held(session, act.community_id, person_id)
    conflict = find_conflict({role, *(each.role for each in held)})
    if conflict is not None:
        raise RolesIncompatible(one=conflict[0].value, other=conflict[1].value)
    if any(each.role is role and each.org_unit_id == scope for each in held):
        raise RoleHeldAlready(role=role.value)
    grant_id = act.new_id("role grant", index)
    session.add(
        RoleGrantRow(
            community_id=act.community_id,
            id=grant_id,
            person_id=person_id,
            role=role.value,
            org_unit_id=scope,
            granted_at=act.at,
            granted_by=act.number,
        )
    )
    session.flush()
    return str(grant_id)


def _scope(session: Session, act: Act, role: Role, org_unit_id: UUID | None) -> UUID:
    if org_unit_id is None:
        return root(session, act.community_id).id
    unit = org_unit(session, act.community_id, org_unit_id)
    if role in FOR_THE_WHOLE and unit.level is not OrgLevel.BRANCH:
        raise RoleForTheWhole(role=role.value)
    return unit.id


@once("people.revoke_role", subject="number")
def revoke_role(session: Session, act: Act, *, number: str, role: Role, org_unit_id: UUID | None = None) -> None:
    """Take a role from a staff member; their sessions end.

    Raises:
        NotAllowed, NoSuchStaff, RoleNotHeld
        LastAdmin: nobody would remain who manages the staff.
    """
    check_may(session, act, Permission.MANAGE_STAFF)
    staff = staff_by_number(session, act.community_id, number)
    scope = _scope(session, act, role, org_unit_id)
    held = {(each.role, each.org_unit_id) for each in roles_held(session, act.community_id, staff.person_id)}
    if (role, scope) not in held:
        raise RoleNotHeld(role=role.value)
    _check_another(session, act, staff, role)
    _revoke(session, act, staff.person_id, RoleGrantRow.role == role.value, RoleGrantRow.org_unit_id == scope)
    end_sessions(session, act, staff.person_id)


def take_roles(session: Session, act: Act, staff: Staff) -> None:
    """Take every role from a member of the staff and end their sessions; who may do that is decided by the caller.

    Raises:
        LastAdmin
    """
    for role in staff.roles:
        _check_another(session, act, staff, role)
    _revoke(session, act, staff.person_id)
    end_sessions(session, act, staff.person_id)


def _check_another(session: Session, act: Act, staff: Staff, role: Role) -> None:
    """Make sure that an admin is not the last one, nor a security admin."""
    if role not in {Role.ADMIN, Role.SECURITY_ADMIN}:
        return
    others = sa.select(sa.func.count()).where(
        RoleGrantRow.community_id == act.community_id,
        RoleGrantRow.role == role.value,
        RoleGrantRow.revoked_at.is_(None),
        RoleGrantRow.person_id != staff.person_id,
    )
    if not session.scalar(others):
        raise LastAdmin(number=staff.number, role=role.value)


def _revoke(session: Session, act: Act, person_id: UUID, *which: sa.ColumnElement[bool]) -> None:
    session.execute(
        sa.update(RoleGrantRow)
        .where(
            RoleGrantRow.community_id == act.community_id,
            RoleGrantRow.person_id == person_id,
            RoleGrantRow.revoked_at.is_(None),
            *which,
        )
        .values(revoked_at=act.at, revoked_by=act.number)
    )
