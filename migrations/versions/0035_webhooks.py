"""Webhooks: who is told what was done here, and each event on its way."""

import sqlalchemy as sa
from alembic import op

revision = "0035_webhooks"
down_revision = "0034_confirming"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "webhook",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("topics", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_webhook")),
        sa.ForeignKeyConstraint(["community_id"], ["community.community_id"], name=op.f("fk_webhook_community")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_webhook_ended_by_somebody")),
    )
    op.create_table("webhook_delivery", *_delivery())
    op.create_index("ix_webhook_delivery_due", "webhook_delivery", ["community_id", "due_at"])


def _delivery() -> list[sa.schema.SchemaItem]:
    found = [
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "webhook_id", "event_id", name=op.f("pk_webhook_delivery")),
        sa.ForeignKeyConstraint(["community_id", "webhook_id"], ["webhook.community_id", "webhook.id"], name=op.f("fk_webhook_delivery_webhook")),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name=op.f("ck_webhook_delivery_state_known")),
        sa.CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name=op.f("ck_webhook_delivery_due_while_waiting")),
        sa.CheckConstraint("attempts BETWEEN 0 AND 1000", name=op.f("ck_webhook_delivery_attempts_range")),
    ]
    if op.get_bind().dialect.name == "sqlite":
        found.append(
            sa.CheckConstraint("typeof(attempts) IN ('integer', 'null')", name=op.f("ck_webhook_delivery_attempts_whole"))
        )
    return found


def downgrade() -> None:
    """Remove them (for tests)."""
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
