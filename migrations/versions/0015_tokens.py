"""Tokens: with what programs come to the API, and the ends of tokens. Both only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0015_tokens"
down_revision = "0014_star_bodies"
branch_labels = None
depends_on = None

GROWING = ("api_token", "api_token_end")
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
        "api_token",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("community_id", "digest", name=op.f("uq_api_token_community_id_digest")),
        sa.ForeignKeyConstraint(["community_id", "person_id"], ["staff.community_id", "staff.person_id"], name=op.f("fk_api_token_staff")),
        sa.CheckConstraint("expires_at > issued_at", name=op.f("ck_api_token_expires_after_issue")),
    )
    op.create_index("ix_api_token_person", "api_token", ["community_id", "person_id"])
    op.create_table(
        "api_token_end",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "token_id", name=op.f("pk_api_token_end")),
        sa.ForeignKeyConstraint(["community_id", "token_id"], ["api_token.community_id", "api_token.id"], name=op.f("fk_api_token_end_token")),
    )
