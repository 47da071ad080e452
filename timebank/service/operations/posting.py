"""Posting: approved records become entries, many at once, and the star room looks at the new balances.

A record for which nothing is left to wait is posted at its approval; any other stands as checked, and is posted when
its confirmation or its day has come. Its entry is the approver's all the same: nobody else decided about it. One record
is one entry with two transfers: minutes are recognised and points are issued. What the rule was given stands
in the entry's facts, so that anybody can recompute it from the rule version.

Source: architecture.md section 6.1; domain.md section 0, finding 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.journal import Posted
from timebank.books.statements import entries_of_source
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef, system
from timebank.ledger.entries import Draft, Entry, EntryKind, Facts, Transfer, reversal_of
from timebank.rulebook.rules import ServiceInputs, inputs_as_facts, vintage_for
from timebank.service.durations import written_minutes
from timebank.service.queries.confirming import (
    RecipientRating,
    Unposted,
    checked_records,
    recipient_ratings,
    unposted,
)
from timebank.service.queries.records import ServiceRecord
from timebank.service.queries.worth import Valued, valued
from timebank.service.rules import RecordState
from timebank.service.rules.confirming import SIDES, Side, Standing
from timebank.service.tables import ServiceRecordRow
from timebank.stars.operations import review


@dataclass(frozen=True, slots=True)
class Approval:
    """A record and the rating with which it is approved, and when.

    What stands in the entry besides: approved_on, the day of the last approval; confirmed, by whom, and further, the
    number of the further approver, where there was one.
    """

    record: ServiceRecord
    rating: int | None
    at: datetime
    approved_on: date
    confirmed: str
    further: str


@dataclass(frozen=True, slots=True)
class PostedRecord:
    """What came of one record: the number of its entry, its minutes and its points."""

    record_id: UUID
    seq: int
    minutes: int
    points_e2: int


def recognised(number: str) -> AccountRef:
    """Name the account of a volunteer's recognised minutes."""
    return AccountRef(AccountKind.RECOGNISED, number, MINUTES)


def post_approvals(session: Session, act: Act, approvals: Sequence[Approval]) -> tuple[PostedRecord, ...]:
    """Post the entries of these records, mark them approved, and let the star room look; return what was posted."""
    if not approvals:
        return ()
    worth = valued(session, act.community_id, [(approval.record, approval.rating) for approval in approvals])
    days = {approval.record.served_on for approval in approvals}
    counting = {day: journal.effective_day(session, act, day) for day in days}
    drafts = [
        _draft(act, approval, one, counting[approval.record.served_on])
        for approval, one in zip(approvals, worth, strict=True)
    ]
    posted = journal.post_all(session, act, drafts)
    _mark(session, act, approvals, RecordState.APPROVED, [one.seq for one in posted])
    _review(session, act, [approval.record for approval in approvals], posted)
    return tuple(
        PostedRecord(approval.record.id, entry.seq, one.inputs.minutes, one.points_e2)
        for approval, one, entry in zip(approvals, worth, posted, strict=True)
    )


def check_off(session: Session, act: Act, approvals: Sequence[Approval]) -> None:
    """Mark records as approved by a second person and not posted yet, with their ratings."""
    _mark(session, act, approvals, RecordState.CHECKED, [None] * len(approvals))


def post_due(session: Session, act: Act, records: Sequence[ServiceRecord]) -> dict[str, int]:
    """Post those of these checked records that wait for nothing any more; each under the name of its approver.

    Returns:
        `posted`, `minutes` and `points_e2`.
    """
    return _post(session, act, unposted(session, act.community_id, records, act.today))


def post_all_due(session: Session, act: Act) -> dict[str, int]:
    """Post everything that waits for nothing any more; see `post_due`."""
    return _post(session, act, checked_records(session, act.community_id, act.today))


def _post(session: Session, act: Act, waiting: Sequence[Unposted]) -> dict[str, int]:
    due = [one for one in waiting if one.standing is Standing.NOTHING]
    rated = recipient_ratings(session, act.community_id, [one.record.id for one in due])
    told = {"posted": 0, "minutes": 0, "points_e2": 0}
    for approver_id in dict.fromkeys(one.record.approver_id for one in due):
        own = [_again(one, rated.get(one.record.id)) for one in due if one.record.approver_id == approver_id]
        first = own[0].record
        assert approver_id is not None, first.id
        assert first.approver is not None, first.id
        deciding = replace(act, person_id=approver_id, number=first.approver, on_behalf_of=None)
        posted = post_approvals(session, deciding, own)
        told["posted"] += len(posted)
        told["minutes"] += sum(one.minutes for one in posted)
        told["points_e2"] += sum(one.points_e2 for one in posted)
    return told


