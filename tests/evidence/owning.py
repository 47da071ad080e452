"""Somebody who owns the database, with nothing in their way; what they may do with it stands in `tampering.py`."""

import json
from contextlib import contextmanager

import sqlalchemy as sa

from tests.evidence.builders import XFL
from timebank.database import SQLITE
from timebank.evidence.last_heads import LAST_HEADS_FILE
from timebank.ledger.merkle import Frontier, leaf_hash


class Owner:
    """Somebody who owns the database: no trigger, foreign key or check is in their way."""

    def __init__(self, connection, books, dice):
        self.connection, self.books, self.dice = connection, books, dice

    def run(self, statement, **values):
        """Run a statement in the community of the tests."""
        return self.connection.execute(sa.text(statement), {"community": XFL, **values})

    def all(self, question, **values):
        """Ask for rows."""
        return self.run(question, **values).all()

    def any(self, question, **values):
        """Choose one of the rows."""
        return self.dice.choice(self.all(question, **values))

    def size(self):
        """How many entries there are."""
        return self.run("SELECT max(seq) FROM entry WHERE community_id = :community").scalar()

    def leaf(self, seq):
        """Read an entry."""
        query = "SELECT leaf FROM entry WHERE community_id = :community AND seq = :seq"
        return bytes(self.run(query, seq=seq).scalar())

    def rewrite(self, seq, change, *, hashed):
        """Change the bytes of an entry; `hashed` keeps its hash in step."""
        document = json.loads(self.leaf(seq))
        change(document)
        leaf = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        self.run("UPDATE entry SET leaf = :leaf WHERE community_id = :community AND seq = :seq", leaf=leaf, seq=seq)
        if hashed:
            update = "UPDATE entry SET leaf_hash = :hash WHERE community_id = :community AND seq = :seq"
            self.run(update, hash=leaf_hash(leaf), seq=seq)

    def a_seq_with_transfers(self):
        """Choose an entry that moved something."""
        return self.any("SELECT DISTINCT seq FROM transfer WHERE community_id = :community ORDER BY seq").seq

    def hash_all_again(self):
        """Put the head in step with the entries (the town is smaller than one tile, so no node is kept)."""
        query = "SELECT seq, leaf FROM entry WHERE community_id = :community ORDER BY seq"
        frontier = Frontier()
        for row in self.all(query):
            frontier = frontier.append(leaf_hash(bytes(row.leaf)))
        head = "UPDATE log_head SET size = :size, frontier = :frontier WHERE community_id = :community"
        self.run(head, size=frontier.size, frontier=frontier.to_bytes())

    def forget_heads(self, above=0):
        """Remove signed heads and what witnesses signed below them, and let the signer forget."""
        for table in ("cosignature", "checkpoint"):
            self.run(f"DELETE FROM {table} WHERE community_id = :community AND size > :above", above=above)
        (self.books.folder / LAST_HEADS_FILE).unlink(missing_ok=True)


@contextmanager
def owning(books, dice):
    """Own the database of a test for a while."""
    on_sqlite = books.database.kind == "sqlite"
    books.database.engine.dispose()
    engine = sa.create_engine(books.database.url, **({"module": SQLITE} if on_sqlite else {}))
    with engine.begin() as connection:
        if on_sqlite:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            query = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
            for table, name in connection.exec_driver_sql(query).all():
                connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield Owner(connection, books, dice)
    engine.dispose()
