"""service: activities, service records and the flags on records; kept for ever, what was recorded unchanged."""

import sqlalchemy as sa
from alembic import op

revision = "0004_service"
down_revision = "0003_rulebook"
branch_labels = None
depends_on = None

CREATED = ("activity", "service_record", "record_flag")
"""All tables of this step, in the order in which they are made."""
FIXED = (
    "community_id",
    "id",
    "person_id",
    "volunteer_number",
    "activity_id",
    "service_class",
    "source_class",
    "starts_at",
    "ends_at",
    "minutes",
    "served_on",
    "place",
    "content",
    "leader",
    "sheet_number",
    "sheet_recorder",
    "late_reason",
    "remark",
    "recorder_id",
    "recorder",
    "recorded_at",
    "batch_id",
)
"""What was recorded; nobody changes it, whatever is decided about it."""
DECIDED = ("approver_id", "approver", "approved_at", "rating", "entry_seq")
"""What stands once a record is approved."""
MOVES = (
    "(OLD.state = 'submitted' AND NEW.state IN ('approved', 'rejected')) "
    "OR (OLD.state = 'approved' AND NEW.state = 'reversed')"
)


def upgrade() -> None:
    """Make the tables of this room, and let the database keep what they promise."""
    _create_activity()
    _create_service_record()
    _create_record_flag()
    if _on_sqlite():
        _sqlite_triggers()
    else:
        _postgresql_triggers()


def downgrade() -> None:
    """Remove them."""
    for table in reversed(CREATED):
        op.drop_table(table)
    if not _on_sqlite():
        op.execute("DROP FUNCTION timebank_refuse_service_record()")
        op.execute("DROP FUNCTION timebank_refuse_record_flag()")


def _changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)


def _record_changed(differs: str) -> str:
    decided = f"OLD.state = 'approved' AND ({_changed(DECIDED, differs)})"
    return f"NOT ({MOVES}) OR {_changed(FIXED, differs)} OR ({decided})"


def _flag_changed(differs: str) -> str:
    return f"OLD.answer IS NOT NULL OR {_changed(('community_id', 'record_id', 'code', 'facts'), differs)}"


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _sqlite_triggers() -> None:
    for table, name, changed in (
        ("service_record", "as_recorded", _record_changed("IS NOT")),
        ("record_flag", "answered_once", _flag_changed("IS NOT")),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE UPDATE ON {table} WHEN {changed} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {name}'); END"
        )
    for table in CREATED:
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: kept for ever'); END"
        )


def _postgresql_triggers() -> None:
    for table, name, changed in (
        ("service_record", "as_recorded", _record_changed("IS DISTINCT FROM")),
        ("record_flag", "answered_once", _flag_changed("IS DISTINCT FROM")),
    ):
        op.execute(
            f"""
            CREATE FUNCTION timebank_refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {changed} THEN
                    RAISE EXCEPTION '{table}: {name}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END $$
            """
        )
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION timebank_refuse_{table}()"
        )
    for table in CREATED:
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
        )
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM timebank_app")


