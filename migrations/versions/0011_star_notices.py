"""stars: public notice of a case, and what somebody has against it."""

import sqlalchemy as sa
from alembic import op

revision = "0011_star_notices"
down_revision = "0010_stocktaking"
branch_labels = None
depends_on = None

FIXED = ("award_id", "number", "text", "contact", "made_by", "made_at")
"""What an objection says; only its answer comes later, once."""


def upgrade() -> None:
    """Make the tables; a notice is never changed, an objection is answered once, and neither is deleted."""
    _create_star_notice()
    _create_star_objection()
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in FIXED)
    answered = f"OLD.answered_at IS NOT NULL OR {changed}"
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_trigger("star_notice_no_update", "UPDATE ON star_notice")
        _sqlite_trigger("star_notice_no_delete", "DELETE ON star_notice")
        _sqlite_trigger("star_objection_decided_once", f"UPDATE ON star_objection WHEN {answered}")
        _sqlite_trigger("star_objection_no_delete", "DELETE ON star_objection")
    else:
        _postgresql_triggers(answered)


def downgrade() -> None:
    """Remove them."""
    for table in ("star_objection", "star_notice"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION timebank_refuse_star_objection()")


def _create_star_notice() -> None:
    op.create_table(
        "star_notice",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("poster_id", sa.Uuid(), nullable=False),
        sa.Column("poster", sa.String(32), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "award_id", name=op.f("pk_star_notice")),
        sa.CheckConstraint("last_on > first_on", name=op.f("ck_star_notice_lasts")),
        sa.ForeignKeyConstraint(
            ["community_id", "award_id"],
            ["star_award.community_id", "star_award.id"],
            name=op.f("fk_star_notice_award"),
        ),
    )


def _create_star_objection() -> None:
    op.create_table(
        "star_objection",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("contact", sa.String(60), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(500), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.String(32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_star_objection")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_star_objection_answered_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "award_id"],
            ["star_notice.community_id", "star_notice.award_id"],
            name=op.f("fk_star_objection_notice"),
        ),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_star_objection_community_id_number")),
    )
    op.create_index(op.f("ix_star_objection_award"), "star_objection", ["community_id", "award_id"])


def _sqlite_trigger(name: str, event: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{name}: kept for ever'); END")


def _postgresql_triggers(answered: str) -> None:
    op.execute(
        f"""
        CREATE FUNCTION timebank_refuse_star_objection() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {answered} THEN
                RAISE EXCEPTION 'star_objection: answered' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    refuse_change = "EXECUTE FUNCTION timebank_refuse_change()"
    for trigger in (
        "star_objection_decided_once BEFORE UPDATE ON star_objection FOR EACH ROW "
        "EXECUTE FUNCTION timebank_refuse_star_objection()",
        f"star_objection_no_delete BEFORE DELETE ON star_objection FOR EACH ROW {refuse_change}",
        f"star_objection_no_truncate BEFORE TRUNCATE ON star_objection FOR EACH STATEMENT {refuse_change}",
        f"star_notice_no_change BEFORE UPDATE OR DELETE ON star_notice FOR EACH ROW {refuse_change}",
        f"star_notice_no_truncate BEFORE TRUNCATE ON star_notice FOR EACH STATEMENT {refuse_change}",
    ):
        op.execute(f"CREATE TRIGGER {trigger}")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON star_notice FROM timebank_app")
    op.execute("REVOKE DELETE, TRUNCATE ON star_objection FROM timebank_app")
