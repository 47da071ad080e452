"""The market: pieces that go from place to place. All of it only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0036_stock_moves"
down_revision = "0035_webhooks"
branch_labels = None
depends_on = None

GROWING = ("stock_move",)
"""The tables, in the order in which they are made; the database itself lets them grow only."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_tables()
    for table in GROWING:
        if op.get_bind().dialect.name == "sqlite":
            _only_grows_on_sqlite(table)
        else:
            _only_grows_on_postgresql(table)


def downgrade() -> None:
    """Remove them (for tests)."""
    for table in reversed(GROWING):
        op.drop_table(table)


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
        "stock_move",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("from_lot", sa.String(16), nullable=False),
        sa.Column("to_lot", sa.String(16), nullable=False),
        sa.Column("makes_lot", sa.Boolean(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("from_place", sa.String(40), nullable=False),
        sa.Column("to_place", sa.String(40), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("moved_by_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counters", sa.String(16), nullable=True),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_stock_move")),
        sa.CheckConstraint("from_place <> to_place AND from_lot <> to_lot", name=op.f("ck_stock_move_another_place")),
        sa.CheckConstraint("pieces BETWEEN 1 AND 1000000", name=op.f("ck_stock_move_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_stock_move_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "from_lot", "good_number"], ["lot.community_id", "lot.number", "lot.good_number"], name=op.f("fk_stock_move_from")),
        sa.ForeignKeyConstraint(["community_id", "to_lot", "good_number"], ["lot.community_id", "lot.number", "lot.good_number"], name=op.f("fk_stock_move_to")),
        sa.ForeignKeyConstraint(["community_id", "moved_by_id"], ["person.community_id", "person.id"], name=op.f("fk_stock_move_moved_by")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_stock_move_entry")),
        sa.ForeignKeyConstraint(
            ["community_id", "counters", "to_lot", "from_lot", "good_number", "pieces"],
            ["stock_move.community_id", "stock_move.number", "stock_move.from_lot", "stock_move.to_lot", "stock_move.good_number", "stock_move.pieces"],
            name=op.f("fk_stock_move_counters"),
        ),
        sa.UniqueConstraint("community_id", "counters", name=op.f("uq_stock_move_countered_once")),
        sa.UniqueConstraint("community_id", "entry_seq", name=op.f("uq_stock_move_entry")),
        sa.UniqueConstraint("community_id", "number", "good_number", "from_lot", "to_lot", "pieces", name=op.f("uq_stock_move_pinned")),
    )
