"""The market: relief for households in need. All of it only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0030_relief"
down_revision = "0029_certificates"
branch_labels = None
depends_on = None

GROWING = (
    "needy_household",
    "relief",
    "relief_line",
    "relief_decision",
    "relief_issue",
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
        "needy_household",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("volunteer_number", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_needy_household")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_needy_household_reason_given")),
        sa.ForeignKeyConstraint(["community_id", "registered_by_id"], ["person.community_id", "person.id"], name=op.f("fk_needy_household_registered_by")),
        sa.ForeignKeyConstraint(["community_id", "volunteer_number"], ["volunteer.community_id", "volunteer.number"], name=op.f("fk_needy_household_volunteer")),
    )
    op.create_table(
        "relief",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("household_number", sa.String(16), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_relief")),
        sa.ForeignKeyConstraint(["community_id", "household_number"], ["needy_household.community_id", "needy_household.number"], name=op.f("fk_relief_household")),
        sa.ForeignKeyConstraint(["community_id", "proposed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_relief_proposed_by")),
        sa.UniqueConstraint("community_id", "number", "proposed_by_id", name=op.f("uq_relief_pinned")),
    )
    op.create_index(op.f("ix_relief_household"), "relief", ["community_id", "household_number", "proposed_on"])
    op.create_table(
        "relief_line",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("relief_number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "relief_number", "good_number", name=op.f("pk_relief_line")),
        sa.CheckConstraint("pieces BETWEEN 1 AND 99", name=op.f("ck_relief_line_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_relief_line_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_relief_line_good")),
        sa.ForeignKeyConstraint(["community_id", "relief_number"], ["relief.community_id", "relief.number"], name=op.f("fk_relief_line_relief")),
    )
    op.create_table(
        "relief_decision",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("relief_number", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "relief_number", name=op.f("pk_relief_decision")),
        sa.CheckConstraint("(outcome = 'approved' AND decided_by_id <> proposed_by_id) OR outcome = 'rejected'", name=op.f("ck_relief_decision_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "decided_by_id"], ["person.community_id", "person.id"], name=op.f("fk_relief_decision_decided_by")),
        sa.ForeignKeyConstraint(["community_id", "relief_number", "proposed_by_id"], ["relief.community_id", "relief.number", "relief.proposed_by_id"], name=op.f("fk_relief_decision_relief")),
        sa.UniqueConstraint("community_id", "relief_number", "outcome", name=op.f("uq_relief_decision_pinned")),
    )
    op.create_table(
        "relief_issue",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("relief_number", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(40), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "relief_number", name=op.f("pk_relief_issue")),
        sa.CheckConstraint("outcome = 'approved'", name=op.f("ck_relief_issue_approved")),
        sa.CheckConstraint("signed_by <> ''", name=op.f("ck_relief_issue_signed")),
        sa.CheckConstraint("handed_by_id <> proposed_by_id", name=op.f("ck_relief_issue_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "relief_number", "outcome"], ["relief_decision.community_id", "relief_decision.relief_number", "relief_decision.outcome"], name=op.f("fk_relief_issue_decision")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_relief_issue_entry")),
        sa.ForeignKeyConstraint(["community_id", "handed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_relief_issue_handed_by")),
        sa.ForeignKeyConstraint(["community_id", "relief_number", "proposed_by_id"], ["relief.community_id", "relief.number", "relief.proposed_by_id"], name=op.f("fk_relief_issue_relief")),
        sa.UniqueConstraint("community_id", "entry_seq", name=op.f("uq_relief_issue_entry")),
    )
