"""audit: each journal that was taken away, and of how many entries; so it can be written again alike."""

import sqlalchemy as sa
from alembic import op

revision = "0037_journal_exports"
down_revision = "0036_stock_moves"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the database itself lets it grow only."""
    columns = [
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("entries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_journal_export")),
        sa.ForeignKeyConstraint(["community_id"], ["community.community_id"], name=op.f("fk_journal_export_community")),
        sa.CheckConstraint("entries BETWEEN 0 AND 1000000000000", name=op.f("ck_journal_export_entries_range")),
    ]
    if op.get_bind().dialect.name == "sqlite":
        whole = sa.CheckConstraint("typeof(entries) IN ('integer', 'null')", name=op.f("ck_journal_export_entries_whole"))
        op.create_table("journal_export", *columns, whole)
        _only_grows_on_sqlite("journal_export")
    else:
        op.create_table("journal_export", *columns)
        _only_grows_on_postgresql("journal_export")


def downgrade() -> None:
    """Remove it (for tests)."""
    op.drop_table("journal_export")


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
