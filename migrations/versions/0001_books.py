"""The books: head, accounts, entries, transfers, lines, holds, requests, trail; append only.

On PostgreSQL the running application acts in the role `timebank_app`, which may add to the books and never change them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001_books"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "account",
    "entry",
    "transfer",
    "line",
    "hold",
    "hold_account",
    "hold_resolution",
    "account_closing",
    "period_close",
    "request",
    "trail",
)
CREATED = (
    "account",
    "entry",
    "log_head",
    "request",
    "trail",
    "account_closing",
    "hold",
    "memo",
    "period_close",
    "transfer",
    "hold_account",
    "hold_resolution",
    "line",
)
"""All tables of this step, in the order in which they are made."""


def upgrade() -> None:
    """Make the books, and let the database keep what they promise."""
    if _on_sqlite():
        _create_tables()
        _sqlite_triggers()
        return
    _make_role()
    _create_tables()
    _both_sides_must_exist()
    _postgresql_triggers()
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM timebank_app")
    op.execute("REVOKE DELETE, TRUNCATE ON log_head FROM timebank_app")
    op.execute("REVOKE UPDATE, TRUNCATE ON memo FROM timebank_app")


def downgrade() -> None:
    """Remove the books (for tests: a community never goes back behind its first entry)."""
    if not _on_sqlite():
        for side in ("debit", "credit"):
            op.drop_constraint(f"fk_transfer_{side}_line", "transfer", type_="foreignkey")
    for table in reversed(CREATED):
        op.drop_table(table)
    if not _on_sqlite():
        for function in ("refuse_change", "refuse_entry", "refuse_line", "refuse_head"):
            op.execute(f"DROP FUNCTION timebank_{function}()")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _make_role() -> None:
    """The role belongs to the whole server: another database of ours may have made it already, even at this moment."""
    op.execute(
        """
        DO $$ BEGIN
            CREATE ROLE timebank_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """
    )
    op.execute("GRANT timebank_app TO CURRENT_USER")
    op.execute("GRANT USAGE ON SCHEMA public TO timebank_app")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO timebank_app"
    )
    op.execute("GRANT SELECT ON alembic_version TO timebank_app")


def _both_sides_must_exist() -> None:
    """SQLite has these inside the table; here they need the table of lines first."""
    for side in ("debit", "credit"):
        op.create_foreign_key(
            f"fk_transfer_{side}_line",
            "transfer",
            "line",
            ["community_id", "seq", "line", side],
            ["community_id", "seq", "line", "account_id"],
            deferrable=True,
            initially="DEFERRED",
        )


def _sqlite_triggers() -> None:
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            )
    op.execute(
        """
        CREATE TRIGGER entry_in_order BEFORE INSERT ON entry BEGIN
            SELECT RAISE(ABORT, 'entry: number not next')
            WHERE NEW.seq <> 1 + COALESCE(
                (SELECT MAX(seq) FROM entry WHERE community_id = NEW.community_id), 0);
            SELECT RAISE(ABORT, 'entry: booked before the one before')
            WHERE NEW.booked_at <= (
                SELECT booked_at FROM entry WHERE community_id = NEW.community_id AND seq = NEW.seq - 1);
            SELECT RAISE(ABORT, 'entry: period closed')
            WHERE NEW.effective_on <= (
                SELECT MAX(closed_through) FROM period_close WHERE community_id = NEW.community_id);
        END
        """
    )
    op.execute(
        """
        CREATE TRIGGER line_on_open_account BEFORE INSERT ON line
        WHEN EXISTS (
            SELECT 1 FROM account_closing
            WHERE community_id = NEW.community_id AND account_id = NEW.account_id)
        BEGIN SELECT RAISE(ABORT, 'line: account closed'); END
        """
    )
    op.execute(
        """
        CREATE TRIGGER log_head_only_grows BEFORE UPDATE ON log_head
        WHEN NEW.size < OLD.size OR NEW.accounts < OLD.accounts OR NEW.community_id <> OLD.community_id
        BEGIN SELECT RAISE(ABORT, 'log_head: only grows'); END
        """
    )
    op.execute("CREATE TRIGGER log_head_no_delete BEFORE DELETE ON log_head BEGIN SELECT RAISE(ABORT, 'log_head'); END")
    op.execute(
        "CREATE TRIGGER memo_no_update BEFORE UPDATE ON memo BEGIN SELECT RAISE(ABORT, 'memo: may only be deleted'); END"
    )


def _postgresql_triggers() -> None:
    op.execute(
        """
        CREATE FUNCTION timebank_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
        """
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
        )
    op.execute(
        """
        CREATE FUNCTION timebank_refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE newest entry%ROWTYPE;
        BEGIN
            SELECT * INTO newest FROM entry
            WHERE community_id = NEW.community_id ORDER BY seq DESC LIMIT 1;
            IF NEW.seq <> COALESCE(newest.seq, 0) + 1 THEN
                RAISE EXCEPTION 'entry: number not next' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF NEW.booked_at <= newest.booked_at THEN
                RAISE EXCEPTION 'entry: booked before the one before' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF NEW.effective_on <= (
                SELECT MAX(closed_through) FROM period_close WHERE community_id = NEW.community_id) THEN
                RAISE EXCEPTION 'entry: period closed' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER entry_in_order BEFORE INSERT ON entry "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_entry()"
    )
    op.execute(
        """
        CREATE FUNCTION timebank_refuse_line() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT 1 FROM account_closing
                WHERE community_id = NEW.community_id AND account_id = NEW.account_id) THEN
                RAISE EXCEPTION 'line: account closed' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER line_on_open_account BEFORE INSERT ON line "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_line()"
    )
    op.execute(
        """
        CREATE FUNCTION timebank_refuse_head() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' OR NEW.size < OLD.size OR NEW.accounts < OLD.accounts
                OR NEW.community_id <> OLD.community_id THEN
                RAISE EXCEPTION 'log_head: only grows' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER log_head_only_grows BEFORE UPDATE OR DELETE ON log_head "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_head()"
    )
    op.execute(
        "CREATE TRIGGER log_head_no_truncate BEFORE TRUNCATE ON log_head "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER memo_no_update BEFORE UPDATE ON memo "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER memo_no_truncate BEFORE TRUNCATE ON memo "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )


