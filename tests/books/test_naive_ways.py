"""Naive ways: every contest of the rounds once more, as somebody would write it who does not think of the others.

Each of them fails; so the rounds are able to fail.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from timebank.database import SQLITE

TABLES = (
    "CREATE TABLE purse (name text PRIMARY KEY, points integer)",
    "INSERT INTO purse VALUES ('A', 10), ('B', 10)",
    "CREATE TABLE done (request text)",
    "CREATE TABLE hold (outcome text)",
)


@pytest.fixture
def naive(empty_database):
    """An engine on tables without any promise, and the way to let two do the same at the same moment."""
    options = {"module": SQLITE} if empty_database.startswith("sqlite") else {}
    engine = sa.create_engine(empty_database, **options)
    with engine.begin() as connection:
        for statement in TABLES:
            connection.execute(sa.text(statement))
    yield Naive(engine)
    engine.dispose()


class Naive:
    """Two who look first, and act when both have looked."""

    def __init__(self, engine):
        self.engine = engine

    def look_and_act(self, question, *actions):
        """Each of the two acts unless the question finds something."""
        both_have_looked = threading.Barrier(2)

        def one(action):
            with self.engine.begin() as connection:
                found = connection.scalar(sa.text(question))
            both_have_looked.wait()
            if not found:
                with self.engine.begin() as connection:
                    connection.execute(sa.text(action))

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(one, actions))

    def ask(self, question):
        with self.engine.connect() as connection:
            return connection.scalar(sa.text(question))


class TestNaiveWays:
    """trust.md G8 and G9: without one lock, taken first, each contest has two winners."""

    def test_the_last_points_or_pieces_are_taken_twice(self, naive):
        take = "UPDATE purse SET points = points - 10 WHERE name = 'A'"

        naive.look_and_act("SELECT points < 10 FROM purse WHERE name = 'A'", take, take)

        assert -10 == naive.ask("SELECT points FROM purse WHERE name = 'A'")

    def test_one_key_counts_twice(self, naive):
        do = "INSERT INTO done VALUES ('key-1')"

        naive.look_and_act("SELECT 1 FROM done WHERE request = 'key-1'", do, do)

        assert 2 == naive.ask("SELECT count(*) FROM done")

    def test_an_entry_is_taken_back_twice(self, naive):
        back = "INSERT INTO done VALUES ('reversal of 1')"

        naive.look_and_act("SELECT 1 FROM done", back, back)

        assert 2 == naive.ask("SELECT count(*) FROM done")

    def test_a_hold_is_captured_and_comes_back(self, naive):
        ends = ("INSERT INTO hold VALUES ('captured')", "INSERT INTO hold VALUES ('expired')")

        naive.look_and_act("SELECT 1 FROM hold", *ends)

        assert 2 == naive.ask("SELECT count(DISTINCT outcome) FROM hold")

    def test_there_and_back_wait_for_each_other(self, naive):
        """Whoever locks the purses in the order of the transfer stands before the other's first one."""
        both_have_one = threading.Barrier(2)

        def move(giver, receiver):
            with naive.engine.begin() as connection:
                self._begin(connection)
                connection.execute(self._take(connection), {"name": giver})
                both_have_one.wait()
                connection.execute(sa.text("UPDATE purse SET points = points + 1 WHERE name = :n"), {"n": receiver})

        with ThreadPoolExecutor(2) as threads:
            there, back = (threads.submit(move, *names) for names in (("A", "B"), ("B", "A")))

        assert any(isinstance(way.exception(), sa.exc.OperationalError) for way in (there, back))

    def _begin(self, connection):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
            connection.exec_driver_sql("BEGIN DEFERRED")

    def _take(self, connection):
        """SQLite has one lock for all: there the reader who then wants to write is the one who waits for ever."""
        if connection.dialect.name == "sqlite":
            return sa.text("SELECT points FROM purse WHERE name = :name")
        return sa.text("UPDATE purse SET points = points - 1 WHERE name = :name")
