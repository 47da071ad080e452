"""The market: waiting for goods that have run out, and times for fetching reservations. All of it only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0026_waiting"
down_revision = "0025_second_looks"
branch_labels = None
depends_on = None

GROWING = (
    "waiting",
    "waiting_end",
    "reservation_slot",
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
        "waiting",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("volunteer_number", sa.String(32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_by", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_waiting")),
        sa.CheckConstraint("pieces BETWEEN 1 AND 99", name=op.f("ck_waiting_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_waiting_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_waiting_good")),
        sa.ForeignKeyConstraint(["community_id", "volunteer_number"], ["volunteer.community_id", "volunteer.number"], name=op.f("fk_waiting_volunteer")),
    )
    op.create_index(op.f("ix_waiting_volunteer"), "waiting", ["community_id", "volunteer_number"])
    op.create_table(
        "waiting_end",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("waiting_number", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "waiting_number", name=op.f("pk_waiting_end")),
        sa.CheckConstraint("(outcome = 'turn' AND reservation_id IS NOT NULL) OR (outcome = 'left' AND reservation_id IS NULL)", name=op.f("ck_waiting_end_a_turn_is_a_reservation")),
        sa.ForeignKeyConstraint(["community_id", "reservation_id"], ["reservation.community_id", "reservation.id"], name=op.f("fk_waiting_end_reservation")),
        sa.ForeignKeyConstraint(["community_id", "waiting_number"], ["waiting.community_id", "waiting.number"], name=op.f("fk_waiting_end_waiting")),
        sa.UniqueConstraint("community_id", "reservation_id", name=op.f("uq_waiting_end_reservation")),
    )
    op.create_table(
        "reservation_slot",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), nullable=False),
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "reservation_id", name=op.f("pk_reservation_slot")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_reservation_slot_lasts")),
        sa.ForeignKeyConstraint(["community_id", "reservation_id"], ["reservation.community_id", "reservation.id"], name=op.f("fk_reservation_slot_reservation")),
        sa.ForeignKeyConstraint(["community_id", "timetable_id"], ["timetable.community_id", "timetable.id"], name=op.f("fk_reservation_slot_timetable")),
    )
    op.create_index(op.f("ix_reservation_slot_start"), "reservation_slot", ["community_id", "timetable_id", "starts_at"])
