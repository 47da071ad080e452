"""Posting: approved records become entries, many at once, and the star room looks at the new balances.

One record is one entry with two transfers: minutes are recognised and points are issued. What the rule was given stands
in the entry's facts, so that anybody can recompute it from the rule version.

Source: architecture.md section 6.1; domain.md section 0, finding 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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
from timebank.service.queries.records import ServiceRecord
from timebank.service.queries.worth import Valued, valued
from timebank.service.rules import RecordState
from timebank.service.tables import ServiceRecordRow
from timebank.stars.operations import review


@dataclass(frozen=True, slots=True)
class Approval:
    """A record and the rating with which it is approved."""

    record: ServiceRecord
    rating: int | None


def recognised(number: str) -> AccountRef:
    """Name the account of a volunteer's recognised minutes."""
    return AccountRef(AccountKind.RECOGNISED, number, MINUTES)


def post_approvals(session: Session, act: Act, approvals: Sequence[Approval]) -> dict[str, Any]:
    """Post the entries of these records, mark them approved, and let the star room look; return what was posted."""
    worth = valued(session, act.community_id, [(approval.record, approval.rating) for approval in approvals])
    days = {approval.record.served_on for approval in approvals}
    counting = {day: journal.effective_day(session, act, day) for day in days}
    drafts = [
        _draft(act, approval.record, one, counting[approval.record.served_on])
        for approval, one in zip(approvals, worth, strict=True)
    ]
    posted = journal.post_all(session, act, drafts)
    _mark_approved(session, act, approvals, posted)
    _review(session, act, [approval.record for approval in approvals], posted)
    return {
        "approved": len(posted),
        "minutes": sum(one.inputs.minutes for one in worth),
        "points_e2": sum(one.points_e2 for one in worth),
        "first_seq": posted[0].seq,
        "last_seq": posted[-1].seq,
    }


def _draft(act: Act, record: ServiceRecord, worth: Valued, effective_on: date) -> Draft:
    vintage = vintage_for(worth.rules.document, effective_on)
    return Draft(
        kind=EntryKind.SERVICE_APPROVED,
        effective_on=effective_on,
        served_on=record.served_on,
        transfers=_transfers(record.volunteer_number, record.minutes, worth.points_e2, vintage),
        source=record.source,
        memo=f"{record.activity_title} {written_minutes(record.minutes)}",
        rule_version=worth.rules.version,
        facts=_facts(act, record, worth.inputs),
    )


def _facts(act: Act, record: ServiceRecord, inputs: ServiceInputs) -> Facts:
    return {**inputs_as_facts(inputs), "recorder": record.recorder, "approver": act.number}


def _transfers(number: str, minutes: int, points_e2: int, vintage: int) -> tuple[Transfer, ...]:
    served = Transfer(system(AccountKind.SERVICE, MINUTES), recognised(number), minutes)
    if not points_e2:
        return (served,)
    passbook = AccountRef(AccountKind.PASSBOOK, number, POINTS, vintage)
    return served, Transfer(system(AccountKind.ISSUANCE, POINTS), passbook, points_e2)


def _mark_approved(session: Session, act: Act, approvals: Sequence[Approval], posted: Sequence[Posted]) -> None:
    statement = (
        sa.update(ServiceRecordRow)
        .where(ServiceRecordRow.community_id == act.community_id, ServiceRecordRow.id == sa.bindparam("record_id"))
        .values(
            state=RecordState.APPROVED,
            approver_id=act.person_id,
            approver=act.number,
            approved_at=act.at,
            rating=sa.bindparam("given"),
            entry_seq=sa.bindparam("seq"),
        )
    )
    rows = [
        {"record_id": approval.record.id, "given": approval.rating, "seq": entry.seq}
        for approval, entry in zip(approvals, posted, strict=True)
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
