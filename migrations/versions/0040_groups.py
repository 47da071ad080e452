"""groups: the database too refuses that the points of a group are spent or put aside."""

from alembic import op

revision = "0040_groups"
down_revision = "0039_further_approval"
branch_labels = None
depends_on = None

SPENT = """
    EXISTS (
        SELECT 1 FROM account giver
        JOIN account taker ON taker.community_id = giver.community_id AND taker.id = NEW.credit
        WHERE giver.community_id = NEW.community_id AND giver.id = NEW.debit
        AND giver.kind = 'passbook' AND giver.owner LIKE 'TD%' AND taker.kind IN ('redeemed', 'held')
    )
"""
"""What a group must not do with its points."""


def upgrade() -> None:
    """Make the guard; on PostgreSQL after the row, when new accounts of the same statement are there."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER transfer_group_only_gives BEFORE INSERT ON transfer "
            f"WHEN NEW.unit = 'points' AND {SPENT} "
            "BEGIN SELECT RAISE(ABORT, 'transfer: group_only_gives'); END"
        )
        return
    op.execute(
        f"""
        CREATE FUNCTION timebank_refuse_spending_of_group() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {SPENT} THEN
                RAISE EXCEPTION 'transfer: group_only_gives' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER transfer_group_only_gives AFTER INSERT ON transfer FOR EACH ROW WHEN (NEW.unit = 'points') "
        "EXECUTE FUNCTION timebank_refuse_spending_of_group()"
    )


def downgrade() -> None:
    """Go back (for tests)."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER transfer_group_only_gives")
        return
    op.execute("DROP TRIGGER transfer_group_only_gives ON transfer")
    op.execute("DROP FUNCTION timebank_refuse_spending_of_group()")
