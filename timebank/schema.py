"""The schema: made by the migrations alone, compared with what the program expects before anything is written.

Migrations run in one transaction on both databases and under one lock, so two of them at once wait for each other and
a killed one leaves nothing half done. Web workers never migrate.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from timebank.database import APP_ROLE, SQLITE, Base, prepare_sqlite
from timebank.guards import FORBIDDEN, TRIGGERS
from timebank.refusal import Refusal
from timebank.resources import migrations_folder

MIGRATION_LOCK: Final = 7_320_114_233
"""Number of the advisory lock under which PostgreSQL migrates."""


class SchemaMissing(Refusal):
    """The database has none of our tables: it is empty or not ours."""

    code = "schema_missing"


class SchemaOlder(Refusal):
    """The database was made by an older program; it must be upgraded first."""

    code = "schema_older"


class SchemaNewer(Refusal):
    """The database was made by a newer program; this one must not write to it."""

    code = "schema_newer"


class SchemaDamaged(Refusal):
    """The database lacks something that keeps a promise of the books."""

    code = "schema_damaged"


def _script() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    return config


def _owner_engine(url: str) -> Engine:
    """An engine for the owner of the schema: no application role, no time limits."""
    if sa.make_url(url).get_backend_name() != "sqlite":
        return sa.create_engine(url, poolclass=sa.NullPool)
    engine = sa.create_engine(url, module=SQLITE, poolclass=sa.NullPool)
    sa.event.listen(engine, "connect", prepare_sqlite)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN EXCLUSIVE"))
    return engine


@contextmanager
def _owner(url: str) -> Iterator[Connection]:
    engine = _owner_engine(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        yield connection
    engine.dispose()


def upgrade(url: str, to: str = "head") -> None:
    """Bring a database up to this program's schema, or to a named step; repeatable, safe when started twice."""
    with _owner(url) as connection:
        config = _script()
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def downgrade(url: str, to: str = "base") -> None:
    """Go back to a step (for tests of the migrations)."""
    with _owner(url) as connection:
        config = _script()
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def check(engine: Engine) -> None:
    """Make sure that a database is ours, of this program's version, and keeps every promise.

    Raises:
        SchemaMissing, SchemaOlder, SchemaNewer: it is not of this version.
        SchemaDamaged: something is missing; the facts name it.
    """
    with engine.connect() as connection:
        _check_version(connection)
        missing = missing_guards(connection)
    if missing:
        engine.dispose()
        raise SchemaDamaged(missing=list(missing))


def _check_version(connection: Connection) -> None:
    inspector = sa.inspect(connection)
    if not inspector.has_table("alembic_version") or not inspector.has_table("log_head"):
        raise SchemaMissing(database=connection.engine.url.render_as_string(hide_password=True))
    current = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    scripts = ScriptDirectory.from_config(_script())
    newest = scripts.get_current_head()
    if current == newest:
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if current in known:
        raise SchemaOlder(found=str(current), expected=str(newest))
    raise SchemaNewer(found=str(current), expected=str(newest))


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """Name every constraint, trigger, pragma and grant that the database should have and has not, sorted."""
    expected = expected_guards(connection)
    found = _found_on_sqlite(connection) if connection.dialect.name == "sqlite" else _found_on_postgresql(connection)
    return tuple(sorted(expected - found | _wrong_settings(connection)))


def expected_guards(connection: Connection) -> set[str]:
    """Name every constraint, index, required column and trigger of a database of this kind, as `table.name`."""
    return _expected_constraints(connection) | TRIGGERS[connection.dialect.name]


def _expected_constraints(connection: Connection) -> set[str]:
    preparer = connection.dialect.identifier_preparer
    names = set()
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            if _applies(constraint, connection.dialect.name):
                names.add(f"{table.name}.{preparer.format_constraint(constraint)}".replace('"', ""))
        names |= {f"{table.name}.{index.name}" for index in table.indexes}
        names |= {f"{table.name}.{column.name} NOT NULL" for column in table.columns if not column.nullable}
    return names


def _applies(constraint: sa.Constraint, dialect: str) -> bool:
    """A CHECK of the storage type is for SQLite only."""
    return dialect == "sqlite" or not str(constraint.name).endswith("_whole")


_CONSTRAINT: Final = re.compile(r"CONSTRAINT (\w+)")


def _found_on_sqlite(connection: Connection) -> set[str]:
    found = set()
    for kind, name, table, sql in connection.execute(sa.text("SELECT type, name, tbl_name, sql FROM sqlite_master")):
        if kind == "table":
            found |= {f"{table}.{constraint}" for constraint in _CONSTRAINT.findall(sql)}
        else:
            found.add(f"{table}.{name}")
    required = """
        SELECT listed.name || '.' || columns.name || ' NOT NULL'
        FROM sqlite_master AS listed, pragma_table_info(listed.name) AS columns
        WHERE listed.type = 'table' AND columns."notnull"
    """
    return found | set(connection.scalars(sa.text(required)))


def _found_on_postgresql(connection: Connection) -> set[str]:
    """A foreign key counts only with the triggers that PostgreSQL keeps it by: they can be disabled."""
    query = """
        SELECT relname || '.' || conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE convalidated AND connamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgconstraint = pg_constraint.oid AND tgenabled NOT IN ('O', 'A'))
        UNION ALL
        SELECT tablename || '.' || indexname FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT relname || '.' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT relname || '.' || attname || ' NOT NULL' FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE attnotnull AND attnum > 0 AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    """
    return set(connection.scalars(sa.text(query)))


def _wrong_settings(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        wanted = {"foreign_keys": 1, "recursive_triggers": 1, "synchronous": 2}
        return {
            f"pragma.{name}"
            for name, value in wanted.items()
            if connection.exec_driver_sql(f"PRAGMA {name}").scalar() != value
        }
    triggers_run = connection.scalar(sa.text("SHOW session_replication_role")) == "origin"
    return _wrong_grants(connection) | (set() if triggers_run else {"setting.session_replication_role"})


def _wrong_grants(connection: Connection) -> set[str]:
    forbidden = [(table, verb) for table, verbs in FORBIDDEN.items() for verb in verbs]
    found = connection.execute(
        sa.text(
            "SELECT current_user, t, p FROM unnest(CAST(:tables AS text[]), CAST(:verbs AS text[])) AS asked(t, p) "
            "WHERE CASE WHEN to_regclass('public.' || t) IS NULL THEN false "
            "ELSE has_table_privilege(current_user, 'public.' || t, p) END"
        ),
        {"tables": [table for table, _ in forbidden], "verbs": [verb for _, verb in forbidden]},
    )
    return {f"grant.{table}.{verb.lower()} must not be held by {user}" for user, table, verb in found}


__all__ = ["APP_ROLE", "check", "downgrade", "missing_guards", "upgrade"]
