"""What somebody writes past the program: the database refuses it, on both kinds, whoever it is."""

import pytest
import sqlalchemy as sa

from tests.books.forgeries import EDITS, FORGERIES, ONE_KIND_ONLY, a_right_posting, some_books
from tests.books.snapshots import rows_of
from timebank.database import new_engine

REFUSED = (sa.exc.IntegrityError, sa.exc.ProgrammingError)
"""A constraint or trigger says no, or the role has no right to."""


@pytest.fixture
def books(database):
    """A database with seven entries."""
    some_books(database.engine)
    return database


@pytest.fixture
def owner(books):
    """An engine with all rights over the tables, as whoever runs the database has; guards are as they are."""
    engine = new_engine(books.url) if books.kind == "sqlite" else sa.create_engine(books.url)
    yield engine
    engine.dispose()


class TestForgeries:
    """ledger.md section 7: the corruptions are refused by both databases, not by the program."""

    def test_every_forged_posting_is_refused(self, books):
        got_in = [name for name, forgery in FORGERIES.items() if not _refuses(books, books.engine, forgery.change)]

        assert [] == got_in

    def test_a_right_posting_gets_in(self, books):
        _write(books.engine, lambda posting: None)

        assert 8 == len(_everything(books.engine)["entry"])

    def test_nothing_counts_for_a_closed_day(self, books):
        with books.engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO period_close VALUES ('xfl', '2026-11-23', 7)"))

        assert _refuses(books, books.engine, lambda posting: None)

    def test_nothing_moves_on_a_closed_account(self, books):
        with books.engine.begin() as connection:
            passbook = a_right_posting(connection).debit["account_id"]
            connection.execute(sa.text(f"INSERT INTO account_closing VALUES ('xfl', {passbook}, 7)"))

        assert _refuses(books, books.engine, lambda posting: None)


class TestHistory:
    """ledger.md section 3: the books only grow, whoever asks; trust.md section 0, finding 3."""

    def test_the_program_cannot_change_it(self, books):
        assert [] == _got_through(books, books.engine)

    def test_the_owner_of_the_database_cannot_change_it_by_a_slip(self, books, owner):
        assert [] == _got_through(books, owner)

    def test_a_memo_may_be_deleted_for_privacy(self, books):
        with books.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM memo WHERE seq = 1"))

        assert [6] == [row[1] for row in _everything(books.engine)["memo"]]


def _got_through(books, engine):
    ways = EDITS | ONE_KIND_ONLY[books.kind]
    return [name for name, statement in ways.items() if not _refuses(books, engine, statement)]


def _refuses(database, engine, what):
    """Try to write a forged posting, or to run a statement; nothing may have changed afterwards."""
    before = _everything(database.engine)
    try:
        _write(engine, what) if callable(what) else _run(engine, what)
    except REFUSED:
        return before == _everything(database.engine)
    return False


def _write(engine, change):
    with engine.begin() as connection:
        posting = a_right_posting(connection)
        change(posting)
        posting.write(connection)


def _run(engine, statement):
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def _everything(engine):
    with engine.connect() as connection:
        rows = rows_of(connection)
    assert all(rows[table] for table in ("entry", "hold", "memo", "request", "trail")), "nothing there to change"
    return rows
