"""Deciding: what approving, rejecting and withdrawing have in common, for one record and for a whole batch."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.people.queries import check_may, close_to
from timebank.people.roles import Permission
from timebank.refusal import Fact, Refusal, refusal_of_rows
from timebank.rulebook.queries import rules_on
from timebank.service.asked import Decision
from timebank.service.operations import posting
from timebank.service.queries.activities import SHEETS
from timebank.service.queries.checking import NothingAsked
from timebank.service.queries.confirming import Unposted, recipient_ratings, unposted
from timebank.service.queries.records import NoSuchRecord, ServiceRecord, find_records, records_of_batch
from timebank.service.rules import (
    LIVE,
    ActivityState,
    ApprovalFacts,
    Problem,
    RecordState,
    Severity,
    check_approvals,
    check_reversal,
)
from timebank.service.rules.confirming import Standing
from timebank.service.rules.refusals import ApprovalRing, LowRating
from timebank.service.shapes import check_texts
from timebank.service.tables import ActivityRow, RecordFlagRow, ServiceRecordRow

BATCH_WITHDRAWN: Final = "整批撤回"
"""The reason that stands on the records of a withdrawn batch where nobody gives another."""


class AskedTwice(Refusal):
    """The same record stands twice among what was chosen."""

    code = "asked_twice"


@dataclass(frozen=True, slots=True)
class Decided:
    """A record, the rating with which it is to be approved, and the answer to its flags that have none yet.

    in_ring: the volunteer has approved hours of whoever approves now.
    reason_below: fewer stars than these are given with a reason.
    """

    record: ServiceRecord
    rating: int | None
    answer: str
    in_ring: bool = False
    reason_below: int = 0

    @property
    def unanswered(self) -> tuple[Problem, ...]:
        """The flags to which nobody has said anything, now or before."""
        if self.answer.strip():
            return ()
        open_flags = (flag for flag in self.record.flags if flag.answer is None)
        found = (Problem(flag.code, Severity.FLAGGED, flag.facts) for flag in open_flags)
        return (*found, *self.raised)

    @property
    def raised(self) -> tuple[Problem, ...]:
        """What the approval itself raises: a ring, and a low rating that is given with it."""
        facts: dict[str, Fact] = {"volunteer": self.record.volunteer_number}
        found = [Problem(ApprovalRing.code, Severity.FLAGGED, facts)] if self.in_ring else []
        if self.rating is not None and self.rating < self.reason_below and self.rating != self.record.rating:
            found.append(Problem(LowRating.code, Severity.FLAGGED, facts | {"rating": self.rating}))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Approved:
    """What came of approved records. waiting: those that are posted later."""

    posted: tuple[posting.PostedRecord, ...]
    waiting: tuple[UUID, ...]

    def totals(self) -> dict[str, Any]:
        """Tell how much was posted; see `operations.approve_many`."""
        return {
            "approved": len(self.posted),
            "minutes": sum(one.minutes for one in self.posted),
            "points_e2": sum(one.points_e2 for one in self.posted),
            "first_seq": self.posted[0].seq if self.posted else None,
            "last_seq": self.posted[-1].seq if self.posted else None,
            "waiting": len(self.waiting),
        }

    def rows(self, chosen: Iterable[Decided]) -> list[dict[str, Any]]:
        """Tell what came of each of the records, in their order."""
        seqs = {one.record_id: one for one in self.posted}
        return [_told(one.record.id, seqs.get(one.record.id)) for one in chosen]


def _told(record_id: UUID, posted: posting.PostedRecord | None) -> dict[str, Any]:
    if posted is None:
        return {"record_id": str(record_id), "seq": None}
    return {
        "record_id": str(record_id),
        "seq": posted.seq,
        "minutes": posted.minutes,
        "points_e2": posted.points_e2,
    }


def decided(session: Session, act: Act, decisions: Sequence[Decision]) -> tuple[Decided, ...]:
    """Look the records of decisions up, in their order.

    Raises:
        NothingAsked: there are none.
        AskedTwice, NoSuchRecord: a record stands there twice, or there is none of an id.
    """
    if not decisions:
        raise NothingAsked()
    found = find_records(session, act.community_id, [decision.record_id for decision in decisions])
    wrong: list[tuple[int, Refusal]] = []
    seen: set[UUID] = set()
    for place, decision in enumerate(decisions, start=1):
        if decision.record_id in seen:
            wrong.append((place, AskedTwice()))
        elif decision.record_id not in found:
            wrong.append((place, NoSuchRecord(record_id=str(decision.record_id))))
        seen.add(decision.record_id)
    refusal = refusal_of_rows(wrong, rows=len(decisions))
    if refusal is not None:
        raise refusal
    return tuple(Decided(found[one.record_id], one.rating, one.answer) for one in decisions)


def check_places(session: Session, act: Act, chosen: Iterable[ServiceRecord]) -> None:
    """Make sure that the actor may approve hours in every part of the organisation tree that these records belong to.

    Raises:
        NotAllowed: they may not.
    """
    check_may(session, act, Permission.APPROVE_HOURS)
    for place in {one.org_unit_id for one in chosen} - {None}:
        check_may(session, act, Permission.APPROVE_HOURS, org_unit_id=place)


def approve(session: Session, act: Act, chosen: Sequence[Decided]) -> Approved:
    """Check and approve records: answer their flags, post their entries, mark them; return what came of them.

    Raises:
        NothingAsked: there are none.
        see `operations.approve_many`.
    """
    if not chosen:
        raise NothingAsked()
    patterns = rules_on(session, act.community_id, act.today).document.patterns
    approved_by = _approvers_of(session, act, timedelta(days=patterns.ring_days))
    below = patterns.rating_needs_reason_below
    chosen = [replace(one, in_ring=one.record.person_id in approved_by, reason_below=below) for one in chosen]
    approved = [replace(one.record, approved_at=act.at) for one in chosen]
    waiting = {one.record.id: one for one in unposted(session, act.community_id, approved, act.today)}
    _check(session, act, chosen, waiting)
    _answer_flags(session, act, chosen)
    _keep_raised(session, act, chosen)
    at_once, later = _parted(session, act, chosen, waiting)
    if later:
        posting.check_off(session, act, later)
    return Approved(posting.post_approvals(session, act, at_once), tuple(one.record.id for one in later))


def _parted(
    session: Session, act: Act, chosen: Sequence[Decided], waiting: Mapping[UUID, Unposted]
) -> tuple[list[posting.Approval], list[posting.Approval]]:
    """Part what can be posted now from what has to wait, by the rules of each day of service."""
    at_once: list[posting.Approval] = []
    later: list[posting.Approval] = []
    rated = recipient_ratings(session, act.community_id, [one.record.id for one in chosen])
    for one in chosen:
        found = waiting[one.record.id]
        approval = posting.approval_of(found, one.rating, rated.get(one.record.id), act.at)
        (at_once if found.standing is Standing.NOTHING else later).append(approval)
    return at_once, later


def _approvers_of(session: Session, act: Act, lately: timedelta) -> set[UUID]:
    """Return who has approved hours of the actor's own lately (trust.md X11)."""
    query = sa.select(ServiceRecordRow.approver_id).where(
        ServiceRecordRow.community_id == act.community_id,
        ServiceRecordRow.person_id == act.person_id,
        ServiceRecordRow.state.in_((RecordState.CHECKED, RecordState.APPROVED)),
        ServiceRecordRow.approved_at > act.at - lately,
    )
    return {found for found in session.scalars(query) if found is not None}


