"""What can be done with files: submit one of each kind, confirm a batch as a second person, take a batch back.

Each is one request and one transaction: all of the file, or nothing of it and every wrong row named.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.imports.operations import goods, hours, opening, register
from timebank.imports.operations.keeping import check_new, mark_confirmed, mark_ended, write_batch
from timebank.imports.operations.submitted import GoodsFile, HoursFile, OpeningFile, RegisterFile
from timebank.imports.queries import Batch, batch
from timebank.imports.rules import (
    REASON_LENGTH_MAX,
    BatchKind,
    BatchReasonMissing,
    BatchState,
    check_confirmer,
    check_hours_only,
    check_move,
    end_for,
)
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries import check_may
from timebank.people.roles import Permission

_Confirm = Callable[[Session, Act, Batch, int | None, str], Mapping[str, Any]]
_TakeBack = Callable[[Session, Act, Batch, str], Mapping[str, Any]]

_CONFIRM: Final[dict[BatchKind, _Confirm]] = {
    BatchKind.HOURS: hours.confirm,
    BatchKind.OPENING: opening.confirm,
    BatchKind.GOODS: goods.confirm,
}
_TAKE_BACK: Final[dict[BatchKind, _TakeBack]] = {
    BatchKind.VOLUNTEERS: register.take_back,
    BatchKind.HOURS: hours.take_back,
    BatchKind.OPENING: opening.take_back,
    BatchKind.GOODS: goods.take_back,
}


@once("imports.submit_volunteers", subject="file")
def submit_volunteers(session: Session, act: Act, *, file: RegisterFile) -> dict[str, Any]:
    """Register everybody in a file; return the batch's number with what is new.

    Raises:
        NotAllowed: the actor imports no files, or registers no people.
        FileImportedBefore: it came in before.
        FileHasProblems: at least one row is wrong; nobody was registered.
    """
    check_may(session, act, Permission.IMPORT_FILES)
    check_new(session, act, BatchKind.VOLUNTEERS, file)
    batch_id = _new_batch_id(act)
    summary, numbers = register.submit(session, act, file)
    answer = write_batch(session, act, BatchKind.VOLUNTEERS, file, batch_id=batch_id, summary=summary)
    register.keep(session, act, file, batch_id, numbers)
    return answer


@once("imports.submit_hours", subject="file")
def submit_hours(session: Session, act: Act, *, file: HoursFile) -> dict[str, Any]:
    """Record the rows of sign-in sheets, waiting for a second person; return the batch's number with what they bring.

    Raises:
        NotAllowed: the actor imports no files, or records no hours.
        FileImportedBefore: it came in before.
        FileHasProblems: at least one row is wrong; nothing was recorded.
    """
    check_may(session, act, Permission.IMPORT_FILES)
    check_new(session, act, BatchKind.HOURS, file)
    batch_id = _new_batch_id(act)
    summary = hours.submit(session, act, file, batch_id)
    return write_batch(session, act, BatchKind.HOURS, file, batch_id=batch_id, summary=summary)


@once("imports.submit_opening", subject="file")
def submit_opening(session: Session, act: Act, *, file: OpeningFile) -> dict[str, Any]:
    """Keep opening balances, waiting for a second person; return the batch's number with what they bring.

    Raises:
        NotAllowed: the actor imports no files, or records no hours (opening balances are hours too).
        FileImportedBefore: it came in before.
        OpeningBalancesClosed: it is too late.
        FileHasProblems: at least one row is wrong; nothing was kept.
    """
    check_may(session, act, Permission.IMPORT_FILES)
    check_may(session, act, Permission.RECORD_HOURS)
    check_new(session, act, BatchKind.OPENING, file)
    batch_id = _new_batch_id(act)
    summary = opening.submit(session, act, file)
    answer = write_batch(session, act, BatchKind.OPENING, file, batch_id=batch_id, summary=summary)
    opening.keep(session, act, file, batch_id)
    return answer


@once("imports.submit_goods", subject="file")
def submit_goods(session: Session, act: Act, *, file: GoodsFile) -> dict[str, Any]:
    """Write a delivery down, waiting for a second person; return the batch's number with what it brings.

    Raises:
        NotAllowed: the actor imports no files, receives no goods, or sets no prices where some are new.
        FileImportedBefore: it came in before.
        FileHasProblems: at least one row is wrong; nothing was written down.
    """
    check_may(session, act, Permission.IMPORT_FILES)
    check_new(session, act, BatchKind.GOODS, file)
    batch_id = _new_batch_id(act)
    summary = goods.submit(session, act, file)
    answer = write_batch(session, act, BatchKind.GOODS, file, batch_id=batch_id, summary=summary)
    goods.keep(session, act, file, batch_id)
    return answer


def _new_batch_id(act: Act) -> UUID:
    return act.new_id("import batch")


@once("imports.confirm", subject="number")
def confirm(session: Session, act: Act, *, number: str, rating: int | None = None, answer: str = "") -> dict[str, Any]:
    """Confirm a batch as the second person: now it counts; return what that has done.

    Args:
        rating: stars for hours whose sheet gives none, 1 to 5, or None.
        answer: to whatever is flagged about hours and has no answer yet.

    Raises:
        NotAllowed: the actor confirms no batches of this kind.
        NoSuchBatch, BatchDecided: it does not wait.
        ConfirmerIsMaker: they brought it themselves.
        RatingNotForThis: stars or an answer for something else than hours.
        Refusal: what the rooms refuse for each kind; see `hours.confirm`, `opening.confirm`, `goods.confirm`.
    """
    check_may(session, act, Permission.CONFIRM_IMPORT)
    found = batch(session, act.community_id, number)
    check_move(found.state, BatchState.CONFIRMED, batch=number)
    check_confirmer(maker_id=found.made_by_id, confirmer_id=act.person_id, batch=number)
    check_hours_only(found.kind, rating=rating, answer=answer, batch=number)
    outcome = _CONFIRM[found.kind](session, act, found, rating, answer)
    mark_confirmed(session, act, found, outcome)
    return {"batch": number, "kind": found.kind.value, "state": BatchState.CONFIRMED.value, **outcome}


@once("imports.undo", subject="number")
def undo(session: Session, act: Act, *, number: str, reason: str) -> dict[str, Any]:
    """Take a batch back, all of it or nothing: one that waits never counts, one that counts is reversed entry by entry.

    People whom a register has brought are erased.

    Args:
        reason: why, 1 to 200 characters.

    Raises:
        NotAllowed: the actor may not; a batch of somebody else, or one that counts, takes the right to confirm.
        NoSuchBatch, BatchDecided: there is nothing to take back.
        BatchReasonMissing: no reason, or none that can be kept.
        VolunteersInUse, PointsSpentSince, StarsGrantedSince, LotsNotWhole: something depends on it; nothing was moved.
    """
    found = batch(session, act.community_id, number)
    by_maker = found.made_by_id == act.person_id
    own_and_waiting = by_maker and found.state is BatchState.PENDING
    check_may(session, act, Permission.IMPORT_FILES if own_and_waiting else Permission.CONFIRM_IMPORT)
    target = end_for(found.state, by_maker=by_maker)
    check_move(found.state, target, batch=number)
    why = _checked_reason(reason)
    outcome = _TAKE_BACK[found.kind](session, act, found, why)
    mark_ended(session, act, found, state=target, reason=why)
    return {"batch": number, "kind": found.kind.value, "state": target.value, **outcome}


def _checked_reason(reason: str) -> str:
    why = composed(reason).strip()
    if not 1 <= len(why) <= REASON_LENGTH_MAX or find_text_fault(why, multiline=False):
        raise BatchReasonMissing(length_max=REASON_LENGTH_MAX)
    return why
