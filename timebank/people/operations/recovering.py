"""A password that is forgotten: one person at the desk asks, another one gives a link, and its owner chooses a new one.

Nobody ever learns the password, and nobody alone can get into somebody's account. For a member of the staff whoever
gives the link manages the staff. Where nobody is left who could do that, whoever holds the machine does the second
half, as they did for the first admin.

Source: ASVS 5.0, 6.4.6; trust.md section 1, separation of duties.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people.operations.desk_requests import (
    NoSuchReset,
    decide,
    find_open,
    plain_open,
    settle,
    write_request,
)
from timebank.people.operations.logins import (
    StaffDisabled,
    find_person,
    number_of,
    write_one_time_login,
)
from timebank.people.queries import (
    NotAllowed,
    Staff,
    all_staff,
    allowed_to,
    check_may,
    check_may_for,
    check_no_group,
    has_password,
    staff_by_number,
)
from timebank.people.roles import SYSTEM, Permission
from timebank.people.tables import DeskRequestRow, StaffRow
from timebank.people.two_persons import Case
from timebank.refusal import Refusal


class NoPasswordYet(Refusal):
    """There is no password to be forgotten: a first link is given by one person."""

    code = "no_password_yet"


class AnotherCanConfirm(Refusal):
    """The machine helps only where nobody of the staff can."""

    code = "another_can_confirm"


@once("people.ask_password_reset", subject="number")
def ask_password_reset(session: Session, act: Act, *, number: str, reason: str) -> str:
    """Ask that somebody may choose a new password; return the id of the request.

    Raises:
        NotAllowed, NoSuchStaff, NoSuchVolunteer, GroupOnlyGives, NoPasswordYet, ResetNeedsAnother,
        ResetReasonMissing, ResetAskedAlready
    """
    check_no_group(number)
    person_id = find_person(session, act.community_id, number)
    _check_may(session, act, person_id, of_staff=Permission.RESET_FACTOR)
    if not has_password(session, act.community_id, person_id):
        raise NoPasswordYet(number=number)
    return write_request(session, act, Case.FIRST_FACTOR, person_id, number=number, reason=reason)


@once("people.confirm_password_reset", subject="reset_id")
def confirm_password_reset(session: Session, act: Act, *, reset_id: UUID, one_time_token: Secret) -> dict[str, Any]:
    """Give the link for which another person asked; the old password works until a new one is chosen.

    Returns:
        `number`, `person_id`, `expires_at` and `token_digest`, as `issue_one_time_login`.

    Raises:
        NotAllowed, NoSuchReset, ResetNeedsAnother
    """
    asked_for = plain_open(session, act, Case.FIRST_FACTOR, reset_id).person_id
    _check_may(session, act, asked_for, of_staff=Permission.MANAGE_STAFF)
    return _give_link(session, act, settle(session, act, Case.FIRST_FACTOR, reset_id), one_time_token)


@once("people.rescue_staff", subject="number")
def rescue_staff(session: Session, act: Act, *, number: str, one_time_token: Secret) -> dict[str, Any]:
    """Give the link as whoever holds the machine, where nobody of the staff could give it.

    Another member of the staff asks first; alone on the staff nobody needs to.

    Args:
        act: of `system`.

    Returns:
        As `confirm_password_reset`.

    Raises:
        NotAllowed, NoSuchStaff, StaffDisabled, AnotherCanConfirm
        NoSuchReset: nobody has asked, and somebody could.
    """
    if act.number != SYSTEM:
        raise NotAllowed(permission="machine")
    lost = staff_by_number(session, act.community_id, number)
    if lost.disabled:
        raise StaffDisabled(number=number)
    person_id = lost.person_id
    others = [one for one in all_staff(session, act.community_id) if one.person_id != person_id]
    row = find_open(session, act, Case.FIRST_FACTOR, DeskRequestRow.person_id == person_id)
    if row is None and _find(session, act, others, Permission.RESET_FACTOR):
        raise NoSuchReset()
    if _find(session, act, [one for one in others if not _asked(one, row)], Permission.MANAGE_STAFF):
        raise AnotherCanConfirm(number=number)
    if row is not None:
        decide(session, act, row, "done")
    return _give_link(session, act, person_id, one_time_token)


def _find(session: Session, act: Act, staff: list[Staff], permission: Permission) -> Staff | None:
    """Return one of the staff who may do something, or None."""
    return next((one for one in staff if permission in allowed_to(session, act.community_id, one.roles)), None)


def _asked(staff: Staff, row: DeskRequestRow | None) -> bool:
    return row is not None and row.asker_id == staff.person_id


def _check_may(session: Session, act: Act, person_id: UUID, *, of_staff: Permission) -> None:
    """Make sure that the actor may help a person: for the staff it takes other rights than for volunteers."""
    staff = session.get(StaffRow, (act.community_id, person_id))
    if staff is not None and staff.disabled_at is None:
        check_may(session, act, of_staff)
    else:
        check_may_for(session, act, Permission.REGISTER_PEOPLE, person_id)


def _give_link(session: Session, act: Act, person_id: UUID, token: Secret) -> dict[str, Any]:
    number = number_of(session, act.community_id, person_id)
    return {"number": number, **write_one_time_login(session, act, person_id, token)}