def _keep_raised(session: Session, act: Act, chosen: Sequence[Decided]) -> None:
    """Keep of every record what its approval raised, with what was said to it."""
    rows = [
        {
            "community_id": act.community_id,
            "record_id": one.record.id,
            "code": problem.code,
            "facts": json.dumps(problem.facts, ensure_ascii=False, sort_keys=True),
            "answer": one.answer.strip(),
            "answered_by": act.number,
            "answered_at": act.at,
        }
        for one in chosen
        for problem in one.raised
    ]
    if rows:
        session.connection().execute(sa.insert(RecordFlagRow), rows)


def _check(session: Session, act: Act, chosen: Sequence[Decided], waiting: Mapping[UUID, Unposted]) -> None:
    for one in chosen:
        check_texts({"answer": one.answer})
    close = close_to(session, act.community_id, [act.person_id])[act.person_id]
    denied = {record_id for record_id, one in waiting.items() if one.standing is Standing.DENIED}
    facts = [
        ApprovalFacts(
            record_id=one.record.id,
            volunteer=one.record.volunteer_number,
            person_id=one.record.person_id,
            recorder_id=one.record.recorder_id,
            state=one.record.state,
            unanswered=one.unanswered,
            rating=one.rating,
            denied=one.record.id in denied,
        )
        for one in chosen
    ]
    check_approvals(facts, approver_id=act.person_id, close_to_approver=close)


