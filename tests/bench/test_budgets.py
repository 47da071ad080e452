"""What can be counted without noise, on every change: round trips, statements, scans, rows, bytes.

performance.md section 2, the last lines; section 1, what follows.
"""

import gc
import re
from contextlib import contextmanager
from typing import Final

import pytest
import sqlalchemy as sa

from timebank.bench.running import COMMUNITY, FOUNDED
from timebank.bench.tills import till
from timebank.bench.town import CHUNK, Size, found, town_of
from timebank.bench.visits import Site
from timebank.books import pages, statements
from timebank.database import reading
from timebank.ledger.entries import Entry
from timebank.market import queries as market
from timebank.rulebook.rules import ordinary_document
from timebank.rulebook.simulation import Recount, differences, simulate

VOLUNTEERS: Final = 300
REDEEM_TRIPS_MAX: Final = 3
"""And the commit: the lock, all questions, all rows."""
REDEEM_STATEMENTS_ON_SQLITE: Final = 11
"""SQLite has no round trips: a statement for each table."""
SIGN_IN_TRIPS: Final = 1
BALANCE_TRIPS_MAX: Final = 2
PAGE_TRIPS_MAX: Final = 4
LINE_BYTES_MAX: Final = 1024
SCANNED_ROWS_MAX: Final = 1000
HELD_MAX: Final = 5
"""Entries that a walk through the log holds at once."""
ODD_STATEMENTS: Final = 5
"""What is looked for only where something of the kind is among the rows."""
BOOKS: Final = ("account", "entry", "memo", "transfer", "line", "tree_node")
ALSO: Final = {"request": 1, "trail": 1, "transfer": 2}


@pytest.fixture
def village(database):
    """A town of few people, for what does not depend on how many there are."""
    found(database.engine, COMMUNITY, Size(volunteers=6, records=2), FOUNDED)
    return database.engine


@pytest.fixture
def engine(database):
    """A town with more than a thousand entries."""
    found(database.engine, COMMUNITY, Size(volunteers=VOLUNTEERS, records=4), FOUNDED)
    return database.engine


@contextmanager
def counted(engine):
    """Give the statements and the rows written, as long as it lasts."""
    seen: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if not statement.startswith(("BEGIN", "PRAGMA", "EXPLAIN")):
            seen.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


class TestRoundTrips:
    """Round trips cost more than durability: few, wide statements, whatever the history."""

    def test_a_redemption_takes_three_and_the_commit(self, village):
        redeem = till(village, town_of(village, COMMUNITY), "till")
        redeem()

        assert _redeem_statements(village) == len(_asked(village, redeem))

    def test_a_balance_takes_one_and_the_signing_in(self, village):
        account = _passbook(village)

        assert BALANCE_TRIPS_MAX - SIGN_IN_TRIPS >= len(_asked(village, lambda: _balance(village, account)))

    def test_pages_take_four_and_a_redemption_over_http_five_and_the_commit(self, village, tmp_path):
        site = Site(village, town_of(village, COMMUNITY), tmp_path)
        visit, redeem = site.passbook(), site.redemption()
        visit(), redeem()

        asked, redeemed = _asked(site.engine, visit), _asked(site.engine, redeem)

        site.close()
        assert PAGE_TRIPS_MAX >= len(asked), [statement[:80] for statement, _ in asked]
        assert _redeem_statements(village) + SIGN_IN_TRIPS + 1 >= len(redeemed), [one[:80] for one, _ in redeemed]


def _redeem_statements(engine):
    return REDEEM_TRIPS_MAX if engine.dialect.name == "postgresql" else REDEEM_STATEMENTS_ON_SQLITE


def _balance(engine, account):
    with reading(engine) as session:
        return statements.balance(session, COMMUNITY, account)


def _asked(engine, work):
    with counted(engine) as seen:
        work()
    return seen


class TestGrowth:
    """What one request costs does not depend on what came before it."""

    def test_what_is_approved_at_once_takes_about_as_many_statements_for_hundreds_of_records_as_for_ten(self, database):
        few, many = (
            _statements_to_found(database.engine, "few", 10),
            _statements_to_found(database.engine, "many", CHUNK),
        )

        assert ODD_STATEMENTS >= abs(many - few)

    def test_a_redemption_writes_the_same_rows_after_any_history(self, village):
        redeem = till(village, town_of(village, COMMUNITY), "till")
        redeem()
        first = _written(village, redeem)
        for _ in range(20):
            redeem()

        assert first == _written(village, redeem)
        assert {"entry": 1, "line": 4, "memo": 1, "redemption": 1, "redemption_line": 1} | ALSO == first

    def test_a_line_takes_a_kilobyte_at_most_with_everything_in_the_books_that_belongs_to_it(self, engine):
        _settle(engine)

        lines = _rows(engine)["line"]

        assert LINE_BYTES_MAX >= _bytes_of_books(engine) / lines


