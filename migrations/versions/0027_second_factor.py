"""people: second factors, recovery codes, resets by two persons; sessions know when a second factor was given."""

import sqlalchemy as sa
from alembic import op

revision = "0027_second_factor"
down_revision = "0026_waiting"
branch_labels = None
depends_on = None

CREATED = ('totp_factor', 'recovery_code', 'factor_reset')
"""The tables, in the order in which they are made."""
FIXED = {'factor_reset': ('community_id', 'id', 'person_id', 'reason', 'asked_at', 'asked_by', 'asker_id')}
"""What nobody changes when one of these is decided, by table."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    op.add_column('login_session', sa.Column('second_at', sa.DateTime(timezone=True), nullable=True))
    _create_tables()
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
    op.drop_column('login_session', 'second_at')


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


def _create_tables() -> None:
    op.create_table(
        'totp_factor',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('key_id', sa.String(length=16), nullable=False),
        sa.Column('nonce', sa.LargeBinary(length=12), nullable=False),
        sa.Column('ciphertext', sa.LargeBinary(length=80), nullable=False),
        sa.Column('last_step', sa.BigInteger(), nullable=False),
        sa.Column('set_up_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('last_step >= 0', name=op.f('ck_totp_factor_after_the_beginning')),
        sa.ForeignKeyConstraint(['community_id', 'person_id'], ['person.community_id', 'person.id'], name='fk_totp_factor_person'),
        sa.PrimaryKeyConstraint('community_id', 'person_id', name=op.f('pk_totp_factor')),
    )
    op.create_table(
        'recovery_code',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['community_id', 'person_id'], ['person.community_id', 'person.id'], name='fk_recovery_code_person'),
        sa.PrimaryKeyConstraint('community_id', 'digest', name=op.f('pk_recovery_code')),
    )
    op.create_index('ix_recovery_code_person', 'recovery_code', ['community_id', 'person_id'], unique=False)
    op.create_table(
        'factor_reset',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('reason', sa.String(length=200), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asked_by', sa.String(length=32), nullable=False),
        sa.Column('asker_id', sa.Uuid(), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decided_by', sa.String(length=32), nullable=True),
        sa.Column('decider_id', sa.Uuid(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL) AND (decided_by IS NULL) = (decider_id IS NULL)", name=op.f('ck_factor_reset_decided_by_somebody')),
        sa.CheckConstraint("state <> 'done' OR (decider_id <> asker_id AND decider_id <> person_id)", name=op.f('ck_factor_reset_two_persons')),
        sa.CheckConstraint("state IN ('open', 'done', 'withdrawn')", name=op.f('ck_factor_reset_state_known')),
        sa.CheckConstraint('asker_id <> person_id', name=op.f('ck_factor_reset_not_for_themselves')),
        sa.ForeignKeyConstraint(['community_id', 'asker_id'], ['person.community_id', 'person.id'], name='fk_factor_reset_asker'),
        sa.ForeignKeyConstraint(['community_id', 'decider_id'], ['person.community_id', 'person.id'], name='fk_factor_reset_decider'),
        sa.ForeignKeyConstraint(['community_id', 'person_id'], ['person.community_id', 'person.id'], name='fk_factor_reset_person'),
        sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_factor_reset')),
    )
    op.create_index('uq_factor_reset_open', 'factor_reset', ['community_id', 'person_id'], unique=True, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
