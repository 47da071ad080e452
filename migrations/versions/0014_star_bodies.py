"""stars: the area may grant a star too, beside the community and the level above."""

import sqlalchemy as sa
from alembic import op

revision = "0014_star_bodies"
down_revision = "0013_shifts"
branch_labels = None
depends_on = None

TWO = "body IN ('community', 'upper')"
THREE = "body IN ('area', 'community', 'upper')"


def upgrade() -> None:
    """Let a case name the area."""
    _replace(TWO, THREE)


def downgrade() -> None:
    """Go back to two; a case of an area becomes one of the community."""
    op.execute("UPDATE star_award SET body = 'community' WHERE body = 'area'")
    _replace(THREE, TWO)


def _replace(old: str, new: str) -> None:
    """Put another condition in the place of one, under its name.

    On SQLite the text of the table is changed, as its manual describes for constraints that change nothing on disk:
    making the table anew would lose its triggers and what refers to it.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_star_award_body_known"), "star_award", type_="check")
        op.create_check_constraint(op.f("ck_star_award_body_known"), "star_award", new)
        return
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE type = 'table' AND name = 'star_award'"),
        {"old": old, "new": new},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))
