"""stars: a case recommended to the level above, and what it answered."""

import sqlalchemy as sa
from alembic import op

revision = "0017_star_recommendations"
down_revision = "0016_attending"
branch_labels = None
depends_on = None

TABLES = ("star_recommendation", "star_outcome")


def upgrade() -> None:
    """Make both tables; what stands in them is never changed."""
    _create_star_recommendation()
    _create_star_outcome()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        if on_sqlite:
            _sqlite_triggers(table)
        else:
            _postgresql_triggers(table)


def downgrade() -> None:
    """Remove them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_star_recommendation() -> None:
    op.create_table(
        "star_recommendation",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("recommended_to", sa.String(60), nullable=False),
        sa.Column("recommended_on", sa.Date(), nullable=False),
        sa.Column("recommender_id", sa.Uuid(), nullable=False),
        sa.Column("recommender", sa.String(32), nullable=False),
        sa.Column("recommended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "award_id", name=op.f("pk_star_recommendation")),
        sa.UniqueConstraint(
            "community_id", "award_id", "recommender_id", name=op.f("uq_star_recommendation_pinned")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "award_id"],
            ["star_award.community_id", "star_award.id"],
            name=op.f("fk_star_recommendation_award"),
        ),
    )


def _create_star_outcome() -> None:
    op.create_table(
        "star_outcome",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(60), nullable=False),
        sa.Column("recommender_id", sa.Uuid(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("recorder", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "award_id", name=op.f("pk_star_outcome")),
        sa.ForeignKeyConstraint(
            ["community_id", "award_id", "recommender_id"],
            [
                "star_recommendation.community_id",
                "star_recommendation.award_id",
                "star_recommendation.recommender_id",
            ],
            name=op.f("fk_star_outcome_recommendation"),
        ),
        sa.CheckConstraint("recorder_id <> recommender_id", name=op.f("ck_star_outcome_recorded_by_another")),
    )


def _sqlite_triggers(table: str) -> None:
    for verb in ("update", "delete"):
        name = f"{table}_no_{verb}"
        event = f"{verb.upper()} ON {table}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{name}: kept for ever'); END")


def _postgresql_triggers(table: str) -> None:
    refuse = "EXECUTE FUNCTION timebank_refuse_change()"
    op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM timebank_app")
