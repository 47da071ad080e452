"""people: passkeys beside authenticators."""

import sqlalchemy as sa
from alembic import op

revision = "0041_passkeys"
down_revision = "0040_groups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "passkey",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=2048), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_counted")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name="fk_passkey_person"
        ),
        sa.PrimaryKeyConstraint("community_id", "credential_id", name=op.f("pk_passkey")),
    )
    op.create_index("ix_passkey_person", "passkey", ["community_id", "person_id"])


def downgrade() -> None:
    """Remove it (for tests)."""
    op.drop_table("passkey")
