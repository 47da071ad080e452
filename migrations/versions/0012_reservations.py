"""The market: reservations. All of it only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0012_reservations"
down_revision = "0011_star_notices"
branch_labels = None
depends_on = None

GROWING = (
    "reservation",
    "reservation_end",
    "reservation_line",
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
        "reservation",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("volunteer_number", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reserved_on", sa.Date(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points_e2", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("code_payload", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hold_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_reservation")),
        sa.CheckConstraint("code_payload BETWEEN 0 AND 9999999999999999", name=op.f("ck_reservation_code_payload_range")),
        sa.CheckConstraint("typeof(code_payload) IN ('integer', 'null')", name=op.f("ck_reservation_code_payload_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("expires_at > reserved_at", name=op.f("ck_reservation_kept_for_a_time")),
        sa.CheckConstraint("points_e2 BETWEEN 1 AND 9900000000", name=op.f("ck_reservation_points_e2_range")),
        sa.CheckConstraint("typeof(points_e2) IN ('integer', 'null')", name=op.f("ck_reservation_points_e2_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "hold_seq"], ["hold.community_id", "hold.seq"], name=op.f("fk_reservation_hold")),
        sa.ForeignKeyConstraint(["community_id", "person_id"], ["volunteer.community_id", "volunteer.person_id"], name=op.f("fk_reservation_person")),
        sa.ForeignKeyConstraint(["community_id", "volunteer_number"], ["volunteer.community_id", "volunteer.number"], name=op.f("fk_reservation_volunteer")),
        sa.UniqueConstraint("community_id", "code_payload", name=op.f("uq_reservation_community_id_code_payload")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_reservation_community_id_number")),
        sa.UniqueConstraint("community_id", "id", "person_id", name=op.f("uq_reservation_pinned")),
    )
    op.create_index(op.f("ix_reservation_expiry"), "reservation", ["community_id", "expires_at"])
    op.create_index(op.f("ix_reservation_volunteer"), "reservation", ["community_id", "volunteer_number", "expires_at"])
    op.create_table(
        "reservation_end",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=True),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "reservation_id", name=op.f("pk_reservation_end")),
        sa.CheckConstraint("(outcome = 'picked-up' AND redemption_id IS NOT NULL AND ended_by_id <> person_id) OR (outcome = 'released' AND redemption_id IS NULL)", name=op.f("ck_reservation_end_handed_out_by_another")),
        sa.ForeignKeyConstraint(["community_id", "ended_by_id"], ["person.community_id", "person.id"], name=op.f("fk_reservation_end_ended_by")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_reservation_end_entry")),
        sa.ForeignKeyConstraint(["community_id", "redemption_id"], ["redemption.community_id", "redemption.id"], name=op.f("fk_reservation_end_redemption")),
        sa.ForeignKeyConstraint(["community_id", "reservation_id", "person_id"], ["reservation.community_id", "reservation.id", "reservation.person_id"], name=op.f("fk_reservation_end_reservation")),
        sa.UniqueConstraint("community_id", "redemption_id", name=op.f("uq_reservation_end_redemption")),
    )
    op.create_table(
        "reservation_line",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("lot_number", sa.String(16), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("price_points_e2", sa.Integer(), nullable=False),
        sa.Column("price_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "reservation_id", "line", name=op.f("pk_reservation_line")),
        sa.CheckConstraint("pieces BETWEEN 1 AND 99", name=op.f("ck_reservation_line_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_reservation_line_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "lot_number", "good_number"], ["lot.community_id", "lot.number", "lot.good_number"], name=op.f("fk_reservation_line_lot")),
        sa.ForeignKeyConstraint(["community_id", "price_version", "good_number", "price_points_e2"], ["price_in_force.community_id", "price_in_force.version", "price_in_force.good_number", "price_in_force.price_points_e2"], name=op.f("fk_reservation_line_price")),
        sa.ForeignKeyConstraint(["community_id", "reservation_id"], ["reservation.community_id", "reservation.id"], name=op.f("fk_reservation_line_reservation")),
        sa.UniqueConstraint("community_id", "reservation_id", "lot_number", name=op.f("uq_reservation_line_lot")),
    )
