"""A listing: what a list of the program shows, beside the plain rows that it is made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.database import Base
from timebank.demo.stage import COMMUNITY

Row = dict[str, Any]
Wanted = dict[str, Any]


def has(name: str) -> Callable[[Row, Any], bool]:
    """Tell whether a row has a value in a column."""
    return lambda row, value: bool(row[name] == value)


@dataclass(frozen=True)
class By:
    """One filter of a list.

    Attributes:
        values: those of a row that somebody might ask for.
        fits: whether a row is wanted.
        absent: something that no row has; None where only what is there can be asked for.
        needed: the list is never shown without it.
    """

    values: Callable[[Row], Sequence[Any]]
    fits: Callable[[Row, Any], bool]
    absent: Any = None
    needed: bool = False


def by(name: str, absent: Any = "nothing", *, needed: bool = False) -> By:
    """Ask for the rows that have this in a column."""
    return By(lambda row: [row[name]] if row[name] is not None else [], has(name), absent, needed)


@dataclass(frozen=True)
class Listing:
    """One list.

    Attributes:
        rows: every row, as plain values.
        ask: a page of what is wanted, after what was shown last (None at first), at most so many.
        shown: what names one row, and how the same name is found in what is shown.
        order: the order in which rows are shown.
        pages: whether it can go on after a page.
    """

    rows: Callable[[Session], list[Row]]
    ask: Callable[[Session, Wanted, Any, int], Sequence[Any]]
    shown: tuple[str, Callable[[Any], Any]]
    order: Callable[[Row], Any]
    newest_first: bool = True
    filters: dict[str, By] = field(default_factory=dict)
    pages: bool = True
    after: Callable[[Any], Any] | None = None


def rows_of(name: str, *which: Callable[[Row], bool]) -> Callable[[Session], list[Row]]:
    """Read a whole table; keep the rows of which all of this is true."""

    def read(session: Session) -> list[Row]:
        table = Base.metadata.tables[name]
        rows = [dict(row._mapping) for row in session.execute(sa.select(table))]
        return [row for row in rows if row["community_id"] == COMMUNITY and all(each(row) for each in which)]

    return read
