"""service: what an activity asks for, who signs up, who came and went."""

import sqlalchemy as sa
from alembic import op

revision = "0016_attending"
down_revision = "0015_tokens"
branch_labels = None
depends_on = None

CREATED = ('activity_terms', 'activity_cancel', 'sign_up', 'attendance')
"""The tables, in the order in which they are made."""
GROWING = ('activity_terms', 'activity_cancel', 'attendance')
"""The database itself lets these grow only."""
FIXED = {'sign_up': ('community_id', 'id', 'activity_id', 'place', 'person_id', 'volunteer_number', 'signer_id', 'signer', 'signed_at')}
"""What nobody changes when one of these is decided, by table."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_tables()
    op.create_index("ix_service_record_recorder", "service_record", ["community_id", "recorder_id", "recorded_at"])
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
    op.drop_index("ix_service_record_recorder", "service_record")
    for table in reversed(CREATED):
        op.drop_table(table)
    if not _on_sqlite():
        for table in FIXED:
            op.execute(f"DROP FUNCTION timebank_refuse_{table}()")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


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


def _create_tables() -> None:
    op.create_table(
        'activity_terms',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('activity_id', sa.Uuid(), nullable=False),
        sa.Column('needs', sa.String(length=200), nullable=False),
        sa.Column('age_min', sa.Integer(), nullable=True),
        sa.Column('risk', sa.String(length=300), nullable=False),
        sa.Column('insurance', sa.String(length=100), nullable=False),
        sa.CheckConstraint("risk = '' OR insurance <> ''", name=op.f('ck_activity_terms_a_risk_is_insured')),
        sa.CheckConstraint("typeof(age_min) IN ('integer', 'null')", name=op.f('ck_activity_terms_age_min_whole')).ddl_if(dialect="sqlite"),
        sa.CheckConstraint('age_min BETWEEN 1 AND 99', name=op.f('ck_activity_terms_age_min_range')),
        sa.ForeignKeyConstraint(['community_id', 'activity_id'], ['activity.community_id', 'activity.id'], name='fk_activity_terms_activity'),
        sa.PrimaryKeyConstraint('community_id', 'activity_id', name=op.f('pk_activity_terms')),
    )
    op.create_table(
        'activity_cancel',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('activity_id', sa.Uuid(), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('canceller_id', sa.Uuid(), nullable=False),
        sa.Column('canceller', sa.String(length=32), nullable=False),
        sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['community_id', 'activity_id'], ['activity.community_id', 'activity.id'], name='fk_activity_cancel_activity'),
        sa.ForeignKeyConstraint(['community_id', 'canceller_id'], ['person.community_id', 'person.id'], name='fk_activity_cancel_canceller'),
        sa.PrimaryKeyConstraint('community_id', 'activity_id', name=op.f('pk_activity_cancel')),
    )
    op.create_table(
        'sign_up',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('activity_id', sa.Uuid(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('volunteer_number', sa.String(length=32), nullable=False),
        sa.Column('signer_id', sa.Uuid(), nullable=False),
        sa.Column('signer', sa.String(length=32), nullable=False),
        sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('ender_id', sa.Uuid(), nullable=True),
        sa.Column('ender', sa.String(length=32), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ender_id IS NULL) AND (ended_at IS NULL) = (ender IS NULL)", name=op.f('ck_sign_up_ended_by_somebody')),
        sa.CheckConstraint("state IN ('open', 'cancelled')", name=op.f('ck_sign_up_state_known')),
        sa.CheckConstraint("typeof(place) IN ('integer', 'null')", name=op.f('ck_sign_up_place_whole')).ddl_if(dialect="sqlite"),
        sa.CheckConstraint('place BETWEEN 1 AND 1000000', name=op.f('ck_sign_up_place_range')),
        sa.ForeignKeyConstraint(['community_id', 'activity_id'], ['activity.community_id', 'activity.id'], name='fk_sign_up_activity'),
        sa.ForeignKeyConstraint(['community_id', 'ender_id'], ['person.community_id', 'person.id'], name='fk_sign_up_ender'),
        sa.ForeignKeyConstraint(['community_id', 'person_id'], ['volunteer.community_id', 'volunteer.person_id'], name='fk_sign_up_person'),
        sa.ForeignKeyConstraint(['community_id', 'signer_id'], ['person.community_id', 'person.id'], name='fk_sign_up_signer'),
        sa.ForeignKeyConstraint(['community_id', 'volunteer_number'], ['volunteer.community_id', 'volunteer.number'], name='fk_sign_up_volunteer'),
        sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_sign_up')),
        sa.UniqueConstraint('community_id', 'activity_id', 'place', name='uq_sign_up_place'),
    )
    op.create_index('ix_sign_up_person', 'sign_up', ['community_id', 'person_id', 'state'], unique=False)
    op.create_index('uq_sign_up_once', 'sign_up', ['community_id', 'activity_id', 'person_id'], unique=True, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
    op.create_table(
        'attendance',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('activity_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('direction', sa.String(length=3), nullable=False),
        sa.Column('volunteer_number', sa.String(length=32), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('source_class', sa.String(length=16), nullable=False),
        sa.Column('marker_id', sa.Uuid(), nullable=False),
        sa.Column('marker', sa.String(length=32), nullable=False),
        sa.Column('device', sa.String(length=32), nullable=False),
        sa.CheckConstraint("(source_class = 'self_check_in' AND marker_id = person_id) OR (source_class = 'staff_scan' AND marker_id <> person_id)", name=op.f('ck_attendance_by_oneself_or_by_the_door')),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f('ck_attendance_direction_known')),
        sa.ForeignKeyConstraint(['community_id', 'activity_id'], ['activity.community_id', 'activity.id'], name='fk_attendance_activity'),
        sa.ForeignKeyConstraint(['community_id', 'marker_id'], ['person.community_id', 'person.id'], name='fk_attendance_marker'),
        sa.ForeignKeyConstraint(['community_id', 'person_id'], ['volunteer.community_id', 'volunteer.person_id'], name='fk_attendance_person'),
        sa.ForeignKeyConstraint(['community_id', 'volunteer_number'], ['volunteer.community_id', 'volunteer.number'], name='fk_attendance_volunteer'),
        sa.PrimaryKeyConstraint('community_id', 'activity_id', 'person_id', 'direction', name=op.f('pk_attendance')),
    )
    op.create_index('ix_attendance_device', 'attendance', ['community_id', 'activity_id', 'device'], unique=False)
