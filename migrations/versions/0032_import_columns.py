"""imports: which column of which source is what. It only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0032_import_columns"
down_revision = "0031_activity_ties"
branch_labels = None
depends_on = None

CREATED = ("import_columns",)
"""The tables, in the order in which they are made."""
GROWING = ("import_columns",)
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
        "import_columns",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=True),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('volunteers', 'hours', 'opening', 'goods')", name=op.f("ck_import_columns_kind_known")
        ),
        sa.CheckConstraint("typeof(turn) IN ('integer', 'null')", name=op.f("ck_import_columns_turn_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("turn BETWEEN 1 AND 1000000", name=op.f("ck_import_columns_turn_range")),
        sa.ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_import_columns_community"),
        sa.PrimaryKeyConstraint("community_id", "kind", "fingerprint", "turn", name=op.f("pk_import_columns")),
    )
