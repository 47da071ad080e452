"""stars: awards from case to decision, and the reviews of stars whose minutes were taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0005_stars"
down_revision = "0004_service"
branch_labels = None
depends_on = None

FIXED = {
    "star_award": ("person_id", "number", "level", "opener_id", "opened_at"),
    "star_review": ("award_id", "minutes", "opened_at"),
}
"""What a case is about; it never becomes a case about something else."""


def upgrade() -> None:
    """Make the tables of this room, and let the database keep that a case is decided once and never deleted."""
    _create_star_award()
    _create_star_review()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns in FIXED.items():
        changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)
        if on_sqlite:
            _sqlite_triggers(table, changed)
        else:
            _postgresql_triggers(table, changed)


def downgrade() -> None:
    """Remove them."""
    for table in ("star_review", "star_award"):
        op.drop_table(table)
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION timebank_refuse_{table}()")


def _create_star_award() -> None:
    op.create_table(
        "star_award",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("needed_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.String(10), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("opener_id", sa.Uuid(), nullable=False),
        sa.Column("opener", sa.String(32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("decider", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_star_award")),
        sa.CheckConstraint("body IN ('community', 'upper')", name=op.f("ck_star_award_body_known")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decider_id IS NULL) AND (decided_at IS NULL) = (decider IS NULL)",
            name=op.f("ck_star_award_decided_by_somebody"),
        ),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_star_award_decided_once")),
        sa.CheckConstraint(
            "(state IN ('granted', 'refused')) = (entry_seq IS NOT NULL)",
            name=op.f("ck_star_award_decision_is_an_entry"),
        ),
        sa.CheckConstraint(
            "state <> 'granted' OR decider_id <> opener_id", name=op.f("ck_star_award_granted_by_another")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_star_award_level_range")),
        sa.CheckConstraint("typeof(level) IN ('integer', 'null')", name=op.f("ck_star_award_level_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("minutes BETWEEN 0 AND 9000000000000000", name=op.f("ck_star_award_minutes_range")),
        sa.CheckConstraint("typeof(minutes) IN ('integer', 'null')", name=op.f("ck_star_award_minutes_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "needed_minutes BETWEEN 1 AND 9000000000000000", name=op.f("ck_star_award_needed_minutes_range")
        ),
        sa.CheckConstraint(
            "typeof(needed_minutes) IN ('integer', 'null')", name=op.f("ck_star_award_needed_minutes_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "state NOT IN ('granted', 'refused') OR decider_id <> person_id", name=op.f("ck_star_award_not_for_oneself")
        ),
        sa.CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name=op.f("ck_star_award_refused_with_reason")),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'refused', 'withdrawn')", name=op.f("ck_star_award_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_star_award_entry")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name=op.f("fk_star_award_person"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "rule_version"],
            ["rule_version.community_id", "rule_version.version"],
            name=op.f("fk_star_award_rule_version"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "number"],
            ["volunteer.community_id", "volunteer.number"],
            name=op.f("fk_star_award_volunteer"),
        ),
        sa.UniqueConstraint("community_id", "entry_seq", name=op.f("uq_star_award_community_id_entry_seq")),
    )
    op.create_index(op.f("ix_star_award_number"), "star_award", ["community_id", "number"])
    op.create_index(
        op.f("ix_star_award_once"),
        "star_award",
        ["community_id", "number", "level"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'granted')"),
        sqlite_where=sa.text("state IN ('open', 'granted')"),
    )
    op.create_index(op.f("ix_star_award_state"), "star_award", ["community_id", "state", "opened_at"])


def _create_star_review() -> None:
    op.create_table(
        "star_review",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opener", sa.String(32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closer", sa.String(32), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_star_review")),
        sa.CheckConstraint("(closed_at IS NULL) = (closer IS NULL)", name=op.f("ck_star_review_closed_by_somebody")),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_star_review_closed_once")),
        sa.CheckConstraint("state <> 'kept' OR reason IS NOT NULL", name=op.f("ck_star_review_kept_with_reason")),
        sa.CheckConstraint("minutes BETWEEN 0 AND 9000000000000000", name=op.f("ck_star_review_minutes_range")),
        sa.CheckConstraint("typeof(minutes) IN ('integer', 'null')", name=op.f("ck_star_review_minutes_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("state IN ('open', 'kept', 'recovered')", name=op.f("ck_star_review_state_known")),
        sa.ForeignKeyConstraint(
            ["community_id", "award_id"],
            ["star_award.community_id", "star_award.id"],
            name=op.f("fk_star_review_award"),
        ),
    )
    op.create_index(
        op.f("ix_star_review_once"),
        "star_review",
        ["community_id", "award_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_star_review_state"), "star_review", ["community_id", "state", "opened_at"])


def _sqlite_triggers(table: str, changed: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_decided_once BEFORE UPDATE ON {table} WHEN OLD.state <> 'open' OR {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: decided'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: kept for ever'); END"
    )


def _postgresql_triggers(table: str, changed: str) -> None:
    op.execute(
        f"""
        CREATE FUNCTION timebank_refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state <> 'open' OR {changed} THEN
                RAISE EXCEPTION '{table}: decided' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_decided_once BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION timebank_refuse_{table}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM timebank_app")
