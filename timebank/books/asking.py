"""Asking: several questions answered together, in one round trip.

A room offers a question beside the query that asks it alone. Whoever needs many answers before deciding (the till)
asks all of them at once, in one statement that gives each answer's rows as JSON. Statements are built once, when a
module is loaded or first asked, for building one costs more than running it.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

Answer = TypeVar("Answer")
Told_co = TypeVar("Told_co", covariant=True)
Reader = Callable[[Any], object]
AnySelect = sa.Select[*tuple[Any, ...]] | sa.CompoundSelect[*tuple[Any, ...]]


def one_of(column: sa.SQLColumnExpression[Any], name: str) -> sa.ColumnElement[bool]:
    """Demand that a column is one of the values of a bind parameter, however many they are."""
    return column.in_(sa.bindparam(name, expanding=True))


@dataclass(frozen=True, eq=False)
class Question(Generic[Told_co]):
    """A question to the database.

    Attributes:
        statement: built once; its values are bind parameters. A name means the same in all questions asked together.
        values: of the parameters.
        read: makes the answer out of the rows.
    """

    statement: AnySelect
    values: Mapping[str, object]
    read: Callable[[Sequence[Any]], Told_co]


class Answers:
    """The answers to questions that were asked together, each by its question."""

    def __init__(self, questions: Iterable[Question[Any]], rows: Iterable[Sequence[Any]]) -> None:
        self._rows = dict(zip(questions, rows, strict=True))

    def __getitem__(self, question: Question[Answer]) -> Answer:
        """Return the answer to one question."""
        return question.read(self._rows[question])


@dataclass(frozen=True, slots=True)
class Enquiry(Generic[Told_co]):
    """Questions asked together, and what they come to; the reader asks further where that is rarely needed."""

    questions: tuple[Question[Any], ...]
    read: Callable[[Session, Answers], Told_co]

    def made(self, session: Session) -> Told_co:
        """Make the enquiry."""
        return self.read(session, ask_all(session, *self.questions))


def ask(session: Session, question: Question[Answer]) -> Answer:
    """Ask one question."""
    session.flush()
    return question.read(session.connection().execute(question.statement, question.values).all())


def ask_all(session: Session, *questions: Question[Any]) -> Answers:
    """Ask several questions together."""
    values: dict[str, object] = {}
    for one in questions:
        assert all(values.get(name, value) == value for name, value in one.values.items()), one.values
        values |= one.values
    session.flush()
    connection = session.connection()
    together = _together(tuple(one.statement for one in questions), connection.dialect.name)
    found = connection.execute(together, values).one()
    return Answers(questions, [_rows(one.statement, text) for one, text in zip(questions, found, strict=True)])


@cache
def _together(statements: tuple[AnySelect, ...], dialect: str) -> AnySelect:
    """Put statements side by side into one, each of which gives all of its rows as one text of JSON."""
    return sa.select(*(_as_json(statement, dialect) for statement in statements))


def _as_json(statement: AnySelect, dialect: str) -> sa.ScalarSelect[str]:
    rows = statement.subquery()
    if dialect == "sqlite":
        columns = (sa.func.hex(column) if _is_binary(column) else column for column in rows.c)
        return sa.select(sa.func.json_group_array(sa.func.json_array(*columns))).scalar_subquery()
    columns = (sa.func.encode(column, "hex") if _is_binary(column) else column for column in rows.c)
    return sa.select(sa.cast(sa.func.json_agg(sa.func.json_build_array(*columns)), sa.Text)).scalar_subquery()


def _is_binary(column: sa.ColumnElement[Any]) -> bool:
    return isinstance(column.type, sa.LargeBinary)


def _rows(statement: AnySelect, text: str | None) -> list[Any]:
    make, readers = _shape(statement)
    rows = json.loads(text or "[]")
    for row in rows:
        for place, reader in readers:
            if row[place] is not None:
                row[place] = reader(row[place])
    return [make(row) for row in rows]


def _moment(text: str) -> datetime:
    """SQLite keeps moments without their zone, which is UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


_READERS: Final[dict[type, Reader]] = {
    bool: bool,
    bytes: bytes.fromhex,
    date: date.fromisoformat,
    datetime: _moment,
    UUID: UUID,
}
"""How what JSON has no word for is read."""


@cache
def _shape(statement: AnySelect) -> tuple[Callable[[Iterable[Any]], Any], tuple[tuple[int, Reader], ...]]:
    """Return what makes a row of a statement, and which of its columns are not plain JSON."""
    columns = statement.selected_columns
    row = namedtuple("Row", columns.keys(), rename=True)  # type: ignore[misc]  # its names are the statement's
    kinds = ((place, column.type.python_type) for place, column in enumerate(columns))
    return row._make, tuple((place, _READERS[kind]) for place, kind in kinds if kind in _READERS)
