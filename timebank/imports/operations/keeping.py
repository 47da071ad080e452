"""Keeping batches: the rows that a submission, a confirmation and an undoing write."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.imports.operations.submitted import SubmittedFile
from timebank.imports.queries import Batch, find_same
from timebank.imports.rules import BatchKind, BatchState
from timebank.imports.tables import ImportBatchRow, ImportRowRow
from timebank.refusal import Refusal

Summary = Mapping[str, Any]


class FileImportedBefore(Refusal):
    """The same file, or the same rows in another file, came in before (trust.md I11)."""

    code = "file_imported_before"


class NothingToImport(Refusal):
    """No row of the file could be read, and none was wrong either: there is nothing in it."""

    code = "nothing_to_import"


def check_new(session: Session, act: Act, kind: BatchKind, file: SubmittedFile[object]) -> None:
    """Make sure that this file has not come in before.

    Raises:
        FileImportedBefore: it has, and the batch counts or waits.
        NothingToImport: it has no rows.
    """
    if not file.lines and not file.problems:
        raise NothingToImport()
    earlier = find_same(session, act.community_id, kind, sha256=file.sha256, content_key=file.content_key)
    if earlier is not None:
        raise FileImportedBefore(batch=earlier.number, state=earlier.state.value, made_by=earlier.made_by)


def write_batch(
    session: Session, act: Act, kind: BatchKind, file: SubmittedFile[object], *, batch_id: UUID, summary: Summary
) -> dict[str, Any]:
    """Write a new batch; return its number with what it brings. A register counts at once, the other kinds wait."""
    number = _next_number(session, act.community_id)
    state = BatchState.CONFIRMED if kind is BatchKind.VOLUNTEERS else BatchState.PENDING
    row = {
        "community_id": act.community_id,
        "id": batch_id,
        "number": number,
        "kind": kind.value,
        "file_name": file.name,
        "sha256": file.sha256,
        "content_key": file.content_key,
        "state": state.value,
        "row_count": len(file.lines),
        "summary": _written(summary),
        "made_by_id": act.person_id,
        "made_by": act.number,
        "made_at": act.at,
        "undo_reason": "",
    }
    session.execute(sa.insert(ImportBatchRow), row)
    return {"batch": number, "kind": kind.value, "state": state.value, "rows": len(file.lines), **summary}


def write_lines(session: Session, act: Act, batch_id: UUID, lines: Iterable[tuple[int, Summary]]) -> None:
    """Write the rows that wait: each line with its values, as plain JSON."""
    rows = [
        {"community_id": act.community_id, "batch_id": batch_id, "line": line, "content": _written(values)}
        for line, values in lines
    ]
    session.execute(sa.insert(ImportRowRow), rows)


def _next_number(session: Session, community_id: str) -> str:
    """Return the next number; batches are never deleted, so their count is the largest number."""
    query = sa.select(sa.func.count()).select_from(ImportBatchRow).where(ImportBatchRow.community_id == community_id)
    return f"B{1 + (session.scalar(query) or 0):04}"


def _written(values: Summary) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, allow_nan=False)


def mark_confirmed(session: Session, act: Act, batch: Batch, outcome: Summary) -> None:
    """Write down who confirmed a batch, and what that has done."""
    _update(
        session,
        act,
        batch,
        state=BatchState.CONFIRMED.value,
        confirmed_by_id=act.person_id,
        confirmed_by=act.number,
        confirmed_at=act.at,
        outcome=_written(outcome),
    )


def mark_ended(session: Session, act: Act, batch: Batch, *, state: BatchState, reason: str) -> None:
    """Write down who took a batch back or sent it back, and why."""
    _update(
        session,
        act,
        batch,
        state=state.value,
        undone_by_id=act.person_id,
        undone_by=act.number,
        undone_at=act.at,
        undo_reason=reason,
    )


def _update(session: Session, act: Act, batch: Batch, **columns: object) -> None:
    session.execute(
        sa.update(ImportBatchRow)
        .where(ImportBatchRow.community_id == act.community_id, ImportBatchRow.id == batch.id)
        .values(columns)
        .execution_options(synchronize_session=False)
    )
