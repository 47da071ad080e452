"""Keeping: the rows that records, flags and the activities of old sheets become."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.people.queries import volunteers
from timebank.service.queries.activities import PLANNED, SHEETS, Activity, activities_by_number
from timebank.service.queries.checking import Problems
from timebank.service.queries.entered import Entered, can_be_brought_again, spans_of_sheets
from timebank.service.rules import ActivityState, Problem, RecordState, Span
from timebank.service.shapes import LONGEST
from timebank.service.tables import ActivityRow, RecordFlagRow, ServiceRecordRow


def keep(
    session: Session, act: Act, entered: Sequence[Entered], problems: Problems, *, batch_id: UUID | None
) -> tuple[UUID, ...]:
    """Write the records, submitted, with what is flagged about them; nothing blocks them, the activities are there."""
    people = volunteers(session, act.community_id, {one.volunteer_number for one in entered})
    activities = activities_by_number(session, act.community_id, {one.activity_number for one in entered})
    ids = tuple(act.new_id("service record", index) for index in range(len(entered)))
    rows = [
        _row(act, one, record_id, people[one.volunteer_number].person_id, activities[one.activity_number].id)
        for one, record_id in zip(entered, ids, strict=True)
    ]
    connection = session.connection()
    connection.execute(sa.insert(ServiceRecordRow), [{**row, "batch_id": batch_id} for row in rows])
    flags = [
        _flag(act, record_id, problem, one.remark)
        for one, record_id, found in zip(entered, ids, problems, strict=True)
        for problem in found
    ]
    if flags:
        connection.execute(sa.insert(RecordFlagRow), flags)
    return ids


def _row(act: Act, one: Entered, record_id: UUID, person_id: UUID, activity_id: UUID) -> dict[str, Any]:
    return {
        "community_id": act.community_id,
        "id": record_id,
        "person_id": person_id,
        "volunteer_number": one.volunteer_number,
        "activity_id": activity_id,
        "service_class": one.service_class,
        "source_class": one.source_class.value,
        "starts_at": one.span.starts_at,
        "ends_at": one.span.ends_at,
        "minutes": one.span.minutes,
        "served_on": one.span.served_on,
        "place": one.place,
        "content": one.content,
        "leader": one.leader,
        "sheet_number": one.sheet_number,
        "sheet_recorder": one.sheet_recorder,
        "late_reason": one.late_reason.strip(),
        "remark": one.remark.strip(),
        "rating": one.rating,
        "state": RecordState.SUBMITTED.value,
        "recorder_id": act.person_id,
        "recorder": act.number,
        "recorded_at": act.at,
        "closing_reason": "",
    }


def _flag(act: Act, record_id: UUID, problem: Problem, remark: str) -> dict[str, Any]:
    answer = remark.strip() or None
    return {
        "community_id": act.community_id,
        "record_id": record_id,
        "code": problem.code,
        "facts": json.dumps(problem.facts | {"check_version": problem.version}, ensure_ascii=False, sort_keys=True),
        "answer": answer,
        "answered_by": act.number if answer else None,
        "answered_at": act.at if answer else None,
    }


def bring_activities(session: Session, act: Act, entered: Sequence[Entered], *, batch_id: UUID) -> None:
    """Make the activities that old sheets tell of and that are not there yet; who confirms the batch approves them."""
    there = activities_by_number(session, act.community_id, (one.activity_number for one in entered))
    first = {one.activity_number: one for one in reversed(entered)}
    new: list[dict[str, Any]] = []
    for index, (number, span) in enumerate(spans_of_sheets(entered).items()):
        known = there.get(number)
        if known is None:
            new.append(_activity_row(act, first[number], span, batch_id) | {"id": act.new_id("activity", index)})
        elif can_be_brought_again(known):
            _bring_again(session, act, known, _activity_row(act, first[number], span, batch_id))
    if new:
        session.connection().execute(sa.insert(ActivityRow), new)


def _activity_row(act: Act, first: Entered, span: Span, batch_id: UUID) -> dict[str, Any]:
    """An activity as the first row of its sheet tells it."""
    told = first.content.splitlines() or [first.place]
    return {
        "community_id": act.community_id,
        "number": first.activity_number,
        "origin": SHEETS,
        "state": ActivityState.PROPOSED.value,
        "title": (told[0] or first.activity_number)[: LONGEST["title"]],
        "service_class": first.service_class,
        "place": first.place,
        "leader": first.leader,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "creator_id": act.person_id,
        "creator": act.number,
        "created_at": act.at,
        "batch_id": batch_id,
    }


def _bring_again(session: Session, act: Act, known: Activity, row: dict[str, Any]) -> None:
    which = (ActivityRow.community_id == act.community_id, ActivityRow.id == known.id)
    nobody = {"approver_id": None, "approver": None, "approved_at": None}
    session.connection().execute(sa.update(ActivityRow).where(*which).values(row | nobody))


def next_activity_number(session: Session, community_id: str) -> str:
    """Return the number of the next activity that is made here; one that old sheets have taken already is left out."""
    query = sa.select(ActivityRow.number, ActivityRow.origin).where(ActivityRow.community_id == community_id)
    origins = {row.number: row.origin for row in session.execute(query)}
    ordinal = 1 + sum(origin == PLANNED for origin in origins.values())
    while f"HD{ordinal:04}" in origins:
        ordinal += 1
    return f"HD{ordinal:04}"