class TestScans:
    """No table of more than a thousand rows is read from one end to the other, on either database."""

    def test_no_question_of_a_redemption_a_balance_or_a_page_reads_a_whole_table(self, engine):
        town, account = town_of(engine, COMMUNITY), _passbook(engine)
        redeem = till(engine, town, "till")
        for _ in range(50):
            redeem()
        _settle(engine)

        with counted(engine) as seen:
            redeem()
            with reading(engine) as session:
                statements.balance(session, COMMUNITY, account)
                statements.balance_at(session, COMMUNITY, account, FOUNDED)
                statements.balance_as_of(session, COMMUNITY, account, FOUNDED.date())
                market.passbook(session, COMMUNITY, account.owner, FOUNDED)
                pages.statement(session, COMMUNITY, [account, account], limit=50)

        large = {name for name, count in _rows(engine).items() if count > SCANNED_ROWS_MAX}
        assert {"entry", "line", "transfer"} <= large
        assert {} == {statement[:80]: read for statement, read in _whole_tables(engine, seen, large)}

    def test_a_question_that_reads_a_whole_table_is_found(self, village):
        statement = "SELECT sum(delta) FROM line WHERE amount > 1"

        assert [(statement, {"line"})] == list(_whole_tables(village, [(statement, ())], {"line"}))


def _passbook(engine):
    with reading(engine) as session:
        return statements.passbook_accounts(session, COMMUNITY, "V0001")[-1].account


def _statements_to_found(engine, community, volunteers):
    """Count what it takes to open a community, register its people, record and approve a service of each."""
    with counted(engine) as seen:
        found(engine, community, Size(volunteers=volunteers, records=1), FOUNDED)
    return len(seen)


def _rows(engine):
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        return {name: connection.scalar(sa.text(f'SELECT count(*) FROM "{name}"')) for name in tables}


def _written(engine, work):
    before = _rows(engine)
    work()
    return {name: count - before[name] for name, count in _rows(engine).items() if count != before[name]}


def _settle(engine):
    """Let the database know its own figures, as it does by itself after a while."""
    if engine.dialect.name == "postgresql":
        owner = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with owner.connect() as connection:
            connection.exec_driver_sql("ANALYZE")


def _bytes_of_books(engine):
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            sizes = " + ".join(f"pg_total_relation_size('{name}')" for name in BOOKS)
            return connection.exec_driver_sql(f"SELECT {sizes}").scalar()
    return _bytes_with_the_books(engine) - _bytes_without(engine)


def _bytes_with_the_books(engine):
    with engine.connect() as connection:
        pages_used, free, size = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages_used - free) * size


def _bytes_without(engine):
    """Take the books out of the file, which nobody uses afterwards, and see what is left."""
    raw = engine.raw_connection()
    raw.execute("PRAGMA query_only = OFF")
    raw.execute("PRAGMA foreign_keys = OFF")
    for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{trigger}"')
    for name in BOOKS:
        raw.execute(f"DELETE FROM {name}")
    raw.close()
    return _bytes_with_the_books(engine)


def _whole_tables(engine, seen, large):
    """Tell which large tables each statement reads from one end to the other, by the database's own plan."""
    with engine.connect() as connection:
        for statement, parameters in seen:
            if statement.startswith(("INSERT", "UPDATE")):
                continue
            read = _plan(connection, statement, parameters) & large
            if read:
                yield statement, read


def _plan(connection, statement, parameters):
    """Name the tables that a plan scans. PostgreSQL scans small tables always, so it is asked to avoid it if it can."""
    if connection.dialect.name == "sqlite":
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        return set(re.findall(r"SCAN (\w+)", " ".join(step[3] for step in steps)))
    with connection.begin_nested():
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        steps = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
    return set(re.findall(r"Seq Scan on (\w+)", " ".join(steps)))


class TestMemory:
    """Computing again and trying rules walk the log: of a thousand entries a handful is held at any moment."""

    def test_a_recomputation_and_a_trial_hold_no_entry_that_has_passed(self, engine):
        held: list[int] = []

        def told(_count):
            held.append(sum(isinstance(each, Entry) for each in gc.get_objects()))

        before = sum(isinstance(each, Entry) for each in gc.get_objects())
        with reading(engine) as session:
            recount = Recount()
            assert [] == list(differences(session, COMMUNITY, recount, told))
            simulate(session, COMMUNITY, ordinary_document(), last_on=FOUNDED.date(), told=told)

        assert (VOLUNTEERS * 4, 2) == (recount.services, len(held))
        assert HELD_MAX >= max(held) - before
