"""Together: the rows of one decision, written at once.

PostgreSQL takes rows of all tables in one statement, each table's as one JSON array: a posting is then one round trip
however many tables it touches, and the statement is the same for one entry as for a thousand. SQLite has no round
trips; it takes one statement for each table.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.tables import LogHeadRow

Values = dict[str, Any]
Shape = tuple[tuple[sa.Table, tuple[str, ...]], ...]
"""Tables, and which columns of each are given."""


@dataclass(frozen=True, slots=True)
class Rows:
    """New rows of one table, all with the same columns."""

    row: type[Any]
    values: Sequence[Values]

    @property
    def table(self) -> sa.Table:
        """The table that they belong to."""
        table = self.row.__table__
        assert isinstance(table, sa.Table), table
        return table


def write(session: Session, rows: Iterable[Rows], head: Values | None = None) -> None:
    """Write rows, those first to which others refer, and the head of the log as it stands after them."""
    new = [item for item in rows if item.values]
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _write_in_one_statement(connection, new, head)
        return
    for item in new:
        connection.execute(_insert(item.table), item.values)
    if head is not None:
        connection.execute(_MOVE_HEAD, {f"new_{column}": value for column, value in head.items()})


@cache
def _insert(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


_HEAD: Final = Rows(LogHeadRow, ()).table
_MOVED: Final = tuple(column for column in _HEAD.c if column is not _HEAD.c.community_id)
"""What of the head moves."""
_MOVE_HEAD: Final = (
    sa.update(_HEAD)
    .where(_HEAD.c.community_id == sa.bindparam("new_community_id"))
    .values({column: sa.bindparam(f"new_{column.name}") for column in _MOVED})
)


def _write_in_one_statement(connection: sa.Connection, new: Sequence[Rows], head: Values | None) -> None:
    values = {f"rows_of_{item.table.name}": _json(item.values) for item in new}
    assert len(values) == len(new), "rows of one table are written together"
    if head is not None:
        values[f"rows_of_{_HEAD.name}"] = _json([head])
    if values:
        shape = tuple((item.table, tuple(item.values[0])) for item in new)
        connection.execute(_statement(shape, moving=head is not None), values)


@cache
def _statement(shape: Shape, *, moving: bool) -> sa.Select[int]:
    """Build the one statement: a part for each table, and one for the head."""
    parts = (_insert_given(table, columns).cte(f"new_{table.name}") for table, columns in shape)
    statement = sa.select(sa.literal(1)).add_cte(*parts)
    if not moving:
        return statement
    given = _given(_HEAD)
    moved = sa.update(_HEAD).where(_HEAD.c.community_id == given.c.community_id)
    return statement.add_cte(moved.values({column: given.c[column.name] for column in _MOVED}).cte("moved"))


def _insert_given(table: sa.Table, columns: Sequence[str]) -> sa.Insert:
    given = _given(table).c
    return sa.insert(table).from_select(columns, sa.select(*(given[column] for column in columns)))


def _given(table: sa.Table) -> sa.TableValuedAlias:
    """Read rows of a table from JSON. Its schema is named because `line` is also a type of PostgreSQL's own."""
    of_table: sa.ColumnClause[Any] = sa.literal_column(f"CAST(NULL AS public.{table.name})")
    written = sa.cast(sa.bindparam(f"rows_of_{table.name}", type_=sa.Text), sa.JSON)
    rows = sa.func.json_populate_recordset(of_table, written)
    return rows.table_valued(*(sa.column(column.name, column.type) for column in table.c)).alias(f"given_{table.name}")


def _json(values: Sequence[Values]) -> str:
    return json.dumps(values, ensure_ascii=False, default=_written)


def _written(value: object) -> str:
    match value:
        case bytes():
            return f"\\x{value.hex()}"
        case datetime():
            assert value.tzinfo is not None, value
            return value.isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(f"no column takes a {type(value).__name__}")
