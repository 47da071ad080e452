"""people: family helpers, named, dated and ended once."""

import sqlalchemy as sa
from alembic import op

revision = "0021_family_helpers"
down_revision = "0020_pool"
branch_labels = None
depends_on = None

CREATED = ('family_helper',)
"""The tables, in the order in which they are made."""
FIXED = {'family_helper': ('community_id', 'id', 'person_id', 'helper_id', 'relation', 'named_on', 'until_on', 'named_by')}
"""What nobody changes when one of these is decided, by table."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
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
        'family_helper',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('helper_id', sa.Uuid(), nullable=False),
        sa.Column('relation', sa.String(length=20), nullable=False),
        sa.Column('named_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=False),
        sa.Column('named_by', sa.String(length=32), nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_by', sa.String(length=32), nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)", name=op.f('ck_family_helper_ended_by_somebody')),
        sa.CheckConstraint("state IN ('open', 'ended')", name=op.f('ck_family_helper_state_known')),
        sa.CheckConstraint('helper_id <> person_id', name=op.f('ck_family_helper_two_persons')),
        sa.CheckConstraint('until_on >= named_on', name=op.f('ck_family_helper_lasts')),
        sa.ForeignKeyConstraint(['community_id', 'helper_id'], ['volunteer.community_id', 'volunteer.person_id'], name='fk_family_helper_helper'),
        sa.ForeignKeyConstraint(['community_id', 'person_id'], ['volunteer.community_id', 'volunteer.person_id'], name='fk_family_helper_person'),
        sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_family_helper')),
    )
    op.create_index('ix_family_helper_helper', 'family_helper', ['community_id', 'helper_id', 'state'], unique=False)
    op.create_index('uq_family_helper_once', 'family_helper', ['community_id', 'person_id', 'helper_id'], unique=True, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
