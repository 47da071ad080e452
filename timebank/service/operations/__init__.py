"""What can be done about service: make and approve activities, record hours, approve, reject and reverse records.

Every operation counts once per request key, under the community's lock, in one transaction; what it refuses it leaves
as it was. Files come in by the same rules as the one-page form. Activities are arranged in `arranging`, sign-ups lie in
`signing_up`, coming and going in `attending`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.service.asked import Decision, NewRecipient, NewRecord, Sheet
from timebank.service.operations import deciding, posting
from timebank.service.operations.arranging import approve_activity, cancel_activity, create_activity
from timebank.service.operations.confirming import (
    answer_as_recipient,
    confirm_many,
    confirm_record,
    deny_record,
    object_to_hours,
)
from timebank.service.operations.deciding import BATCH_WITHDRAWN, Decided
from timebank.service.operations.further import approve_further
from timebank.service.operations.keeping import bring_activities, keep
from timebank.service.operations.recipients import name_recipient, rate_as_recipient
from timebank.service.queries.activities import activity
from timebank.service.queries.attending import attended
from timebank.service.queries.checking import problems_of, refuse_blocked
from timebank.service.queries.entered import activities_for_file, entered_from_file, entered_from_sheet
from timebank.service.queries.records import record, records_of_batch
from timebank.service.rules import RecordState, check_move, check_reason, check_reversal
from timebank.service.shapes import check_texts

__all__ = [
    "answer_as_recipient",
    "approve_activity",
    "approve_batch",
    "approve_further",
    "approve_many",
    "cancel_activity",
    "confirm_many",
    "confirm_record",
    "create_activity",
    "deny_record",
    "name_recipient",
    "object_to_hours",
    "rate_as_recipient",
    "record_imported",
    "record_many",
    "record_served",
    "reject",
    "reverse_record",
    "withdraw_batch",
]


@once("service.record_many", subject="sheet")
def record_many(session: Session, act: Act, *, sheet: Sheet) -> dict[str, Any]:
    """Record the hours of many people in one activity: all or none.

    Returns:
        `records`: the id of each line's record, in the order of the lines; `flagged`: how many need an answer before
        they can be approved; `flags`: of each line the codes of what has to be answered.

    Raises:
        NotAllowed: the actor records no hours there.
        NothingAsked: the sheet has no lines.
        the refusal of the first problem that blocks, with every line that is wrong.
    """
    found = activity(session, act.community_id, sheet.activity_number)
    check_may(session, act, Permission.RECORD_HOURS, org_unit_id=found.org_unit_id)
    entered = entered_from_sheet(sheet, found, attended(session, act.community_id, found))
    problems = problems_of(session, act, entered, {found.number: found.facts()})
    refuse_blocked(problems)
    ids = keep(session, act, entered, problems, batch_id=None)
    flags = [[problem.code for problem in of_one] for of_one in problems]
    return {"records": [str(record_id) for record_id in ids], "flagged": sum(map(bool, problems)), "flags": flags}


@once("service.record_served", subject="sheet")
def record_served(session: Session, act: Act, *, sheet: Sheet, recipient: NewRecipient) -> dict[str, Any]:
    """Record a sheet and say for whom it was, all or none; see `record_many` and `name_recipient`."""
    told = record_many(session, act, sheet=sheet)
    name_recipient(
        session,
        act,
        activity_number=sheet.activity_number,
        name=recipient.name,
        phone_tail=recipient.phone_tail,
        code=recipient.code,
    )
    return told


@once("service.approve_many")
def approve_many(session: Session, act: Act, *, decisions: tuple[Decision, ...]) -> dict[str, Any]:
    """Approve records that others have recorded, all or none: each becomes one entry of minutes and points.

    What the rules of its day still have confirmed, announced or wait for a day is posted later, see `confirming`.

    Returns:
        `approved` (and posted), `minutes`, `points_e2`, the numbers of the entries from `first_seq` to `last_seq` in
        the order of the decisions, None where there are none; `waiting`: how many are posted later; `rows`: of each
        decision its `record_id` and `seq`, None where it is posted later, or else its `minutes` and `points_e2` too.

    Raises:
        NotAllowed: the actor approves no hours there.
        NothingAsked, AskedTwice, NoSuchRecord: the decisions are not one for each of some records.
        RecordNotWaiting, ApproverIsRecorder, ApproverIsBeneficiary, ApproverIsClose, RatingOutOfRange, or the refusal
            of a flag without an answer: it is not theirs to approve, or not yet.
        RecordDenied: somebody has said that it did not take place.
        AccountClosed: the passbook of one of the volunteers is closed.
        Of several decisions every one that is wrong is told, with its place.
    """
    decided = deciding.decided(session, act, decisions)
    deciding.check_places(session, act, (one.record for one in decided))
    approved = deciding.approve(session, act, decided)
    return approved.totals() | {"rows": approved.rows(decided)}


@once("service.reject", subject="record_id")
def reject(session: Session, act: Act, *, record_id: UUID, reason: str) -> None:
    """Reject a record that waits for approval; it stays, with the reason, and earns nothing.

    Raises:
        NotAllowed: the actor approves no hours there.
        NoSuchRecord, RecordNotWaiting, RecordReasonMissing, TextUnclear: it cannot be rejected like this.
    """
    check_reason(reason)
    check_texts({"reason": reason})
    found = record(session, act.community_id, record_id)
    check_may(session, act, Permission.APPROVE_HOURS, org_unit_id=found.org_unit_id)
    check_move(found.state, RecordState.REJECTED, volunteer=found.volunteer_number)
    deciding.close_rejected(session, act, [found], reason)


@once("service.reverse_record", subject="record_id")
def reverse_record(session: Session, act: Act, *, record_id: UUID, reason: str) -> int:
    """Take an approved record back by a mirrored entry; return its number. The record and its entry stay.

    Points that were spent meanwhile become a debt, settled first from later ones.

    Raises:
        NotAllowed: the actor approves no hours there.
        NoSuchRecord, RecordNotApproved, ReverserIsBeneficiary, RecordReasonMissing, TextUnclear: it cannot be taken
            back like this.
    """
    check_reason(reason)
    check_texts({"reason": reason})
    found = record(session, act.community_id, record_id)
    check_may(session, act, Permission.APPROVE_HOURS, org_unit_id=found.org_unit_id)
    check_reversal(found.state, volunteer=found.volunteer_number, person_id=found.person_id, reverser_id=act.person_id)
    return posting.reverse_one(session, act, found, reason)


@once("service.record_imported", subject="batch_id")
def record_imported(session: Session, act: Act, *, batch_id: UUID, records: tuple[NewRecord, ...]) -> dict[str, Any]:
    """Record the rows of a file, all or none, and the activities of which only its old sheets tell.

    Rows of one file are one batch; a second person approves it as a whole (`approve_batch`).

    Returns:
        `records`: the id of each row's record, in the order of the rows; `flagged`: how many need an answer.

    Raises:
        NotAllowed: the actor records no hours.
        NothingAsked: there are no rows.
        the refusal of the first problem that blocks (`queries.problems_of_import` tells all of them).
    """
    check_may(session, act, Permission.RECORD_HOURS)
    entered = entered_from_file(session, act, records)
    problems = problems_of(session, act, entered, activities_for_file(session, act, entered))
    refuse_blocked(problems)
    bring_activities(session, act, entered, batch_id=batch_id)
    ids = keep(session, act, entered, problems, batch_id=batch_id)
    return {"records": [str(record_id) for record_id in ids], "flagged": sum(map(bool, problems))}


@once("service.approve_batch", subject="batch_id")
def approve_batch(
    session: Session, act: Act, *, batch_id: UUID, rating: int | None, answer: str = ""
) -> dict[str, Any]:
    """Approve every waiting record of an imported batch, and the activities that it brought; see `approve_many`.

    Args:
        rating: for the records whose sheet gives none.
        answer: to every flag that has none yet.
    """
    check_may(session, act, Permission.APPROVE_HOURS)
    waiting = (one for one in records_of_batch(session, act.community_id, batch_id) if one.waits)
    decided = [Decided(one, rating if one.rating is None else one.rating, answer) for one in waiting]
    told = deciding.approve(session, act, decided).totals()
    deciding.approve_brought_activities(session, act, batch_id)
    return told


@once("service.withdraw_batch", subject="batch_id")
def withdraw_batch(session: Session, act: Act, *, batch_id: UUID, reason: str = BATCH_WITHDRAWN) -> dict[str, Any]:
    """Take an imported batch back: what waits is rejected, what was approved is reversed; everything stays visible.

    Returns:
        `rejected` and `reversed`: how many records of each.

    Raises:
        NotAllowed: the actor records no hours, or approves none where approved ones are taken back.
        NothingAsked: nothing of the batch is left to take back.
        ReverserIsBeneficiary: one of the approved records is the actor's own.
    """
    check_may(session, act, Permission.RECORD_HOURS)
    check_reason(reason)
    check_texts({"reason": reason})
    return deciding.withdraw(session, act, batch_id, reason)
