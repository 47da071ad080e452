"""Importing files: choose, try without writing, import, mend what is wrong, confirm as the second person, take back.

The same engine as the command line. Nothing is kept between the steps: a small file travels with the page, so that it
is chosen once; of a larger one the person is asked again.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as Download
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import ValidationError, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank.database import db, rehearsing, writing
from timebank.imports import operations, queries
from timebank.imports.fields import FIELD_NAMES
from timebank.imports.incoming import Incoming
from timebank.imports.lines.columns import DuplicateColumns, MissingColumns, OtherKindOfTable
from timebank.imports.lines.remembered import ColumnsUnclear
from timebank.imports.operations.columns import remember_columns
from timebank.imports.operations.submitted import FileHasProblems
from timebank.imports.problems import Language, RowProblem, mend_sentence, problem_sentence
from timebank.imports.problems.error_file import error_csv, error_lines, error_xlsx
from timebank.imports.reading import read_table
from timebank.imports.rules import BatchKind
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.web import presenting, refusals, summaries, texts
from timebank.web.access import Audience, act, audience
from timebank.web.forms import ByName, Choice, Digits, Form, Text, at_most, between
from timebank.web.import_columns import Column, choices_of, chosen_in, columns_of, remembered
from timebank.web.import_files import SUBMIT, read_file
from timebank.web.shown_again import NOT_TRIED, PASSED_ON, Attempt, attempt

blueprint = Blueprint("importing", __name__, url_prefix="/imports")

CARRIED_BYTES_MAX: Final = 300_000
"""A file up to this size travels with the page from one step to the next."""
PROBLEMS_SHOWN: Final = 100
ColumnRefusal: Final = (MissingColumns, DuplicateColumns, OtherKindOfTable, ColumnsUnclear)
"""What setting the columns right may mend."""
STEPS: Final = ("check", "import", "mend")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileForm(Form):
    """A file, what it brings, and what is to be done with it; `carried` is the file of the step before."""

    labels: ClassVar = {"kind": lazy_gettext("内容"), "file": lazy_gettext("文件")}

    kind = Choice(BatchKind, required=True)
    step = Text(required=True, validate=validate.OneOf(STEPS))
    name = Text(load_default="", validate=at_most(200))
    column = ByName(load_default=dict, keys=Text(validate=at_most(2)), values=Text(validate=at_most(40)))
    carried = Text(load_default="", lines=True)


class ConfirmForm(Form):
    """How a batch is confirmed: stars for hours without any, and an answer to what is flagged."""

    labels: ClassVar = {"rating": lazy_gettext("评价"), "answer": lazy_gettext("说明")}

    rating = Digits(load_default=None, validate=between(1, 5))
    answer = Text(load_default="", validate=at_most(500))


class UndoForm(Form):
    """Why a batch is taken back."""

    labels: ClassVar = {"reason": lazy_gettext("原因")}

    reason = Text(required=True, validate=at_most(200, at_least=2))


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a file.

    Attributes:
        summary: what it brings, where it can be imported.
        problems: line, column, what is wrong and how to mend it.
        columns: of the file, and `choices`, what each of them may be.
        said: the sentence of a refusal.
        carried: the file, for the next step; empty where it is too large for that.
    """

    kind: BatchKind
    name: str
    summary: list[tuple[str, str]]
    problems: tuple[tuple[int, str, str, str], ...] = ()
    more: int = 0
    said: str = ""
    carried: str = ""
    columns: tuple[Column, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()


@blueprint.get("")
@audience(Audience.COORDINATOR, Audience.CLERK, Audience.ADMIN)
def overview() -> str:
    """Show the form and the batches, the newest first."""
    return _overview(NOT_TRIED, None)


def _overview(tried: Attempt[Any], found: Tried | None) -> str:
    spoken = 1 if presenting.in_english() else 0
    return render_template(
        "importing/overview.html",
        kinds=[(kind, names[spoken]) for kind, names in summaries.KINDS.items()],
        states={state: names[spoken] for state, names in summaries.STATES.items()},
        batches=queries.batches(db.session(), current_user.community_id),
        staff=people.staff_names(db.session(), current_user.community_id),
        found=found,
        remembered=remembered(),
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.COORDINATOR, Audience.CLERK, Audience.ADMIN)
def take() -> str | Response | tuple[str, int]:
    """Try a file without writing, import it, or hand out the file to mend."""
    try:
        typed = FileForm().load(request.form)
        name, content = _file(typed)
    except ValidationError as error:
        return _overview(Attempt(done=False, errors=error.normalized_messages()), None), 400
    try:
        if typed["column"]:
            _remember(typed, read_table(name, content).headings)
        incoming = read_file(current_user.community_id, typed["kind"], name, content)
    except ColumnRefusal as refusal:
        return _overview(NOT_TRIED, _unclear(typed["kind"], name, content, refusal)), 409
    except Refusal as refusal:
        return _refused(refusal)
    if typed["step"] == "import":
        return _import(typed, incoming, content)
    return _check(typed, incoming, content)


def _remember(typed: dict[str, Any], headings: tuple[str, ...]) -> None:
    """Remember what the person has chosen for the columns of this source."""
    kind: BatchKind = typed["kind"]
    columns = chosen_in(typed["column"], headings, kind)
    with writing() as session:
        remember_columns(session, act(f"columns-{typed['request_key']}"), kind=kind, headings=headings, columns=columns)


def _unclear(kind: BatchKind, name: str, content: bytes, refusal: Refusal) -> Tried:
    """Show which column is taken for what, so that it can be set right."""
    columns = columns_of(read_table(name, content).headings, kind)
    said, choices = texts.sentence(refusal), tuple(choices_of(kind))
    return Tried(kind, name, [], said=said, carried=_carried(content), columns=columns, choices=choices)


def _file(typed: dict[str, Any]) -> tuple[str, bytes]:
    """Return name and bytes of the chosen file, else of the one that was carried here.

    Raises:
        ValidationError: there is none.
    """
    chosen = request.files.get("file")
    if chosen is not None and chosen.filename:
        return chosen.filename, chosen.read()
    try:
        content = base64.b64decode(typed["carried"], validate=True)
    except binascii.Error as error:
        raise ValidationError({"file": [str(_("请重新选文件"))]}) from error
    if not content:
        raise ValidationError({"file": [str(_("请选一个文件"))]})
    return typed["name"], content


def _check(typed: dict[str, Any], incoming: Incoming[Any], content: bytes) -> str | Download | tuple[str, int]:
    """Do all of it and undo it; tell what it would bring, or what is wrong."""
    try:
        with rehearsing() as session:
            answer = SUBMIT[typed["kind"]](session, act(typed["request_key"]), file=incoming.file)
    except FileHasProblems as refusal:
        if typed["step"] == "mend":
            return _to_mend(incoming, refusal.problems)
        return _overview(NOT_TRIED, _wrong(typed["kind"], incoming, content, refusal)), 409
    except Refusal as refusal:
        return _refused(refusal)
    return _overview(NOT_TRIED, _right(typed["kind"], incoming, content, answer))


def _import(typed: dict[str, Any], incoming: Incoming[Any], content: bytes) -> Response | tuple[str, int]:
    try:
        with writing() as session:
            answer = SUBMIT[typed["kind"]](session, act(typed["request_key"]), file=incoming.file)
    except FileHasProblems as refusal:
        return _overview(NOT_TRIED, _wrong(typed["kind"], incoming, content, refusal)), 409
    except Refusal as refusal:
        return _refused(refusal)
    flash(_("已导入 %(rows)s 行，批次 %(batch)s。", rows=answer["rows"], batch=answer["batch"]), "good")
    return redirect(url_for("importing.batch", number=answer["batch"]))


def _refused(refusal: Refusal) -> tuple[str, int]:
    if refusals.status_of(refusal) in PASSED_ON:
        raise refusal
    return _overview(Attempt(done=False, refused=tuple(texts.reasons(refusal))), None), 409


def _right(kind: BatchKind, incoming: Incoming[Any], content: bytes, answer: dict[str, Any]) -> Tried:
    return Tried(
        kind,
        incoming.file.name,
        summaries.shown(answer),
        carried=_carried(content),
        columns=columns_of(incoming.table.table.headings, kind),
        choices=tuple(choices_of(kind)),
    )


def _wrong(kind: BatchKind, incoming: Incoming[Any], content: bytes, refusal: FileHasProblems) -> Tried:
    language = _language()
    told = tuple(_told(problem, language) for problem in refusal.problems[:PROBLEMS_SHOWN])
    return Tried(
        kind,
        incoming.file.name,
        [],
        problems=told,
        more=len(refusal.problems) - len(told),
        said=texts.sentence(refusal),
        carried=_carried(content),
        columns=columns_of(incoming.table.table.headings, kind),
        choices=tuple(choices_of(kind)),
    )


def _told(each: RowProblem, language: Language) -> tuple[int, str, str, str]:
    column = FIELD_NAMES.get(each.problem.field, ("整行", "the row"))[language == "en"]
    return each.line, column, problem_sentence(each.problem, language), mend_sentence(each.problem, language)


def _language() -> Language:
    return "en" if presenting.in_english() else "zh"


def _carried(content: bytes) -> str:
    return base64.b64encode(content).decode() if len(content) <= CARRIED_BYTES_MAX else ""


def _to_mend(incoming: Incoming[Any], problems: tuple[RowProblem, ...]) -> Download:
    """Hand out the file with line, problem and how to mend it beside each row."""
    source = incoming.table.table
    lines = error_lines(problems, _language())
    as_workbook = source.encoding == "xlsx"
    body = error_xlsx(source, lines) if as_workbook else error_csv(source, lines)
    name = "errors.xlsx" if as_workbook else "errors.csv"
    answer = Download(body, mimetype=XLSX if as_workbook else "text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@blueprint.get("/<number>")
@audience(Audience.COORDINATOR, Audience.CLERK, Audience.ADMIN)
def batch(number: str) -> str:
    """Show what a batch brings and what became of it."""
    return _batch_page(number, NOT_TRIED)


def _batch_page(number: str, tried: Attempt[Any]) -> str:
    found = queries.batch(db.session(), current_user.community_id, number)
    spoken = 1 if presenting.in_english() else 0
    return render_template(
        "importing/batch.html",
        batch=found,
        confirms=Audience.COORDINATOR in current_user.audiences,
        kind=summaries.KINDS[found.kind.value][spoken],
        state=summaries.STATES[found.state.value][spoken],
        summary=summaries.shown({"rows": found.row_count, **found.summary}),
        outcome=summaries.shown(found.outcome) if found.outcome else [],
        staff=people.staff_names(db.session(), current_user.community_id),
        **tried.form(),
    )


@blueprint.post("/<number>/confirm")
@audience(Audience.COORDINATOR)
def confirm(number: str) -> Response | tuple[str, int]:
    """Confirm a batch as the second person."""

    def confirm_it(session: Session) -> Any:  # the answer of the operation
        typed = ConfirmForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.confirm(session, doing, number=number, rating=typed["rating"], answer=typed["answer"])

    return _after(number, attempt(confirm_it), _("批次 %(number)s 已生效。", number=number))


@blueprint.post("/<number>/undo")
@audience(Audience.COORDINATOR, Audience.CLERK, Audience.ADMIN)
def undo(number: str) -> Response | tuple[str, int]:
    """Take a batch back, all of it or nothing."""

    def undo_it(session: Session) -> Any:  # the answer of the operation
        typed = UndoForm().load(request.form)
        return operations.undo(session, act(typed["request_key"]), number=number, reason=typed["reason"])

    return _after(number, attempt(undo_it), _("批次 %(number)s 已撤回，原来的记录和冲正都看得到。", number=number))


def _after(number: str, tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _batch_page(number, tried), tried.status
    flash(said, "good")
    return redirect(url_for("importing.batch", number=number))
