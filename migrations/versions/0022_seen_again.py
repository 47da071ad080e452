"""A witness who sees the same head again leaves a second line: the moment belongs to a cosignature's key."""

import sqlalchemy as sa
from alembic import op

revision = "0022_seen_again"
down_revision = "0021_family_helpers"
branch_labels = None
depends_on = None

BEFORE = ("community_id", "size", "name")
AFTER = (*BEFORE, "seen_at")


def upgrade() -> None:
    """Let the same witness sign the same head at another moment."""
    _key(AFTER)


def downgrade() -> None:
    """Take the old key back (for tests; a second line of the same witness would stand in its way)."""
    _key(BEFORE)


def _key(columns: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(columns)
        return
    op.drop_constraint(op.f("pk_cosignature"), "cosignature", type_="primary")
    op.create_primary_key(op.f("pk_cosignature"), "cosignature", list(columns))


def _rebuild(columns: tuple[str, ...]) -> None:
    """SQLite cannot change a key in place: the table is made anew under its name, with its guards."""
    op.rename_table("cosignature", "cosignature_before")
    op.create_table(
        "cosignature",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("line", sa.String(400), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*columns, name=op.f("pk_cosignature")),
        sa.ForeignKeyConstraint(["community_id", "size"], ["checkpoint.community_id", "checkpoint.size"], name=op.f("fk_cosignature_checkpoint")),
        sa.ForeignKeyConstraint(["community_id", "name"], ["witness.community_id", "witness.name"], name=op.f("fk_cosignature_witness")),
    )
    op.execute(
        "INSERT INTO cosignature (community_id, size, name, line, seen_at) "
        "SELECT community_id, size, name, line, seen_at FROM cosignature_before"
    )
    op.drop_table("cosignature_before")
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER cosignature_no_{verb} BEFORE {verb.upper()} ON cosignature "
            "BEGIN SELECT RAISE(ABORT, 'append-only: cosignature'); END"
        )
