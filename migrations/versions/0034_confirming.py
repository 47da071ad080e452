"""service: between approval and entry. Who said yes or no, who was served and how they rated it; a record in between."""

import sqlalchemy as sa
from alembic import op

revision = "0034_confirming"
down_revision = "0033_star_inquiries"
branch_labels = None
depends_on = None

GROWING = ("record_answer", "recipient_rating")
"""The database itself lets these grow only."""
STATE_WAS = "state IN ('submitted', 'approved', 'rejected', 'reversed')"
STATE_IS = "state IN ('submitted', 'checked', 'approved', 'rejected', 'reversed')"
APPROVER_WAS = "(entry_seq IS NOT NULL) = (approver_id IS NOT NULL)"
APPROVER_IS = (
    "(approver_id IS NOT NULL OR (entry_seq IS NULL AND state <> 'checked'))"
    " AND (approver_id IS NULL OR state <> 'submitted')"
)
LIVE_WAS = "state IN ('submitted', 'approved')"
LIVE_IS = "state IN ('submitted', 'checked', 'approved')"
FIXED = (
    "community_id", "id", "person_id", "volunteer_number", "activity_id", "service_class", "source_class", "starts_at",
    "ends_at", "minutes", "served_on", "place", "content", "leader", "sheet_number", "sheet_recorder", "late_reason",
    "remark", "recorder_id", "recorder", "recorded_at", "batch_id",
)  # fmt: skip
"""What was recorded; nobody changes it, whatever is decided about it."""
CHECKED = ("approver_id", "approver", "approved_at")
"""What stands once a second person has approved a record."""
POSTED = (*CHECKED, "rating", "entry_seq")
"""What stands once a record is posted."""
MOVES_WERE = (
    "(OLD.state = 'submitted' AND NEW.state IN ('approved', 'rejected')) "
    "OR (OLD.state = 'approved' AND NEW.state = 'reversed')"
)
MOVES_ARE = (
    "(OLD.state = 'submitted' AND NEW.state IN ('checked', 'approved', 'rejected')) "
    "OR (OLD.state = 'checked' AND NEW.state IN ('checked', 'approved', 'rejected')) "
    "OR (OLD.state = 'approved' AND NEW.state = 'reversed')"
)
DENIED = (
    "NEW.state = 'approved' AND OLD.state <> 'approved' AND EXISTS (SELECT 1 FROM record_answer said "
    "JOIN line_objection doubt ON doubt.community_id = said.community_id AND doubt.id = said.objection_id "
    "WHERE said.community_id = NEW.community_id AND said.record_id = NEW.id AND doubt.state <> 'kept')"
)
"""A denial that nobody has decided, or that was found right, keeps a record out of the books."""


def upgrade() -> None:
    """Make the tables, and let a record stand between approval and entry."""
    _create_tables()
    for table in GROWING:
        _only_grows(table)
    _replace_checks(((STATE_WAS, STATE_IS), (APPROVER_WAS, APPROVER_IS)))
    _replace_index(LIVE_IS)
    _replace_trigger(MOVES_ARE, with_denials=True)


def downgrade() -> None:
    """Go back (for tests); records in between are submitted again, as far as anybody knew before."""
    _drop_triggers()
    op.execute(
        "UPDATE service_record SET state = 'submitted', approver_id = NULL, approver = NULL, approved_at = NULL "
        "WHERE state = 'checked'"
    )
    op.execute(
        "UPDATE service_record SET approver_id = NULL, approver = NULL, approved_at = NULL WHERE state = 'rejected'"
    )
    _replace_checks(((STATE_IS, STATE_WAS), (APPROVER_IS, APPROVER_WAS)))
    _replace_index(LIVE_WAS)
    _make_trigger(MOVES_WERE, with_denials=False)
    for table in ("recipient_rating", "activity_recipient", "record_answer"):
        op.drop_table(table)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _replace_checks(pairs: tuple[tuple[str, str], ...]) -> None:
    """Put other conditions in the place of some, under their names; on SQLite in the text of the table, see 0014."""
    if not _on_sqlite():
        for name, (_, new) in zip(("state_known", "entry_with_its_approver"), pairs, strict=True):
            op.drop_constraint(op.f(f"ck_service_record_{name}"), "service_record", type_="check")
            op.create_check_constraint(op.f(f"ck_service_record_{name}"), "service_record", new)
        return
    connection = op.get_bind()
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    for old, new in pairs:
        connection.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE type = 'table' AND name = 'service_record'"
            ),
            {"old": f"CHECK ({old})", "new": f"CHECK ({new})"},
        )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def _replace_index(live: str) -> None:
    op.drop_index(op.f("uq_service_record_served_once"), "service_record")
    op.create_index(
        op.f("uq_service_record_served_once"),
        "service_record",
        ["community_id", "person_id", "starts_at"],
        unique=True,
        postgresql_where=sa.text(live),
        sqlite_where=sa.text(live),
    )


