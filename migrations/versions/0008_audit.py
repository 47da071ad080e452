"""Verifications and what they found; append only."""

import sqlalchemy as sa
from alembic import op

revision = "0008_audit"
down_revision = "0007_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of verifications, which only grows."""
    op.create_table(
        "verification",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("findings_total", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_verification")),
        sa.CheckConstraint("findings_total >= 0", name=op.f("ck_verification_findings_total_counted")),
        sa.CheckConstraint("size BETWEEN 0 AND 1000000000000", name=op.f("ck_verification_size_range")),
        sa.CheckConstraint("typeof(size) IN ('integer', 'null')", name=op.f("ck_verification_size_whole")).ddl_if(dialect="sqlite"),
    )
    op.create_index(op.f("ix_verification_at"), "verification", ["community_id", "at"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER verification_no_{verb} BEFORE {verb.upper()} ON verification "
                "BEGIN SELECT RAISE(ABORT, 'append-only: verification'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER verification_no_change BEFORE UPDATE OR DELETE ON verification "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER verification_no_truncate BEFORE TRUNCATE ON verification "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON verification FROM timebank_app")


def downgrade() -> None:
    """Remove it."""
    op.drop_table("verification")
