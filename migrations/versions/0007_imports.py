"""imports: batches of files that came in, and the rows that wait in them."""

import sqlalchemy as sa
from alembic import op

revision = "0007_imports"
down_revision = "0006_market"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of this room."""
    _create_import_batch()
    _create_import_row()


def downgrade() -> None:
    """Remove them."""
    op.drop_table("import_row")
    op.drop_table("import_batch")


def _create_import_batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content_key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.String(32), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_by", sa.String(32), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_import_batch")),
        sa.CheckConstraint("(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_import_batch_confirmed_at_some_time")),
        sa.CheckConstraint("state <> 'confirmed' OR kind = 'volunteers' OR confirmed_by_id IS NOT NULL", name=op.f("ck_import_batch_confirmed_by_somebody")),
        sa.CheckConstraint("confirmed_by_id <> made_by_id", name=op.f("ck_import_batch_confirmer_is_not_maker")),
        sa.CheckConstraint("state = 'confirmed' OR state = 'undone' OR confirmed_by_id IS NULL", name=op.f("ck_import_batch_decided_once")),
        sa.CheckConstraint("kind IN ('volunteers', 'hours', 'opening', 'goods')", name=op.f("ck_import_batch_kind_known")),
        sa.CheckConstraint("state <> 'refused' OR undone_by_id <> made_by_id", name=op.f("ck_import_batch_refused_by_another")),
        sa.CheckConstraint("row_count BETWEEN 1 AND 100000", name=op.f("ck_import_batch_row_count_range")),
        sa.CheckConstraint("typeof(row_count) IN ('integer', 'null')", name=op.f("ck_import_batch_row_count_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("state IN ('pending', 'confirmed', 'undone', 'refused')", name=op.f("ck_import_batch_state_known")),
        sa.CheckConstraint("(undone_by_id IS NULL) = (undone_at IS NULL)", name=op.f("ck_import_batch_undone_at_some_time")),
        sa.CheckConstraint("(state IN ('undone', 'refused')) = (undone_by_id IS NOT NULL)", name=op.f("ck_import_batch_undone_by_somebody")),
        sa.ForeignKeyConstraint(["community_id", "confirmed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_import_batch_confirmed_by")),
        sa.ForeignKeyConstraint(["community_id", "made_by_id"], ["person.community_id", "person.id"], name=op.f("fk_import_batch_made_by")),
        sa.ForeignKeyConstraint(["community_id", "undone_by_id"], ["person.community_id", "person.id"], name=op.f("fk_import_batch_undone_by")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_import_batch_community_id_number")),
    )
    op.create_index(op.f("ix_import_batch_state"), "import_batch", ["community_id", "state"])
    op.create_index(op.f("uq_import_batch_live_content"), "import_batch", ["community_id", "kind", "content_key"], unique=True, postgresql_where=sa.text("state IN ('pending', 'confirmed')"), sqlite_where=sa.text("state IN ('pending', 'confirmed')"))


def _create_import_row() -> None:
    op.create_table(
        "import_row",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "batch_id", "line", name=op.f("pk_import_row")),
        sa.CheckConstraint("line BETWEEN 1 AND 100000", name=op.f("ck_import_row_line_range")),
        sa.CheckConstraint("typeof(line) IN ('integer', 'null')", name=op.f("ck_import_row_line_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "batch_id"], ["import_batch.community_id", "import_batch.id"], name=op.f("fk_import_row_batch")),
    )
