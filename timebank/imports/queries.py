"""What can be asked about batches; everything returns frozen dataclasses."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.orm import Session

from timebank.imports.rules import LIVE, BatchKind, BatchState
from timebank.imports.tables import ImportBatchRow, ImportColumnsRow, ImportRowRow
from timebank.refusal import Refusal


class NoSuchBatch(Refusal):
    """There is no batch of this number."""

    code = "no_such_batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A file that came in, and what became of it.

    Attributes:
        number: `B0001`.
        sha256, content_key: see `SubmittedFile`.
        summary: what it brings, by name; amounts carry their unit (`…minutes`, `…_e2`, `…pieces`).
        made_by, confirmed_by, undone_by: staff numbers.
        outcome: what its confirmation has done, None before.
    """

    id: UUID
    number: str
    kind: BatchKind
    file_name: str
    sha256: str
    content_key: str
    state: BatchState
    row_count: int
    summary: Mapping[str, Any]
    made_by_id: UUID
    made_by: str
    made_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    outcome: Mapping[str, Any] | None
    undone_by: str | None
    undone_at: datetime | None
    undo_reason: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A row that waits in a batch: its line as people see it and its values by field."""

    line: int
    values: Mapping[str, Any]


def batch(session: Session, community_id: str, number: str) -> Batch:
    """Return a batch by its number.

    Raises:
        NoSuchBatch: there is none.
    """
    query = _batches(community_id).where(ImportBatchRow.number == number)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NoSuchBatch(batch=number)
    return _batch(row)


def batches(
    session: Session, community_id: str, *, state: BatchState | None = None, limit: int = 50
) -> tuple[Batch, ...]:
    """Return batches, newest first; of one state, or of all."""
    query = _batches(community_id).order_by(sa.func.length(ImportBatchRow.number).desc(), ImportBatchRow.number.desc())
    if state is not None:
        query = query.where(ImportBatchRow.state == state)
    return tuple(_batch(row) for row in session.scalars(query.limit(limit)))


def find_same(session: Session, community_id: str, kind: BatchKind, *, sha256: str, content_key: str) -> Batch | None:
    """Return the batch that counts or waits and came from the same file, or the same rows in another file."""
    same = sa.or_(ImportBatchRow.sha256 == sha256, ImportBatchRow.content_key == content_key)
    query = _batches(community_id).where(ImportBatchRow.kind == kind, ImportBatchRow.state.in_(LIVE), same)
    row = session.scalars(query.order_by(ImportBatchRow.made_at).limit(1)).one_or_none()
    return None if row is None else _batch(row)


def lines_of(session: Session, community_id: str, batch_ids: Iterable[UUID]) -> tuple[BatchLine, ...]:
    """Return the rows that wait in some batches, by batch and line."""
    query = (
        sa.select(ImportRowRow.line, ImportRowRow.content)
        .where(ImportRowRow.community_id == community_id, ImportRowRow.batch_id.in_(list(batch_ids)))
        .order_by(ImportRowRow.batch_id, ImportRowRow.line)
    )
    return tuple(BatchLine(row.line, json.loads(row.content)) for row in session.execute(query))


def _batches(community_id: str) -> sa.Select[ImportBatchRow]:
    return sa.select(ImportBatchRow).where(ImportBatchRow.community_id == community_id)


def _batch(row: ImportBatchRow) -> Batch:
    return Batch(
        id=row.id,
        number=row.number,
        kind=BatchKind(row.kind),
        file_name=row.file_name,
        sha256=row.sha256,
        content_key=row.content_key,
        state=BatchState(row.state),
        row_count=row.row_count,
        summary=json.loads(row.summary),
        made_by_id=row.made_by_id,
        made_by=row.made_by,
        made_at=row.made_at,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        outcome=None if row.outcome is None else json.loads(row.outcome),
        undone_by=row.undone_by,
        undone_at=row.undone_at,
        undo_reason=row.undo_reason,
    )


@dataclass(frozen=True, slots=True)
class RememberedColumns:
    """What was chosen for a source.

    Attributes:
        fingerprint: of its headings; headings: as they stand in the file.
        columns: field by plain heading; empty: not read.
        set_by: number of who chose it last.
    """

    kind: BatchKind
    fingerprint: str
    headings: tuple[str, ...]
    columns: Mapping[str, str]
    set_by: str
    set_at: datetime


def columns_remembered(
    session: Session, community_id: str, kind: BatchKind | None = None
) -> tuple[RememberedColumns, ...]:
    """Return what was chosen for every source and was not forgotten, the newest first."""
    row, later = ImportColumnsRow, sa.orm.aliased(ImportColumnsRow)
    newest = (
        sa.select(sa.func.max(later.turn))
        .where(later.community_id == row.community_id, later.kind == row.kind, later.fingerprint == row.fingerprint)
        .scalar_subquery()
    )
    query = sa.select(row).where(row.community_id == community_id, row.columns.is_not(None), row.turn == newest)
    if kind is not None:
        query = query.where(row.kind == kind.value)
    return tuple(
        RememberedColumns(
            kind=BatchKind(found.kind),
            fingerprint=found.fingerprint,
            headings=tuple(json.loads(found.headings)),
            columns=json.loads(found.columns or "{}"),
            set_by=found.set_by,
            set_at=found.set_at,
        )
        for found in session.scalars(query.order_by(row.set_at.desc(), row.fingerprint))
    )


def columns_known(session: Session, community_id: str, kind: BatchKind) -> dict[str, Mapping[str, str]]:
    """Return the chosen columns of a kind by the fingerprint of their source, for reading a file."""
    return {one.fingerprint: one.columns for one in columns_remembered(session, community_id, kind)}
