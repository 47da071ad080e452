"""Guards: what the database keeps by itself is known by name, and each one that is missing is named."""

import pytest
import sqlalchemy as sa

from tests.books.snapshots import BOOKS
from tests.books.weakening import weaken
from timebank import schema
from timebank.guards import APPEND_ONLY, FORBIDDEN, TRIGGERS
from timebank.schema import SchemaDamaged, missing_guards

NAMES = {table.name for table in BOOKS}


@pytest.fixture
def owner(database):
    """A connection of the schema's owner, without the settings of ours, in a transaction that is undone."""
    engine = sa.create_engine(database.url)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def books_guards(connection):
    """Every guard of the books that a database of this kind must have; what makes the primary keys cannot be taken."""
    named = schema.expected_guards(connection)
    keys = {f"{table.name}.{column.name} NOT NULL" for table in BOOKS for column in table.primary_key}
    return sorted(guard for guard in named - keys if guard.split(".")[0] in NAMES)


class TestMissingGuards:
    """ledger.md section 3: the program compares the live database with the expected list; a missing one is named."""

    def test_every_table_of_the_books_is_guarded(self):
        assert set(APPEND_ONLY) | {"log_head", "memo"} >= NAMES

    def test_a_fresh_database_misses_nothing(self, database):
        with database.engine.connect() as connection:
            assert () == missing_guards(connection)

    def test_each_one_that_is_taken_away_is_named(self, owner):
        before = set(missing_guards(owner))
        guards = books_guards(owner)

        silent = [guard for guard in guards if guard not in _missing_without(owner, guard) - before]

        assert [] == silent
        assert len(guards) > 100

    def test_the_program_does_not_start_without_it_and_says_which(self, database):
        engine = sa.create_engine(database.url)
        with engine.begin() as connection:
            weaken(connection, "entry.entry_in_order")
        engine.dispose()

        with pytest.raises(SchemaDamaged) as refused:
            schema.check(database.engine)

        assert {"missing": ["entry.entry_in_order"]} == refused.value.facts

    def test_no_guard_of_the_database_is_unknown_to_the_program(self, owner):
        """A trigger that a migration makes and nobody watches could be taken away unseen."""
        assert sorted(_triggers(owner)) == sorted(TRIGGERS[owner.dialect.name])


def _missing_without(owner, guard):
    with owner.begin_nested() as savepoint:
        weaken(owner, guard)
        missing = set(missing_guards(owner))
        savepoint.rollback()
    return missing


def _triggers(connection):
    if connection.dialect.name == "sqlite":
        query = "SELECT tbl_name || '.' || name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.scalars(sa.text(query)))


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestSettingsOfSqlite:
    """trust.md section 0: every connection of ours has what the promises rest on."""

    @pytest.mark.parametrize("setting", ["foreign_keys=OFF", "recursive_triggers=OFF", "synchronous=NORMAL"])
    def test_a_setting_that_is_off_is_named(self, database, setting):
        with database.engine.connect() as connection:
            connection.rollback()
            connection.connection.cursor().execute(f"PRAGMA {setting}")

            assert (f"pragma.{setting.partition('=')[0]}",) == missing_guards(connection)


@pytest.mark.parametrize("database_kind", ["postgresql"])
class TestRightsOnPostgresql:
    """ledger.md section 3: the application's role may add to the books and never change them."""

    @pytest.mark.parametrize(("table", "verb"), [(table, verb) for table, verbs in FORBIDDEN.items() for verb in verbs])
    def test_a_right_too_many_is_named(self, owner, table, verb):
        owner.execute(sa.text(f"GRANT {verb} ON {table} TO timebank_app"))
        owner.execute(sa.text("SET LOCAL ROLE timebank_app"))

        assert (f"grant.{table}.{verb.lower()} must not be held by timebank_app",) == missing_guards(owner)

    def test_the_application_acts_in_its_role(self, database):
        with database.engine.connect() as connection:
            assert "timebank_app" == connection.scalar(sa.text("SELECT current_user"))

    def test_every_table_that_only_grows_is_on_the_list(self, owner):
        kept = owner.execute(
            sa.text(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
                "AND relname <> 'alembic_version' AND NOT has_table_privilege('timebank_app', oid, 'DELETE')"
            )
        )

        assert sorted(t for t, verbs in FORBIDDEN.items() if "DELETE" in verbs) == sorted(kept.scalars())

    def test_foreign_keys_that_sleep_are_named(self, owner):
        owner.execute(sa.text("ALTER TABLE line DISABLE TRIGGER ALL"))

        missing = set(missing_guards(owner))

        assert {"line.fk_line_previous", "line.fk_line_transfer", "line.line_no_change"} <= missing

    def test_triggers_that_all_sleep_are_named(self, owner):
        owner.execute(sa.text("SET LOCAL session_replication_role = replica"))

        assert "setting.session_replication_role" in missing_guards(owner)
