"""Crashes: wherever it is stopped, a request is done or not done, never half; what was acknowledged is there."""

import os
import subprocess
import sys
import time
from itertools import count

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests.books import builders, tills
from tests.books.snapshots import rows_of
from tests.builders import an_act
from tests.meta.sources import ROOT
from timebank.books import statements
from timebank.books.tables import EntryRow, RequestRow
from timebank.database import Busy, ReadingSession, db, reading, reading_engine, writing
from timebank.ledger.canonical import entry_of

LONG = "TIMEBANK_TEST_LONG" in os.environ
KILLS = 25 if LONG else 2
STEPS_BETWEEN = 1 if LONG else 30
"""How many steps of SQLite's machine lie between two places at which it is stopped."""

KEY = "the-interrupted-request"


class Stopped(Exception):
    """The machine stops here."""


@pytest.fixture
def books(database):
    """Books with points and rice, for a redemption that takes both."""
    tills.open_books(database.engine, points=100, pieces=3)
    return database


def redeem(database, before_the_commit=lambda: None):
    with writing(database.engine) as session:
        seq = tills.redeem(session, an_act(request_key=KEY), owner=tills.OWNER, amount=10, pieces=1)
        before_the_commit()
    return seq


def everything(database):
    with reading(database.engine) as session:
        return rows_of(session)


def balance(database, account):
    with reading(database.engine) as session:
        return statements.balance(session, "xfl", account)


class Stopper:
    """Stops the machine at one place: SQLite's own at a step of it, any other at a statement or at the commit."""

    def __init__(self, engine):
        self.left = 0
        if engine.dialect.name == "sqlite":
            event.listen(engine, "checkout", lambda raw, *_: raw.set_progress_handler(self._step, STEPS_BETWEEN))

    def before_statements(self, engine):
        """Stop before a statement, or before the commit, instead of within one."""
        event.listen(engine, "before_cursor_execute", self.stop)

    def _step(self):
        self.left -= 1
        return self.left == 0

    def stop(self, *_):
        self.left -= 1
        if self.left == 0:
            raise Stopped


class TestEveryCrashPoint:
    """trust.md G4: stopped at any step, everything is as it was; asked again with the same key, it is done once."""

    @pytest.mark.parametrize("database_kind", ["sqlite"])
    def test_stopped_within_any_statement(self, books):
        stopper = Stopper(books.engine)

        assert len(_stopped_everywhere(books, stopper)) > 20
        assert_done_once(books)

    def test_stopped_between_any_two_statements(self, books):
        stopper = Stopper(books.engine)
        stopper.before_statements(books.engine)

        assert len(_stopped_everywhere(books, stopper)) > 5
        assert_done_once(books)


def _stopped_everywhere(books, stopper):
    """Stop at the first place, then at the second, and so on, until the request gets through."""
    before = everything(books)
    stopped = []
    for place in count(1):
        stopper.left = place
        try:
            redeem(books, before_the_commit=stopper.stop)
        except (Busy, Stopped):
            stopped.append(place)
        else:
            return stopped
        finally:
            stopper.left = 0
        assert before == everything(books), f"half done when stopped at place {place}"
    raise AssertionError("never got through")


def assert_done_once(books):
    """The redemption is there, once, and asking again is answered alike."""
    assert 3 == redeem(books)
    assert 3 == len(everything(books)["entry"])
    assert (90, 2) == (balance(books, builders.passbook()), balance(books, builders.shelf()))


@pytest.mark.parametrize("database_kind", ["postgresql"])
class TestLosingTheServer:
    """trust.md F9: the server ends the connection; the caller tries again, and the key tells what became of it."""

    def test_before_the_commit_nothing_happened(self, books):
        before = everything(books)

        with pytest.raises(Busy):
            redeem(books, before_the_commit=lambda: self._end_the_one_that_writes(books))

        assert before == everything(books)
        assert 3 == redeem(books)
        assert_done_once(books)

    def test_an_idle_connection_that_was_ended_is_replaced_unnoticed(self, books):
        with reading(books.engine) as session:
            session.scalar(sa.text("SELECT 1"))
        self._end(books, "state = 'idle'")

        assert 3 == redeem(books)

    def test_a_page_whose_connection_was_ended_is_let_go_quietly(self, books):
        """The answer of a page is already written when its reading session is closed; it must not be lost then."""
        engine = reading_engine(books.engine)
        page = ReadingSession(db, bind=engine)
        page.execute(sa.text("SELECT 1"), bind_arguments={"bind": engine})
        self._end(books, "state = 'idle in transaction'")

        page.close()

        assert 3 == redeem(books)

    def _end_the_one_that_writes(self, books):
        self._end(books, "state = 'idle in transaction'")

    def _end(self, books, which):
        owner = sa.create_engine(books.url, poolclass=sa.NullPool)
        with owner.connect() as connection:
            ended = connection.scalars(
                sa.text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    f"WHERE application_name = 'timebank' AND datname = current_database() AND {which}"
                )
            )
            assert {True} == set(ended)
        owner.dispose()


class TestKilledProcess:
    """trust.md G2: SIGKILL at any moment loses nothing that was acknowledged and leaves nothing half done."""

    def test_what_was_acknowledged_is_there_once(self, database):
        tills.open_books(database.engine)
        acknowledged: dict[str, str] = {}
        for number in range(KILLS):
            acknowledged |= _kill_a_child(database.url, f"child-{number:03}", wanted=5 + 7 * number)

        with reading(database.engine) as session:
            answers = dict(iter(session.execute(sa.select(RequestRow.key, RequestRow.answer))))
            entries = [entry_of(leaf) for leaf in session.scalars(sa.select(EntryRow.leaf).order_by(EntryRow.seq))]

        assert acknowledged == {key: answers[key] for key in acknowledged}
        assert [f"{key}:1" for key in sorted(answers)] == [entry.event_id for entry in entries]
        assert len(entries) == balance(database, builders.passbook())
        assert len(entries) - len(acknowledged) <= KILLS

    def test_asking_again_after_the_kill_counts_once(self, database):
        tills.open_books(database.engine)
        acknowledged = _kill_a_child(database.url, "child-one", wanted=3)
        before = balance(database, builders.passbook())
        asked = {"owner": tills.OWNER, "amount": 1}

        again = {key: str(tills.answer(database.engine, tills.award, key, **asked)) for key in acknowledged}

        assert acknowledged == again
        assert before == balance(database, builders.passbook())


def _kill_a_child(url, name, wanted):
    """Let a child post until it has said so many entries, kill it in the middle of the next, return what it said."""
    command = [sys.executable, "-m", "tests.books.posting_child", url, name]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(wanted)]
        time.sleep(0.001 * (wanted % 7))
        child.kill()
        said += child.stdout.readlines()
    return dict(line.split() for line in said if line.endswith("\n"))
