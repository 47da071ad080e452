"""people: trainings that volunteers attended, decided once."""

import sqlalchemy as sa
from alembic import op

revision = "0024_trainings"
down_revision = "0023_timetable"
branch_labels = None
depends_on = None

CREATED = ("training",)
"""The tables, in the order in which they are made."""
FIXED = {
    "training": (
        "community_id",
        "id",
        "person_id",
        "course",
        "content",
        "organiser",
        "trained_on",
        "minutes",
        "recorder_id",
        "recorder",
        "recorded_at",
    )
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
        "training",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.String(60), nullable=False),
        sa.Column("content", sa.String(200), nullable=False),
        sa.Column("organiser", sa.String(60), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("recorder", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("decider", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_training")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name=op.f("fk_training_volunteer"),
        ),
        sa.CheckConstraint("state IN ('open', 'approved', 'rejected')", name=op.f("ck_training_state_known")),
        sa.CheckConstraint("recorder_id <> person_id", name=op.f("ck_training_not_by_oneself")),
        sa.CheckConstraint(
            "state <> 'approved' OR (decider_id <> recorder_id AND decider_id <> person_id)",
            name=op.f("ck_training_approved_by_another"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decider_id IS NULL) "
            "AND (decided_at IS NULL) = (decider IS NULL)",
            name=op.f("ck_training_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state = 'rejected') = (reason IS NOT NULL)", name=op.f("ck_training_rejected_with_reason")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 60000", name=op.f("ck_training_minutes_range")),
        sa.CheckConstraint(
            "typeof(minutes) IN ('integer', 'null')", name=op.f("ck_training_minutes_whole")
        ).ddl_if(dialect="sqlite"),
    )
    once = sa.text("state <> 'rejected'")
    op.create_index(
        "uq_training_once",
        "training",
        ["community_id", "person_id", "trained_on", "course"],
        unique=True,
        postgresql_where=once,
        sqlite_where=once,
    )
    op.create_index("ix_training_state", "training", ["community_id", "state", "recorded_at"])
