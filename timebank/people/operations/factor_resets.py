"""Forgetting a second factor whose owner has lost it: one person at the desk asks, another one does it.

Neither is the owner, both have seen them. The password stays needed, every session of theirs ends, and whoever must
have a second factor sets a new one up with the next sign-in.

Source: ASVS 5.0, 6.4.4 and 6.4.6; trust.md section 1, separation of duties.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.operations.desk_requests import decide, plain_open, settle, write_request
from timebank.people.operations.logins import end_sessions, find_person
from timebank.people.operations.second_factor import NoSecondFactor, forget_recovery_codes
from timebank.people.queries import check_may
from timebank.people.queries.factors import second_factor
from timebank.people.roles import Permission
from timebank.people.tables import PasskeyRow, TotpFactorRow
from timebank.people.two_persons import Case


@once("people.ask_factor_reset", subject="number")
def ask_factor_reset(session: Session, act: Act, *, number: str, reason: str) -> str:
    """Ask that somebody's second factor be forgotten; return the id of the request.

    Raises:
        NotAllowed, NoSuchStaff, NoSuchVolunteer, NoSecondFactor, ResetNeedsAnother, ResetReasonMissing,
        ResetAskedAlready
    """
    check_may(session, act, Permission.RESET_FACTOR)
    person_id = find_person(session, act.community_id, number)
    if person_id != act.person_id and not second_factor(session, act.community_id, person_id).there:
        raise NoSecondFactor()
    return write_request(session, act, Case.SECOND_FACTOR, person_id, number=number, reason=reason)


@once("people.confirm_factor_reset", subject="reset_id")
def confirm_factor_reset(session: Session, act: Act, *, reset_id: UUID) -> None:
    """Forget the second factor for which another person asked; its owner's sessions end.

    Raises:
        NotAllowed, NoSuchReset, ResetNeedsAnother
    """
    check_may(session, act, Permission.RESET_FACTOR)
    person_id = settle(session, act, Case.SECOND_FACTOR, reset_id)
    forget_factor(session, act.community_id, person_id)
    end_sessions(session, act, person_id)


@once("people.withdraw_factor_reset", subject="reset_id")
def withdraw_factor_reset(session: Session, act: Act, *, reset_id: UUID) -> None:
    """Take a request back, whatever it is for, one's own or another's: everything stays as it is.

    Raises:
        NotAllowed, NoSuchReset
    """
    row = plain_open(session, act, None, reset_id)
    if row.asker_id != act.person_id:
        check_may(session, act, Permission.RESET_FACTOR)
    decide(session, act, row, "withdrawn")


def forget_factor(session: Session, community_id: str, person_id: UUID) -> None:
    """Delete all that a person has as a second factor; who may do that is decided by the caller."""
    row = session.get(TotpFactorRow, (community_id, person_id))
    if row is not None:
        session.delete(row)
    session.execute(
        sa.delete(PasskeyRow).where(PasskeyRow.community_id == community_id, PasskeyRow.person_id == person_id)
    )
    forget_recovery_codes(session, community_id, person_id)
    session.flush()
