"""Every guard of the books, one at a time: with it the forgery is refused, without it the forgery gets in."""

from collections import defaultdict
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import sqlalchemy as sa

from tests.books.forgeries import a_right_posting, some_books
from tests.books.guarding import NAMES, TRUNCATES, Breach, guards_of, named_forgeries, read_from
from tests.books.guarding_by_hand import BY_HAND, DELETES, UPDATES
from tests.books.weakening import weaken
from timebank.database import SQLITE, new_engine
from timebank.guards import FORBIDDEN, TRIGGERS

REFUSED = (sa.exc.IntegrityError, sa.exc.ProgrammingError)
"""A guard says no, or the role has no right to."""


class SqliteBooks:
    """Books on SQLite: every trial has a copy in memory."""

    def __init__(self, url):
        self.kept = SQLITE.connect(url.removeprefix("sqlite:///"))

    @contextmanager
    def without(self, *guards, off=""):
        """Open the books after they have lost these guards, with one setting off."""
        copied = SQLITE.connect(":memory:", isolation_level=None)
        self.kept.backup(copied)
        engine = sa.create_engine("sqlite://", module=SQLITE, creator=lambda: copied, poolclass=sa.StaticPool)
        with engine.connect() as connection:
            for guard in guards:
                weaken(connection, guard)
            for setting in {"foreign_keys", "recursive_triggers"} - {off}:
                connection.exec_driver_sql(f"PRAGMA {setting} = ON")
            connection.exec_driver_sql("BEGIN")
            yield connection
        copied.close()

    def finish(self, connection):
        """Commit, so that what waits for the end is checked, and go on."""
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")

    def close(self):
        self.kept.close()


class PostgresqlBooks:
    """Books on PostgreSQL: every trial is a transaction of the owner that is undone."""

    def __init__(self, url):
        self.engine = sa.create_engine(url)

    @contextmanager
    def without(self, *guards):
        """Open the books after they have lost these guards."""
        with self.engine.connect() as connection:
            for guard in guards:
                weaken(connection, guard)
            yield connection
            connection.rollback()

    def finish(self, connection):
        """Check what waits for the end."""
        connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))

    def close(self):
        self.engine.dispose()


@pytest.fixture(scope="module")
def made():
    """The books of each kind of database, made when the first test asks for them, removed after the last."""
    found: dict[str, Any] = {}
    yield found
    for server, url in found.values():
        server.drop(url)


@pytest.fixture
def books(made, database_kind, database_server):
    if database_kind not in made:
        url = database_server.migrated()
        engine = new_engine(url)
        some_books(engine)
        engine.dispose()
        made[database_kind] = database_server, url
    kind = SqliteBooks if database_kind == "sqlite" else PostgresqlBooks
    opened = kind(made[database_kind][1])
    yield opened
    opened.close()


def ways_past(guards):
    """Return the forgeries against each guard: what is written out by hand, or else what the guard itself says."""
    found: dict[str, list[Breach]] = defaultdict(list)
    for breach in (*named_forgeries(), *BY_HAND):
        found[breach.guard].append(breach)
    return {guard: found[guard] or list(read_from(guard)) for guard in sorted(guards)}


def gets_in(books, breach, *without, **settings):
    """Try a forgery on books without some guards."""
    with books.without(*without, **settings) as connection, suppress(*REFUSED):
        forge(books, connection, breach)
        return True
    return False


def forge(books, connection, breach, role=""):
    posting = a_right_posting(connection)
    breach.change(posting)
    posting.write(connection)
    if breach.statement:
        books.finish(connection)
        connection.execute(sa.text(role or "SELECT 1"))
        assert connection.execute(sa.text(breach.statement)).rowcount, breach.statement
    books.finish(connection)


def faults(books, breach):
    """Yield what is wrong with a guard and one forgery against it; a guard that stands alone is tried alone."""
    if gets_in(books, breach):
        yield f"{breach.guard}: it gets in although every guard is there"
    if breach.behind and gets_in(books, breach, *breach.behind):
        yield f"{breach.guard}: it gets in, only the guards behind were taken away"
    if not gets_in(books, breach, *breach.behind, breach.guard):
        yield f"{breach.guard}: something else refuses it, so this guard is not proven"


class TestEveryGuard:
    """ledger.md section 7: delete each constraint in turn: at least one test must fail."""

    def test_a_right_posting_gets_in(self, books):
        assert gets_in(books, Breach(""))

    def test_each_keeps_out_what_nothing_else_keeps_out(self, books):
        with books.without() as connection:
            guards = guards_of(connection)

        wrong = [fault for ways in ways_past(guards).values() for way in ways for fault in faults(books, way)]

        assert [] == wrong

    def test_for_each_a_forgery_is_known(self, books):
        """A new guard without a forgery is found here."""
        with books.without() as connection:
            guards = guards_of(connection)

        assert [] == [guard for guard, ways in ways_past(guards).items() if not ways]
        assert len(guards) > 100


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestSettings:
    """trust.md section 0, finding 3: what the promises rest on besides the guards themselves."""

    @pytest.mark.parametrize(
        ("setting", "breach"),
        [
            ("foreign_keys", next(read_from("memo.fk_memo_entry"))),
            ("recursive_triggers", Breach("", statement="REPLACE INTO trail SELECT * FROM trail")),
        ],
    )
    def test_without_it_a_forgery_gets_in(self, books, setting, breach):
        assert not gets_in(books, breach)
        assert gets_in(books, breach, off=setting)


RIGHTS = [(table, verb) for table, verbs in FORBIDDEN.items() if table in NAMES for verb in verbs]


def _against(table, verb):
    """Return what somebody would do with a right that the application must not have."""
    if verb == "TRUNCATE":
        return next(read_from(f"{table}.{table}_no_truncate"))
    if table in {"memo", "log_head"}:
        return next(breach for breach in BY_HAND if breach.statement.startswith(verb) and breach.table == table)
    return {"UPDATE": UPDATES, "DELETE": DELETES}[verb][table]


@pytest.mark.parametrize("database_kind", ["postgresql"])
class TestRights:
    """ledger.md section 3: where every trigger sleeps, the application's role still cannot change the books."""

    @pytest.mark.parametrize(("table", "verb"), RIGHTS)
    def test_each_right_that_is_missing_keeps_the_application_out(self, books, table, verb):
        breach = _against(table, verb)
        asleep = [guard for guard in TRIGGERS["postgresql"] if guard.split(".")[0] == table]
        asleep += TRUNCATES if verb == "TRUNCATE" else []

        def passes(given):
            with books.without(*dict.fromkeys(asleep), *set(breach.behind) - set(asleep)) as connection:
                connection.execute(sa.text(f"GRANT {verb} ON ALL TABLES IN SCHEMA public TO timebank_app"))
                if not given:
                    connection.execute(sa.text(f"REVOKE {verb} ON {table} FROM timebank_app"))
                with suppress(sa.exc.ProgrammingError):
                    forge(books, connection, breach, role="SET LOCAL ROLE timebank_app")
                    return True
            return False

        assert not passes(given=False)
        assert passes(given=True)
