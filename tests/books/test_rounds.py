"""Two hundred rounds of thirty-two at the same moment: each contest has one winner, and nobody waits for ever."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import sqlalchemy as sa

from tests.books import tills
from tests.books.contests import RICH, Round, open_town
from timebank.books import statements
from timebank.database import new_engine, reading
from timebank.ledger.canonical import entry_of

LONG = "TIMEBANK_TEST_LONG" in os.environ
ROUNDS = 5000 if LONG else 200
RACERS = 32
SAME_KEY = 50
SAME_KEY_ROUNDS = 200 if LONG else 20
THREADS_OF_A_WORKER = 5
DEADLOCKS = sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


@pytest.fixture
def workers(database):
    """Engines as many workers have them: no request waits for a connection, only for the books."""
    engines = [new_engine(database.url) for _ in range(SAME_KEY // THREADS_OF_A_WORKER)]
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.fixture
def race(workers):
    """Let many ask at the same moment: `race(n, ask)` calls `ask(place, engine)` n times and returns the answers."""
    with ThreadPoolExecutor(SAME_KEY) as threads:

        def start(racers, ask):
            line = threading.Barrier(racers)

            def run(place):
                line.wait()
                return ask(place, workers[place % len(workers)])

            return list(threads.map(run, range(racers)))

        yield start


class TestTwoHundredRounds:
    """trust.md G8: 32 at once on the last points, the last piece, one reversal, a hold's end, there and back."""

    def test_every_contest_of_every_round_has_one_winner(self, database, race):
        open_town(database.engine)
        outcomes = set()
        for number in range(ROUNDS):
            this = Round(database.engine, number)
            requests = this.requests()

            def ask(place, engine, requests=requests):
                key, contest, operation, asked = requests[place]
                return contest, tills.answer(engine, operation, key, **asked)

            outcomes |= {this.judge(database.engine, race(RACERS, ask))}

        assert {"captured", "expired"} >= outcomes
        assert_whole(database)


class TestOneKeyFiftyTimes:
    """trust.md G9: fifty times the same request at once is one entry, and fifty times the same answer."""

    def test_is_answered_alike(self, database, race):
        open_town(database.engine)
        for number in range(SAME_KEY_ROUNDS):
            key = f"one-key-{number:04}"

            told = race(
                SAME_KEY, lambda _, engine, key=key: tills.answer(engine, tills.redeem, key, owner=RICH, amount=1)
            )

            assert {3 + number} == set(told)

        assert_whole(database)
        with reading(database.engine) as session:
            assert 2 + SAME_KEY_ROUNDS == statements.entries_total(session, "xfl")


def assert_whole(database):
    """Numbers without a gap, moments that increase; and nobody had to be freed from a deadlock."""
    with reading(database.engine) as session:
        entries = [entry_of(leaf) for leaf, _ in statements.entries_in_order(session, "xfl")]
        deadlocks = 0 if database.kind == "sqlite" else session.scalar(DEADLOCKS)
    assert list(range(1, len(entries) + 1)) == [entry.seq for entry in entries]
    assert all(earlier.booked_at < later.booked_at for earlier, later in pairwise(entries))
    assert 0 == deadlocks
