"""Files in and out: imports, tried and brought in whole, confirmed by a second person; exports of the journal."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response
from flask_babel import gettext
from marshmallow import ValidationError, fields, validate
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from timebank.audit import operations as audit
from timebank.audit import queries as audit_queries
from timebank.audit.exports import FORMATS, journal_lines
from timebank.audit.queries import Export
from timebank.books.acts import Act
from timebank.database import db, reading
from timebank.imports import operations, queries
from timebank.imports.queries import Batch
from timebank.imports.rules import BatchKind, BatchState
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import PLAIN, Family
from timebank.web.api.fields import Choice, Sent, Text, Whole
from timebank.web.api.keys import by_id, by_number, id_in
from timebank.web.api.lists import Key, Listed, Order
from timebank.web.api.said import Said
from timebank.web.api.service import ReasonSent
from timebank.web.api.shapes import shape, shape_of
from timebank.web.import_files import SUBMIT, read_file

family = Family("files", "导入和导出 · Imports and exports")

IMPORTERS: Final = (Permission.IMPORT_FILES, Permission.CONFIRM_IMPORT)
BATCH: Final = shape_of(Batch, without=frozenset({"id", "made_by_id", "content_key"}))
EXPORT: Final = shape_of(Export)
FILE_BYTES_MAX: Final = 8 * 1024 * 1024
"""The largest file that comes in this way; as Base64 it is a third longer."""
BODY_BYTES_MAX: Final = FILE_BYTES_MAX * 4 // 3 + 4096
MEDIA: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


class FileSent(Sent):
    """A file, as it is: Excel or CSV. kind: what it brings."""

    kind = Choice(BatchKind, required=True)
    file_name = Text(200, required=True)
    content_base64 = fields.String(required=True, metadata={"format": "byte", "maxLength": FILE_BYTES_MAX * 4 // 3})


class ImportWords(Listed):
    """Which imports."""

    state = Choice(BatchState, load_default=None)


class ConfirmSent(Sent):
    """Stars for hours whose sheet gives none, and an answer to whatever is flagged."""

    rating = Whole(1, 5, load_default=None, allow_none=True)
    answer = Text(500, shortest=0, load_default="")


class ExportSent(Sent):
    """In which format."""

    form = fields.String(required=True, validate=validate.OneOf(list(FORMATS)))


@family.lists("/imports", BATCH, *IMPORTERS, order=Order(by_number, newest=True), reads=ImportWords)
def imports(words: Mapping[str, Any], **_place: Any) -> Sequence[Batch]:
    """List the files that came in and what became of them, the newest first."""
    return queries.batches(db.session(), community_id(), state=words["state"], limit=1000)


@family.does(
    "/imports",
    Scope.BOOKS,
    Permission.IMPORT_FILES,
    reads=FileSent,
    answers=shape("Imported", {"batch": fields.String(), "rows": fields.Integer(), "kind": fields.String()}),
    at="/imports/{batch}",
    bytes_max=BODY_BYTES_MAX,
)
def bring(typed: Mapping[str, Any]) -> Work:
    """Import a file, all of it or nothing; with `dry_run=true` every wrong row is told, and nothing is imported."""
    try:
        content = base64.b64decode(typed["content_base64"], validate=True)
    except (ValueError, binascii.Error) as error:
        raise ValidationError({"json": {"content_base64": [Said(gettext("格式不对"), "invalid")]}}) from error
    kind: BatchKind = typed["kind"]
    incoming = read_file(community_id(), kind, typed["file_name"], content)

    def work(session: Session, act: Act) -> Mapping[str, Any]:
        told = SUBMIT[kind](session, act, file=incoming.file)
        return {"batch": told["batch"], "rows": told["rows"], "kind": kind.value}

    return work


@family.shows("/imports/<number>", BATCH, *IMPORTERS)
def one_import(number: str) -> Batch:
    """Show one file that came in, and what it brings."""
    return queries.batch(db.session(), community_id(), number)


@family.does(
    "/imports/<number>/confirmations",
    Scope.BOOKS,
    Permission.CONFIRM_IMPORT,
    reads=ConfirmSent,
    answers=shape("ImportConfirmed", {"batch": fields.String(), "kind": fields.String(), "state": fields.String()}),
)
def confirm(typed: Mapping[str, Any], number: str) -> Work:
    """Confirm a file as the second person: now it counts."""
    return lambda session, act: _brief(operations.confirm(session, act, number=number, **typed))


@family.does(
    "/imports/<number>/reversals",
    Scope.BOOKS,
    *IMPORTERS,
    reads=ReasonSent,
    answers=shape("ImportUndone", {"batch": fields.String(), "kind": fields.String(), "state": fields.String()}),
)
def undo(typed: Mapping[str, Any], number: str) -> Work:
    """Take a file back, all of it or nothing; what counted is reversed entry by entry."""
    return lambda session, act: _brief(operations.undo(session, act, number=number, reason=typed["reason"]))


def _brief(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: told[name] for name in ("batch", "kind", "state")}


@family.lists("/exports", EXPORT, Permission.EXPORT, order=Order(by_id, newest=True))
def exports(seen: Key | None, limit: int, **_words: Any) -> Sequence[Export]:
    """List who took the journal away, the newest first."""
    return audit_queries.exports(db.session(), community_id(), before=id_in(seen), limit=limit + 1)


@family.does(
    "/exports",
    Scope.BOOKS,
    Permission.EXPORT,
    reads=ExportSent,
    answers=shape("Exported", {"id": fields.UUID(), "entries": fields.Integer()}),
    at="/exports/{id}",
)
def export(typed: Mapping[str, Any]) -> Work:
    """Export the journal as it is now: numbers, never names; its content is read from `/exports/{id}/content`."""
    return lambda session, act: audit.export_journal(session, act, form=typed["form"])


@family.shows("/exports/<uuid:export_id>", EXPORT, Permission.EXPORT)
def one_export(export_id: UUID) -> Export:
    """Show one export."""
    return audit_queries.export(db.session(), community_id(), export_id)


@family.streams("/exports/<uuid:export_id>/content", Permission.EXPORT)
def export_content(export_id: UUID) -> Response:
    """Read the content of an export: the same bytes however often, for the books only grow."""
    found = audit_queries.export(db.session(), community_id(), export_id)
    answer = Response(_lines(db.engine, community_id(), found), content_type=MEDIA.get(found.form, PLAIN))
    answer.headers["Content-Disposition"] = f"attachment; filename=timebank-{community_id()}.{found.form}"
    return answer


def _lines(engine: Engine, community: str, found: Export) -> Iterator[str]:
    with reading(engine) as session:
        yield from journal_lines(session, community, found.form, count=found.entries)
