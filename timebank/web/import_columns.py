"""Which column of a file is what: shown beside the file, set right once, remembered for the source, forgotten again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import validate
from werkzeug.wrappers import Response

from timebank.database import db, writing
from timebank.imports import queries
from timebank.imports.fields import ERROR_HEADINGS, KINDS, TableKind, plain_heading
from timebank.imports.lines.columns import field_of
from timebank.imports.lines.remembered import fingerprint
from timebank.imports.operations.columns import forget_columns
from timebank.imports.rules import BatchKind
from timebank.web import presenting
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Choice, Form, Text

blueprint = Blueprint("import_columns", __name__, url_prefix="/imports/columns")

BY_NAME: Final = "?"
"""Chosen where a column is to be found by its name, as ever."""
UNREAD: Final = "-"
"""Chosen where a column is not read."""


class ForgetForm(Form):
    """Which source is forgotten."""

    labels: ClassVar = {"source": lazy_gettext("来源")}

    kind = Choice(BatchKind, required=True)
    source = Text(required=True, validate=validate.Regexp(r"[0-9a-f]{16}\Z"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its heading, what it is now, and whether that was chosen by somebody."""

    heading: str
    field: str
    chosen: bool


def table_kind(kind: BatchKind) -> TableKind:
    """Return the kind of table that a kind of batch comes from."""
    return next(one for one in KINDS if one.code == kind.value)


def columns_of(headings: Sequence[str], kind: BatchKind) -> tuple[Column, ...]:
    """Return every column of a file as it is read now."""
    known = queries.columns_known(db.session(), current_user.community_id, kind)
    chosen = known.get(fingerprint(headings), {})
    found = []
    for heading in headings:
        if heading and heading not in ERROR_HEADINGS:
            field = field_of(heading, table_kind(kind), chosen)
            found.append(Column(heading, field.code if field else UNREAD, plain_heading(heading) in chosen))
    return tuple(found)


def choices_of(kind: BatchKind) -> list[tuple[str, str]]:
    """Return what a column may be."""
    spoken = presenting.in_english()
    named = [(one.code, one.english if spoken else one.chinese) for one in table_kind(kind).fields]
    return [(UNREAD, _("不读")), *named]


def chosen_in(typed: Mapping[str, str], headings: Sequence[str], kind: BatchKind) -> dict[str, str]:
    """Return what a person has chosen that is not what the names say, by plain heading.

    Args:
        typed: the chosen field by the place of the column, from 0.
    """
    found = {}
    for place, heading in enumerate(one for one in headings if one and one not in ERROR_HEADINGS):
        code = typed.get(str(place), BY_NAME)
        by_name = field_of(heading, table_kind(kind), {})
        if code not in {BY_NAME, by_name.code if by_name else UNREAD}:
            found[plain_heading(heading)] = "" if code == UNREAD else code
    return found


def remembered() -> list[dict[str, Any]]:
    """Return what is remembered of every source, for the page."""
    spoken = presenting.in_english()
    return [
        {
            "kind": one.kind,
            "source": one.fingerprint,
            "columns": [(heading, _field_word(one, heading, english=spoken)) for heading in _chosen_headings(one)],
            "set_by": one.set_by,
            "set_at": one.set_at,
        }
        for one in queries.columns_remembered(db.session(), current_user.community_id)
    ]


def _chosen_headings(one: queries.RememberedColumns) -> list[str]:
    return [heading for heading in one.headings if plain_heading(heading) in one.columns]


def _field_word(one: queries.RememberedColumns, heading: str, *, english: bool) -> str:
    code = one.columns[plain_heading(heading)]
    if not code:
        return str(_("不读"))
    field = table_kind(one.kind).field(code)
    return field.english if english else field.chinese


@blueprint.post("/forget")
@audience(Audience.COORDINATOR, Audience.CLERK, Audience.ADMIN)
def forget() -> Response:
    """Forget what was chosen for a source."""
    typed = ForgetForm().load(request.form)
    with writing() as session:
        forget_columns(session, act(typed["request_key"]), kind=typed["kind"], source=typed["source"])
    flash(_("忘掉了，以后按列名认。"), "good")
    return redirect(url_for("importing.overview"))
