"""Rights: whether the actor of a request may do something, asked by every operation before it does anything.

Source: trust.md section 1; `roles.py` says what each role may do.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.acts import Act
from timebank.books.asking import Question, ask
from timebank.people.queries.places import line_of, root
from timebank.people.roles import GIVEN_UP, PERMISSIONS, SYSTEM, SYSTEM_PERMISSIONS, Permission, Role
from timebank.people.tables import PersonRow, RoleGrantRow, StaffRow
from timebank.refusal import Refusal


class NotAllowed(Refusal):
    """The actor has no role that allows this (trust.md section 1, separation of duties)."""

    code = "not_allowed"


_STAFF_OF_GRANT: Final = sa.and_(
    StaffRow.community_id == RoleGrantRow.community_id, StaffRow.person_id == RoleGrantRow.person_id
)


def check_may(session: Session, act: Act, permission: Permission, *, org_unit_id: UUID | None = None) -> None:
    """Make sure that the actor may do something; every operation asks this first.

    Args:
        org_unit_id: the part of the tree that it is about: the role must be held for it or above. None asks whether
            the role is held anywhere.

    Raises:
        NotAllowed: no role of theirs allows it there; the number of the act is not theirs; they are disabled.
    """
    check_granted(permission, granted=may(session, act, permission, org_unit_id=org_unit_id))


def check_may_for(session: Session, act: Act, permission: Permission, person_id: UUID) -> None:
    """Make sure that the actor may do something about a person: where they live, else in the whole community.

    Raises:
        NotAllowed: no role of theirs allows it there.
    """
    home = session.get_one(PersonRow, (act.community_id, person_id)).org_unit_id
    check_may(session, act, permission, org_unit_id=home or root(session, act.community_id).id)


def may(session: Session, act: Act, permission: Permission, *, org_unit_id: UUID | None = None) -> bool:
    """Tell whether the actor may do something; see `check_may`."""
    if org_unit_id is None or act.number == SYSTEM:
        return ask(session, right_question(act, permission))
    scopes = ask(session, Question(_scopes(permission), _of_actor(act), _first_of_each))
    return not scopes.isdisjoint(line_of(session, act.community_id, org_unit_id)) if scopes else False


def allowed_to(session: Session, community_id: str, roles: frozenset[Role]) -> frozenset[Permission]:
    """Return what roles allow in a community: admins give up what a security admin has."""
    allowed = frozenset().union(*(PERMISSIONS[role] for role in roles))
    if Role.ADMIN in roles and session.scalar(sa.select(_is_guarded(sa.literal(community_id)))):
        return allowed - GIVEN_UP
    return allowed


def right_question(act: Act, permission: Permission) -> Question[bool]:
    """Ask, together with other questions, whether the actor may do something anywhere."""
    if act.number == SYSTEM:
        return Question(_scopes(permission), _of_actor(act), lambda _: permission in SYSTEM_PERMISSIONS)
    return Question(_scopes(permission), _of_actor(act), bool)


def check_granted(permission: Permission, *, granted: bool) -> None:
    """Make sure that a right that was asked for together with other questions was granted.

    Raises:
        NotAllowed: it was not.
    """
    if not granted:
        raise NotAllowed(permission=permission.value)


def _of_actor(act: Act) -> dict[str, object]:
    return {"community": act.community_id, "actor_id": act.person_id, "actor": act.number}


def _first_of_each(rows: Sequence[Any]) -> frozenset[UUID]:
    return frozenset(row[0] for row in rows)


@cache
def _scopes(permission: Permission) -> sa.Select[UUID]:
    """Ask for the parts of the tree for which the actor holds a role that allows something.

    What is `GIVEN_UP` admins may do only where nobody is security admin.
    """
    wanted = [role.value for role, allowed in PERMISSIONS.items() if permission in allowed]
    found = (
        sa.select(RoleGrantRow.org_unit_id)
        .join(StaffRow, _STAFF_OF_GRANT)
        .where(
            RoleGrantRow.community_id == sa.bindparam("community"),
            RoleGrantRow.person_id == sa.bindparam("actor_id"),
            RoleGrantRow.role.in_(wanted),
            RoleGrantRow.revoked_at.is_(None),
            StaffRow.number == sa.bindparam("actor"),
            StaffRow.disabled_at.is_(None),
        )
    )
    if permission not in GIVEN_UP:
        return found
    guarded = _is_guarded(sa.bindparam("community"))
    return found.where(sa.or_(RoleGrantRow.role != Role.ADMIN.value, sa.not_(guarded)))


def _is_guarded(community: sa.ColumnElement[str]) -> sa.Exists:
    """Ask whether a community has a security admin."""
    guarding = aliased(RoleGrantRow)
    return sa.exists().where(
        guarding.community_id == community,
        guarding.role == Role.SECURITY_ADMIN.value,
        guarding.revoked_at.is_(None),
    )