def _answer_flags(session: Session, act: Act, chosen: Sequence[Decided]) -> None:
    statement = (
        sa.update(RecordFlagRow)
        .where(RecordFlagRow.community_id == act.community_id, RecordFlagRow.record_id == sa.bindparam("flagged"))
        .where(RecordFlagRow.answer.is_(None))
        .values(answer=sa.bindparam("said"), answered_by=act.number, answered_at=act.at)
    )
    answers = [{"flagged": one.record.id, "said": one.answer.strip()} for one in chosen if one.record.flags]
    answers = [answer for answer in answers if answer["said"]]
    if answers:
        session.connection().execute(statement, answers)


def close_rejected(session: Session, act: Act, chosen: Iterable[ServiceRecord], reason: str) -> None:
    """Mark waiting records as rejected, with the reason."""
    statement = (
        sa.update(ServiceRecordRow)
        .where(ServiceRecordRow.community_id == act.community_id, ServiceRecordRow.id == sa.bindparam("record_id"))
        .values(
            state=RecordState.REJECTED,
            closer_id=act.person_id,
            closer=act.number,
            closed_at=act.at,
            closing_reason=reason,
        )
    )
    session.connection().execute(statement, [{"record_id": one.id} for one in chosen])


def approve_brought_activities(session: Session, act: Act, batch_id: UUID) -> None:
    """Approve the activities that old sheets brought and that records of this batch belong to.

    One that the approver brought with a batch of their own waits for that batch.
    """
    in_batch = sa.exists().where(
        ServiceRecordRow.community_id == ActivityRow.community_id,
        ServiceRecordRow.activity_id == ActivityRow.id,
        ServiceRecordRow.batch_id == batch_id,
    )
    session.execute(
        sa.update(ActivityRow)
        .where(ActivityRow.community_id == act.community_id, ActivityRow.origin == SHEETS, in_batch)
        .where(ActivityRow.state == ActivityState.PROPOSED, ActivityRow.creator_id != act.person_id)
        .values(state=ActivityState.APPROVED, approver_id=act.person_id, approver=act.number, approved_at=act.at)
        .execution_options(synchronize_session=False)
    )


def withdraw(session: Session, act: Act, batch_id: UUID, reason: str) -> dict[str, Any]:
    """Reject what waits of a batch, reverse what was approved, and drop the activities that have nothing left.

    Raises:
        NothingAsked: nothing of it is left to take back.
        NotAllowed, ReverserIsBeneficiary: an approved record is not theirs to take back.
    """
    found = records_of_batch(session, act.community_id, batch_id)
    waiting = [one for one in found if one.state in (RecordState.SUBMITTED, RecordState.CHECKED)]
    approved = [one for one in found if one.state is RecordState.APPROVED]
    if not waiting and not approved:
        raise NothingAsked()
    if waiting:
        close_rejected(session, act, waiting, reason)
    if approved:
        _reverse(session, act, approved, reason)
    _drop_activities(session, act, batch_id)
    return {"rejected": len(waiting), "reversed": len(approved)}


def _reverse(session: Session, act: Act, approved: Sequence[ServiceRecord], reason: str) -> None:
    check_places(session, act, approved)
    for one in approved:
        check_reversal(one.state, volunteer=one.volunteer_number, person_id=one.person_id, reverser_id=act.person_id)
    posting.reverse_all(session, act, approved, reason)


def _drop_activities(session: Session, act: Act, batch_id: UUID) -> None:
    live = sa.exists().where(
        ServiceRecordRow.community_id == ActivityRow.community_id,
        ServiceRecordRow.activity_id == ActivityRow.id,
        ServiceRecordRow.state.in_(LIVE),
    )
    session.execute(
        sa.update(ActivityRow)
        .where(ActivityRow.community_id == act.community_id, ActivityRow.batch_id == batch_id, ~live)
        .values(state=ActivityState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
