"""people: security admins; a lost password takes two persons, as a lost second factor did; one person has one role."""

import sqlalchemy as sa
from alembic import op

revision = "0043_desk_requests"
down_revision = "0042_noting"
branch_labels = None
depends_on = None

ROLES = "role IN ('admin', 'coordinator', 'clerk', 'auditor')"
MORE_ROLES = "role IN ('admin', 'coordinator', 'clerk', 'auditor', 'security_admin')"
SHARED = ("community_id", "id", "person_id", "reason", "asked_at", "asked_by", "asker_id")
COLUMNS = (*SHARED, "state", "decided_at", "decided_by", "decider_id")

ANOTHER_ROLE = (
    "EXISTS (SELECT 1 FROM role_grant held WHERE held.community_id = NEW.community_id "
    "AND held.person_id = NEW.person_id AND held.revoked_at IS NULL AND held.role <> NEW.role)"
)
"""One person has one role."""
NOT_BY_TWO = (
    "NEW.role = 'security_admin' AND NOT EXISTS (SELECT 1 FROM desk_request asked "
    "WHERE asked.community_id = NEW.community_id AND asked.person_id = NEW.person_id "
    "AND asked.what = 'security_admin' AND asked.state = 'done' AND asked.decided_at = NEW.granted_at)"
)
"""Nobody alone makes a security admin."""
CHANGED = (
    "NEW.role <> OLD.role OR NEW.person_id <> OLD.person_id OR NEW.org_unit_id <> OLD.org_unit_id "
    "OR NEW.granted_at <> OLD.granted_at OR NEW.granted_by <> OLD.granted_by OR OLD.revoked_at IS NOT NULL"
)
"""A role that was given stays as it was given, and is taken once."""
LAST_ONE = (
    "OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND OLD.role IN ('admin', 'security_admin') "
    "AND NOT EXISTS (SELECT 1 FROM role_grant other WHERE other.community_id = OLD.community_id "
    "AND other.role = OLD.role AND other.revoked_at IS NULL AND other.person_id <> OLD.person_id)"
)
"""Somebody remains who manages the community, and the staff."""
ALONE = (
    "NEW.issued_by <> 'system' AND EXISTS (SELECT 1 FROM credential known "
    "WHERE known.community_id = NEW.community_id AND known.person_id = NEW.person_id) "
    "AND NOT EXISTS (SELECT 1 FROM desk_request asked WHERE asked.community_id = NEW.community_id "
    "AND asked.person_id = NEW.person_id AND asked.what = 'password' AND asked.state = 'done' "
    "AND asked.decided_at = NEW.issued_at)"
)
"""Whoever has a password gets a link from two persons only, or from whoever holds the machine."""

GUARDS = (
    ("role_grant", "one_role", "INSERT", ANOTHER_ROLE),
    ("role_grant", "by_two", "INSERT", NOT_BY_TWO),
    ("role_grant", "as_given", "UPDATE", CHANGED),
    ("role_grant", "last_one", "UPDATE", LAST_ONE),
    ("one_time_login", "by_two", "INSERT", ALONE),
)
"""Table, name, verb, and what is refused."""


def upgrade() -> None:
    """Make the table in place of the narrower one, and let the database keep what is promised."""
    _create_desk_request()
    _decided_once("desk_request", (*SHARED, "what"))
    old, new = _rows("factor_reset"), _rows("desk_request")
    found = sa.select(*(old.c[name] for name in COLUMNS), sa.literal("second_factor"))
    op.execute(new.insert().from_select([*COLUMNS, "what"], found))
    _drop("factor_reset")
    _replace_roles(ROLES, MORE_ROLES)
    for table, name, verb, wrong in GUARDS:
        _guard(table, name, verb, wrong)


def downgrade() -> None:
    """Go back (for tests): resets of a second factor stay, security admins are admins again."""
    for table, name, _verb, _wrong in GUARDS:
        _unguard(table, name)
    op.execute("UPDATE role_grant SET role = 'admin' WHERE role = 'security_admin'")
    _replace_roles(MORE_ROLES, ROLES)
    _create_factor_reset()
    _decided_once("factor_reset", SHARED)
    old, new = _rows("factor_reset"), _rows("desk_request")
    found = sa.select(*(new.c[name] for name in COLUMNS)).where(new.c.what == "second_factor")
    op.execute(old.insert().from_select([*COLUMNS], found))
    _drop("desk_request")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _rows(table: str) -> sa.TableClause:
    return sa.table(table, *(sa.column(name) for name in (*COLUMNS, "what")))


