"""people: badges of the staff, and codes on phones that were used up."""

import sqlalchemy as sa
from alembic import op

revision = "0018_counter_codes"
down_revision = "0017_star_recommendations"
branch_labels = None
depends_on = None

GROWING = "phone_code_use"


def upgrade() -> None:
    """Make the tables; of codes that were used up the database lets none be forgotten."""
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {GROWING}_no_{verb} BEFORE {verb.upper()} ON {GROWING} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {GROWING}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {GROWING}_no_change BEFORE UPDATE OR DELETE ON {GROWING} "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {GROWING}_no_truncate BEFORE TRUNCATE ON {GROWING} "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {GROWING} FROM timebank_app")


def downgrade() -> None:
    """Remove them (for tests)."""
    op.drop_table(GROWING)
    op.drop_table("staff_badge")


def _create_tables() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "staff_badge",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("payload", big, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.String(200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "payload", name=op.f("pk_staff_badge")),
        sa.CheckConstraint("payload BETWEEN 0 AND 9999999999999999", name=op.f("ck_staff_badge_payload_range")),
        sa.CheckConstraint("typeof(payload) IN ('integer', 'null')", name=op.f("ck_staff_badge_payload_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "person_id"], ["staff.community_id", "staff.person_id"], name=op.f("fk_staff_badge_staff")),
    )
    in_use = sa.text("revoked_at IS NULL")
    op.create_index(
        op.f("ix_staff_badge_in_use"), "staff_badge", ["community_id", "person_id"], unique=True, sqlite_where=in_use, postgresql_where=in_use
    )
    op.create_table(
        "phone_code_use",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("minute", big, nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "person_id", "minute", "turn", name=op.f("pk_phone_code_use")),
        sa.CheckConstraint("minute BETWEEN 0 AND 10000000000", name=op.f("ck_phone_code_use_minute_range")),
        sa.CheckConstraint("typeof(minute) IN ('integer', 'null')", name=op.f("ck_phone_code_use_minute_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("turn BETWEEN 0 AND 9", name=op.f("ck_phone_code_use_turn_range")),
        sa.CheckConstraint("typeof(turn) IN ('integer', 'null')", name=op.f("ck_phone_code_use_turn_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "person_id"], ["volunteer.community_id", "volunteer.person_id"], name=op.f("fk_phone_code_use_volunteer")),
        sa.ForeignKeyConstraint(["community_id", "used_by_id"], ["person.community_id", "person.id"], name=op.f("fk_phone_code_use_used_by")),
    )
