"""The market: what people asked for in vain, and paper forms for a power cut. All of it only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0042_noting"
down_revision = "0041_passkeys"
branch_labels = None
depends_on = None

GROWING = ("unmet_demand", "paper_forms", "paper_form_end")
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
        "unmet_demand",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=True),
        sa.Column("words", sa.String(40), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_unmet_demand")),
        sa.CheckConstraint("(good_number IS NULL) = (words <> '')", name=op.f("ck_unmet_demand_one_thing")),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_unmet_demand_good")),
        sa.ForeignKeyConstraint(["community_id", "noted_by_id"], ["person.community_id", "person.id"], name=op.f("fk_unmet_demand_noted_by")),
    )
    op.create_index(op.f("ix_unmet_demand_day"), "unmet_demand", ["community_id", "noted_on"])
    op.create_table(
        "paper_forms",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("printed_by_id", sa.Uuid(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "first", name=op.f("pk_paper_forms")),
        sa.CheckConstraint("last >= first", name=op.f("ck_paper_forms_in_order")),
        sa.CheckConstraint("first BETWEEN 1 AND 1000000", name=op.f("ck_paper_forms_first_range")),
        sa.CheckConstraint("typeof(first) IN ('integer', 'null')", name=op.f("ck_paper_forms_first_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("last BETWEEN 1 AND 1000000", name=op.f("ck_paper_forms_last_range")),
        sa.CheckConstraint("typeof(last) IN ('integer', 'null')", name=op.f("ck_paper_forms_last_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "printed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_paper_forms_printed_by")),
    )
    op.create_table(
        "paper_form_end",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("redemption_number", sa.String(16), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "form", name=op.f("pk_paper_form_end")),
        sa.CheckConstraint("(redemption_number IS NULL) = (reason <> '')", name=op.f("ck_paper_form_end_entered_or_void")),
        sa.CheckConstraint("form BETWEEN 1 AND 1000000", name=op.f("ck_paper_form_end_form_range")),
        sa.CheckConstraint("typeof(form) IN ('integer', 'null')", name=op.f("ck_paper_form_end_form_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "redemption_number"], ["redemption.community_id", "redemption.number"], name=op.f("fk_paper_form_end_redemption")),
        sa.ForeignKeyConstraint(["community_id", "filed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_paper_form_end_filed_by")),
        sa.UniqueConstraint("community_id", "redemption_number", name=op.f("uq_paper_form_end_redemption")),
    )