def _changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)


def _replace_trigger(moves: str, *, with_denials: bool) -> None:
    _drop_triggers()
    _make_trigger(moves, with_denials=with_denials)


def _drop_triggers() -> None:
    if _on_sqlite():
        op.execute("DROP TRIGGER service_record_as_recorded")
        op.execute("DROP TRIGGER IF EXISTS service_record_not_denied")
        return
    op.execute("DROP TRIGGER service_record_as_recorded ON service_record")
    op.execute("DROP TRIGGER IF EXISTS service_record_not_denied ON service_record")


def _make_trigger(moves: str, *, with_denials: bool) -> None:
    differs = "IS NOT" if _on_sqlite() else "IS DISTINCT FROM"
    decided = f"OLD.state = 'approved' AND ({_changed(POSTED, differs)})"
    if with_denials:
        decided += f" OR OLD.state = 'checked' AND ({_changed(CHECKED, differs)})"
    wrong = f"NOT ({moves}) OR {_changed(FIXED, differs)} OR ({decided})"
    if _on_sqlite():
        op.execute(
            f"CREATE TRIGGER service_record_as_recorded BEFORE UPDATE ON service_record WHEN {wrong} "
            "BEGIN SELECT RAISE(ABORT, 'service_record: as_recorded'); END"
        )
        if with_denials:
            op.execute(
                f"CREATE TRIGGER service_record_not_denied BEFORE UPDATE ON service_record WHEN {DENIED} "
                "BEGIN SELECT RAISE(ABORT, 'service_record: not_denied'); END"
            )
        return
    _function("timebank_refuse_service_record", wrong, "as_recorded")
    _on_update("as_recorded", "timebank_refuse_service_record")
    if with_denials:
        _function("timebank_refuse_denied_record", DENIED, "not_denied")
        _on_update("not_denied", "timebank_refuse_denied_record")
    else:
        op.execute("DROP FUNCTION timebank_refuse_denied_record()")


def _function(name: str, wrong: str, told: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {wrong} THEN
                RAISE EXCEPTION 'service_record: {told}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )


def _on_update(name: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER service_record_{name} BEFORE UPDATE ON service_record "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def _only_grows(table: str) -> None:
    if _on_sqlite():
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM timebank_app")


def _create_tables() -> None:
    _create_record_answer()
    op.create_table(
        "activity_recipient",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("phone_tail", sa.String(4), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("setter", sa.String(32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "activity_id", name=op.f("pk_activity_recipient")),
        sa.UniqueConstraint("community_id", "code", name=op.f("uq_activity_recipient_community_id_code")),
        sa.ForeignKeyConstraint(
            ["community_id", "activity_id"],
            ["activity.community_id", "activity.id"],
            name=op.f("fk_activity_recipient_activity"),
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_activity_recipient_has_a_name")),
        sa.CheckConstraint("length(phone_tail) = 4", name=op.f("ck_activity_recipient_phone_tail_of_four")),
        sa.CheckConstraint("length(code) = 10", name=op.f("ck_activity_recipient_code_of_ten")),
    )
    op.create_table(
        "recipient_rating",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("before_posting", sa.Boolean(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "record_id", name=op.f("pk_recipient_rating")),
        sa.ForeignKeyConstraint(
            ["community_id", "record_id"],
            ["service_record.community_id", "service_record.id"],
            name=op.f("fk_recipient_rating_record"),
        ),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_recipient_rating_stars_range")),
        sa.CheckConstraint("typeof(stars) IN ('integer', 'null')", name=op.f("ck_recipient_rating_stars_whole")).ddl_if(
            dialect="sqlite"
        ),
    )


def _create_record_answer() -> None:
    op.create_table(
        "record_answer",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("answerer_id", sa.Uuid(), nullable=True),
        sa.Column("answerer", sa.String(32), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "record_id", "side", name=op.f("pk_record_answer")),
        sa.UniqueConstraint("community_id", "objection_id", name=op.f("uq_record_answer_community_id_objection_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "record_id"],
            ["service_record.community_id", "service_record.id"],
            name=op.f("fk_record_answer_record"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "answerer_id"],
            ["person.community_id", "person.id"],
            name=op.f("fk_record_answer_answerer"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "objection_id"],
            ["line_objection.community_id", "line_objection.id"],
            name=op.f("fk_record_answer_objection"),
        ),
        sa.CheckConstraint("side IN ('volunteer', 'recipient', 'resident')", name=op.f("ck_record_answer_side_known")),
        sa.CheckConstraint("agrees = (objection_id IS NULL)", name=op.f("ck_record_answer_a_no_opens_a_case")),
        sa.CheckConstraint("agrees OR reason <> ''", name=op.f("ck_record_answer_a_no_says_why")),
    )
