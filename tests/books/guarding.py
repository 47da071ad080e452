"""Guarding: a forgery for every single guard of the books, made from the guard itself.

What a guard forbids can mostly be read from it: an empty column, a key that is there already, a reference to nothing, a
number out of range, half a number, all rows gone at once. Where that is not enough, `guarding_by_hand` has it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from tests.books.forgeries import FORGERIES, Posting
from timebank import guards, schema
from timebank.books import tables
from timebank.books.log import tables as log_tables
from timebank.database import Base

BOOKS = tuple(
    row.__table__
    for module in (tables, log_tables)
    for row in vars(module).values()
    if isinstance(row, type) and hasattr(row, "__table__") and row.__module__ == module.__name__
)
"""Every table of the room."""
NAMES = frozenset(table.name for table in BOOKS)
TRUNCATES = {guard for guard in guards.TRIGGERS["postgresql"] if guard.endswith("_no_truncate")}
NOWHERE = 98
"""A number under which there is nothing."""


@dataclass(frozen=True)
class Breach:
    """What a guard keeps out: a posting that is changed, or a statement after a right one.

    Attributes:
        behind: other guards that would refuse the same; they are taken away before it is tried.
    """

    guard: str
    change: Callable[[Posting], object] = lambda posting: None
    statement: str = ""
    behind: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The table that is guarded."""
        return self.guard.split(".")[0]


def guards_of(connection: sa.Connection) -> set[str]:
    """Name every guard of the books: all but indexes, which promise nothing, and what a primary key says already."""
    named = {guard for guard in schema.expected_guards(connection) if guard.split(".")[0] in NAMES}
    keys = {f"{table.name}.{column.name} NOT NULL" for table in BOOKS for column in table.primary_key}
    return named - keys - {f"{table.name}.{index.name}" for table in BOOKS for index in table.indexes}


def read_from(guard: str) -> Iterator[Breach]:
    """Yield what the guard itself says that it keeps out."""
    table, name = guard.split(".")
    if name.endswith(" NOT NULL"):
        yield Breach(guard, _changed(table, name.removesuffix(" NOT NULL"), None))
    elif name.startswith(("pk_", "uq_")):
        yield Breach(guard, lambda posting: posting.add(table))
    elif name.startswith("fk_"):
        yield Breach(guard, _changed(table, _constraint(table, name).column_keys[-1], NOWHERE))
    elif found := re.fullmatch(rf"ck_{table}_(\w+)_(range|whole|known)", name):
        column, what = found.groups()
        wrong = {"range": -1, "whole": 1.5, "known": 0 if column == "sign" else "other"}[what]
        yield Breach(guard, _changed(table, column, wrong))
    elif name.endswith("_no_truncate"):
        others = TRUNCATES - {guard}
        yield Breach(guard, statement=f"TRUNCATE {table} CASCADE", behind=tuple(sorted(others)))


def _constraint(table: str, name: str) -> sa.ForeignKeyConstraint:
    found = next(each for each in Base.metadata.tables[table].constraints if each.name == name)
    assert isinstance(found, sa.ForeignKeyConstraint), found
    return found


def _changed(table: str, column: str, value: object) -> Callable[[Posting], object]:
    return lambda posting: posting.row(table).update({column: value})


def named_forgeries() -> Iterator[Breach]:
    """Yield the forgeries that have names."""
    return (Breach(forgery.guard, forgery.change) for forgery in FORGERIES.values())
