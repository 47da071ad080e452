"""The market: goods, prices, donations and lots, redemptions. All of it but the goods themselves only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0006_market"
down_revision = "0005_stars"
branch_labels = None
depends_on = None

GROWING = (
    "price_version",
    "price",
    "price_decision",
    "price_in_force",
    "donation",
    "lot",
    "donation_decision",
    "donation_undo",
    "redemption",
    "redemption_line",
    "redemption_undo",
)
"""The tables that the database itself lets grow only, in the order in which they are made."""


def upgrade() -> None:
    """Make the tables of the market, and let the database keep what they promise."""
    _create_tables()
    for table in GROWING:
        if op.get_bind().dialect.name == "sqlite":
            _only_grows_on_sqlite(table)
        else:
            _only_grows_on_postgresql(table)


def downgrade() -> None:
    """Remove the market (for tests: a community never goes back behind its first redemption)."""
    for table in reversed(GROWING):
        op.drop_table(table)
    op.drop_table("good")


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
    op.create_table(
        "good",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("barcode", sa.String(13), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("unit_word", sa.String(8), nullable=False),
        sa.Column("month_pieces_max", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_good")),
        sa.CheckConstraint("month_pieces_max BETWEEN 1 AND 1000000", name=op.f("ck_good_month_pieces_max_range")),
        sa.CheckConstraint("typeof(month_pieces_max) IN ('integer', 'null')", name=op.f("ck_good_month_pieces_max_whole")).ddl_if(dialect="sqlite"),
        sa.UniqueConstraint("community_id", "barcode", name=op.f("uq_good_community_id_barcode")),
    )
    op.create_table(
        "donation",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("partner_code", sa.String(32), nullable=False),
        sa.Column("slip", sa.String(40), nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_donation")),
        sa.ForeignKeyConstraint(["community_id", "partner_code"], ["partner.community_id", "partner.code"], name=op.f("fk_donation_partner")),
        sa.ForeignKeyConstraint(["community_id", "received_by_id"], ["person.community_id", "person.id"], name=op.f("fk_donation_received_by")),
        sa.UniqueConstraint("community_id", "number", "received_by_id", name=op.f("uq_donation_pinned")),
    )
    op.create_index(op.f("ix_donation_partner"), "donation", ["community_id", "partner_code"])
    op.create_table(
        "price_version",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wanted_from", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "version", name=op.f("pk_price_version")),
        sa.CheckConstraint("version BETWEEN 1 AND 1000000", name=op.f("ck_price_version_version_range")),
        sa.CheckConstraint("typeof(version) IN ('integer', 'null')", name=op.f("ck_price_version_version_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "proposed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_price_version_proposed_by")),
        sa.UniqueConstraint("community_id", "version", "proposed_by_id", name=op.f("uq_price_version_pinned")),
    )
    op.create_table(
        "donation_decision",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("donation_number", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "donation_number", name=op.f("pk_donation_decision")),
        sa.CheckConstraint("(outcome = 'checked-in' AND entry_seq IS NOT NULL AND decided_by_id <> received_by_id) OR (outcome = 'withdrawn' AND entry_seq IS NULL)", name=op.f("ck_donation_decision_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "decided_by_id"], ["person.community_id", "person.id"], name=op.f("fk_donation_decision_decided_by")),
        sa.ForeignKeyConstraint(["community_id", "donation_number", "received_by_id"], ["donation.community_id", "donation.number", "donation.received_by_id"], name=op.f("fk_donation_decision_donation")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_donation_decision_entry")),
    )
    op.create_table(
        "donation_undo",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("donation_number", sa.String(16), nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=False),
        sa.Column("undone_by_id", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "donation_number", name=op.f("pk_donation_undo")),
        sa.CheckConstraint("undone_by_id <> received_by_id", name=op.f("ck_donation_undo_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "donation_number", "received_by_id"], ["donation.community_id", "donation.number", "donation.received_by_id"], name=op.f("fk_donation_undo_donation")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_donation_undo_entry")),
        sa.ForeignKeyConstraint(["community_id", "undone_by_id"], ["person.community_id", "person.id"], name=op.f("fk_donation_undo_undone_by")),
    )
    op.create_table(
        "lot",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("donation_number", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("unit_price_fen", sa.Integer(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_lot")),
        sa.CheckConstraint("pieces BETWEEN 1 AND 1000000", name=op.f("ck_lot_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_lot_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("unit_price_fen BETWEEN 0 AND 100000000", name=op.f("ck_lot_unit_price_fen_range")),
        sa.CheckConstraint("typeof(unit_price_fen) IN ('integer', 'null')", name=op.f("ck_lot_unit_price_fen_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "donation_number"], ["donation.community_id", "donation.number"], name=op.f("fk_lot_donation")),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_lot_good")),
        sa.UniqueConstraint("community_id", "number", "good_number", name=op.f("uq_lot_pinned")),
    )
    op.create_index(op.f("ix_lot_donation"), "lot", ["community_id", "donation_number"])
    op.create_index(op.f("ix_lot_good"), "lot", ["community_id", "good_number"])
    op.create_table(
        "price",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("price_points_e2", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "version", "good_number", name=op.f("pk_price")),
        sa.CheckConstraint("price_points_e2 BETWEEN 1 AND 2000000", name=op.f("ck_price_price_points_e2_range")),
        sa.CheckConstraint("typeof(price_points_e2) IN ('integer', 'null')", name=op.f("ck_price_price_points_e2_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_price_good")),
        sa.ForeignKeyConstraint(["community_id", "version"], ["price_version.community_id", "price_version.version"], name=op.f("fk_price_version")),
        sa.UniqueConstraint("community_id", "version", "good_number", "price_points_e2", name=op.f("uq_price_pinned")),
    )
    op.create_table(
        "price_decision",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "version", name=op.f("pk_price_decision")),
        sa.CheckConstraint("(outcome = 'confirmed' AND entry_seq IS NOT NULL AND decided_by_id <> proposed_by_id) OR (outcome = 'withdrawn' AND entry_seq IS NULL)", name=op.f("ck_price_decision_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "decided_by_id"], ["person.community_id", "person.id"], name=op.f("fk_price_decision_decided_by")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_price_decision_entry")),
        sa.ForeignKeyConstraint(["community_id", "version", "proposed_by_id"], ["price_version.community_id", "price_version.version", "price_version.proposed_by_id"], name=op.f("fk_price_decision_version")),
        sa.UniqueConstraint("community_id", "version", "entry_seq", name=op.f("uq_price_decision_entry")),
    )
    op.create_table(
        "redemption",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("volunteer_number", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("served_by_id", sa.Uuid(), nullable=False),
        sa.Column("redeemed_on", sa.Date(), nullable=False),
        sa.Column("points_e2", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_redemption")),
        sa.CheckConstraint("served_by_id <> person_id", name=op.f("ck_redemption_not_for_oneself")),
        sa.CheckConstraint("points_e2 BETWEEN 1 AND 9900000000", name=op.f("ck_redemption_points_e2_range")),
        sa.CheckConstraint("typeof(points_e2) IN ('integer', 'null')", name=op.f("ck_redemption_points_e2_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_redemption_entry")),
        sa.ForeignKeyConstraint(["community_id", "person_id"], ["volunteer.community_id", "volunteer.person_id"], name=op.f("fk_redemption_person")),
        sa.ForeignKeyConstraint(["community_id", "served_by_id"], ["person.community_id", "person.id"], name=op.f("fk_redemption_served_by")),
        sa.ForeignKeyConstraint(["community_id", "volunteer_number"], ["volunteer.community_id", "volunteer.number"], name=op.f("fk_redemption_volunteer")),
        sa.UniqueConstraint("community_id", "entry_seq", name=op.f("uq_redemption_community_id_entry_seq")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_redemption_community_id_number")),
        sa.UniqueConstraint("community_id", "id", "person_id", "served_by_id", "redeemed_on", name=op.f("uq_redemption_pinned")),
    )
    op.create_index(op.f("ix_redemption_day"), "redemption", ["community_id", "redeemed_on"])
    op.create_index(op.f("ix_redemption_volunteer"), "redemption", ["community_id", "volunteer_number", "redeemed_on"])
    op.create_table(
        "price_in_force",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("price_points_e2", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "version", "good_number", name=op.f("pk_price_in_force")),
        sa.CheckConstraint("price_points_e2 BETWEEN 1 AND 2000000", name=op.f("ck_price_in_force_price_points_e2_range")),
        sa.CheckConstraint("typeof(price_points_e2) IN ('integer', 'null')", name=op.f("ck_price_in_force_price_points_e2_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "version", "entry_seq"], ["price_decision.community_id", "price_decision.version", "price_decision.entry_seq"], name=op.f("fk_price_in_force_decision")),
        sa.ForeignKeyConstraint(["community_id", "version", "good_number", "price_points_e2"], ["price.community_id", "price.version", "price.good_number", "price.price_points_e2"], name=op.f("fk_price_in_force_price")),
        sa.UniqueConstraint("community_id", "version", "good_number", "price_points_e2", name=op.f("uq_price_in_force_pinned")),
    )
    op.create_index(op.f("ix_price_in_force_day"), "price_in_force", ["community_id", "good_number", "valid_from", "entry_seq"])
    op.create_table(
        "redemption_undo",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("served_by_id", sa.Uuid(), nullable=False),
        sa.Column("redeemed_on", sa.Date(), nullable=False),
        sa.Column("undone_by_id", sa.Uuid(), nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "redemption_id", name=op.f("pk_redemption_undo")),
        sa.CheckConstraint("undone_on >= redeemed_on", name=op.f("ck_redemption_undo_after_the_redemption")),
        sa.CheckConstraint("undone_on = redeemed_on OR undone_by_id <> served_by_id", name=op.f("ck_redemption_undo_later_by_another")),
        sa.CheckConstraint("undone_by_id <> person_id", name=op.f("ck_redemption_undo_not_for_oneself")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_redemption_undo_entry")),
        sa.ForeignKeyConstraint(["community_id", "redemption_id", "person_id", "served_by_id", "redeemed_on"], ["redemption.community_id", "redemption.id", "redemption.person_id", "redemption.served_by_id", "redemption.redeemed_on"], name=op.f("fk_redemption_undo_redemption")),
        sa.ForeignKeyConstraint(["community_id", "undone_by_id"], ["person.community_id", "person.id"], name=op.f("fk_redemption_undo_undone_by")),
    )
    op.create_table(
        "redemption_line",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("lot_number", sa.String(16), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("price_points_e2", sa.Integer(), nullable=False),
        sa.Column("price_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "redemption_id", "line", name=op.f("pk_redemption_line")),
        sa.CheckConstraint("pieces BETWEEN 1 AND 99", name=op.f("ck_redemption_line_pieces_range")),
        sa.CheckConstraint("typeof(pieces) IN ('integer', 'null')", name=op.f("ck_redemption_line_pieces_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("price_points_e2 BETWEEN 1 AND 2000000", name=op.f("ck_redemption_line_price_points_e2_range")),
        sa.CheckConstraint("typeof(price_points_e2) IN ('integer', 'null')", name=op.f("ck_redemption_line_price_points_e2_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "lot_number", "good_number"], ["lot.community_id", "lot.number", "lot.good_number"], name=op.f("fk_redemption_line_lot")),
        sa.ForeignKeyConstraint(["community_id", "price_version", "good_number", "price_points_e2"], ["price_in_force.community_id", "price_in_force.version", "price_in_force.good_number", "price_in_force.price_points_e2"], name=op.f("fk_redemption_line_price")),
        sa.ForeignKeyConstraint(["community_id", "redemption_id"], ["redemption.community_id", "redemption.id"], name=op.f("fk_redemption_line_redemption")),
        sa.UniqueConstraint("community_id", "redemption_id", "lot_number", name=op.f("uq_redemption_line_lot")),
    )
