"""The market: shifts and parked baskets. All of it only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0013_shifts"
down_revision = "0012_reservations"
branch_labels = None
depends_on = None

GROWING = (
    "shift",
    "parked_basket",
    "shift_close",
    "shift_hand_over",
    "parked_basket_end",
    "parked_basket_line",
    "shift_close_line",
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
        "shift",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("till", sa.String(20), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_shift")),
        sa.ForeignKeyConstraint(["community_id", "opened_by_id"], ["person.community_id", "person.id"], name=op.f("fk_shift_opened_by")),
    )
    op.create_table(
        "parked_basket",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("till", sa.String(20), nullable=False),
        sa.Column("volunteer_number", sa.String(32), nullable=True),
        sa.Column("parked_by_id", sa.Uuid(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_parked_basket")),
        sa.ForeignKeyConstraint(["community_id", "parked_by_id"], ["person.community_id", "person.id"], name=op.f("fk_parked_basket_parked_by")),
        sa.ForeignKeyConstraint(["community_id", "volunteer_number"], ["volunteer.community_id", "volunteer.number"], name=op.f("fk_parked_basket_volunteer")),
    )
    op.create_table(
        "shift_close",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("shift_number", sa.String(16), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redemptions", sa.Integer(), nullable=False),
        sa.Column("points_e2", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "shift_number", name=op.f("pk_shift_close")),
        sa.CheckConstraint("redemptions BETWEEN 0 AND 1000000", name=op.f("ck_shift_close_redemptions_range")),
        sa.CheckConstraint("typeof(redemptions) IN ('integer', 'null')", name=op.f("ck_shift_close_redemptions_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "closed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_shift_close_closed_by")),
        sa.ForeignKeyConstraint(["community_id", "shift_number"], ["shift.community_id", "shift.number"], name=op.f("fk_shift_close_shift")),
    )
    op.create_table(
        "shift_hand_over",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("shift_number", sa.String(16), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "shift_number", "line", name=op.f("pk_shift_hand_over")),
        sa.CheckConstraint("line BETWEEN 1 AND 1000", name=op.f("ck_shift_hand_over_line_range")),
        sa.CheckConstraint("typeof(line) IN ('integer', 'null')", name=op.f("ck_shift_hand_over_line_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_shift_hand_over_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "giver_id"], ["person.community_id", "person.id"], name=op.f("fk_shift_hand_over_giver")),
        sa.ForeignKeyConstraint(["community_id", "shift_number"], ["shift.community_id", "shift.number"], name=op.f("fk_shift_hand_over_shift")),
        sa.ForeignKeyConstraint(["community_id", "taker_id"], ["person.community_id", "person.id"], name=op.f("fk_shift_hand_over_taker")),
    )
    op.create_table(
        "parked_basket_end",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("parked_number", sa.String(16), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "parked_number", name=op.f("pk_parked_basket_end")),
        sa.ForeignKeyConstraint(["community_id", "parked_number"], ["parked_basket.community_id", "parked_basket.number"], name=op.f("fk_parked_basket_end_basket")),
        sa.ForeignKeyConstraint(["community_id", "ended_by_id"], ["person.community_id", "person.id"], name=op.f("fk_parked_basket_end_ended_by")),
    )
    op.create_table(
        "parked_basket_line",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("parked_number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "parked_number", "good_number", name=op.f("pk_parked_basket_line")),
        sa.CheckConstraint("pieces BETWEEN 1 AND 99", name=op.f("ck_parked_basket_line_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_parked_basket_line_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "parked_number"], ["parked_basket.community_id", "parked_basket.number"], name=op.f("fk_parked_basket_line_basket")),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_parked_basket_line_good")),
    )
    op.create_table(
        "shift_close_line",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("shift_number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("counted_pieces", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expected_pieces", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "shift_number", "good_number", name=op.f("pk_shift_close_line")),
        sa.CheckConstraint("counted_pieces BETWEEN 0 AND 1000000000", name=op.f("ck_shift_close_line_counted_pieces_range")),
        sa.CheckConstraint("typeof(counted_pieces) IN ('integer', 'null')", name=op.f("ck_shift_close_line_counted_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("expected_pieces BETWEEN 0 AND 1000000000", name=op.f("ck_shift_close_line_expected_pieces_range")),
        sa.CheckConstraint("typeof(expected_pieces) IN ('integer', 'null')", name=op.f("ck_shift_close_line_expected_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "shift_number"], ["shift_close.community_id", "shift_close.shift_number"], name=op.f("fk_shift_close_line_close")),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_shift_close_line_good")),
    )
