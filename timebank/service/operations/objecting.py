"""Objecting to a line, answering within working days, and putting a record right by a reversal and a new record."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.pages import entry_view
from timebank.books.requests import once
from timebank.people.queries import check_may, close_to, volunteer
from timebank.people.roles import Permission
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import working_day_after
from timebank.service.operations import deciding, posting
from timebank.service.operations.keeping import keep
from timebank.service.queries.activities import activity
from timebank.service.queries.checking import problems_of, refuse_blocked
from timebank.service.queries.confirming import denied_record
from timebank.service.queries.entered import entered_again
from timebank.service.queries.objections import LineObjection, line_objection, objections_of
from timebank.service.queries.records import ServiceRecord, record
from timebank.service.rules import check_reason, check_reversal
from timebank.service.rules.confirming import OPEN, DeciderRecorded
from timebank.service.rules.objecting import (
    NothingCorrected,
    check_answer,
    check_objection,
    check_said,
)
from timebank.service.shapes import LONGEST, check_texts
from timebank.service.tables import LineObjectionRow, RecordCorrectionRow


@once("service.object_to_line", subject="volunteer_number")
def object_to_line(
    session: Session, act: Act, *, volunteer_number: str, entry_seq: int | None, text: str
) -> dict[str, str]:
    """Say that a line of the own passbook is wrong, or that one is missing.

    Args:
        entry_seq: number of the line's entry, or None where something is missing.

    Returns:
        `number` to ask by, and `due_on`, the day by which it is answered.

    Raises:
        NotAllowed: it is about somebody else's passbook, and the actor does not keep attendance.
        NoSuchVolunteer, NoSuchLine, ObjectedAlready, TooManyOpenObjections, ObjectionEmpty, TextUnclear: there is
            nothing to object to, or not like this.
    """
    check_said(text)
    check_texts({"objection": text})
    person = volunteer(session, act.community_id, volunteer_number)
    if person.person_id != act.person_id:
        check_may(session, act, Permission.KEEP_ATTENDANCE)
    waiting = [one for one in objections_of(session, act.community_id, person.person_id) if one.is_open]
    check_objection(
        is_own=entry_seq is None or _is_line_of(session, act, entry_seq, volunteer_number),
        objected=entry_seq is not None and any(one.entry_seq == entry_seq for one in waiting),
        waiting=len(waiting),
    )
    row = _case(session, act, person_id=person.person_id, number=person.number, text=text)
    row.entry_seq = entry_seq
    session.add(row)
    return {"number": row.number, "due_on": row.due_on.isoformat()}


def open_case(session: Session, act: Act, found: ServiceRecord, reason: str) -> LineObjectionRow:
    """Open the case of a denial: a doubt about a service that is not posted yet; for this room only."""
    text = f"{found.activity_title} {found.served_on.isoformat()}：{reason.strip()}"[: LONGEST["objection"]]
    row = _case(session, act, person_id=found.person_id, number=found.volunteer_number, text=text)
    session.add(row)
    session.flush()
    return row


def _case(session: Session, act: Act, *, person_id: UUID, number: str, text: str) -> LineObjectionRow:
    document = rules_on(session, act.community_id, act.today).document
    return LineObjectionRow(
        community_id=act.community_id,
        id=act.new_id("line objection", _asked_today(session, act)),
        number=f"{_day_of_numbers(act)}{_asked_today(session, act) + 1}",
        person_id=person_id,
        volunteer_number=number,
        text=text.strip(),
        made_at=act.at,
        due_on=working_day_after(document, act.today, document.limits.objection_answer_working_days),
        state="open",
    )


def _is_line_of(session: Session, act: Act, entry_seq: int, number: str) -> bool:
    view = entry_view(session, act.community_id, entry_seq)
    if view is None:
        return False
    return any(number in (moved.debit.owner, moved.credit.owner) for moved in view.entry.transfers)


def _day_of_numbers(act: Act) -> str:
    """The first of 20 November 2026 is Y-261120-1."""
    return f"Y-{act.today:%y%m%d}-"


def _asked_today(session: Session, act: Act) -> int:
    query = sa.select(sa.func.count()).where(
        LineObjectionRow.community_id == act.community_id, LineObjectionRow.number.startswith(_day_of_numbers(act))
    )
    return session.scalar(query) or 0


@once("service.answer_line_objection", subject="number")
def answer_line_objection(session: Session, act: Act, *, number: str, answer: str, corrected: bool) -> None:
    """Answer an objection; where the record was wrong, it is put right by `correct_record` or `reverse_record`.

    Where somebody denied a service before it was posted, the answer decides: one that is kept is posted once its day
    has come, any other is rejected.

    Raises:
        NotAllowed: the actor approves no hours.
        NoSuchLineObjection, LineObjectionAnswered, AnswererIsClose: it is not theirs to answer.
        DeciderRecorded: they recorded the service that was denied.
        ObjectionEmpty, TextUnclear: the answer says nothing.
    """
    check_said(answer)
    check_texts({"answer": answer})
    check_may(session, act, Permission.APPROVE_HOURS)
    found = line_objection(session, act.community_id, number)
    check_answer(
        number=number,
        is_open=found.is_open,
        person_id=found.person_id,
        answerer_id=act.person_id,
        close=close_to(session, act.community_id, [act.person_id])[act.person_id],
    )
    denied = _denied(session, act, found)
    session.execute(
        sa.update(LineObjectionRow)
        .where(LineObjectionRow.community_id == act.community_id, LineObjectionRow.id == found.id)
        .values(
            state="corrected" if corrected else "kept",
            answer=answer.strip(),
            answerer_id=act.person_id,
            answerer=act.number,
            answered_at=act.at,
        )
    )
    if denied is not None and corrected:
        deciding.close_rejected(session, act, [denied], answer)
    elif denied is not None:
        posting.post_due(session, act, [denied])


def _denied(session: Session, act: Act, case: LineObjection) -> ServiceRecord | None:
    """Return the service that the case stopped, or None; whoever recorded it does not decide."""
    record_id = denied_record(session, act.community_id, case.id)
    found = None if record_id is None else record(session, act.community_id, record_id)
    if found is None or found.state not in OPEN:
        return None
    if found.recorder_id == act.person_id:
        raise DeciderRecorded(number=case.number)
    return found


@once("service.correct_record", subject="record_id")
def correct_record(session: Session, act: Act, *, record_id: UUID, minutes: int, reason: str) -> dict[str, Any]:
    """Put an approved record right: take it back by a mirrored entry, and record it anew; another person approves that.

    The new record keeps how the service became known, and no deadline stands against it.

    Returns:
        `reversal_seq`, and `record`, the id of the new one.

    Raises:
        NotAllowed: the actor records or approves no hours there.
        NoSuchRecord, RecordNotApproved, ReverserIsBeneficiary, RecordReasonMissing, TextUnclear, NothingCorrected: it
            cannot be put right like this.
        the refusal of the first problem that blocks the new record.
    """
    check_reason(reason)
    check_texts({"reason": reason})
    found = record(session, act.community_id, record_id)
    for permission in (Permission.RECORD_HOURS, Permission.APPROVE_HOURS):
        check_may(session, act, permission, org_unit_id=found.org_unit_id)
    check_reversal(found.state, volunteer=found.volunteer_number, person_id=found.person_id, reverser_id=act.person_id)
    if minutes == found.minutes:
        raise NothingCorrected(volunteer=found.volunteer_number, minutes=minutes)
    seq = posting.reverse_one(session, act, found, reason)
    entered = [entered_again(found, minutes=minutes, remark=reason)]
    about = activity(session, act.community_id, found.activity_number)
    problems = problems_of(session, act, entered, {about.number: about.facts()})
    refuse_blocked(problems)
    [new_id] = keep(session, act, entered, problems, batch_id=None)
    session.add(
        RecordCorrectionRow(
            community_id=act.community_id,
            record_id=found.id,
            new_record_id=new_id,
            reason=reason.strip(),
            corrector_id=act.person_id,
            corrector=act.number,
            corrected_at=act.at,
        )
    )
    return {"reversal_seq": seq, "record": str(new_id)}