def _create_tables() -> None:
    op.create_table(
        "account",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_account")),
        sa.CheckConstraint("sign IN (-1, 1)", name=op.f("ck_account_sign_known")),
        sa.UniqueConstraint("community_id", "code", name=op.f("uq_account_community_id_code")),
        sa.UniqueConstraint("community_id", "id", "unit", "sign", name=op.f("uq_account_pinned")),
    )
    op.create_index(op.f("ix_account_kind"), "account", ["community_id", "kind", "unit"])
    op.create_index(op.f("ix_account_owner"), "account", ["community_id", "owner", "kind"])
    op.create_table(
        "entry",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("source", sa.String(120), nullable=True),
        sa.Column("reverses", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "seq", name=op.f("pk_entry")),
        sa.CheckConstraint("reverses IS NULL OR reverses < seq", name=op.f("ck_entry_reverses_earlier")),
        sa.CheckConstraint("seq BETWEEN 1 AND 1000000000000", name=op.f("ck_entry_seq_range")),
        sa.CheckConstraint("typeof(seq) IN ('integer', 'null')", name=op.f("ck_entry_seq_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "reverses"], ["entry.community_id", "entry.seq"], name=op.f("fk_entry_reverses")),
        sa.UniqueConstraint("community_id", "booked_at", name=op.f("uq_entry_booked_at")),
        sa.UniqueConstraint("community_id", "event_id", name=op.f("uq_entry_community_id_event_id")),
        sa.UniqueConstraint("community_id", "reverses", name=op.f("uq_entry_reversed_once")),
    )
    op.create_index(op.f("ix_entry_effective_on"), "entry", ["community_id", "effective_on"])
    op.create_index(op.f("ix_entry_source"), "entry", ["community_id", "source"])
    op.create_table(
        "log_head",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("accounts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_through", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_log_head")),
        sa.CheckConstraint("accounts BETWEEN 0 AND 1000000000000", name=op.f("ck_log_head_accounts_range")),
        sa.CheckConstraint("typeof(accounts) IN ('integer', 'null')", name=op.f("ck_log_head_accounts_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("size BETWEEN 0 AND 1000000000000", name=op.f("ck_log_head_size_range")),
        sa.CheckConstraint("typeof(size) IN ('integer', 'null')", name=op.f("ck_log_head_size_whole")).ddl_if(dialect="sqlite"),
    )
    op.create_table(
        "request",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("operation", sa.String(60), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "key", name=op.f("pk_request")),
        sa.CheckConstraint("outcome IN ('done', 'declined')", name=op.f("ck_request_outcome_known")),
    )
    op.create_table(
        "trail",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("verb", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(120), nullable=True),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_trail")),
        sa.CheckConstraint("outcome IN ('done', 'refused', 'seen')", name=op.f("ck_trail_outcome_known")),
    )
    op.create_index(op.f("ix_trail_actor"), "trail", ["community_id", "actor", "at"])
    op.create_index(op.f("ix_trail_at"), "trail", ["community_id", "at"])
    op.create_index(op.f("ix_trail_subject"), "trail", ["community_id", "subject", "at"])
    op.create_table(
        "account_closing",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "account_id", name=op.f("pk_account_closing")),
        sa.ForeignKeyConstraint(["community_id", "account_id"], ["account.community_id", "account.id"], name=op.f("fk_account_closing_account")),
        sa.ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_account_closing_entry")),
    )
    op.create_table(
        "hold",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "seq", name=op.f("pk_hold")),
        sa.ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_hold_entry")),
    )
    op.create_table(
        "memo",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "seq", name=op.f("pk_memo")),
        sa.ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_memo_entry")),
    )
    op.create_table(
        "period_close",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("closed_through", sa.Date(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "closed_through", name=op.f("pk_period_close")),
        sa.ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_period_close_entry")),
    )
    op.create_table(
        "transfer",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("debit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "seq", "line", name=op.f("pk_transfer")),
        sa.CheckConstraint("amount BETWEEN 1 AND 10000000000", name=op.f("ck_transfer_amount_range")),
        sa.CheckConstraint("typeof(amount) IN ('integer', 'null')", name=op.f("ck_transfer_amount_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("line BETWEEN 1 AND 10000", name=op.f("ck_transfer_line_range")),
        sa.CheckConstraint("typeof(line) IN ('integer', 'null')", name=op.f("ck_transfer_line_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_transfer_two_accounts")),
        sa.ForeignKeyConstraint(["community_id", "seq", "line", "credit"], ["line.community_id", "line.seq", "line.line", "line.account_id"], name=op.f("fk_transfer_credit_line"), deferrable=True, initially="DEFERRED", use_alter=True),
        sa.ForeignKeyConstraint(["community_id", "seq", "line", "debit"], ["line.community_id", "line.seq", "line.line", "line.account_id"], name=op.f("fk_transfer_debit_line"), deferrable=True, initially="DEFERRED", use_alter=True),
        sa.ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_transfer_entry")),
        sa.UniqueConstraint("community_id", "seq", "line", "unit", "debit", "credit", "amount", name=op.f("uq_transfer_pinned")),
    )
    op.create_table(
        "hold_account",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hold_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "account_id", "hold_seq", name=op.f("pk_hold_account")),
        sa.ForeignKeyConstraint(["community_id", "account_id"], ["account.community_id", "account.id"], name=op.f("fk_hold_account_account")),
        sa.ForeignKeyConstraint(["community_id", "hold_seq"], ["hold.community_id", "hold.seq"], name=op.f("fk_hold_account_hold")),
    )
    op.create_table(
        "hold_resolution",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("hold_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "hold_seq", name=op.f("pk_hold_resolution")),
        sa.CheckConstraint("seq > hold_seq", name=op.f("ck_hold_resolution_after_the_hold")),
        sa.CheckConstraint("outcome IN ('captured', 'released', 'expired')", name=op.f("ck_hold_resolution_outcome_known")),
        sa.ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_hold_resolution_entry")),
        sa.ForeignKeyConstraint(["community_id", "hold_seq"], ["hold.community_id", "hold.seq"], name=op.f("fk_hold_resolution_hold")),
    )
    op.create_table(
        "line",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("debit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delta", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opening", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closing", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("previous_n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "account_id", "n", name=op.f("pk_line")),
        sa.CheckConstraint("closing = opening + delta", name=op.f("ck_line_adds_up")),
        sa.CheckConstraint("(n = 1 AND previous_n IS NULL AND opening = 0) OR (n > 1 AND previous_n IS NOT NULL AND previous_n = n - 1)", name=op.f("ck_line_chained")),
        sa.CheckConstraint("closing BETWEEN -9000000000000000 AND 9000000000000000", name=op.f("ck_line_closing_range")),
        sa.CheckConstraint("typeof(closing) IN ('integer', 'null')", name=op.f("ck_line_closing_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("delta BETWEEN -10000000000 AND 10000000000", name=op.f("ck_line_delta_range")),
        sa.CheckConstraint("typeof(delta) IN ('integer', 'null')", name=op.f("ck_line_delta_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("n BETWEEN 1 AND 1000000000000", name=op.f("ck_line_n_range")),
        sa.CheckConstraint("typeof(n) IN ('integer', 'null')", name=op.f("ck_line_n_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("opening BETWEEN -9000000000000000 AND 9000000000000000", name=op.f("ck_line_opening_range")),
        sa.CheckConstraint("typeof(opening) IN ('integer', 'null')", name=op.f("ck_line_opening_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("closing * sign >= 0", name=op.f("ck_line_right_side_of_zero")),
        sa.CheckConstraint("(account_id = debit AND delta = -amount) OR (account_id = credit AND delta = amount)", name=op.f("ck_line_side")),
        sa.ForeignKeyConstraint(["community_id", "account_id", "unit", "sign"], ["account.community_id", "account.id", "account.unit", "account.sign"], name=op.f("fk_line_account")),
        sa.ForeignKeyConstraint(["community_id", "account_id", "previous_n", "opening"], ["line.community_id", "line.account_id", "line.n", "line.closing"], name=op.f("fk_line_previous")),
        sa.ForeignKeyConstraint(["community_id", "seq", "line", "unit", "debit", "credit", "amount"], ["transfer.community_id", "transfer.seq", "transfer.line", "transfer.unit", "transfer.debit", "transfer.credit", "transfer.amount"], name=op.f("fk_line_transfer")),
        sa.UniqueConstraint("community_id", "account_id", "n", "closing", name=op.f("uq_line_chained")),
        sa.UniqueConstraint("community_id", "seq", "line", "account_id", name=op.f("uq_line_of_transfer")),
    )
    op.create_index(op.f("ix_line_account_seq"), "line", ["community_id", "account_id", "seq"])
