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
from timebank.people.operations.logins import end_sessions, find_person
from timebank.people.operations.second_factor import NoSecondFactor, forget_recovery_codes
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries import check_may
from timebank.people.queries.factors import second_factor
from timebank.people.roles import Permission
from timebank.people.tables import FactorResetRow, PasskeyRow, TotpFactorRow
from timebank.refusal import Refusal

REASON_LENGTH_MAX = 200


class ResetReasonMissing(Refusal):
    """Whoever asks says in a sentence what has happened and how they knew the person."""

    code = "reset_reason_missing"


class ResetAskedAlready(Refusal):
    """A reset of this person's second factor waits already."""

    code = "reset_asked_already"


class ResetNeedsAnother(Refusal):
    """Nobody resets their own second factor, and nobody confirms what they asked for themselves."""

    code = "reset_needs_another"


class NoSuchReset(Refusal):
    """There is no such reset that waits."""

    code = "no_such_reset"


@once("people.ask_factor_reset", subject="number")
def ask_factor_reset(session: Session, act: Act, *, number: str, reason: str) -> str:
    """Ask that somebody's second factor be forgotten; return the id of the request.

    Raises:
        NotAllowed, NoSuchStaff, NoSuchVolunteer, NoSecondFactor, ResetNeedsAnother, ResetReasonMissing,
        ResetAskedAlready
    """
    check_may(session, act, Permission.RESET_FACTOR)
    person_id = find_person(session, act.community_id, number)
    if person_id == act.person_id:
        raise ResetNeedsAnother()
    if not second_factor(session, act.community_id, person_id).there:
        raise NoSecondFactor()
    clean = composed(reason).strip()
    if not 2 <= len(clean) <= REASON_LENGTH_MAX or find_text_fault(clean, multiline=False):
        raise ResetReasonMissing(length_max=REASON_LENGTH_MAX)
    if _find_open(session, act, FactorResetRow.person_id == person_id) is not None:
        raise ResetAskedAlready(number=number)
    reset_id = act.new_id("factor reset")
    session.add(
        FactorResetRow(
            community_id=act.community_id,
            id=reset_id,
            person_id=person_id,
            reason=clean,
            asked_at=act.at,
            asked_by=act.number,
            asker_id=act.person_id,
            state="open",
        )
    )
    session.flush()
    return str(reset_id)


@once("people.confirm_factor_reset", subject="reset_id")
def confirm_factor_reset(session: Session, act: Act, *, reset_id: UUID) -> None:
    """Forget the second factor for which another person asked; its owner's sessions end.

    Raises:
        NotAllowed, NoSuchReset, ResetNeedsAnother
    """
    check_may(session, act, Permission.RESET_FACTOR)
    row = _open(session, act, reset_id)
    if act.person_id in {row.asker_id, row.person_id}:
        raise ResetNeedsAnother()
    _decide(session, act, row, "done")
    forget_factor(session, act.community_id, row.person_id)
    end_sessions(session, act, row.person_id)


@once("people.withdraw_factor_reset", subject="reset_id")
def withdraw_factor_reset(session: Session, act: Act, *, reset_id: UUID) -> None:
    """Take a request back, one's own or another's: the factor stays.

    Raises:
        NotAllowed, NoSuchReset
    """
    check_may(session, act, Permission.RESET_FACTOR)
    _decide(session, act, _open(session, act, reset_id), "withdrawn")


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


def _open(session: Session, act: Act, reset_id: UUID) -> FactorResetRow:
    row = _find_open(session, act, FactorResetRow.id == reset_id)
    if row is None:
        raise NoSuchReset()
    return row


def _find_open(session: Session, act: Act, which: sa.ColumnElement[bool]) -> FactorResetRow | None:
    return session.scalar(
        sa.select(FactorResetRow).where(
            FactorResetRow.community_id == act.community_id, FactorResetRow.state == "open", which
        )
    )


def _decide(session: Session, act: Act, row: FactorResetRow, state: str) -> None:
    row.state, row.decided_at, row.decided_by, row.decider_id = state, act.at, act.number, act.person_id
    session.flush()
