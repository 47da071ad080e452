"""Weakening: take one guard away from a database, to see what it was good for."""

import re

import sqlalchemy as sa

from timebank.database import Base


def weaken(connection, guard):
    """Take away a constraint, index, trigger or NOT NULL, named `table.name` as `schema.missing_guards` names it.

    The connection is the owner's, and on SQLite without foreign keys: tables are made anew there.
    """
    table, name = guard.split(".")
    if connection.dialect.name == "postgresql":
        _weaken_postgresql(connection, table, name)
    else:
        _weaken_sqlite(connection, table, name)


def _weaken_postgresql(connection, table, name):
    if name.endswith(" NOT NULL"):
        change = f"ALTER COLUMN {name.removesuffix(' NOT NULL')} DROP NOT NULL"
    elif _exists(connection, "SELECT 1 FROM pg_constraint WHERE conname = :name", name):
        change = f"DROP CONSTRAINT {name} CASCADE"
    elif _exists(connection, "SELECT 1 FROM pg_trigger WHERE tgname = :name", name):
        change = f"DISABLE TRIGGER {name}"
    else:
        connection.execute(sa.text(f"DROP INDEX {name}"))
        return
    connection.execute(sa.text(f"ALTER TABLE {table} {change}"))


def _exists(connection, query, name):
    return connection.scalar(sa.text(query), {"name": name}) is not None


def _weaken_sqlite(connection, table, name):
    for other in _resting_on(table, name):
        _weaken_sqlite(connection, other.table.name, other.name)
    kind = connection.scalar(sa.text("SELECT type FROM sqlite_master WHERE name = :name"), {"name": name})
    if kind is not None:
        connection.execute(sa.text(f"DROP {kind} {name}"))
        return
    rows = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
    ).all()
    whole = next(sql for kind, sql in rows if kind == "table")
    weak = re.sub(rf'CREATE TABLE "?{table}"?', f"CREATE TABLE weak_{table}", _without(whole, name))
    connection.exec_driver_sql(weak)
    connection.exec_driver_sql(f"INSERT INTO weak_{table} SELECT * FROM {table}")
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    connection.exec_driver_sql(f"ALTER TABLE weak_{table} RENAME TO {table}")
    for kind, sql in rows:
        if kind != "table":
            connection.exec_driver_sql(sql)


def _resting_on(table, name):
    """Return the foreign keys that refer to a key of a table, as CASCADE finds them on PostgreSQL."""
    if not name.startswith(("pk_", "uq_")):
        return []
    key = next(each for each in Base.metadata.tables[table].constraints if each.name == name)
    assert isinstance(key, sa.PrimaryKeyConstraint | sa.UniqueConstraint), key
    found = (each for other in Base.metadata.tables.values() for each in other.foreign_key_constraints)
    return [each for each in found if [part.column for part in each.elements] == list(key.columns)]


def _without(sql, name):
    """Leave out one line of a table's definition, as SQLAlchemy writes them: a constraint a line."""
    lines = re.split(r",\s*\n", sql.strip().removesuffix(")").strip())
    if name.endswith(" NOT NULL"):
        column = name.removesuffix(" NOT NULL")
        kept = [re.sub(r" NOT NULL$", "", line) if _declares(line, column) else line for line in lines]
    else:
        kept = [line for line in lines if f"CONSTRAINT {name} " not in line]
    assert kept != lines, (name, sql)
    return ",\n".join(kept) + "\n)"


def _declares(line, column):
    return line.rpartition("\n")[2].split()[:1] == [column]
