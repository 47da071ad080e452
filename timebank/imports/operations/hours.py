"""Sign-in sheets: every row checked by the rules of service, recorded as one batch, approved by a second person.

What was served before the community went live is the opening period; the rules of the day of service decide.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.imports.operations.hours_problems import Row, row_problems
from timebank.imports.operations.persons import Named, name_problems
from timebank.imports.operations.standing import minutes_and_points
from timebank.imports.operations.submitted import HoursFile, ServedLine
from timebank.imports.operations.undoing import check_nothing_depends
from timebank.imports.problems import CellProblem, RowProblem
from timebank.imports.queries import Batch
from timebank.ledger.days import day_of
from timebank.people.operations.registering import holders
from timebank.people.queries import community, volunteers
from timebank.rulebook.queries import RuleVersion, rules_on_days
from timebank.rulebook.rules import SourceClass
from timebank.service import operations as service
from timebank.service import queries as service_queries
from timebank.service.asked import NewRecord
from timebank.service.queries import ServiceRecord


def submit(session: Session, act: Act, file: HoursFile, batch_id: UUID) -> dict[str, Any]:
    """Record the rows of a file, waiting for a second person; return what they will bring.

    Raises:
        FileHasProblems: at least one row is wrong; nothing was recorded.
        NotAllowed: the actor records no hours.
    """
    rows, nobody = _rows(session, act, file.lines)
    records = tuple(row.record for row in rows)
    known = volunteers(session, act.community_id, {record.volunteer_number for record in records})
    names = name_problems((Named(row.line, row.record.volunteer_number, row.name) for row in rows), known)
    found = service_queries.problems_of_import(session, act, records)
    file.refuse_problems(nobody, names, row_problems(rows, found))
    answer = service.record_imported(session, act, batch_id=batch_id, records=records)
    recorded = service_queries.records_of_batch(session, act.community_id, batch_id)
    return _summary(session, act, recorded, batch_id) | {"flagged": answer["flagged"]}


def _rows(session: Session, act: Act, lines: Sequence[ServedLine]) -> tuple[list[Row], list[RowProblem]]:
    """Find out whom each row means and which class of service it names."""
    found = holders(session, act.community_id, [line.document for line in lines])
    rules = rules_on_days(session, act.community_id, {day_of(line.told.starts_at) for line in lines})
    rows, problems = [], []
    for line in lines:
        number = line.told.volunteer_number
        holder = None if line.document is None else found.get(line.document.digest)
        if line.document is not None and holder is None:
            problems.append(RowProblem(line.line, CellProblem("document_number", "document_of_nobody")))
        elif holder is not None and number not in {None, holder}:
            facts = {"number": str(number)}
            problems.append(RowProblem(line.line, CellProblem("document_number", "number_and_document_differ", facts)))
        else:
            record = _record(line, number or str(holder), rules[day_of(line.told.starts_at)])
            rows.append(Row(line.line, line.told.volunteer_name, record))
    return rows, problems


def _record(line: ServedLine, number: str, rules: RuleVersion) -> NewRecord:
    told = line.told
    known = rules.document.find_service_class(told.service_class)
    return NewRecord(
        activity_number=told.activity_number,
        volunteer_number=number,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        service_class=known.code if known else told.service_class,
        place=told.place,
        content=told.content,
        leader=told.leader,
        sheet_number=told.sheet_number,
        sheet_recorder=told.recorder or "",
        rating=told.rating,
        late_reason=told.late_reason,
        remark=told.note,
    )


def _summary(session: Session, act: Act, recorded: Sequence[ServiceRecord], batch_id: UUID) -> dict[str, Any]:
    worth = service_queries.worth_of(session, act.community_id, ((record, record.rating) for record in recorded))
    brought = service_queries.activities_of_batch(session, act.community_id, batch_id)
    days = [record.served_on for record in recorded]
    return {
        "volunteers": len({record.volunteer_number for record in recorded}),
        "activities": len({record.activity_number for record in recorded}),
        "new_activities": len(brought),
        "sheets": len({record.sheet_number for record in recorded if record.sheet_number}),
        "go_live_on": community(session, act.community_id).go_live_on.isoformat(),
        "opening_rows": sum(record.source_class is SourceClass.OPENING for record in recorded),
        "first_on": min(days).isoformat(),
        "last_on": max(days).isoformat(),
        **minutes_and_points(session, act.community_id, minutes=worth.minutes, points_e2=worth.points_e2),
    }


def confirm(session: Session, act: Act, batch: Batch, rating: int | None, answer: str) -> dict[str, Any]:
    """Approve every record of a batch as the second person; see `service.operations.approve_batch`."""
    return service.approve_batch(session, act, batch_id=batch.id, rating=rating, answer=answer)


def take_back(session: Session, act: Act, batch: Batch, reason: str) -> Mapping[str, Any]:
    """Reject what waits of a batch, or reverse what was approved.

    Raises:
        PointsSpentSince, StarsGrantedSince: something depends on it already.
        Refusal: see `service.operations.withdraw_batch`.
    """
    records = service_queries.records_of_batch(session, act.community_id, batch.id)
    sources = [record.source for record in records if record.entry_seq is not None and record.reversal_seq is None]
    check_nothing_depends(session, act, batch, sources)
    return service.withdraw_batch(session, act, batch_id=batch.id, reason=reason)
