"""Remembering which column of a source is which field, and forgetting it."""

import json
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.imports.fields import KINDS
from timebank.imports.lines.remembered import check_columns, fingerprint
from timebank.imports.queries import columns_remembered
from timebank.imports.rules import BatchKind
from timebank.imports.tables import ImportColumnsRow
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.refusal import Refusal


class NoSuchColumns(Refusal):
    """Nothing is remembered of that source."""

    code = "import_no_such_columns"


@once("imports.remember_columns", subject="kind")
def remember_columns(
    session: Session, act: Act, *, kind: BatchKind, headings: tuple[str, ...], columns: Mapping[str, str]
) -> str:
    """Remember which field each heading of a source is; return the fingerprint of its headings.

    Args:
        columns: the code of a field by plain heading, empty where the column is not read; what is not named is found
            by its name, as ever.

    Raises:
        NotAllowed: the actor imports no files.
        ColumnsUnclear: it cannot be so.
    """
    check_may(session, act, Permission.IMPORT_FILES)
    check_columns(next(one for one in KINDS if one.code == kind.value), headings, columns)
    _write(session, act, kind, headings, source=fingerprint(headings), columns=_written(columns))
    return fingerprint(headings)


@once("imports.forget_columns", subject="source")
def forget_columns(session: Session, act: Act, *, kind: BatchKind, source: str) -> None:
    """Forget what was chosen for a source; its columns are found by their names again.

    Args:
        source: the fingerprint of its headings.

    Raises:
        NotAllowed: the actor imports no files.
        NoSuchColumns: nothing is remembered of it.
    """
    check_may(session, act, Permission.IMPORT_FILES)
    known = columns_remembered(session, act.community_id, kind)
    found = next((one for one in known if one.fingerprint == source), None)
    if found is None:
        raise NoSuchColumns(source=source)
    _write(session, act, kind, found.headings, source=source, columns=None)


def _write(
    session: Session, act: Act, kind: BatchKind, headings: tuple[str, ...], *, source: str, columns: str | None
) -> None:
    row = ImportColumnsRow
    last = sa.select(sa.func.max(row.turn)).where(
        row.community_id == act.community_id, row.kind == kind.value, row.fingerprint == source
    )
    session.add(
        ImportColumnsRow(
            community_id=act.community_id,
            kind=kind.value,
            fingerprint=source,
            turn=(session.scalar(last) or 0) + 1,
            headings=json.dumps(headings, ensure_ascii=False),
            columns=columns,
            set_by=act.number,
            set_at=act.at,
        )
    )
    session.flush()


def _written(columns: Mapping[str, str]) -> str:
    return json.dumps(dict(columns), ensure_ascii=False)
