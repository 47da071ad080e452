"""The market: write-offs and stock counts. All of it only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0010_stocktaking"
down_revision = "0009_evidence"
branch_labels = None
depends_on = None

GROWING = (
    "stock_count",
    "count_submission",
    "count_tally",
    "stock_count_good",
    "count_decision",
    "write_off",
    "count_variance",
    "write_off_decision",
)
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
        "stock_count",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_stock_count")),
        sa.ForeignKeyConstraint(["community_id", "opened_by_id"], ["person.community_id", "person.id"], name=op.f("fk_stock_count_opened_by")),
    )
    op.create_table(
        "count_submission",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("count_number", sa.String(16), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "count_number", name=op.f("pk_count_submission")),
        sa.ForeignKeyConstraint(["community_id", "count_number"], ["stock_count.community_id", "stock_count.number"], name=op.f("fk_count_submission_count")),
        sa.ForeignKeyConstraint(["community_id", "submitted_by_id"], ["person.community_id", "person.id"], name=op.f("fk_count_submission_submitted_by")),
        sa.UniqueConstraint("community_id", "count_number", "submitted_by_id", name=op.f("uq_count_submission_pinned")),
    )
    op.create_table(
        "count_tally",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("count_number", sa.String(16), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("expected_pieces", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_by_id", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "count_number", "line", name=op.f("pk_count_tally")),
        sa.CheckConstraint("expected_pieces BETWEEN 0 AND 1000000000", name=op.f("ck_count_tally_expected_pieces_range")),
        sa.CheckConstraint("typeof(expected_pieces) IN ('integer', 'null')", name=op.f("ck_count_tally_expected_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("line BETWEEN 1 AND 1000000", name=op.f("ck_count_tally_line_range")),
        sa.CheckConstraint("typeof(line) IN ('integer', 'null')", name=op.f("ck_count_tally_line_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("pieces BETWEEN -1000000 AND 1000000", name=op.f("ck_count_tally_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_count_tally_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("round BETWEEN 1 AND 1000", name=op.f("ck_count_tally_round_range")),
        sa.CheckConstraint("typeof(round) IN ('integer', 'null')", name=op.f("ck_count_tally_round_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "count_number"], ["stock_count.community_id", "stock_count.number"], name=op.f("fk_count_tally_count")),
        sa.ForeignKeyConstraint(["community_id", "counted_by_id"], ["person.community_id", "person.id"], name=op.f("fk_count_tally_counted_by")),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_count_tally_good")),
    )
    op.create_index(op.f("ix_count_tally_good"), "count_tally", ["community_id", "good_number"])
    op.create_table(
        "stock_count_good",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("count_number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "count_number", "good_number", name=op.f("pk_stock_count_good")),
        sa.ForeignKeyConstraint(["community_id", "count_number"], ["stock_count.community_id", "stock_count.number"], name=op.f("fk_stock_count_good_count")),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_stock_count_good_good")),
    )
    op.create_table(
        "count_decision",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("count_number", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "count_number", name=op.f("pk_count_decision")),
        sa.CheckConstraint("(outcome = 'finalised' AND entry_seq IS NOT NULL AND submitted_by_id IS NOT NULL AND decided_by_id <> submitted_by_id) OR (outcome = 'dropped' AND entry_seq IS NULL)", name=op.f("ck_count_decision_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "count_number"], ["stock_count.community_id", "stock_count.number"], name=op.f("fk_count_decision_count")),
        sa.ForeignKeyConstraint(["community_id", "decided_by_id"], ["person.community_id", "person.id"], name=op.f("fk_count_decision_decided_by")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_count_decision_entry")),
        sa.ForeignKeyConstraint(["community_id", "count_number", "submitted_by_id"], ["count_submission.community_id", "count_submission.count_number", "count_submission.submitted_by_id"], name=op.f("fk_count_decision_submission")),
    )
    op.create_table(
        "write_off",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("lot_number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_write_off")),
        sa.CheckConstraint("cause IN ('expired', 'damaged', 'lost', 'other')", name=op.f("ck_write_off_cause_known")),
        sa.CheckConstraint("pieces BETWEEN 1 AND 1000000", name=op.f("ck_write_off_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_write_off_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "lot_number", "good_number"], ["lot.community_id", "lot.number", "lot.good_number"], name=op.f("fk_write_off_lot")),
        sa.ForeignKeyConstraint(["community_id", "proposed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_write_off_proposed_by")),
        sa.UniqueConstraint("community_id", "number", "proposed_by_id", name=op.f("uq_write_off_pinned")),
    )
    op.create_table(
        "count_variance",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("count_number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("counted_pieces", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expected_pieces", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "count_number", "good_number", name=op.f("pk_count_variance")),
        sa.CheckConstraint("counted_pieces BETWEEN 0 AND 1000000000", name=op.f("ck_count_variance_counted_pieces_range")),
        sa.CheckConstraint("typeof(counted_pieces) IN ('integer', 'null')", name=op.f("ck_count_variance_counted_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("counted_pieces <> expected_pieces", name=op.f("ck_count_variance_differs")),
        sa.CheckConstraint("expected_pieces BETWEEN 0 AND 1000000000", name=op.f("ck_count_variance_expected_pieces_range")),
        sa.CheckConstraint("typeof(expected_pieces) IN ('integer', 'null')", name=op.f("ck_count_variance_expected_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_count_variance_reason_given")),
        sa.ForeignKeyConstraint(["community_id", "count_number"], ["count_decision.community_id", "count_decision.count_number"], name=op.f("fk_count_variance_decision")),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_count_variance_good")),
    )
    op.create_table(
        "write_off_decision",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("write_off_number", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "write_off_number", name=op.f("pk_write_off_decision")),
        sa.CheckConstraint("(outcome = 'confirmed' AND entry_seq IS NOT NULL AND decided_by_id <> proposed_by_id) OR (outcome = 'withdrawn' AND entry_seq IS NULL)", name=op.f("ck_write_off_decision_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "decided_by_id"], ["person.community_id", "person.id"], name=op.f("fk_write_off_decision_decided_by")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_write_off_decision_entry")),
        sa.ForeignKeyConstraint(["community_id", "write_off_number", "proposed_by_id"], ["write_off.community_id", "write_off.number", "write_off.proposed_by_id"], name=op.f("fk_write_off_decision_write_off")),
    )
