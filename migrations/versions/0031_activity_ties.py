"""service: what an activity is tied to. It only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0031_activity_ties"
down_revision = "0030_relief"
branch_labels = None
depends_on = None

CREATED = ("activity_ties",)
"""The tables, in the order in which they are made."""
GROWING = ("activity_ties",)
"""Those that only grow."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_tables()
    for table in GROWING:
        if _on_sqlite():
            _only_grows_on_sqlite(table)
        else:
            _only_grows_on_postgresql(table)


def downgrade() -> None:
    """Remove them (for tests)."""
    for table in reversed(CREATED):
        op.drop_table(table)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _only_grows_on_sqlite(table: str) -> None:
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        )


def _only_grows_on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM timebank_app")


def _create_tables() -> None:
    op.create_table(
        "activity_ties",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=True),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("timetable_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"], ["activity.community_id", "activity.id"], name="fk_activity_ties_activity"
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "partner"], ["partner.community_id", "partner.code"], name="fk_activity_ties_partner"
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "timetable_id"],
            ["timetable.community_id", "timetable.id"],
            name="fk_activity_ties_timetable",
        ),
        sa.PrimaryKeyConstraint("community_id", "activity_id", name=op.f("pk_activity_ties")),
    )
    op.create_index("ix_activity_ties_timetable", "activity_ties", ["community_id", "timetable_id"], unique=False)
