"""rulebook: proposals of rules, and the versions that were published; a version is never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003_rulebook"
down_revision = "0002_people"
branch_labels = None
depends_on = None

FIXED = ("document", "valid_from", "reason", "proposer_id", "proposer", "proposed_at")
"""What a proposal says: nobody may confirm anything else than what was proposed."""


def upgrade() -> None:
    """Make the tables of this room, and let the database keep what they promise."""
    _create_rule_proposal()
    _create_rule_version()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
        return
    _postgresql_triggers()
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON rule_version FROM timebank_app")
    op.execute("REVOKE DELETE, TRUNCATE ON rule_proposal FROM timebank_app")


def downgrade() -> None:
    """Remove them."""
    op.drop_table("rule_version")
    op.drop_table("rule_proposal")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION timebank_refuse_rule_version()")
        op.execute("DROP FUNCTION timebank_refuse_rule_proposal()")


def _create_rule_proposal() -> None:
    op.create_table(
        "rule_proposal",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("proposer", sa.String(32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("decider", sa.String(32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_rule_proposal")),
        sa.CheckConstraint(
            "state <> 'published' OR decider_id <> proposer_id", name=op.f("ck_rule_proposal_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decider_id IS NULL) AND (decided_at IS NULL) = (decider IS NULL)",
            name=op.f("ck_rule_proposal_decided_by_somebody"),
        ),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_rule_proposal_decided_once")),
        sa.CheckConstraint(
            "state IN ('open', 'published', 'rejected', 'withdrawn')", name=op.f("ck_rule_proposal_state_known")
        ),
    )
    op.create_index(op.f("ix_rule_proposal_proposed_at"), "rule_proposal", ["community_id", "proposed_at"])


def _create_rule_version() -> None:
    op.create_table(
        "rule_version",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=False),
        sa.Column("published_by", sa.String(32), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.String(32), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "version", name=op.f("pk_rule_version")),
        sa.CheckConstraint("confirmed_by_id <> published_by_id", name=op.f("ck_rule_version_confirmed_by_another")),
        sa.CheckConstraint(
            "(confirmed_by_id IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_rule_version_confirmed_by_somebody")
        ),
        sa.CheckConstraint("version <= 2 OR proposal_id IS NOT NULL", name=op.f("ck_rule_version_proposed_before")),
        sa.CheckConstraint("version <= 2 OR confirmed_by_id IS NOT NULL", name=op.f("ck_rule_version_two_persons")),
        sa.CheckConstraint("version BETWEEN 1 AND 100000", name=op.f("ck_rule_version_version_range")),
        sa.CheckConstraint("typeof(version) IN ('integer', 'null')", name=op.f("ck_rule_version_version_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_rule_version_entry")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "proposal_id"],
            ["rule_proposal.community_id", "rule_proposal.id"],
            name=op.f("fk_rule_version_proposal"),
        ),
        sa.UniqueConstraint("community_id", "entry_seq", name=op.f("uq_rule_version_community_id_entry_seq")),
        sa.UniqueConstraint("community_id", "proposal_id", name=op.f("uq_rule_version_community_id_proposal_id")),
    )


def _changed() -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in FIXED)


def _sqlite_triggers() -> None:
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER rule_version_no_{verb} BEFORE {verb.upper()} ON rule_version "
            "BEGIN SELECT RAISE(ABORT, 'append-only: rule_version'); END"
        )
    op.execute(
        """
        CREATE TRIGGER rule_version_in_order BEFORE INSERT ON rule_version BEGIN
            SELECT RAISE(ABORT, 'rule_version: number not next')
            WHERE NEW.version <> 1 + COALESCE(
                (SELECT MAX(version) FROM rule_version WHERE community_id = NEW.community_id), 0);
            SELECT RAISE(ABORT, 'rule_version: begins before the one before')
            WHERE NEW.valid_from < (
                SELECT MAX(valid_from) FROM rule_version WHERE community_id = NEW.community_id);
        END
        """
    )
    op.execute(
        "CREATE TRIGGER rule_proposal_decided_once BEFORE UPDATE ON rule_proposal "
        f"WHEN OLD.state <> 'open' OR {_changed()} "
        "BEGIN SELECT RAISE(ABORT, 'rule_proposal: decided, or not what was proposed'); END"
    )
    op.execute(
        "CREATE TRIGGER rule_proposal_no_delete BEFORE DELETE ON rule_proposal "
        "BEGIN SELECT RAISE(ABORT, 'rule_proposal'); END"
    )


def _postgresql_triggers() -> None:
    op.execute(
        "CREATE TRIGGER rule_version_no_change BEFORE UPDATE OR DELETE ON rule_version "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    for table in ("rule_version", "rule_proposal"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER rule_proposal_no_delete BEFORE DELETE ON rule_proposal "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    _postgresql_order()
    _postgresql_decision()


def _postgresql_order() -> None:
    op.execute(
        """
        CREATE FUNCTION timebank_refuse_rule_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.version <> 1 + COALESCE(
                (SELECT MAX(version) FROM rule_version WHERE community_id = NEW.community_id), 0) THEN
                RAISE EXCEPTION 'rule_version: number not next' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF NEW.valid_from < (
                SELECT MAX(valid_from) FROM rule_version WHERE community_id = NEW.community_id) THEN
                RAISE EXCEPTION 'rule_version: begins before the one before'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER rule_version_in_order BEFORE INSERT ON rule_version "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_rule_version()"
    )


def _postgresql_decision() -> None:
    op.execute(
        f"""
        CREATE FUNCTION timebank_refuse_rule_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state <> 'open' OR {_changed()} THEN
                RAISE EXCEPTION 'rule_proposal: decided, or not what was proposed'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER rule_proposal_decided_once BEFORE UPDATE ON rule_proposal "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_rule_proposal()"
    )
