"""service: what volunteers doubt about their lines, and records that were put right."""

import sqlalchemy as sa
from alembic import op

revision = "0019_objecting"
down_revision = "0018_counter_codes"
branch_labels = None
depends_on = None

CREATED = ('line_objection', 'record_correction')
"""The tables, in the order in which they are made."""
GROWING = ('record_correction',)
"""The database itself lets these grow only."""
FIXED = {'line_objection': ('community_id', 'id', 'number', 'person_id', 'volunteer_number', 'entry_seq', 'text', 'made_at', 'due_on')}
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
        'line_objection',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.String(length=20), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('volunteer_number', sa.String(length=32), nullable=False),
        sa.Column('entry_seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
        sa.Column('text', sa.String(length=500), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('answer', sa.String(length=500), nullable=True),
        sa.Column('answerer_id', sa.Uuid(), nullable=True),
        sa.Column('answerer', sa.String(length=32), nullable=True),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL) AND (answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answerer_id IS NULL) AND (answered_at IS NULL) = (answerer IS NULL)", name=op.f('ck_line_objection_answered_by_somebody')),
        sa.CheckConstraint("state IN ('open', 'kept', 'corrected')", name=op.f('ck_line_objection_state_known')),
        sa.CheckConstraint("typeof(entry_seq) IN ('integer', 'null')", name=op.f('ck_line_objection_entry_seq_whole')).ddl_if(dialect="sqlite"),
        sa.CheckConstraint('answerer_id <> person_id', name=op.f('ck_line_objection_answered_by_another')),
        sa.CheckConstraint('entry_seq BETWEEN 1 AND 1000000000000', name=op.f('ck_line_objection_entry_seq_range')),
        sa.ForeignKeyConstraint(['community_id', 'answerer_id'], ['person.community_id', 'person.id'], name='fk_line_objection_answerer'),
        sa.ForeignKeyConstraint(['community_id', 'entry_seq'], ['entry.community_id', 'entry.seq'], name='fk_line_objection_entry'),
        sa.ForeignKeyConstraint(['community_id', 'person_id'], ['volunteer.community_id', 'volunteer.person_id'], name='fk_line_objection_person'),
        sa.ForeignKeyConstraint(['community_id', 'volunteer_number'], ['volunteer.community_id', 'volunteer.number'], name='fk_line_objection_volunteer'),
        sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_line_objection')),
        sa.UniqueConstraint('community_id', 'number', name=op.f('uq_line_objection_community_id_number')),
    )
    op.create_index('ix_line_objection_state', 'line_objection', ['community_id', 'state', 'due_on'], unique=False)
    op.create_index('uq_line_objection_open', 'line_objection', ['community_id', 'person_id', 'entry_seq'], unique=True, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
    op.create_table(
        'record_correction',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('record_id', sa.Uuid(), nullable=False),
        sa.Column('new_record_id', sa.Uuid(), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('corrector_id', sa.Uuid(), nullable=False),
        sa.Column('corrector', sa.String(length=32), nullable=False),
        sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('new_record_id <> record_id', name=op.f('ck_record_correction_two_records')),
        sa.ForeignKeyConstraint(['community_id', 'corrector_id'], ['person.community_id', 'person.id'], name='fk_record_correction_corrector'),
        sa.ForeignKeyConstraint(['community_id', 'new_record_id'], ['service_record.community_id', 'service_record.id'], name='fk_record_correction_new_record'),
        sa.ForeignKeyConstraint(['community_id', 'record_id'], ['service_record.community_id', 'service_record.id'], name='fk_record_correction_record'),
        sa.PrimaryKeyConstraint('community_id', 'record_id', name=op.f('pk_record_correction')),
        sa.UniqueConstraint('community_id', 'new_record_id', name=op.f('uq_record_correction_community_id_new_record_id')),
    )
