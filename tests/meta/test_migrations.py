"""The migrations alone make the schema, and what they make is what the code expects."""

import importlib
from collections.abc import Iterator
from typing import Final

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from tests.meta.sources import sources
from timebank import schema
from timebank.database import Base, new_engine
from timebank.resources import migrations_folder

NEVER_OURS: Final = frozenset({"alembic_version"})


@pytest.fixture(scope="module", autouse=True)
def all_tables() -> None:
    """Load every room's tables, so that the metadata is whole."""
    for source in sources("timebank"):
        if ".tables" in source.module:
            importlib.import_module(source.module)


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    """An engine on a database that the migrations have just made."""
    schema.upgrade(empty_database)
    engine = new_engine(empty_database)
    yield engine
    engine.dispose()


def _steps() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    return ScriptDirectory.from_config(config)


def steps_in_order() -> list[str]:
    """Return the names of all steps, the first one first."""
    return [step.revision for step in reversed(list(_steps().walk_revisions()))]


def _tables(connection: Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names()) - NEVER_OURS


class TestTheSteps:
    """style.md section 9: numbered steps in one line, both directions, on both databases."""

    def test_they_stand_in_one_line_in_the_order_of_their_numbers(self):
        steps = [step.revision for step in _steps().walk_revisions()]

        assert 1 == len(_steps().get_heads())
        assert sorted(steps, reverse=True) == steps

    def test_they_make_exactly_the_tables_in_the_code(self, engine):
        with engine.connect() as connection:
            made = _tables(connection)

        assert set(Base.metadata.tables) == made

    def test_they_make_every_column_key_and_index_as_in_the_code(self, engine):
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, Base.metadata)

        assert [] == differences

    def test_they_keep_every_promise_that_the_start_asks_for(self, engine):
        schema.check(engine)

    def test_down_leaves_nothing_and_up_again_makes_the_same(self, empty_database, engine):
        with engine.connect() as connection:
            before = _tables(connection)
        engine.dispose()

        schema.downgrade(empty_database)
        with engine.connect() as connection:
            between = _tables(connection)
        schema.upgrade(empty_database)

        with engine.connect() as connection:
            assert set() == between
            assert before == _tables(connection)
        schema.check(engine)

    def test_up_twice_changes_nothing(self, empty_database, engine):
        schema.upgrade(empty_database)

        schema.check(engine)
