"""people: consents, requests about one's data, and their words apart, which are deleted when their time is over."""

import sqlalchemy as sa
from alembic import op

revision = "0038_privacy"
down_revision = "0037_journal_exports"
branch_labels = None
depends_on = None

CREATED = ("consent", "data_request", "data_request_words")
"""The tables, in the order in which they are made."""
FIXED = {
    "consent": ("community_id", "id", "person_id", "what", "version", "given_at", "given_by"),
    "data_request": ("community_id", "id", "person_id", "kind", "asked_at", "asked_by", "asker_id", "due_on"),
}
"""What nobody changes when one of these is decided, by table."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_tables()
    for table, fixed in FIXED.items():
        if _on_sqlite():
            _decided_once_on_sqlite(table, fixed)
        else:
            _decided_once_on_postgresql(table, fixed)


def downgrade() -> None:
    """Remove them (for tests)."""
    for table in reversed(CREATED):
        op.drop_table(table)
    if not _on_sqlite():
        for table in FIXED:
            op.execute(f"DROP FUNCTION timebank_refuse_{table}()")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _decided_once_on_sqlite(table: str, fixed: tuple[str, ...]) -> None:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in fixed)
    op.execute(
        f"CREATE TRIGGER {table}_decided_once BEFORE UPDATE ON {table} WHEN OLD.state <> 'open' OR {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: decided'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: kept for ever'); END"
    )


def _decided_once_on_postgresql(table: str, fixed: tuple[str, ...]) -> None:
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


def _create_tables() -> None:
    op.create_table(
        "consent",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint("what IN ('notice', 'document')", name=op.f("ck_consent_what_known")),
        sa.CheckConstraint("state IN ('open', 'withdrawn')", name=op.f("ck_consent_state_known")),
        sa.CheckConstraint(
            "(state = 'open') = (withdrawn_at IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_consent_withdrawn_by_somebody"),
        ),
        sa.CheckConstraint("version BETWEEN 1 AND 1000", name=op.f("ck_consent_version_range")),
        sa.CheckConstraint("typeof(version) IN ('integer', 'null')", name=op.f("ck_consent_version_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name="fk_consent_person"
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_consent")),
    )
    op.create_index(
        "uq_consent_open",
        "consent",
        ["community_id", "person_id", "what"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "data_request",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('correct', 'close')", name=op.f("ck_data_request_kind_known")),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'declined', 'withdrawn')", name=op.f("ck_data_request_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL) "
            "AND (decided_by IS NULL) = (decider_id IS NULL)",
            name=op.f("ck_data_request_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('done', 'declined') OR decider_id <> person_id",
            name=op.f("ck_data_request_not_by_oneself"),
        ),
        sa.CheckConstraint(
            "kind <> 'close' OR state <> 'done' OR decider_id <> asker_id",
            name=op.f("ck_data_request_closed_by_another"),
        ),
        *(
            sa.ForeignKeyConstraint(
                ["community_id", f"{who}_id"],
                ["person.community_id", "person.id"],
                name=f"fk_data_request_{who}",
            )
            for who in ("person", "asker", "decider")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_data_request")),
    )
    op.create_index(
        "uq_data_request_open",
        "data_request",
        ["community_id", "person_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_data_request_person", "data_request", ["community_id", "person_id"])
    op.create_index("ix_data_request_state", "data_request", ["community_id", "state", "due_on"])
    op.create_table(
        "data_request_words",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("answered", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "request_id"],
            ["data_request.community_id", "data_request.id"],
            name="fk_data_request_words_request",
        ),
        sa.PrimaryKeyConstraint("community_id", "request_id", name=op.f("pk_data_request_words")),
    )
