"""pool: grants out of the mutual-aid pool, and what became of them. Both only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0020_pool"
down_revision = "0019_objecting"
branch_labels = None
depends_on = None

GROWING = ("pool_grant", "pool_grant_decision")
"""The tables, in the order in which they are made; the database itself lets them grow only."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_pool_grant()
    _create_pool_grant_decision()
    for table in GROWING:
        if op.get_bind().dialect.name == "sqlite":
            _only_grows_on_sqlite(table)
        else:
            _only_grows_on_postgresql(table)


def downgrade() -> None:
    """Remove them (for tests)."""
    for table in reversed(GROWING):
        op.drop_table(table)


def _create_pool_grant() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "pool_grant",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("points_e2", big, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("proposer", sa.String(32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_pool_grant")),
        sa.UniqueConstraint("community_id", "id", "proposer_id", name=op.f("uq_pool_grant_pinned")),
        sa.ForeignKeyConstraint(
            ["community_id", "number"],
            ["volunteer.community_id", "volunteer.number"],
            name=op.f("fk_pool_grant_volunteer"),
        ),
        sa.CheckConstraint("points_e2 BETWEEN 1 AND 10000000000", name=op.f("ck_pool_grant_points_e2_range")),
        sa.CheckConstraint(
            "typeof(points_e2) IN ('integer', 'null')", name=op.f("ck_pool_grant_points_e2_whole")
        ).ddl_if(dialect="sqlite"),
    )
    op.create_index(op.f("ix_pool_grant_number"), "pool_grant", ["community_id", "number"])


def _create_pool_grant_decision() -> None:
    op.create_table(
        "pool_grant_decision",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=False),
        sa.Column("decider", sa.String(32), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "grant_id", name=op.f("pk_pool_grant_decision")),
        sa.UniqueConstraint(
            "community_id", "entry_seq", name=op.f("uq_pool_grant_decision_community_id_entry_seq")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "grant_id", "proposer_id"],
            ["pool_grant.community_id", "pool_grant.id", "pool_grant.proposer_id"],
            name=op.f("fk_pool_grant_decision_grant"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "entry_seq"],
            ["entry.community_id", "entry.seq"],
            name=op.f("fk_pool_grant_decision_entry"),
        ),
        sa.CheckConstraint(
            "NOT confirmed OR decider_id <> proposer_id", name=op.f("ck_pool_grant_decision_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "confirmed = (entry_seq IS NOT NULL)", name=op.f("ck_pool_grant_decision_a_grant_is_an_entry")
        ),
    )


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


