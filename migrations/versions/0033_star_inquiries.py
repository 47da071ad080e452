"""stars: inquiries into a star, the hearing of the volunteer, decisions and objections. All only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0033_star_inquiries"
down_revision = "0032_import_columns"
branch_labels = None
depends_on = None

GROWING = ("star_inquiry", "star_hearing", "star_inquiry_decision", "star_inquiry_objection")
"""The tables, in the order in which they are made; the database itself lets them grow only."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_tables()
    for table in GROWING:
        if op.get_bind().dialect.name == "sqlite":
            _only_grows_on_sqlite(table)
        else:
            _only_grows_on_postgresql(table)


def downgrade() -> None:
    """Remove them (for tests)."""
    for table in reversed(GROWING):
        op.drop_table(table)


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
    op.create_table('star_inquiry',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.String(length=12), nullable=False),
        sa.Column('award_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('volunteer_number', sa.String(length=32), nullable=False),
        sa.Column('level', sa.SmallInteger(), nullable=False),
        sa.Column('reason', sa.String(length=200), nullable=False),
        sa.Column('evidence', sa.String(length=500), nullable=False),
        sa.Column('opener_id', sa.Uuid(), nullable=False),
        sa.Column('opener', sa.String(length=32), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("typeof(level) IN ('integer', 'null')", name=op.f('ck_star_inquiry_level_whole')).ddl_if(dialect="sqlite"),
        sa.CheckConstraint('level BETWEEN 1 AND 5', name=op.f('ck_star_inquiry_level_range')),
        sa.CheckConstraint('opener_id <> person_id', name=op.f('ck_star_inquiry_opened_by_another')),
        sa.ForeignKeyConstraint(['community_id', 'award_id'], ['star_award.community_id', 'star_award.id'], name='fk_star_inquiry_award'),
        sa.ForeignKeyConstraint(['community_id', 'volunteer_number'], ['volunteer.community_id', 'volunteer.number'], name='fk_star_inquiry_volunteer'),
        sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_star_inquiry')),
        sa.UniqueConstraint('community_id', 'id', 'opener_id', 'person_id', 'level', name='uq_star_inquiry_pinned'),
        sa.UniqueConstraint('community_id', 'number', name=op.f('uq_star_inquiry_community_id_number'))
    )
    op.create_index('ix_star_inquiry_volunteer', 'star_inquiry', ['community_id', 'volunteer_number'], unique=False)
    op.create_table('star_hearing',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('inquiry_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('heard_on', sa.Date(), nullable=False),
        sa.Column('text', sa.String(length=500), nullable=False),
        sa.Column('recorder', sa.String(length=32), nullable=False),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind <> 'statement' OR text <> ''", name=op.f('ck_star_hearing_a_statement_says_something')),
        sa.CheckConstraint("kind IN ('statement', 'declined', 'absent')", name=op.f('ck_star_hearing_kind_known')),
        sa.ForeignKeyConstraint(['community_id', 'inquiry_id'], ['star_inquiry.community_id', 'star_inquiry.id'], name='fk_star_hearing_inquiry'),
        sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_star_hearing'))
    )
    op.create_index('ix_star_hearing_inquiry', 'star_hearing', ['community_id', 'inquiry_id'], unique=False)
    op.create_table('star_inquiry_decision',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('inquiry_id', sa.Uuid(), nullable=False),
        sa.Column('round', sa.SmallInteger(), nullable=False),
        sa.Column('outcome', sa.String(length=10), nullable=False),
        sa.Column('level', sa.SmallInteger(), nullable=False),
        sa.Column('level_after', sa.SmallInteger(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('reason', sa.String(length=200), nullable=False),
        sa.Column('document', sa.String(length=60), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('opener_id', sa.Uuid(), nullable=False),
        sa.Column('earlier_round', sa.SmallInteger(), nullable=True),
        sa.Column('earlier_decider_id', sa.Uuid(), nullable=True),
        sa.Column('decider_id', sa.Uuid(), nullable=False),
        sa.Column('decider', sa.String(length=32), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('entry_seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.CheckConstraint("(outcome = 'kept' AND level_after = level AND until_on IS NULL) OR (outcome = 'reduced' AND level_after BETWEEN 1 AND level - 1 AND until_on IS NOT NULL) OR (outcome = 'withdrawn' AND level_after = 0 AND until_on IS NOT NULL)", name=op.f('ck_star_inquiry_decision_outcome_is_whole')),
        sa.CheckConstraint("typeof(level) IN ('integer', 'null')", name=op.f('ck_star_inquiry_decision_level_whole')).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(level_after) IN ('integer', 'null')", name=op.f('ck_star_inquiry_decision_level_after_whole')).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("typeof(round) IN ('integer', 'null')", name=op.f('ck_star_inquiry_decision_round_whole')).ddl_if(dialect="sqlite"),
        sa.CheckConstraint('(round = 1 AND earlier_round IS NULL AND earlier_decider_id IS NULL) OR (round = 2 AND earlier_round IS NOT NULL AND earlier_round = 1 AND earlier_decider_id IS NOT NULL AND earlier_decider_id <> decider_id)', name=op.f('ck_star_inquiry_decision_objections_go_to_a_third')),
        sa.CheckConstraint('decider_id <> opener_id AND decider_id <> person_id', name=op.f('ck_star_inquiry_decision_decided_by_another')),
        sa.CheckConstraint('level BETWEEN 1 AND 5', name=op.f('ck_star_inquiry_decision_level_range')),
        sa.CheckConstraint('level_after BETWEEN 0 AND 5', name=op.f('ck_star_inquiry_decision_level_after_range')),
        sa.CheckConstraint('round BETWEEN 1 AND 2', name=op.f('ck_star_inquiry_decision_round_range')),
        sa.ForeignKeyConstraint(['community_id', 'entry_seq'], ['entry.community_id', 'entry.seq'], name='fk_star_inquiry_decision_entry'),
        sa.ForeignKeyConstraint(['community_id', 'inquiry_id', 'earlier_round', 'earlier_decider_id'], ['star_inquiry_decision.community_id', 'star_inquiry_decision.inquiry_id', 'star_inquiry_decision.round', 'star_inquiry_decision.decider_id'], name='fk_star_inquiry_decision_earlier'),
        sa.ForeignKeyConstraint(['community_id', 'inquiry_id', 'opener_id', 'person_id', 'level'], ['star_inquiry.community_id', 'star_inquiry.id', 'star_inquiry.opener_id', 'star_inquiry.person_id', 'star_inquiry.level'], name='fk_star_inquiry_decision_inquiry'),
        sa.PrimaryKeyConstraint('community_id', 'inquiry_id', 'round', name=op.f('pk_star_inquiry_decision')),
        sa.UniqueConstraint('community_id', 'entry_seq', name=op.f('uq_star_inquiry_decision_community_id_entry_seq')),
        sa.UniqueConstraint('community_id', 'inquiry_id', 'round', 'decider_id', name='uq_star_inquiry_decision_pinned')
    )
    op.create_table('star_inquiry_objection',
        sa.Column('community_id', sa.String(length=16), nullable=False),
        sa.Column('inquiry_id', sa.Uuid(), nullable=False),
        sa.Column('round', sa.SmallInteger(), nullable=False),
        sa.Column('text', sa.String(length=500), nullable=False),
        sa.Column('made_by', sa.String(length=32), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("typeof(round) IN ('integer', 'null')", name=op.f('ck_star_inquiry_objection_round_whole')).ddl_if(dialect="sqlite"),
        sa.CheckConstraint('round BETWEEN 1 AND 1', name=op.f('ck_star_inquiry_objection_round_range')),
        sa.ForeignKeyConstraint(['community_id', 'inquiry_id', 'round'], ['star_inquiry_decision.community_id', 'star_inquiry_decision.inquiry_id', 'star_inquiry_decision.round'], name='fk_star_inquiry_objection_decision'),
        sa.PrimaryKeyConstraint('community_id', 'inquiry_id', name=op.f('pk_star_inquiry_objection'))
    )
