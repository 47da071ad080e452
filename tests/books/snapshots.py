"""Snapshots: every row of the books, to see that nothing changed, or what did."""

import sqlalchemy as sa

from timebank.books import tables

BOOKS = tuple(
    table.__table__
    for table in vars(tables).values()
    if isinstance(table, type) and hasattr(table, "__table__") and table.__module__ == tables.__name__
)
"""The tables of the books."""
MOVED = tuple(table for table in BOOKS if table.name not in {"request", "trail"})
"""What must stand still when something is refused: all but the note that it was."""


def rows_of(session, which=BOOKS):
    """Return every row of these tables, by table, in order."""
    return {table.name: _rows(session, table) for table in which}


def fingerprint(session, which=BOOKS):
    """Return every row of these tables as one value: cheap, and another one for any other row."""
    if session.connection().dialect.name == "postgresql":
        digests = (
            f"SELECT '{table.name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM public.{table.name} AS t"
            for table in which
        )
        return tuple(tuple(row) for row in session.execute(sa.text(" UNION ALL ".join(digests))))
    cursor = session.connection().connection.cursor()
    return tuple(tuple(cursor.execute(f"SELECT * FROM {table.name} ORDER BY rowid").fetchall()) for table in which)


def _rows(session, table):
    return [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key))]
