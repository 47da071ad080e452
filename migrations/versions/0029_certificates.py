"""certificates: what was issued, how it ended, who issues, and what volunteers asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0029_certificates"
down_revision = "0028_sights"
branch_labels = None
depends_on = None

GROWING = ("certificate", "certificate_end", "certificate_office")
"""The tables that only grow."""
REQUEST = "certificate_request"
FIXED = (
    "community_id",
    "id",
    "person_id",
    "volunteer_number",
    "since_on",
    "until_on",
    "purpose",
    "requested_at",
)
"""What nobody changes when a request is answered."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_certificate()
    _create_certificate_end()
    _create_certificate_office()
    _create_certificate_request()
    for table in GROWING:
        if _on_sqlite():
            _only_grows_on_sqlite(table)
        else:
            _only_grows_on_postgresql(table)
    if _on_sqlite():
        _decided_once_on_sqlite(REQUEST, FIXED)
    else:
        _decided_once_on_postgresql(REQUEST, FIXED)


def downgrade() -> None:
    """Remove them (for tests)."""
    for table in (REQUEST, *reversed(GROWING)):
        op.drop_table(table)
    if not _on_sqlite():
        op.execute(f"DROP FUNCTION timebank_refuse_{REQUEST}()")


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


def _create_certificate() -> None:
    op.create_table('certificate',
    sa.Column('community_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('number', sa.String(length=16), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('volunteer_number', sa.String(length=32), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('salt', sa.LargeBinary(length=32), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('issuer_id', sa.Uuid(), nullable=False),
    sa.Column('issuer', sa.String(length=32), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entry_seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(kind = 'star') = (award_id IS NOT NULL)", name=op.f('ck_certificate_star_has_its_award')),
    sa.CheckConstraint("kind IN ('service', 'star')", name=op.f('ck_certificate_kind_known')),
    sa.CheckConstraint('issuer_id <> person_id', name=op.f('ck_certificate_not_for_oneself')),
    sa.ForeignKeyConstraint(['community_id', 'award_id'], ['star_award.community_id', 'star_award.id'], name='fk_certificate_award'),
    sa.ForeignKeyConstraint(['community_id', 'entry_seq'], ['entry.community_id', 'entry.seq'], name='fk_certificate_entry'),
    sa.ForeignKeyConstraint(['community_id', 'person_id'], ['volunteer.community_id', 'volunteer.person_id'], name='fk_certificate_volunteer'),
    sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('community_id', 'award_id', name=op.f('uq_certificate_community_id_award_id')),
    sa.UniqueConstraint('community_id', 'code', name=op.f('uq_certificate_community_id_code')),
    sa.UniqueConstraint('community_id', 'entry_seq', name=op.f('uq_certificate_community_id_entry_seq')),
    sa.UniqueConstraint('community_id', 'id', 'issuer_id', name='uq_certificate_pinned'),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_certificate_community_id_number'))
    )
    op.create_index('ix_certificate_person', 'certificate', ['community_id', 'person_id'], unique=False)


def _create_certificate_end() -> None:
    op.create_table('certificate_end',
    sa.Column('community_id', sa.String(length=16), nullable=False),
    sa.Column('certificate_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('replaced_by_id', sa.Uuid(), nullable=True),
    sa.Column('issuer_id', sa.Uuid(), nullable=False),
    sa.Column('ender_id', sa.Uuid(), nullable=False),
    sa.Column('ender', sa.String(length=32), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entry_seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(state = 'replaced') = (replaced_by_id IS NOT NULL)", name=op.f('ck_certificate_end_replaced_by_another')),
    sa.CheckConstraint("state <> 'revoked' OR ender_id <> issuer_id", name=op.f('ck_certificate_end_revoked_by_another')),
    sa.CheckConstraint("state IN ('revoked', 'replaced')", name=op.f('ck_certificate_end_state_known')),
    sa.ForeignKeyConstraint(['community_id', 'certificate_id', 'issuer_id'], ['certificate.community_id', 'certificate.id', 'certificate.issuer_id'], name='fk_certificate_end_certificate'),
    sa.ForeignKeyConstraint(['community_id', 'entry_seq'], ['entry.community_id', 'entry.seq'], name='fk_certificate_end_entry'),
    sa.ForeignKeyConstraint(['community_id', 'replaced_by_id'], ['certificate.community_id', 'certificate.id'], name='fk_certificate_end_replaced_by'),
    sa.PrimaryKeyConstraint('community_id', 'certificate_id', name=op.f('pk_certificate_end')),
    sa.UniqueConstraint('community_id', 'entry_seq', name=op.f('uq_certificate_end_community_id_entry_seq'))
    )


def _create_certificate_office() -> None:
    op.create_table('certificate_office',
    sa.Column('community_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('unit', sa.String(length=60), nullable=False),
    sa.Column('responsible', sa.String(length=60), nullable=False),
    sa.Column('contact', sa.String(length=60), nullable=False),
    sa.Column('set_by', sa.String(length=32), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.community_id'], name='fk_certificate_office_community'),
    sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_certificate_office'))
    )


def _create_certificate_request() -> None:
    op.create_table('certificate_request',
    sa.Column('community_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('volunteer_number', sa.String(length=32), nullable=False),
    sa.Column('since_on', sa.Date(), nullable=True),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('purpose', sa.String(length=100), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('decider', sa.String(length=32), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('certificate_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(state = 'declined') = (reason IS NOT NULL)", name=op.f('ck_certificate_request_declined_with_reason')),
    sa.CheckConstraint("(state = 'issued') = (certificate_id IS NOT NULL)", name=op.f('ck_certificate_request_issued_is_a_certificate')),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decider IS NULL)", name=op.f('ck_certificate_request_decided_by_somebody')),
    sa.CheckConstraint("state IN ('open', 'issued', 'declined')", name=op.f('ck_certificate_request_state_known')),
    sa.ForeignKeyConstraint(['community_id', 'certificate_id'], ['certificate.community_id', 'certificate.id'], name='fk_certificate_request_certificate'),
    sa.ForeignKeyConstraint(['community_id', 'person_id'], ['volunteer.community_id', 'volunteer.person_id'], name='fk_certificate_request_volunteer'),
    sa.PrimaryKeyConstraint('community_id', 'id', name=op.f('pk_certificate_request'))
    )
    op.create_index('uq_certificate_request_once', 'certificate_request', ['community_id', 'person_id'], unique=True, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
