"""timetable: opening calendars, their weeks, days that differ, and booked slots."""

import sqlalchemy as sa
from alembic import op

revision = "0023_timetable"
down_revision = "0022_seen_again"
branch_labels = None
depends_on = None

CREATED = ("timetable", "timetable_hours", "timetable_exception", "slot_booking")
"""The tables, in the order in which they are made."""
GROWING = ("timetable_hours", "timetable_exception")
"""Those that only grow."""
FIXED = {
    "timetable": (
        "community_id",
        "id",
        "number",
        "used_for",
        "name",
        "place",
        "slot_minutes",
        "places",
        "made_by",
        "made_at",
    ),
    "slot_booking": (
        "community_id",
        "id",
        "timetable_id",
        "starts_at",
        "ends_at",
        "person_id",
        "volunteer_number",
        "about",
        "booked_by",
        "booked_at",
    ),
}
"""What nobody changes when one of these is decided, by table."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_tables()
    for table in GROWING:
        if _on_sqlite():
            _only_grows_on_sqlite(table)
        else:
            _only_grows_on_postgresql(table)
    for table, fixed in FIXED.items():
        if _on_sqlite():
            _decided_once_on_sqlite(table, fixed)
        else:
            _decided_once_on_postgresql(table, fixed)


def downgrade() -> None:
    """Remove them (for tests)."""
    for table in reversed(CREATED):
        op.drop_table(table)
    if not _on_sqlite():
        for table in FIXED:
            op.execute(f"DROP FUNCTION timebank_refuse_{table}()")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _decided_once_on_sqlite(table: str, fixed: tuple[str, ...]) -> None:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in fixed)
    op.execute(
        f"CREATE TRIGGER {table}_decided_once BEFORE UPDATE ON {table} WHEN OLD.state <> 'open' OR {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: decided'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: kept for ever'); END"
    )


def _decided_once_on_postgresql(table: str, fixed: tuple[str, ...]) -> None:
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in fixed)
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


def _only_grows_on_sqlite(table: str) -> None:
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        )


def _only_grows_on_postgresql(table: str) -> None:
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
    op.create_table(
        "timetable",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("used_for", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_timetable_ended_by_somebody"),
        ),
        sa.CheckConstraint("state IN ('open', 'ended')", name=op.f("ck_timetable_state_known")),
        sa.CheckConstraint("typeof(places) IN ('integer', 'null')", name=op.f("ck_timetable_places_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "typeof(slot_minutes) IN ('integer', 'null')", name=op.f("ck_timetable_slot_minutes_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "used_for IN ('activities', 'appointments', 'pick_up')", name=op.f("ck_timetable_use_known")
        ),
        sa.CheckConstraint("places BETWEEN 1 AND 10000", name=op.f("ck_timetable_places_range")),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 720", name=op.f("ck_timetable_slot_minutes_range")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_timetable")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_timetable_community_id_number")),
    )
    op.create_table(
        "timetable_hours",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("windows", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("typeof(turn) IN ('integer', 'null')", name=op.f("ck_timetable_hours_turn_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("turn BETWEEN 1 AND 1000000", name=op.f("ck_timetable_hours_turn_range")),
        sa.ForeignKeyConstraint(
            ["community_id", "timetable_id"],
            ["timetable.community_id", "timetable.id"],
            name="fk_timetable_hours_timetable",
        ),
        sa.PrimaryKeyConstraint("community_id", "timetable_id", "turn", name=op.f("pk_timetable_hours")),
    )
    op.create_table(
        "timetable_exception",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("windows", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "typeof(turn) IN ('integer', 'null')", name=op.f("ck_timetable_exception_turn_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_timetable_exception_lasts")),
        sa.CheckConstraint("turn BETWEEN 1 AND 1000000", name=op.f("ck_timetable_exception_turn_range")),
        sa.ForeignKeyConstraint(
            ["community_id", "timetable_id"],
            ["timetable.community_id", "timetable.id"],
            name="fk_timetable_exception_timetable",
        ),
        sa.PrimaryKeyConstraint("community_id", "timetable_id", "turn", name=op.f("pk_timetable_exception")),
    )
    op.create_table(
        "slot_booking",
        sa.Column("community_id", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_number", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("booked_by", sa.String(length=32), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_slot_booking_ended_by_somebody"),
        ),
        sa.CheckConstraint("state IN ('open', 'ended')", name=op.f("ck_slot_booking_state_known")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slot_booking_ends_later")),
        sa.ForeignKeyConstraint(
            ["community_id", "person_id"],
            ["volunteer.community_id", "volunteer.person_id"],
            name="fk_slot_booking_person",
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "timetable_id"],
            ["timetable.community_id", "timetable.id"],
            name="fk_slot_booking_timetable",
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_slot_booking")),
    )
    op.create_index("ix_slot_booking_person", "slot_booking", ["community_id", "person_id", "starts_at"], unique=False)
    op.create_index("ix_slot_booking_slot", "slot_booking", ["community_id", "timetable_id", "starts_at"], unique=False)
    op.create_index(
        "uq_slot_booking_once",
        "slot_booking",
        ["community_id", "timetable_id", "starts_at", "person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
