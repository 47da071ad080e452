"""Migrating a database that is in use: data in it, killed half-way, started twice."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any, Final

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from tests.meta.test_migrations import NEVER_OURS, steps_in_order
from tests.web import town
from timebank import schema
from timebank.database import SQLITE, new_engine, writing

LONG: Final = "TIMEBANK_TEST_LONG" in os.environ
Rows = dict[str, list[dict[str, Any]]]
"""By table, what stands in each row."""


@contextmanager
def owner(url: str) -> Iterator[Connection]:
    """A connection of whoever runs the database: no guard stops it, and what it did stays."""
    sqlite = url.startswith("sqlite")
    engine = sa.create_engine(url, poolclass=sa.NullPool, **({"module": SQLITE} if sqlite else {}))
    with engine.begin() as connection:
        triggers = connection.execute(sa.text(TRIGGERS)).all() if sqlite else []
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
    engine.dispose()


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """The database as the program opens it."""
    engine = new_engine(url)
    yield engine
    engine.dispose()


def check(url: str) -> None:
    """Make sure that the database keeps every promise that the start asks for."""
    with opened(url) as engine:
        schema.check(engine)


TRIGGERS: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def tables(connection: Connection) -> list[str]:
    """Our tables."""
    return sorted(set(sa.inspect(connection).get_table_names()) - NEVER_OURS)


def rows(connection: Connection, which: list[str]) -> Rows:
    """What stands in these tables, as the driver gives it."""
    return {
        table: [dict(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()]
        for table in which
    }


def put(connection: Connection, found: Rows) -> None:
    """Put rows into the tables that are there, as far as their columns are there yet."""
    inspector = sa.inspect(connection)
    for table, values in found.items():
        known = {column["name"] for column in inspector.get_columns(table)}
        for row in values:
            kept = {name: value for name, value in row.items() if name in known}
            marks = ", ".join(["?" if connection.dialect.name == "sqlite" else "%s"] * len(kept))
            names = ", ".join(f'"{name}"' for name in kept)
            connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(kept.values()))


def told(found: Rows, like: Rows) -> dict[str, list[str]]:
    """The rows in a form that can be compared; of each table only the columns that `like` has too."""
    return {
        table: sorted(
            repr([(name, value) for name, value in sorted(row.items()) if name in like[table][0]])
            for row in found[table]
        )
        for table in like
        if like[table]
    }


@pytest.fixture
def life(database: Any) -> Rows:
    """Everything that stands in the database of a community that has lived for a while."""
    with writing(database.engine) as session:
        town.build(session)
    with owner(database.url) as connection:
        found = rows(connection, tables(connection))
    assert sum(bool(each) for each in found.values()) > 30
    found["factor_reset"] = [row for row in found["desk_request"] if row["what"] == "second_factor"]
    return found


CARRIED: Final = {"factor_reset": "desk_request"}
"""Tables that are no more, and where a step carried their rows."""


class TestWithDataInIt:
    """style.md section 9: data that a step touches is put in before the step and looked at after it."""

    def test_no_step_loses_or_changes_a_row(self, life: Rows, empty_database: str) -> None:
        before: Rows = {}
        laid: Rows = {}
        for step in steps_in_order():
            schema.upgrade(empty_database, step)
            with owner(empty_database) as connection:
                there = tables(connection)
                kept = {table if table in there else CARRIED[table]: found for table, found in before.items()}
                assert told(rows(connection, list(kept)), kept) == told(kept, kept), f"step {step}"
                new = [table for table in there if table in life and table not in before]
                carried = [row for table in CARRIED if table not in there for row in life[table]]
                put(connection, {table: [row for row in life[table] if row not in carried] for table in new})
                laid |= rows(connection, new)
                before = rows(connection, there)

        assert {table for table, values in life.items() if values} <= laid.keys()
        laid = {table: found for table, found in laid.items() if table in before}
        assert told(before, laid) == told(laid, laid)
        check(empty_database)


def in_a_child(work: Callable[[], None]) -> int:
    """Do something in a child process; return how it ended."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def upgrade_and_die(url: str, step: str, place: int) -> None:
    """Upgrade, and be killed before that many statements; the commit counts as one."""
    left = iter(range(place - 1, -1, -1))

    def count_down(*_: object) -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, count_down)
    schema.upgrade(url, step)


def version(url: str) -> tuple[object, list[str]]:
    """The step at which a database is, and its tables."""
    with opened(url) as engine, engine.connect() as connection:
        there = tables(connection)
        made = sa.inspect(connection).has_table("alembic_version")
        step = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if made else None
    return step, there


class TestKilled:
    """trust.md section 0, finding 4, and O2: killed at any statement, it changed nothing and can be run again."""

    def test_every_step_can_be_run_again(self, empty_database: str) -> None:
        kills = 0
        for step in steps_in_order():
            before = version(empty_database)
            for place in count(1) if LONG else (4**power for power in count()):
                if in_a_child(partial(upgrade_and_die, empty_database, step, place)) == 0:
                    break
                kills += 1
                assert before == version(empty_database), f"half done when killed at statement {place} of {step}"
            assert version(empty_database)[0] == step

        assert kills >= 2 * len(steps_in_order())
        check(empty_database)


class TestStartedTwice:
    """trust.md O1: two programs that migrate at once: one waits, and finds nothing left to do."""

    def test_both_succeed(self, empty_database: str) -> None:
        children = []
        for _ in range(2):
            child = os.fork()
            if child == 0:
                schema.upgrade(empty_database)
                os._exit(0)
            children.append(child)

        assert [0, 0] == [os.waitpid(child, 0)[1] for child in children]
        check(empty_database)
