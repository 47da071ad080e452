"""Confirming and denying what was recorded: by who served, by who was served, or at the desk for them.

A yes lets a service be posted as soon as its day has come. A no stops it and opens a case, answered like any doubt
about a line; whoever recorded it does not decide it. What nobody answers stays where it is.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.queries import check_may, close_to
from timebank.people.queries.helping import helped_by
from timebank.people.roles import Permission
from timebank.service.operations import posting
from timebank.service.operations.objecting import open_case
from timebank.service.queries.confirming import answers_to, served_by_code, unposted
from timebank.service.queries.records import NoSuchRecord, ServiceRecord, record
from timebank.service.rules.confirming import NotOnPublicNotice, Side, check_answer, check_desk
from timebank.service.shapes import check_texts
from timebank.service.tables import RecordAnswerRow

NO_CASE = ""


@once("service.confirm_record", subject="record_id")
def confirm_record(session: Session, act: Act, *, record_id: UUID, side: Side = Side.VOLUNTEER) -> dict[str, Any]:
    """Say that a service took place as it was recorded: oneself, as a named helper, or at the desk for somebody.

    Args:
        side: for whom the desk answers, who served or who was served.

    Returns:
        `posted`: 1 where it stands in the passbook now, else 0.

    Raises:
        NotAllowed, DeskNotApart: it is about somebody else, and not theirs to answer.
        NoSuchRecord, AnsweredAlready, AnswerTooLate: there is nothing to confirm.
    """
    found = record(session, act.community_id, record_id)
    _check_whose(session, act, found, side)
    return _answer(session, act, found, side=side, agrees=True, reason="")


@once("service.deny_record", subject="record_id")
def deny_record(
    session: Session, act: Act, *, record_id: UUID, reason: str, side: Side = Side.VOLUNTEER
) -> dict[str, Any]:
    """Say that a service did not take place as it was recorded; it is stopped, and a case is opened.

    Returns:
        `posted`: 0; `objection`: the number of the case.

    Raises:
        see `confirm_record`; DenialWithoutReason, TextUnclear: nobody would know what is wrong.
    """
    found = record(session, act.community_id, record_id)
    _check_whose(session, act, found, side)
    return _answer(session, act, found, side=side, agrees=False, reason=reason)


@once("service.confirm_many")
def confirm_many(
    session: Session, act: Act, *, record_ids: tuple[UUID, ...], side: Side = Side.VOLUNTEER
) -> dict[str, Any]:
    """Confirm many services at the desk for those who served, or were served, all or none; see `confirm_record`.

    Returns:
        `confirmed` and `posted`: how many.
    """
    answers = []
    for record_id in dict.fromkeys(record_ids):
        found = record(session, act.community_id, record_id)
        _check_whose(session, act, found, side)
        answers.append(_answer(session, act, found, side=side, agrees=True, reason=""))
    return {"confirmed": len(answers), "posted": sum(one["posted"] for one in answers)}


def _check_whose(session: Session, act: Act, found: ServiceRecord, side: Side) -> None:
    """Let people answer for themselves, named helpers for theirs, and the desk for whoever stands before it.

    A helper says for whom, so that both names stand on the act.
    """
    assert side is not Side.RESIDENT, side
    if act.on_behalf_of not in (None, found.volunteer_number):
        raise NoSuchRecord(record_id=str(found.id))
    if side is Side.VOLUNTEER and found.person_id == act.person_id:
        return
    apart_from = {found.recorder_id, found.approver_id}
    helped = {one.person_id for one in helped_by(session, act.community_id, act.person_id, act.today)}
    if side is Side.VOLUNTEER and act.on_behalf_of and found.person_id in helped and act.person_id not in apart_from:
        return
    check_may(session, act, Permission.ANSWER_AT_DESK)
    check_desk(
        actor_id=act.person_id,
        apart_from=apart_from,
        close=close_to(session, act.community_id, [act.person_id])[act.person_id] | {act.person_id},
        person_id=found.person_id,
        volunteer=found.volunteer_number,
    )


@once("service.answer_as_recipient", subject="record_id")
def answer_as_recipient(
    session: Session, act: Act, *, code: str, phone_tail: str, record_id: UUID, agrees: bool, reason: str
) -> dict[str, Any]:
    """Say as the one who was served whether it took place; nobody signs in, the code and the phone open it.

    Raises:
        NoSuchRecipientCode: they open nothing. NoSuchRecord: it is no service of that activity.
        AnsweredAlready, AnswerTooLate, DenialWithoutReason, TextUnclear: there is nothing to answer, or not like this.
    """
    found = served_record(session, act, code=code, phone_tail=phone_tail, record_id=record_id)
    return _answer(session, act, found, side=Side.RECIPIENT, agrees=agrees, reason=reason, known=False)


def served_record(session: Session, act: Act, *, code: str, phone_tail: str, record_id: UUID) -> ServiceRecord:
    """Return a service that a recipient's code and phone open.

    Raises:
        NoSuchRecipientCode, NoSuchRecord: they open nothing, or not this.
    """
    _, served = served_by_code(session, act.community_id, code=code, phone_tail=phone_tail)
    found = next((one for one in served if one.id == record_id), None)
    if found is None:
        raise NoSuchRecord(record_id=str(record_id))
    return found


@once("service.object_to_hours", subject="record_id")
def object_to_hours(session: Session, act: Act, *, record_id: UUID, reason: str) -> dict[str, Any]:
    """Object to hours on public notice; nobody needs to sign in. The line stops, and a case is opened.

    Raises:
        NoSuchRecord, NotOnPublicNotice: it is not on notice.
        AnsweredAlready, DenialWithoutReason, TextUnclear: somebody objected before, or nothing is said.
    """
    found = record(session, act.community_id, record_id)
    on_notice = unposted(session, act.community_id, [found], act.today)
    until = on_notice[0].waiting.notice_until if on_notice else None
    if until is None or act.today > until:
        raise NotOnPublicNotice()
    return _answer(session, act, found, side=Side.RESIDENT, agrees=False, reason=reason, known=False)


def _answer(
    session: Session, act: Act, found: ServiceRecord, *, side: Side, agrees: bool, reason: str, known: bool = True
) -> dict[str, Any]:
    """Keep the answer; a no opens a case, and a yes posts what waited for nothing else."""
    check_texts({"reason": reason})
    said = [one.said for one in answers_to(session, act.community_id, [found.id]).get(found.id, ())]
    check_answer(found.state, said, side, agrees=agrees, reason=reason, volunteer=found.volunteer_number)
    case = None if agrees else open_case(session, act, found, reason)
    session.add(
        RecordAnswerRow(
            community_id=act.community_id,
            record_id=found.id,
            side=side.value,
            agrees=agrees,
            reason=reason.strip(),
            answerer_id=act.person_id if known else None,
            answerer=act.number if known else "",
            answered_at=act.at,
            objection_id=None if case is None else case.id,
        )
    )
    session.flush()
    posted = posting.post_due(session, act, [found]) if agrees else {"posted": 0}
    return {"posted": posted["posted"], "objection": NO_CASE if case is None else case.number}