def _create_activity() -> None:
    op.create_table(
        "activity",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("service_class", sa.String(40), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("leader", sa.String(60), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creator_id", sa.Uuid(), nullable=False),
        sa.Column("creator", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("approver", sa.String(32), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_activity")),
        sa.CheckConstraint("state <> 'approved' OR approver_id IS NOT NULL", name=op.f("ck_activity_approved_by_somebody")),
        sa.CheckConstraint("approver_id <> creator_id", name=op.f("ck_activity_approver_is_not_creator")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 100000", name=op.f("ck_activity_capacity_range")),
        sa.CheckConstraint("typeof(capacity) IN ('integer', 'null')", name=op.f("ck_activity_capacity_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_activity_ends_later")),
        sa.CheckConstraint("origin IN ('planned', 'sheets')", name=op.f("ck_activity_origin_known")),
        sa.CheckConstraint("(origin = 'sheets') = (batch_id IS NOT NULL)", name=op.f("ck_activity_sheets_come_in_a_batch")),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'cancelled')", name=op.f("ck_activity_state_known")),
        sa.ForeignKeyConstraint(["community_id", "approver_id"], ["person.community_id", "person.id"], name=op.f("fk_activity_approver")),
        sa.ForeignKeyConstraint(["community_id", "creator_id"], ["person.community_id", "person.id"], name=op.f("fk_activity_creator")),
        sa.ForeignKeyConstraint(["community_id", "org_unit_id"], ["org_unit.community_id", "org_unit.id"], name=op.f("fk_activity_org_unit")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_activity_community_id_number")),
    )
    op.create_index(op.f("ix_activity_batch"), "activity", ["community_id", "batch_id"])
    op.create_index(op.f("ix_activity_starts_at"), "activity", ["community_id", "starts_at"])


def _create_service_record() -> None:
    op.create_table(
        "service_record",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_number", sa.String(32), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("service_class", sa.String(40), nullable=False),
        sa.Column("source_class", sa.String(16), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("leader", sa.String(60), nullable=False),
        sa.Column("sheet_number", sa.String(40), nullable=False),
        sa.Column("sheet_recorder", sa.String(60), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("recorder", sa.String(32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("approver", sa.String(32), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closer_id", sa.Uuid(), nullable=True),
        sa.Column("closer", sa.String(32), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=False),
        sa.Column("reversal_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_service_record")),
        sa.CheckConstraint("(state IN ('approved', 'reversed')) = (entry_seq IS NOT NULL)", name=op.f("ck_service_record_approved_with_its_entry")),
        sa.CheckConstraint("approver_id <> person_id", name=op.f("ck_service_record_approver_is_not_beneficiary")),
        sa.CheckConstraint("approver_id <> recorder_id", name=op.f("ck_service_record_approver_is_not_recorder")),
        sa.CheckConstraint("(state IN ('rejected', 'reversed')) = (closer_id IS NOT NULL)", name=op.f("ck_service_record_closed_by_somebody")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_service_record_ends_later")),
        sa.CheckConstraint("entry_seq BETWEEN 1 AND 1000000000000", name=op.f("ck_service_record_entry_seq_range")),
        sa.CheckConstraint("typeof(entry_seq) IN ('integer', 'null')", name=op.f("ck_service_record_entry_seq_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("(entry_seq IS NOT NULL) = (approver_id IS NOT NULL)", name=op.f("ck_service_record_entry_with_its_approver")),
        sa.CheckConstraint("EXTRACT(EPOCH FROM ends_at - starts_at) = minutes * 60", name=op.f("ck_service_record_minutes_computed")).ddl_if(dialect="postgresql"),
        sa.CheckConstraint("CAST(strftime('%s', ends_at) AS INTEGER) - CAST(strftime('%s', starts_at) AS INTEGER) = minutes * 60", name=op.f("ck_service_record_minutes_computed")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_service_record_minutes_range")),
        sa.CheckConstraint("typeof(minutes) IN ('integer', 'null')", name=op.f("ck_service_record_minutes_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_service_record_rating_range")),
        sa.CheckConstraint("typeof(rating) IN ('integer', 'null')", name=op.f("ck_service_record_rating_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("recorder_id <> person_id", name=op.f("ck_service_record_recorder_is_not_beneficiary")),
        sa.CheckConstraint("reversal_seq BETWEEN 1 AND 1000000000000", name=op.f("ck_service_record_reversal_seq_range")),
        sa.CheckConstraint("typeof(reversal_seq) IN ('integer', 'null')", name=op.f("ck_service_record_reversal_seq_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("(state = 'reversed') = (reversal_seq IS NOT NULL)", name=op.f("ck_service_record_reversed_with_its_entry")),
        sa.CheckConstraint("state <> 'reversed' OR closer_id <> person_id", name=op.f("ck_service_record_reverser_is_not_beneficiary")),
        sa.CheckConstraint("source_class IN ('self_check_in', 'staff_scan', 'sheet', 'late_entry', 'opening')", name=op.f("ck_service_record_source_known")),
        sa.CheckConstraint("state IN ('submitted', 'approved', 'rejected', 'reversed')", name=op.f("ck_service_record_state_known")),
        sa.ForeignKeyConstraint(["community_id", "activity_id"], ["activity.community_id", "activity.id"], name=op.f("fk_service_record_activity")),
        sa.ForeignKeyConstraint(["community_id", "approver_id"], ["person.community_id", "person.id"], name=op.f("fk_service_record_approver")),
        sa.ForeignKeyConstraint(["community_id", "closer_id"], ["person.community_id", "person.id"], name=op.f("fk_service_record_closer")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_service_record_entry")),
        sa.ForeignKeyConstraint(["community_id", "person_id"], ["volunteer.community_id", "volunteer.person_id"], name=op.f("fk_service_record_person")),
        sa.ForeignKeyConstraint(["community_id", "recorder_id"], ["person.community_id", "person.id"], name=op.f("fk_service_record_recorder")),
        sa.ForeignKeyConstraint(["community_id", "reversal_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_service_record_reversal")),
        sa.ForeignKeyConstraint(["community_id", "volunteer_number"], ["volunteer.community_id", "volunteer.number"], name=op.f("fk_service_record_volunteer")),
        sa.UniqueConstraint("community_id", "entry_seq", name=op.f("uq_service_record_community_id_entry_seq")),
        sa.UniqueConstraint("community_id", "reversal_seq", name=op.f("uq_service_record_community_id_reversal_seq")),
    )
    op.create_index(op.f("ix_service_record_activity"), "service_record", ["community_id", "activity_id", "state"])
    op.create_index(op.f("ix_service_record_batch"), "service_record", ["community_id", "batch_id"])
    op.create_index(op.f("ix_service_record_state"), "service_record", ["community_id", "state", "activity_id"])
    op.create_index(op.f("ix_service_record_volunteer"), "service_record", ["community_id", "volunteer_number", "starts_at", "id"])
    op.create_index(op.f("uq_service_record_served_once"), "service_record", ["community_id", "person_id", "starts_at"], unique=True, postgresql_where=sa.text("state IN ('submitted', 'approved')"), sqlite_where=sa.text("state IN ('submitted', 'approved')"))


def _create_record_flag() -> None:
    op.create_table(
        "record_flag",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "record_id", "code", name=op.f("pk_record_flag")),
        sa.CheckConstraint("(answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_record_flag_answered_by_somebody")),
        sa.ForeignKeyConstraint(["community_id", "record_id"], ["service_record.community_id", "service_record.id"], name=op.f("fk_record_flag_record")),
    )
