"""people: the trail of reads, append-only for 190 days."""

import sqlalchemy as sa
from alembic import op

revision = "0028_sights"
down_revision = "0027_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and let the database keep what it promises."""
    _create_table()
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def downgrade() -> None:
    """Remove it (for tests)."""
    op.drop_table("sight")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION timebank_keep_sight()")


def _guard_on_sqlite() -> None:
    op.execute("CREATE TRIGGER sight_no_update BEFORE UPDATE ON sight BEGIN SELECT RAISE(ABORT, 'sight: only grows'); END")
    op.execute(
        "CREATE TRIGGER sight_kept BEFORE DELETE ON sight "
        "WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-190 days') "
        "BEGIN SELECT RAISE(ABORT, 'sight: kept for 190 days'); END"
    )


def _guard_on_postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION timebank_keep_sight() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.at > now() - interval '190 days' THEN
                RAISE EXCEPTION 'sight: kept for 190 days' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN OLD;
        END $$
        """
    )
    op.execute("CREATE TRIGGER sight_kept BEFORE DELETE ON sight FOR EACH ROW EXECUTE FUNCTION timebank_keep_sight()")
    op.execute("CREATE TRIGGER sight_no_update BEFORE UPDATE ON sight FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()")
    op.execute("CREATE TRIGGER sight_no_truncate BEFORE TRUNCATE ON sight FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()")
    op.execute("REVOKE UPDATE, TRUNCATE ON sight FROM timebank_app")


def _create_table() -> None:
    op.create_table(
        'sight',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('actor', sa.String(length=32), nullable=False),
        sa.Column('channel', sa.String(length=16), nullable=False),
        sa.Column('what', sa.String(length=60), nullable=False),
        sa.Column('subject', sa.String(length=120), nullable=True),
        sa.Column('shown', sa.Integer(), nullable=True),
        sa.Column('outcome', sa.String(length=8), nullable=False),
        sa.CheckConstraint("outcome IN ('refused', 'seen')", name=op.f('ck_sight_outcome_known')),
        sa.CheckConstraint('shown >= 0', name=op.f('ck_sight_shown_counted')),
        sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_sight')),
    )
    op.create_index('ix_sight_actor', 'sight', ['community_id', 'actor', 'id'], unique=False)
    op.create_index('ix_sight_at', 'sight', ['community_id', 'at'], unique=False)
    op.create_index('ix_sight_subject', 'sight', ['community_id', 'subject', 'id'], unique=False)
