"""service: a long day takes a further approver before it is posted; pages of what waits are read by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0039_further_approval"
down_revision = "0038_privacy"
branch_labels = None
depends_on = None

TABLE = "further_approval"
NOT_ANOTHER = (
    "NOT EXISTS (SELECT 1 FROM service_record served WHERE served.community_id = NEW.community_id "
    "AND served.id = NEW.record_id AND served.state = 'checked' AND served.approver_id <> NEW.approver_id "
    "AND served.recorder_id <> NEW.approver_id AND served.person_id <> NEW.approver_id)"
)
"""A further approver neither recorded nor approved it nor served, and comes after the first."""
MISSING = (
    "NEW.state = 'approved' AND OLD.state <> 'approved' AND EXISTS (SELECT 1 FROM record_flag flag "
    "WHERE flag.community_id = NEW.community_id AND flag.record_id = NEW.id AND flag.code = 'too_long_a_day') "
    "AND NOT EXISTS (SELECT 1 FROM further_approval further WHERE further.community_id = NEW.community_id "
    "AND further.record_id = NEW.id)"
)
"""What makes a day too long is not posted without a further approver."""


def upgrade() -> None:
    """Make the table, and let nothing be posted that lacks its further approver."""
    op.create_table(
        TABLE,
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=False),
        sa.Column("approver", sa.String(32), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "record_id", name=op.f("pk_further_approval")),
        sa.ForeignKeyConstraint(
            ["community_id", "record_id"],
            ["service_record.community_id", "service_record.id"],
            name=op.f("fk_further_approval_record"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "approver_id"],
            ["person.community_id", "person.id"],
            name=op.f("fk_further_approval_approver"),
        ),
        sa.CheckConstraint("answer <> ''", name=op.f("ck_further_approval_says_why")),
    )
    _only_grows()
    _replace_indexes(("community_id", "state", "activity_id", "id"))
    op.create_index(op.f("ix_service_record_newest"), "service_record", ["community_id", "state", "id"])
    _guard("further_approval_by_another", TABLE, "INSERT", NOT_ANOTHER)
    _guard("service_record_further_approved", "service_record", "UPDATE", MISSING)


def downgrade() -> None:
    """Go back (for tests)."""
    op.drop_index(op.f("ix_service_record_newest"), "service_record")
    _replace_indexes(("community_id", "state", "activity_id"))
    if _on_sqlite():
        op.execute("DROP TRIGGER service_record_further_approved")
        op.drop_table(TABLE)
        return
    op.execute("DROP TRIGGER service_record_further_approved ON service_record")
    op.drop_table(TABLE)
    op.execute("DROP FUNCTION timebank_refuse_service_record_further_approved()")
    op.execute("DROP FUNCTION timebank_refuse_further_approval_by_another()")


def _replace_indexes(columns: tuple[str, ...]) -> None:
    """Pages of what waits are read in the order of this index."""
    op.drop_index(op.f("ix_service_record_state"), "service_record")
    op.create_index(op.f("ix_service_record_state"), "service_record", list(columns))


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _guard(name: str, table: str, verb: str, wrong: str) -> None:
    if _on_sqlite():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {name}'); END"
        )
        return
    op.execute(
        f"""
        CREATE FUNCTION timebank_refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {wrong} THEN
                RAISE EXCEPTION '{table}: {name}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION timebank_refuse_{name}()"
    )


def _only_grows() -> None:
    if _on_sqlite():
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {TABLE}'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLE} FROM timebank_app")
