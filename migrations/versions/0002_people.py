"""People: the community, its organisation tree, persons, volunteers, staff and roles, partners, and how they sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0002_people"
down_revision = "0001_books"
branch_labels = None
depends_on = None

CREATED = (
    "community",
    "org_unit",
    "partner",
    "sign_in_attempt",
    "person",
    "credential",
    "guardian",
    "login_session",
    "one_time_login",
    "person_document",
    "relative",
    "staff",
    "volunteer",
    "role_grant",
    "member_card",
)
"""All tables of this step, in the order in which they are made."""


def upgrade() -> None:
    """Make the tables of the people room."""
    op.create_table(
        "community",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("station_phone", sa.String(40), nullable=False),
        sa.Column("opening_hours", sa.String(200), nullable=False),
        sa.Column("go_live_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_community")),
    )
    op.create_table(
        "org_unit",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("parent_level", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_org_unit")),
        sa.CheckConstraint(
            "(level = 1 AND parent_id IS NULL AND parent_level IS NULL) OR (level > 1 AND parent_id IS NOT NULL AND parent_level IS NOT NULL AND parent_level < level)",
            name=op.f("ck_org_unit_below_its_parent"),
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_org_unit_level_range")),
        sa.CheckConstraint("typeof(level) IN ('integer', 'null')", name=op.f("ck_org_unit_level_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.community_id"], name=op.f("fk_org_unit_community")),
        sa.ForeignKeyConstraint(
            ["community_id", "parent_id", "parent_level"],
            ["org_unit.community_id", "org_unit.id", "org_unit.level"],
            name=op.f("fk_org_unit_parent"),
        ),
        sa.UniqueConstraint("community_id", "parent_id", "name", name=op.f("uq_org_unit_community_id_parent_id_name")),
        sa.UniqueConstraint("community_id", "id", "level", name=op.f("uq_org_unit_pinned")),
    )
    op.create_index(
        op.f("ix_org_unit_one_root"),
        "org_unit",
        ["community_id"],
        unique=True,
        postgresql_where=sa.text("level = 1"),
        sqlite_where=sa.text("level = 1"),
    )
    op.create_table(
        "partner",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "code", name=op.f("pk_partner")),
        sa.ForeignKeyConstraint(["community_id"], ["community.community_id"], name=op.f("fk_partner_community")),
        sa.UniqueConstraint("community_id", "name_key", name=op.f("uq_partner_community_id_name_key")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_sign_in_attempt")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.community_id"], name=op.f("fk_sign_in_attempt_community")
        ),
    )
    op.create_index(op.f("ix_sign_in_attempt_at"), "sign_in_attempt", ["community_id", "at"])
    op.create_index(op.f("ix_sign_in_attempt_login"), "sign_in_attempt", ["community_id", "login_digest", "at"])
    op.create_index(op.f("ix_sign_in_attempt_source"), "sign_in_attempt", ["community_id", "source", "at"])
    op.create_table(
        "person",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(120), nullable=False),
        sa.Column("initials", sa.String(120), nullable=False),
        sa.Column("sex", sa.String(6), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("household", sa.String(60), nullable=True),
        sa.Column("skills", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_person")),
        sa.CheckConstraint("sex IN ('female', 'male')", name=op.f("ck_person_sex_known")),
        sa.ForeignKeyConstraint(["community_id"], ["community.community_id"], name=op.f("fk_person_community")),
        sa.ForeignKeyConstraint(
            ["community_id", "org_unit_id"], ["org_unit.community_id", "org_unit.id"], name=op.f("fk_person_org_unit")
        ),
    )
    op.create_index(op.f("ix_person_household"), "person", ["community_id", "household"])
    op.create_index(op.f("ix_person_org_unit"), "person", ["community_id", "org_unit_id"])
    op.create_index(op.f("ix_person_phone"), "person", ["community_id", "phone"])
    op.create_table(
        "credential",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "person_id", name=op.f("pk_credential")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name=op.f("fk_credential_person")
        ),
    )
    op.create_table(
        "guardian",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "person_id", name=op.f("pk_guardian")),
        sa.CheckConstraint("guardian_id <> person_id", name=op.f("ck_guardian_not_of_themselves")),
        sa.ForeignKeyConstraint(
            ["community_id", "guardian_id"], ["person.community_id", "person.id"], name=op.f("fk_guardian_guardian")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name=op.f("fk_guardian_person")
        ),
    )
    op.create_index(op.f("ix_guardian_guardian"), "guardian", ["community_id", "guardian_id"])
    op.create_table(
        "login_session",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "digest", name=op.f("pk_login_session")),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_login_session_ended_after_started")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name=op.f("fk_login_session_person")
        ),
    )
    op.create_index(op.f("ix_login_session_person"), "login_session", ["community_id", "person_id", "ended_at"])
    op.create_table(
        "one_time_login",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "digest", name=op.f("pk_one_time_login")),
        sa.CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_one_time_login_one_end")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name=op.f("fk_one_time_login_person")
        ),
    )
    op.create_index(op.f("ix_one_time_login_person"), "one_time_login", ["community_id", "person_id"])
    op.create_table(
        "person_document",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(12), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(80), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "person_id", name=op.f("pk_person_document")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name=op.f("fk_person_document_person")
        ),
        sa.UniqueConstraint("community_id", "digest", name=op.f("uq_person_document_community_id_digest")),
    )
    op.create_table(
        "relative",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "person_id", "other_id", name=op.f("pk_relative")),
        sa.CheckConstraint("person_id < other_id", name=op.f("ck_relative_stored_once")),
        sa.ForeignKeyConstraint(
            ["community_id", "other_id"], ["person.community_id", "person.id"], name=op.f("fk_relative_other")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name=op.f("fk_relative_person")
        ),
    )
    op.create_index(op.f("ix_relative_other"), "relative", ["community_id", "other_id"])
    op.create_table(
        "staff",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("login", sa.String(40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "person_id", name=op.f("pk_staff")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name=op.f("fk_staff_person")
        ),
        sa.UniqueConstraint("community_id", "login", name=op.f("uq_staff_community_id_login")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_staff_community_id_number")),
    )
    op.create_table(
        "volunteer",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "person_id", name=op.f("pk_volunteer")),
        sa.CheckConstraint("closed_on >= registered_on", name=op.f("ck_volunteer_closed_after_registered")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["person.community_id", "person.id"], name=op.f("fk_volunteer_person")
        ),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_volunteer_community_id_number")),
    )
    op.create_table(
        "role_grant",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("org_unit_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(32), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_role_grant")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_role_grant_revoked_by_somebody")
        ),
        sa.CheckConstraint(
            "role IN ('admin', 'coordinator', 'clerk', 'auditor')", name=op.f("ck_role_grant_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "org_unit_id"],
            ["org_unit.community_id", "org_unit.id"],
            name=op.f("fk_role_grant_org_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"], ["staff.community_id", "staff.person_id"], name=op.f("fk_role_grant_staff")
        ),
    )
    op.create_index(
        op.f("ix_role_grant_held"),
        "role_grant",
        ["community_id", "person_id", "role", "org_unit_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        sqlite_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "member_card",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("payload", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(32), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "payload", name=op.f("pk_member_card")),
        sa.CheckConstraint("payload BETWEEN 0 AND 9999999999999999", name=op.f("ck_member_card_payload_range")),
        sa.CheckConstraint("typeof(payload) IN ('integer', 'null')", name=op.f("ck_member_card_payload_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name=op.f("fk_member_card_volunteer"),
        ),
    )
    op.create_index(
        op.f("ix_member_card_in_use"),
        "member_card",
        ["community_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        sqlite_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    """Remove them."""
    for table in reversed(CREATED):
        op.drop_table(table)
