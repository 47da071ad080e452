"""Writing: one transaction, committed at the end or not at all; a database out of reach is told as busy."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event

import timebank.database
from tests.books import builders
from tests.builders import an_act
from timebank.books import head, statements
from timebank.books.head import NoSuchCommunity
from timebank.database import Busy, reading, rehearsing, wal_is_safe, writing

REFUSES_TO_WRITE = (sa.exc.OperationalError, sa.exc.InternalError)


def impatient(engine, monkeypatch):
    """Let the writers of this process and the engine's connections wait for a lock for a few milliseconds only."""
    monkeypatch.setattr(timebank.database, "BUSY_TIMEOUT_MS", 20)
    wait = {"sqlite": "PRAGMA busy_timeout = 20", "postgresql": "SET lock_timeout = 20"}[engine.dialect.name]

    @event.listens_for(engine, "checkout")
    def _(raw, _record, _proxy):
        raw.cursor().execute(wait)
        raw.commit()


class TestWriting:
    """architecture.md section 5: one request that writes is one transaction."""

    def test_what_was_written_is_there_for_the_next_one(self, database):
        with writing(database.engine) as session:
            builders.a_log(session)
            builders.posted(session, builders.an_award(points_e2=5))

        with reading(database.engine) as session:
            assert 5 == statements.balance(session, "xfl", builders.passbook())

    def test_an_error_leaves_nothing(self, database):
        with pytest.raises(AssertionError), writing(database.engine) as session:
            builders.posted(_with_a_log(session), builders.an_award(points_e2=0))

        with pytest.raises(NoSuchCommunity), writing(database.engine) as session:
            head.lock(session, "xfl")

    def test_a_rehearsal_leaves_nothing(self, database):
        with rehearsing(database.engine) as session:
            builders.a_log(session)
            assert 1 == builders.posted(session, builders.an_award()).seq

        with pytest.raises(NoSuchCommunity), writing(database.engine) as session:
            head.lock(session, "xfl")

    def test_whoever_reads_cannot_write(self, database):
        with pytest.raises(REFUSES_TO_WRITE), reading(database.engine) as session:
            builders.a_log(session)

    def test_whoever_reads_sees_one_moment(self, database):
        with writing(database.engine) as session:
            builders.a_log(session)
        with reading(database.engine) as reader:
            assert 0 == statements.balance(reader, "xfl", builders.passbook())
            with writing(database.engine) as session:
                builders.posted(session, builders.an_award(points_e2=5))

            assert 0 == statements.balance(reader, "xfl", builders.passbook())


def _with_a_log(session):
    builders.a_log(session)
    return session


class TestBusy:
    """trust.md C10, F9: locked or away is told as busy; a wrong statement is not."""

    def test_a_writer_who_waits_too_long_is_told_so(self, database, monkeypatch):
        with writing(database.engine) as session:
            builders.a_log(session)
        impatient(database.engine, monkeypatch)
        with writing(database.engine) as first:
            head.lock(first, "xfl")

            with pytest.raises(Busy), writing(database.engine) as second:
                head.lock(second, "xfl")

    def test_a_wrong_statement_is_a_fault_of_the_program(self, database):
        with pytest.raises(sa.exc.DBAPIError, match="nowhere"), writing(database.engine) as session:
            session.execute(sa.text("SELECT * FROM nowhere"))


class TestTheHead:
    """ledger.md section 1, decision 5: one lock per community, and what it counts."""

    def test_what_was_decided_and_not_written_does_not_count(self, session):
        builders.a_log(session)
        mine = head.lock(session, "xfl")
        mine.size += 7

        assert 0 == head.lock(session, "xfl").size

    def test_what_was_written_counts_in_the_same_transaction(self, session):
        builders.a_log(session)
        builders.posted(session, builders.an_award())

        assert 1 == head.lock(session, "xfl").size

    def test_a_community_that_is_not_there(self, session):
        with pytest.raises(NoSuchCommunity) as refused:
            head.lock(session, "nowhere")

        assert {"community": "nowhere"} == refused.value.facts

    def test_the_clock_may_be_set_back_and_the_order_of_booking_stays(self, session):
        builders.a_log(session)
        first = builders.posted(session, builders.an_award())
        second = builders.posted(session, builders.an_award(), at=first.booked_at.replace(year=2020))

        assert first.booked_at < second.booked_at
        assert 1 == (second.booked_at - first.booked_at).microseconds

    def test_entries_of_one_moment_are_a_microsecond_apart(self, session):
        builders.a_log(session)
        act = an_act()
        earlier, later = (builders.posted(session, builders.an_award(), at=act.at) for _ in range(2))

        assert (act.at, 1) == (earlier.booked_at, (later.booked_at - earlier.booked_at).microseconds)


class TestSqliteVersions:
    """trust.md section 0, finding 2: WAL only on a version without the WAL-reset bug."""

    @pytest.mark.parametrize("version", [(3, 51, 3), (3, 52, 0), (3, 50, 7), (3, 50, 8), (3, 44, 6)])
    def test_versions_that_are_mended(self, version):
        assert wal_is_safe(version)

    @pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 0), (3, 51, 2)])
    def test_versions_that_are_not(self, version):
        assert not wal_is_safe(version)
