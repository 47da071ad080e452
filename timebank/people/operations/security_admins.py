"""Making somebody security admin: one person asks, another one confirms, and neither of them is the one.

From then on accounts, logins and the key of the log are theirs and no longer the admins' (`roles.GIVEN_UP`); so an
admin alone never gets them back, and never makes a security admin of an account of their own.

Source: trust.md section 1, separation of duties.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.operations.desk_requests import settle, write_request
from timebank.people.operations.granting import (
    RoleHeldAlready,
    active_staff,
    grant,
    take_roles,
)
from timebank.people.queries import check_may, staff_member
from timebank.people.roles import Permission, Role
from timebank.people.two_persons import Case


@once("people.ask_security_admin", subject="number")
def ask_security_admin(session: Session, act: Act, *, number: str, reason: str) -> str:
    """Ask that a member of the staff becomes security admin; return the id of the request.

    Raises:
        NotAllowed, NoSuchStaff, StaffDisabled, RoleHeldAlready, ResetNeedsAnother, ResetReasonMissing,
        ResetAskedAlready
    """
    check_may(session, act, Permission.MANAGE_STAFF)
    staff = active_staff(session, act, number)
    if Role.SECURITY_ADMIN in staff.roles:
        raise RoleHeldAlready(role=Role.SECURITY_ADMIN.value)
    return write_request(session, act, Case.SECURITY_ADMIN, staff.person_id, number=number, reason=reason)


@once("people.confirm_security_admin", subject="reset_id")
def confirm_security_admin(session: Session, act: Act, *, reset_id: UUID) -> str:
    """Make somebody security admin as another person asked; the role they had ends. Return the id of the grant.

    Raises:
        NotAllowed, NoSuchReset, ResetNeedsAnother, StaffDisabled
        LastAdmin: they are the last admin.
    """
    check_may(session, act, Permission.RESET_FACTOR)
    person_id = settle(session, act, Case.SECURITY_ADMIN, reset_id)
    staff = active_staff(session, act, staff_member(session, act.community_id, person_id).number)
    take_roles(session, act, staff)
    return grant(session, act, person_id, Role.SECURITY_ADMIN)
