"""The market: second looks, counts of what comes back, and limits of households."""

import sqlalchemy as sa
from alembic import op

revision = "0025_second_looks"
down_revision = "0024_trainings"
branch_labels = None
depends_on = None

GROWING = (
    "passbook_check",
    "restock_count",
)
"""The tables, in the order in which they are made; the database itself lets them grow only."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _limit_households()
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
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE good DROP COLUMN household_pieces_max")
    else:
        op.drop_column("good", "household_pieces_max")


def _limit_households() -> None:
    """A column of the goods; SQLite takes its promises with the column or not at all."""
    limit = "CONSTRAINT ck_good_household_pieces_max_range CHECK (household_pieces_max BETWEEN 1 AND 1000000)"
    if op.get_bind().dialect.name == "sqlite":
        limit += (
            " CONSTRAINT ck_good_household_pieces_max_whole"
            " CHECK (typeof(household_pieces_max) IN ('integer', 'null'))"
        )
    op.execute(f"ALTER TABLE good ADD COLUMN household_pieces_max INTEGER {limit}")


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
        "passbook_check",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_number", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=False),
        sa.Column("checked_by", sa.String(32), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identified", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_passbook_check")),
        sa.CheckConstraint("checked_by_id <> person_id", name=op.f("ck_passbook_check_not_for_oneself")),
        sa.ForeignKeyConstraint(["community_id", "checked_by_id"], ["person.community_id", "person.id"], name=op.f("fk_passbook_check_checked_by")),
        sa.ForeignKeyConstraint(["community_id", "person_id"], ["volunteer.community_id", "volunteer.person_id"], name=op.f("fk_passbook_check_person")),
        sa.ForeignKeyConstraint(["community_id", "volunteer_number"], ["volunteer.community_id", "volunteer.number"], name=op.f("fk_passbook_check_volunteer")),
    )
    op.create_index(op.f("ix_passbook_check_day"), "passbook_check", ["community_id", "checked_on", "volunteer_number"])
    op.create_table(
        "restock_count",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("counted_pieces", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "redemption_id", "good_number", name=op.f("pk_restock_count")),
        sa.CheckConstraint("counted_pieces BETWEEN 1 AND 1000000000", name=op.f("ck_restock_count_counted_pieces_range")),
        sa.CheckConstraint("typeof(counted_pieces) IN ('integer', 'null')", name=op.f("ck_restock_count_counted_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_restock_count_good")),
        sa.ForeignKeyConstraint(["community_id", "redemption_id"], ["redemption_undo.community_id", "redemption_undo.redemption_id"], name=op.f("fk_restock_count_undo")),
    )