def _guard(table: str, name: str, verb: str, wrong: str) -> None:
    trigger = f"{table}_{name}"
    if _on_sqlite():
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {verb} ON {table} WHEN {wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {trigger}'); END"
        )
        return
    op.execute(
        f"""
        CREATE FUNCTION timebank_refuse_{trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {wrong} THEN
                RAISE EXCEPTION '{table}: {trigger}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {trigger} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION timebank_refuse_{trigger}()"
    )


def _unguard(table: str, name: str) -> None:
    trigger = f"{table}_{name}"
    if _on_sqlite():
        op.execute(f"DROP TRIGGER {trigger}")
        return
    op.execute(f"DROP TRIGGER {trigger} ON {table}")
    op.execute(f"DROP FUNCTION timebank_refuse_{trigger}()")


def _drop(table: str) -> None:
    op.drop_table(table)
    if not _on_sqlite():
        op.execute(f"DROP FUNCTION timebank_refuse_{table}()")


def _replace_roles(old: str, new: str) -> None:
    """Put another condition in the place of one; on SQLite as its manual describes for what changes nothing on disk."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_role_grant_role_known"), "role_grant", type_="check")
        op.create_check_constraint(op.f("ck_role_grant_role_known"), "role_grant", new)
        return
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE type = 'table' AND name = 'role_grant'"),
        {"old": old, "new": new},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def _decided_once(table: str, fixed: tuple[str, ...]) -> None:
    if _on_sqlite():
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in fixed)
        op.execute(
            f"CREATE TRIGGER {table}_decided_once BEFORE UPDATE ON {table} WHEN OLD.state <> 'open' OR {changed} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: decided'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: kept for ever'); END"
        )
        return
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in fixed)
    op.execute(
        f"""
        CREATE FUNCTION timebank_refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state <> 'open' OR {changed} THEN
                RAISE EXCEPTION '{table}: decided' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_decided_once BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION timebank_refuse_{table}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM timebank_app")


def _columns(*more: sa.Column) -> tuple[sa.Column, ...]:
    return (
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *more,
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(32), nullable=True),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
    )


def _keys(table: str, by_somebody: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                ["community_id", f"{who}_id"], ["person.community_id", "person.id"], name=op.f(f"fk_{table}_{who}")
            )
            for who in ("person", "asker", "decider")
        ),
        sa.CheckConstraint("asker_id <> person_id", name=op.f(f"ck_{table}_not_for_themselves")),
        sa.CheckConstraint("state IN ('open', 'done', 'withdrawn')", name=op.f(f"ck_{table}_state_known")),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL) "
            f"AND {by_somebody}",
            name=op.f(f"ck_{table}_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'done' OR (decider_id <> asker_id AND decider_id <> person_id)",
            name=op.f(f"ck_{table}_two_persons"),
        ),
    )


def _one_open(table: str, *columns: str) -> None:
    still = sa.text("state = 'open'")
    op.create_index(
        op.f(f"uq_{table}_open"), table, list(columns), unique=True, postgresql_where=still, sqlite_where=still
    )


def _create_desk_request() -> None:
    op.create_table(
        "desk_request",
        *_columns(sa.Column("what", sa.String(16), nullable=False)),
        *_keys("desk_request", "(decider_id IS NULL) = (decided_by IS NULL OR decided_by = 'system')"),
        sa.CheckConstraint(
            "what IN ('second_factor', 'password', 'security_admin')", name=op.f("ck_desk_request_what_known")
        ),
        sa.CheckConstraint(
            "decided_by <> 'system' OR what = 'password'", name=op.f("ck_desk_request_machine_gives_passwords_only")
        ),
    )
    _one_open("desk_request", "community_id", "person_id", "what")


def _create_factor_reset() -> None:
    op.create_table("factor_reset", *_columns(), *_keys("factor_reset", "(decided_by IS NULL) = (decider_id IS NULL)"))
    _one_open("factor_reset", "community_id", "person_id")
