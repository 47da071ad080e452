"""Races: many at once on the last points, the last piece, one key; exactly one wins, and nobody is stuck."""

import multiprocessing
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.books import builders, tills
from tests.books.forgeries import a_right_posting, some_books
from tests.books.snapshots import rows_of
from tests.builders import NOON
from timebank.books import statements
from timebank.database import new_engine, reading, writing

LONG = "TIMEBANK_TEST_LONG" in os.environ
RACERS = 32 if LONG else 8
ROUNDS = range(200 if LONG else 3)
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


def fill_up(database, points):
    """Let V0001 have exactly that many points."""
    missing = points - balance(database, builders.passbook())
    tills.answer(
        database.engine, tills.award, f"filling-up-{len(rows(database, 'entry'))}", owner=tills.OWNER, amount=missing
    )


class TestRaces:
    """ledger.md sections 1 and 7: one lock per community, taken first; exactly one winner."""

    def test_the_last_points_go_to_one(self, database):
        tills.open_books(database.engine)
        for number in ROUNDS:
            fill_up(database, 10)

            told = race(
                *(
                    asking(database, tills.redeem, f"round-{number}-till-{till}", owner=tills.OWNER, amount=10)
                    for till in range(RACERS)
                )
            )

            assert RACERS - 1 == told.count("not_enough"), told
            assert 0 == balance(database, builders.passbook())

    def test_the_last_piece_goes_to_one(self, database):
        tills.open_books(database.engine, points=1000, pieces=1)

        told = race(
            *(
                asking(database, tills.redeem, f"the-last-piece-{till}", owner=tills.OWNER, amount=1, pieces=1)
                for till in range(RACERS)
            )
        )

        assert RACERS - 1 == told.count("not_enough"), told
        assert 0 == balance(database, builders.shelf())
        assert 999 == balance(database, builders.passbook())

    def test_one_key_many_times_at_once_makes_one_entry_and_one_answer(self, database):
        tills.open_books(database.engine, points=1000)
        for number in ROUNDS:
            before = len(rows(database, "entry"))

            told = race(*[asking(database, tills.redeem, f"one-key-{number}", owner=tills.OWNER, amount=1)] * RACERS)

            assert {before + 1} == set(told)
            assert before + 1 == len(rows(database, "entry"))

    def test_two_reversals_of_one_entry(self, database):
        tills.open_books(database.engine)
        for number in ROUNDS:
            seq = tills.answer(database.engine, tills.award, f"award-{number:04}", owner=tills.OWNER, amount=10)

            told = race(*(asking(database, tills.reverse, f"{number}-reversal-{till}", seq=seq) for till in range(4)))

            assert {seq + 1: 1, "already_reversed": 3} == Counter(told)
            assert 0 == balance(database, builders.passbook())

    def test_a_hold_is_captured_or_comes_back(self, database):
        tills.open_books(database.engine, points=100)
        for number in ROUNDS:
            end = NOON + timedelta(hours=number + 1)
            asked = {"owner": tills.OWNER, "amount": 5}
            seq = tills.answer(database.engine, tills.hold, f"holding-{number}", expires_at=end, **asked)
            had = balance(database, builders.passbook())

            captured, _ = race(
                asking(database, tills.capture, f"capturing-{number}", hold_seq=seq, at=end - timedelta(seconds=1)),
                asking(database, tills.award, f"touching-{number}", owner=tills.OWNER, amount=1, at=end),
            )

            outcome = next(row[-1] for row in rows(database, "hold_resolution") if row[1] == seq)
            came_back = 5 if captured == "hold_over" else 0
            assert ("expired" if came_back else "captured") == outcome
            assert had + 1 + came_back == balance(database, builders.passbook())

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


class TestTheControl:
    """The same race without our way of writing: it fails, so the tests above are able to fail."""

    def test_looking_first_and_taking_later_gives_the_last_points_to_everybody(self, database):
        owner = sa.create_engine(database.url)
        with owner.begin() as connection:
            connection.execute(sa.text("CREATE TABLE naive (points integer)"))
            connection.execute(sa.text("INSERT INTO naive VALUES (10)"))
        all_have_looked = threading.Barrier(4)

        def take():
            with owner.begin() as connection:
                there = connection.scalar(sa.text("SELECT points FROM naive"))
            all_have_looked.wait()
            if there >= 10:
                with owner.begin() as connection:
                    connection.execute(sa.text("UPDATE naive SET points = points - 10"))

        race(take, take, take, take)

        with owner.connect() as connection:
            assert -30 == connection.scalar(sa.text("SELECT points FROM naive"))
        owner.dispose()

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
