"""Damage: what somebody with the files or the server could do to a community's books and records.

Each damage is done in a transaction that is undone, in which no trigger, foreign key or CHECK stops anybody.
"""

import re
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.tables import EntryRow, LineRow, LogHeadRow, MemoRow, TransferRow
from timebank.ledger.merkle import leaf_hash


@contextmanager
def unguarded(url):
    """Open a session of somebody whom nothing stops; what they do is undone at the end."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _unguard_sqlite(connection)
        else:
            _unguard_postgresql(connection)
        yield Session(bind=connection)
        connection.rollback()
    engine.dispose()


def _unguard_sqlite(connection):
    """Python's own driver begins a transaction by itself with the first change; here it begins with all of it."""
    raw = connection.connection.dbapi_connection
    raw.isolation_level = None
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute("BEGIN")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{name}"')


def _unguard_postgresql(connection):
    connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
    checks = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = {}"
    for table, name in connection.execute(sa.text(checks.format("'public'::regnamespace"))).all():
        connection.execute(sa.text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))


def run(statement):
    """A damage done by one statement."""
    return lambda session: session.connection().exec_driver_sql(statement)


def leaf(kind, old, new, *, rehash=False):
    """A damage to the bytes of the first entry of a kind; whoever is careful writes the right hash beside them."""

    def edit(session):
        wanted = sa.select(EntryRow.seq, EntryRow.leaf).where(EntryRow.kind == kind).order_by(EntryRow.seq).limit(1)
        seq, before = session.execute(wanted).one()
        after = re.sub(old.encode(), new.encode(), before)
        assert after != before, before
        values = {"leaf": after} | ({"leaf_hash": leaf_hash(after)} if rehash else {})
        session.execute(sa.update(EntryRow).where(EntryRow.seq == seq).values(values))

    return edit


def removed(how_many=1, *, last=True):
    """Cut off the newest entries with all their rows, or cut one out of the middle."""

    def remove(session):
        size = session.scalar(sa.select(LogHeadRow.size))
        gone = list(range(size - how_many + 1, size + 1)) if last else [size // 2]
        for table in (LineRow, TransferRow, MemoRow, EntryRow):
            session.execute(sa.delete(table).where(table.seq.in_(gone)))

    return remove


def swapped(session):
    """Two entries have changed places."""
    first, second = session.execute(sa.select(EntryRow.seq, EntryRow.leaf, EntryRow.leaf_hash).limit(2).offset(4)).all()
    for seq, other in ((first.seq, second), (second.seq, first)):
        changed = {"leaf": other.leaf, "leaf_hash": other.leaf_hash}
        session.execute(sa.update(EntryRow).where(EntryRow.seq == seq).values(changed))