def approval_of(one: Unposted, rating: int | None, rated: RecipientRating | None, at: datetime) -> Approval:
    """Put together how a record is posted; the recipient's stars count where the approver gave none."""
    stars = rated.stars if rated is not None and rating is None else rating
    wanted = SIDES[one.waiting.rules.confirmation.of(one.record.source_class)] or {Side.VOLUNTEER, Side.RECIPIENT}
    confirmed = next((each.side.value for each in one.answers if each.said.confirms and each.side in wanted), "")
    assert one.waiting.approved_on is not None, one.record.id
    further = "" if one.further is None else one.further.approver
    return Approval(one.record, stars, at, one.waiting.approved_on, confirmed, further)


def _again(one: Unposted, rated: RecipientRating | None) -> Approval:
    assert one.record.approved_at is not None, one.record.id
    return approval_of(one, one.record.rating, rated, one.record.approved_at)


def _draft(act: Act, approval: Approval, worth: Valued, effective_on: date) -> Draft:
    record = approval.record
    vintage = vintage_for(worth.rules.document, effective_on)
    return Draft(
        kind=EntryKind.SERVICE_APPROVED,
        effective_on=effective_on,
        served_on=record.served_on,
        transfers=_transfers(record.volunteer_number, record.minutes, worth.points_e2, vintage),
        source=record.source,
        memo=f"{record.activity_title} {written_minutes(record.minutes)}",
        rule_version=worth.rules.version,
        facts=_facts(act, approval, worth.inputs),
    )


def _facts(act: Act, approval: Approval, inputs: ServiceInputs) -> Facts:
    told = {"confirmed": approval.confirmed, "further": approval.further}
    return {
        **inputs_as_facts(inputs),
        "recorder": approval.record.recorder,
        "approver": act.number,
        "approved_on": approval.approved_on.isoformat(),
        **{name: who for name, who in told.items() if who},
    }


def _transfers(number: str, minutes: int, points_e2: int, vintage: int) -> tuple[Transfer, ...]:
    served = Transfer(system(AccountKind.SERVICE, MINUTES), recognised(number), minutes)
    if not points_e2:
        return (served,)
    passbook = AccountRef(AccountKind.PASSBOOK, number, POINTS, vintage)
    return served, Transfer(system(AccountKind.ISSUANCE, POINTS), passbook, points_e2)


def _mark(
    session: Session, act: Act, approvals: Sequence[Approval], state: RecordState, seqs: Sequence[int | None]
) -> None:
    statement = (
        sa.update(ServiceRecordRow)
        .where(ServiceRecordRow.community_id == act.community_id, ServiceRecordRow.id == sa.bindparam("record_id"))
        .values(
            state=state,
            approver_id=act.person_id,
            approver=act.number,
            approved_at=sa.bindparam("approved"),
            rating=sa.bindparam("given"),
            entry_seq=sa.bindparam("seq"),
        )
    )
    rows = [
        {"record_id": one.record.id, "approved": one.at, "given": one.rating, "seq": seq}
        for one, seq in zip(approvals, seqs, strict=True)
    ]
    session.connection().execute(statement, rows)


def _review(session: Session, act: Act, records: Sequence[ServiceRecord], posted: Sequence[Posted]) -> None:
    """Tell the star room the minutes of each person after the last entry of this posting."""
    minutes = {
        record.volunteer_number: entry.closings[recognised(record.volunteer_number)]
        for record, entry in zip(records, posted, strict=True)
    }
    review(session, act, minutes_by_number=minutes)


def reverse_one(session: Session, act: Act, record: ServiceRecord, reason: str) -> int:
    """Reverse the entry of a record, mark it, and let the star room look; return the number of the reversal."""
    assert record.entry_seq is not None, record.id
    posted = journal.reverse(session, act, seq=record.entry_seq, reason=reason)
    _mark_reversed(session, act, [record], [posted], reason)
    _review(session, act, [record], [posted])
    return posted.seq


def reverse_all(session: Session, act: Act, records: Sequence[ServiceRecord], reason: str) -> None:
    """Reverse the entries of many records in one posting; each was approved and not reversed."""
    entries = entries_of_source(session, act.community_id, (record.source for record in records))
    originals = {entry.seq: entry for entry in entries}
    drafts = [_reversal(session, act, originals[record.entry_seq or 0], reason) for record in records]
    posted = journal.post_all(session, act, drafts)
    _mark_reversed(session, act, records, posted, reason)
    _review(session, act, records, posted)


def _reversal(session: Session, act: Act, original: Entry, reason: str) -> Draft:
    day = journal.effective_day(session, act, original.effective_on)
    return reversal_of(original, effective_on=day, memo=reason)


def _mark_reversed(
    session: Session, act: Act, records: Sequence[ServiceRecord], posted: Sequence[Posted], reason: str
) -> None:
    statement = (
        sa.update(ServiceRecordRow)
        .where(ServiceRecordRow.community_id == act.community_id, ServiceRecordRow.id == sa.bindparam("record_id"))
        .values(
            state=RecordState.REVERSED,
            closer_id=act.person_id,
            closer=act.number,
            closed_at=act.at,
            closing_reason=reason,
            reversal_seq=sa.bindparam("seq"),
        )
    )
    rows = [{"record_id": record.id, "seq": entry.seq} for record, entry in zip(records, posted, strict=True)]
    session.connection().execute(statement, rows)
