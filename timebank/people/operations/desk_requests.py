"""What the desk does only with two persons: one asks and says why, another one does it; neither is whom it is about.

Which rights it takes and what is done then stands where it is done: `factor_resets`, `recovering`, `security_admins`.

Source: ASVS 5.0, 6.4.4 and 6.4.6; trust.md section 1, separation of duties.
"""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.roles import SYSTEM
from timebank.people.tables import DeskRequestRow
from timebank.people.two_persons import Case
from timebank.refusal import Refusal

REASON_LENGTH_MAX: Final = 200


class ResetReasonMissing(Refusal):
    """Whoever asks says in a sentence what has happened and how they knew the person."""

    code = "reset_reason_missing"


class ResetAskedAlready(Refusal):
    """The same waits already for this person."""

    code = "reset_asked_already"


class ResetNeedsAnother(Refusal):
    """Nobody asks for themselves, and nobody confirms what they asked for themselves."""

    code = "reset_needs_another"


class NoSuchReset(Refusal):
    """There is no such request that waits."""

    code = "no_such_reset"


def write_request(session: Session, act: Act, case: Case, person_id: UUID, *, number: str, reason: str) -> str:
    """Write down what somebody asks for and return its id; who may do that is decided by the caller.

    Raises:
        ResetNeedsAnother, ResetReasonMissing, ResetAskedAlready
    """
    if person_id == act.person_id:
        raise ResetNeedsAnother()
    clean = composed(reason).strip()
    if not 2 <= len(clean) <= REASON_LENGTH_MAX or find_text_fault(clean, multiline=False):
        raise ResetReasonMissing(length_max=REASON_LENGTH_MAX)
    if find_open(session, act, case, DeskRequestRow.person_id == person_id) is not None:
        raise ResetAskedAlready(number=number)
    request_id = act.new_id(f"desk request {case.value}")
    session.add(
        DeskRequestRow(
            community_id=act.community_id,
            id=request_id,
            what=case.value,
            person_id=person_id,
            reason=clean,
            asked_at=act.at,
            asked_by=act.number,
            asker_id=act.person_id,
            state="open",
        )
    )
    session.flush()
    return str(request_id)


def settle(session: Session, act: Act, case: Case, request_id: UUID) -> UUID:
    """Decide that what another one asked for is done, and return whom it is about.

    Raises:
        NoSuchReset, ResetNeedsAnother
    """
    row = plain_open(session, act, case, request_id)
    if act.person_id in {row.asker_id, row.person_id}:
        raise ResetNeedsAnother()
    decide(session, act, row, "done")
    return row.person_id


def plain_open(session: Session, act: Act, case: Case | None, request_id: UUID) -> DeskRequestRow:
    """Return a request that waits.

    Raises:
        NoSuchReset: there is none of this id and case.
    """
    row = find_open(session, act, case, DeskRequestRow.id == request_id)
    if row is None:
        raise NoSuchReset()
    return row


def find_open(session: Session, act: Act, case: Case | None, *which: sa.ColumnElement[bool]) -> DeskRequestRow | None:
    """Return the request that waits and is so, or None. case: None is any."""
    query = sa.select(DeskRequestRow).where(
        DeskRequestRow.community_id == act.community_id, DeskRequestRow.state == "open", *which
    )
    return session.scalar(query if case is None else query.where(DeskRequestRow.what == case.value))


def decide(session: Session, act: Act, row: DeskRequestRow, state: str) -> None:
    """End a request; the machine is nobody in particular."""
    decider_id = None if act.number == SYSTEM else act.person_id
    row.state, row.decided_at, row.decided_by, row.decider_id = state, act.at, act.number, decider_id
    session.flush()
