"""Somebody who owns the database, with nothing in their way; what they may do with it stands in `tampering.py`."""

import json
import random
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.evidence.builders import XFL
from tests.evidence.towns import Files
from timebank import clock
from timebank.database import SQLITE
from timebank.evidence import signing
from timebank.evidence.bundle import write_bundle
from timebank.evidence.last_heads import LAST_HEADS_FILE
from timebank.ledger.merkle import Frontier, leaf_hash
from timebank.refusal import Refusal


class Owner:
    """Somebody who owns the database: no trigger, foreign key or check is in their way."""

    def __init__(self, connection, books):
        self.connection, self.books, self.dice = connection, books, random.Random(0)

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
    def with_dice(self, seed):
        """Own it with other dice; afterwards everything is as before, the signer's memory too."""
        memory = self.books.folder / LAST_HEADS_FILE
        kept, self.dice = memory.read_bytes(), random.Random(seed)
        trial = self.connection.begin_nested()
        yield self
        trial.rollback()
        memory.write_bytes(kept)

    def evidence(self):
        """Let the service sign what it finds, unless it notices; return the files of the bundle."""
        with Session(self.connection, join_transaction_mode="create_savepoint") as session:
            with suppress(Refusal):
                if not signing.nothing_new(session, XFL, self.books.signer):
                    checked = signing.checked_growth(session, XFL, self.books.signer)
                    signing.sign_head(session, XFL, signer=self.books.signer, checked=checked, at=clock.now())
            files = Files()
            write_bundle(session, XFL, keys=self.books.keys, place=files)
        return files


@contextmanager
def owning(books):
    """Own the database of a test for a while: no trigger and no check is left; in the end nothing has happened."""
    on_sqlite = books.database.kind == "sqlite"
    books.database.engine.dispose()
    # The driver for SQLite would begin by itself only before the first change of a row.
    engine = sa.create_engine(
        books.database.url, **({"module": SQLITE, "isolation_level": "AUTOCOMMIT"} if on_sqlite else {})
    )
    with engine.connect() as connection:
        if on_sqlite:
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            connection.exec_driver_sql("BEGIN")
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            query = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
            for table, name in connection.exec_driver_sql(query).all():
                connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield Owner(connection, books)
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()
