"""people: a volunteer's card may have six digits with which its owner signs in."""

import sqlalchemy as sa
from alembic import op

revision = "0044_card_pins"
down_revision = "0043_desk_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the hash of the digits; a card without them signs nobody in."""
    op.add_column("member_card", sa.Column("pin_hash", sa.String(200), nullable=True))


def downgrade() -> None:
    """Remove it (for tests)."""
    op.drop_column("member_card", "pin_hash")
