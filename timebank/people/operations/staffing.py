"""Staff: who works here, in which role, and for which part of the community.

Source: trust.md section 1 (separation of duties), Z10 (the last admin; an auditor who records).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people import numbers
from timebank.people.admission import check_name, check_phone
from timebank.people.identity import normalised_phone
from timebank.people.names import login_key
from timebank.people.operations.granting import active_staff, check_not_security, grant, take_roles
from timebank.people.operations.logins import (
    end_sessions,
    withdraw_one_time_logins,
    write_one_time_login,
)
from timebank.people.operations.registering import name_columns
from timebank.people.plain_text import composed
from timebank.people.queries import (
    check_may,
    find_staff_by_login,
    has_password,
    staff_by_number,
    volunteer,
)
from timebank.people.roles import Permission, Role
from timebank.people.rules import LOGIN, LOOKS_LIKE_A_NUMBER
from timebank.people.tables import PersonRow, StaffRow
from timebank.refusal import Refusal


class LoginInvalid(Refusal):
    """A login name is 2 to 40 letters, digits, dots or hyphens, and does not look like somebody's number."""

    code = "login_invalid"


class LoginTaken(Refusal):
    """Somebody signs in with this name already."""

    code = "login_taken"


class AlreadyStaff(Refusal):
    """This volunteer is on the staff already; one person has one staff number."""

    code = "already_staff"


class RoleMissing(Refusal):
    """Whoever is on the staff has a role."""

    code = "role_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """Somebody who joins the staff.

    Attributes:
        login: the name they sign in with; capitals make no difference.
        volunteer_number: they are a volunteer here and remain the same person; name and phone are known then.
    """

    login: str
    name: str = ""
    phone: str | None = None
    volunteer_number: str | None = None


@once("people.add_staff")
def add_staff(
    session: Session,
    act: Act,
    *,
    staff: NewStaff,
    roles: tuple[Role, ...],
    one_time_token: Secret,
    org_unit_id: UUID | None = None,
) -> dict[str, Any]:
    """Add somebody to the staff, with a role and a login that works once.

    Args:
        roles: at least one.
        one_time_token: made by the shell, shown once, kept as a digest only.
        org_unit_id: the part of the community for which they work; None is the whole.

    Returns:
        `number`, `person_id`, `expires_at` of the login, and `token_digest` in hex: a retried request gets the first
        answer, and only the token that has this digest works.

    Raises:
        NotAllowed, RoleMissing, RolesIncompatible, RoleForTheWhole, LoginInvalid, LoginTaken, AlreadyStaff,
        NoSuchVolunteer, PersonNameInvalid, PhoneInvalid
    """
    check_may(session, act, Permission.MANAGE_STAFF)
    if not roles:
        raise RoleMissing()
    check_not_security(*roles)
    person_id = _known_person(session, act, staff) or act.new_id("person")
    return write_staff(session, act, staff, person_id, one_time_token) | {
        "grants": [
            grant(session, act, person_id, role, org_unit_id=org_unit_id, index=index)
            for index, role in enumerate(roles)
        ]
    }


def write_staff(session: Session, act: Act, staff: NewStaff, person_id: UUID, one_time_token: Secret) -> dict[str, Any]:
    """Write a member of the staff, without a role; who may do that is decided by the caller."""
    check_login(session, act.community_id, staff.login)
    if staff.volunteer_number is None:
        _write_person(session, act, staff, person_id)
    number = numbers.number("S", numbers.largest(session, act.community_id, "S") + 1)
    session.add(
        StaffRow(
            community_id=act.community_id,
            person_id=person_id,
            number=number,
            login=login_key(staff.login),
            added_at=act.at,
        )
    )
    session.flush()
    if has_password(session, act.community_id, person_id):
        # A volunteer who joins the staff keeps their password; a link would be a way into their account.
        end_sessions(session, act, person_id)
        return {"number": number, "person_id": str(person_id), "expires_at": "", "token_digest": ""}
    return {"number": number, **write_one_time_login(session, act, person_id, one_time_token)}


def _known_person(session: Session, act: Act, staff: NewStaff) -> UUID | None:
    if staff.volunteer_number is None:
        return None
    person_id = volunteer(session, act.community_id, staff.volunteer_number).person_id
    if session.get(StaffRow, (act.community_id, person_id)) is not None:
        raise AlreadyStaff(number=staff.volunteer_number)
    return person_id


def check_login(session: Session, community_id: str, login: str) -> None:
    """Make sure that somebody new can sign in with a name.

    Raises:
        LoginInvalid, LoginTaken
    """
    key = login_key(login)
    if not LOGIN.fullmatch(key) or LOOKS_LIKE_A_NUMBER.fullmatch(key):
        raise LoginInvalid()
    if find_staff_by_login(session, community_id, key) is not None:
        raise LoginTaken(login=key)


def _write_person(session: Session, act: Act, staff: NewStaff, person_id: UUID) -> None:
    for refusal in (*check_name(staff.name, 1), *check_phone(staff.phone, 1)):
        raise refusal
    session.add(
        PersonRow(
            community_id=act.community_id,
            id=person_id,
            **name_columns(composed(staff.name).strip()),
            phone=normalised_phone(staff.phone or "") or None,
            skills="",
            note="",
        )
    )
    session.flush()


@once("people.disable_staff", subject="number")
def disable_staff(session: Session, act: Act, *, number: str) -> None:
    """Let a staff member go: their roles are taken, their sessions end, their login works no more.

    Whoever is a volunteer too remains one and signs in with that number.

    Raises:
        NotAllowed, NoSuchStaff, StaffDisabled, LastAdmin
    """
    check_may(session, act, Permission.MANAGE_STAFF)
    staff = active_staff(session, act, number)
    take_roles(session, act, staff)
    session.get_one(StaffRow, (act.community_id, staff.person_id)).disabled_at = act.at
    withdraw_one_time_logins(session, act, staff.person_id)


@once("people.enable_staff", subject="number")
def enable_staff(session: Session, act: Act, *, number: str) -> None:
    """Take a staff member back, without any role; a role and a one-time login are given afterwards.

    Raises:
        NotAllowed, NoSuchStaff
    """
    check_may(session, act, Permission.MANAGE_STAFF)
    staff = staff_by_number(session, act.community_id, number)
    session.get_one(StaffRow, (act.community_id, staff.person_id)).disabled_at = None
