"""Approving once more: what makes a day longer than the rules allow takes a further person, apart from everybody else.

Source: domain.md section 2, trust.md T4; the limit stands in the rulebook as day_minutes_max.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.queries import close_to
from timebank.refusal import Refusal, refusal_of_rows
from timebank.service.operations import deciding, posting
from timebank.service.queries.checking import NothingAsked
from timebank.service.queries.confirming import unposted
from timebank.service.queries.records import ServiceRecord, records
from timebank.service.rules.approval import RecordDenied
from timebank.service.rules.confirming import FurtherNotApart, FurtherNotAsked, check_further, check_further_answer
from timebank.service.shapes import check_texts
from timebank.service.tables import FurtherApprovalRow


@once("service.approve_further")
def approve_further(session: Session, act: Act, *, record_ids: tuple[UUID, ...], answer: str) -> dict[str, Any]:
    """Approve, as a further person, records that make a day longer than the rules allow, all or none.

    Args:
        answer: why so long a day is right, in words.

    Returns:
        `approved`: how many; `posted`: how many of them wait for nothing any more and are in the passbooks.

    Raises:
        NotAllowed: the actor approves no hours there.
        NothingAsked, NoSuchRecord, FurtherAnswerMissing, TextUnclear: nothing is chosen, or not like this.
        FurtherNotAsked: a record does not wait for a further approver.
        FurtherNotApart: the actor recorded it, approved it, served, or is close to one of these.
        RecordDenied: somebody has said that it did not take place.
    """
    check_further_answer(answer)
    check_texts({"answer": answer})
    chosen = records(session, act.community_id, dict.fromkeys(record_ids))
    if not chosen:
        raise NothingAsked()
    deciding.check_places(session, act, chosen)
    refused = refusal_of_rows([*_refusals(session, act, chosen)], rows=len(chosen))
    if refused is not None:
        raise refused
    rows = [_row(act, one.id, answer.strip()) for one in chosen]
    session.connection().execute(sa.insert(FurtherApprovalRow), rows)
    return {"approved": len(rows), "posted": posting.post_due(session, act, chosen)["posted"]}


def _refusals(session: Session, act: Act, chosen: Sequence[ServiceRecord]) -> Iterator[tuple[int, Refusal]]:
    """Yield of each record that the actor may not approve once more its place and why."""
    waiting = {one.record.id: one for one in unposted(session, act.community_id, chosen, act.today)}
    close = close_to(session, act.community_id, [act.person_id])[act.person_id] | {act.person_id}
    for place, one in enumerate(chosen, start=1):
        found = waiting.get(one.id)
        try:
            check_further(
                None if found is None else found.standing,
                persons={one.person_id, one.recorder_id, one.approver_id},
                close_to_approver=close,
                volunteer=one.volunteer_number,
            )
        except (RecordDenied, FurtherNotAsked, FurtherNotApart) as refusal:
            yield place, refusal


def _row(act: Act, record_id: UUID, answer: str) -> dict[str, Any]:
    return {
        "community_id": act.community_id,
        "record_id": record_id,
        "approver_id": act.person_id,
        "approver": act.number,
        "approved_at": act.at,
        "answer": answer,
    }
