"""Races: many at once on the last points, the last piece, one key; exactly one wins, and nobody is stuck."""

import multiprocessing
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from tests.books import builders, tills
from tests.books.forgeries import a_right_posting, some_books
from tests.books.snapshots import rows_of
from timebank.books import statements
from timebank.database import new_engine, reading, writing

RACERS = 8
TILLS = 20


def race(*runners):
    """Let every runner start at the same moment, each in a thread of its own; return what they say."""
    line = threading.Barrier(len(runners))

    def run(runner):
        line.wait()
        return runner()

    with ThreadPoolExecutor(len(runners)) as threads:
        return list(threads.map(run, runners))


def asking(database, operation, key, **asked):
    """A runner that makes one request."""
    return lambda: tills.answer(database.engine, operation, key, **asked)


def balance(database, account):
    with reading(database.engine) as session:
        return statements.balance(session, "xfl", account)


def rows(database, table):
    with reading(database.engine) as session:
        return rows_of(session)[table]


class TestRaces:
    """ledger.md sections 1 and 7: one lock per community, taken first; exactly one winner."""

    def test_postings_that_touch_the_same_accounts_in_opposite_order_never_wait_for_each_other(self, database):
        tills.open_books(database.engine, points=1000)
        first = tills.answer(database.engine, tills.redeem, "redeeming-first", owner=tills.OWNER, amount=100)

        told = race(
            *(asking(database, tills.redeem, f"one-way-{till}", owner=tills.OWNER, amount=1) for till in range(4)),
            asking(database, tills.reverse, "and-back-again", seq=first),
        )

        assert [3, 4, 5, 6, 7] == sorted(told)
        assert 996 == balance(database, builders.passbook())

    def test_the_numbers_of_entries_have_no_gaps(self, database):
        tills.open_books(database.engine)

        told = race(
            *(
                asking(database, tills.award, f"numbered-{till}", owner=f"V{till:04}", amount=1)
                for till in range(RACERS)
            )
        )

        assert list(range(1, RACERS + 1)) == sorted(told)

    def test_two_communities_do_not_wait_for_each_other(self, database):
        tills.open_books(database.engine)
        with writing(database.engine) as session:
            builders.a_log(session, "other")
        if database.kind == "sqlite":
            return

        with writing(database.engine) as session:
            builders.posted(session, builders.an_award())
            with writing(database.engine) as beside:
                seq = builders.posted(beside, builders.an_award(), community_id="other").seq

        assert 1 == seq


class TestTwentyTills:
    """Twenty tills at once: processes on SQLite, connections on PostgreSQL."""

    def test_on_the_last_points_and_the_last_piece_one_wins(self, database):
        tills.open_books(database.engine, points=10, pieces=1)

        told = _twenty_processes(database) if database.kind == "sqlite" else _twenty_threads(database)

        assert {3: 1, "not_enough": TILLS - 1} == Counter(told)
        assert (0, 0) == (balance(database, builders.passbook()), balance(database, builders.shelf()))


def _twenty_threads(database):
    return race(*(lambda till=till: _one_till(database.engine, till) for till in range(TILLS)))


def _twenty_processes(database):
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    started = [context.Process(target=_in_a_process, args=(database.url, till, answers)) for till in range(TILLS)]
    database.engine.dispose()
    for process in started:
        process.start()
    for process in started:
        process.join()
    return [answers.get() for _ in started]


def _in_a_process(url, till, answers):
    answers.put(_one_till(new_engine(url), till))


def _one_till(engine, till):
    return tills.answer(engine, tills.redeem, f"till-number-{till}", owner=tills.OWNER, amount=10, pieces=1)


class TestTheSecondWall:
    """ledger.md section 1, decision 4: the chain of lines is right whatever the program forgets."""

    @pytest.mark.parametrize("database_kind", ["postgresql"])
    def test_even_without_the_lock_the_chain_of_lines_refuses_to_spend_twice(self, database):
        """The second wall: of many who take the same place in an account's chain, one can."""
        some_books(database.engine)

        told = race(*[lambda: _written_without_the_lock(database.engine)] * RACERS)

        assert {True: 1, False: RACERS - 1} == Counter(told)


def _written_without_the_lock(engine):
    try:
        with engine.begin() as connection:
            a_right_posting(connection).write(connection)
    except sa.exc.IntegrityError:
        return False
    return True
