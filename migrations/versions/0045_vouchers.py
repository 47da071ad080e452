"""The market: service vouchers of partner units. All of it only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0045_vouchers"
down_revision = "0044_card_pins"
branch_labels = None
depends_on = None

GROWING = (
    "voucher_offer",
    "voucher_offer_end",
    "voucher",
    "voucher_desk",
    "voucher_desk_end",
    "voucher_end",
    "voucher_settlement",
    "voucher_settled",
)
"""The tables, in the order in which they are made; the database itself lets them grow only."""

GUARDS = {
    "voucher_of_open_offer": (
        "EXISTS (SELECT 1 FROM voucher_offer_end over WHERE over.community_id = NEW.community_id "
        "AND over.offer_number = NEW.offer_number)"
    ),
    "voucher_place_given_back": (
        "NEW.turn > 1 AND NOT EXISTS (SELECT 1 FROM voucher_end before WHERE before.community_id = NEW.community_id "
        "AND before.offer_number = NEW.offer_number AND before.month = NEW.month AND before.place = NEW.place "
        "AND before.turn = NEW.turn - 1 AND before.outcome = 'released')"
    ),
}
"""What is no voucher: one of an offer that is over, or on a place that somebody still has."""


def upgrade() -> None:
    """Make the tables, and let the database keep what they promise."""
    _create_tables()
    for table in GROWING:
        if op.get_bind().dialect.name == "sqlite":
            _only_grows_on_sqlite(table)
        else:
            _only_grows_on_postgresql(table)
    for name, wrong in GUARDS.items():
        _guard(name, wrong)


def downgrade() -> None:
    """Remove them (for tests)."""
    for table in reversed(GROWING):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for name in GUARDS:
            op.execute(f"DROP FUNCTION timebank_refuse_{name}()")


def _guard(name: str, wrong: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON voucher WHEN {wrong} "
            f"BEGIN SELECT RAISE(ABORT, 'voucher: {name}'); END"
        )
        return
    op.execute(
        f"""
        CREATE FUNCTION timebank_refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {wrong} THEN
                RAISE EXCEPTION 'voucher: {name}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE INSERT ON voucher FOR EACH ROW EXECUTE FUNCTION timebank_refuse_{name}()"
    )


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
        "voucher_offer",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("partner_code", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("month_quota", sa.Integer(), nullable=False),
        sa.Column("person_month_max", sa.Integer(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=False),
        sa.Column("unit_value_fen", sa.Integer(), nullable=False),
        sa.Column("offered_by_id", sa.Uuid(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_voucher_offer")),
        sa.CheckConstraint("month_quota BETWEEN 1 AND 1000", name=op.f("ck_voucher_offer_month_quota_range")),
        sa.CheckConstraint("typeof(month_quota) IN ('integer', 'null')", name=op.f("ck_voucher_offer_month_quota_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("person_month_max BETWEEN 1 AND 31", name=op.f("ck_voucher_offer_person_month_max_range")),
        sa.CheckConstraint("typeof(person_month_max) IN ('integer', 'null')", name=op.f("ck_voucher_offer_person_month_max_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("unit_value_fen BETWEEN 0 AND 1000000", name=op.f("ck_voucher_offer_unit_value_fen_range")),
        sa.CheckConstraint("typeof(unit_value_fen) IN ('integer', 'null')", name=op.f("ck_voucher_offer_unit_value_fen_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("valid_days BETWEEN 1 AND 92", name=op.f("ck_voucher_offer_valid_days_range")),
        sa.CheckConstraint("typeof(valid_days) IN ('integer', 'null')", name=op.f("ck_voucher_offer_valid_days_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "good_number"], ["good.community_id", "good.number"], name=op.f("fk_voucher_offer_good")),
        sa.ForeignKeyConstraint(["community_id", "offered_by_id"], ["person.community_id", "person.id"], name=op.f("fk_voucher_offer_offered_by")),
        sa.ForeignKeyConstraint(["community_id", "partner_code"], ["partner.community_id", "partner.code"], name=op.f("fk_voucher_offer_partner")),
        sa.UniqueConstraint("community_id", "number", "partner_code", "good_number", "month_quota", name=op.f("uq_voucher_offer_pinned")),
    )
    op.create_index(op.f("ix_voucher_offer_good"), "voucher_offer", ["community_id", "good_number"])
    op.create_table(
        "voucher_offer_end",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("offer_number", sa.String(16), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "offer_number", name=op.f("pk_voucher_offer_end")),
        sa.ForeignKeyConstraint(["community_id", "ended_by_id"], ["person.community_id", "person.id"], name=op.f("fk_voucher_offer_end_ended_by")),
        sa.ForeignKeyConstraint(["community_id", "offer_number"], ["voucher_offer.community_id", "voucher_offer.number"], name=op.f("fk_voucher_offer_end_offer")),
    )
    op.create_table(
        "voucher",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("offer_number", sa.String(16), nullable=False),
        sa.Column("partner_code", sa.String(16), nullable=False),
        sa.Column("good_number", sa.String(16), nullable=False),
        sa.Column("month_quota", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("volunteer_number", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price_points_e2", sa.Integer(), nullable=False),
        sa.Column("price_version", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("code_payload", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hold_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_voucher")),
        sa.CheckConstraint("code_payload BETWEEN 0 AND 9999999999999999", name=op.f("ck_voucher_code_payload_range")),
        sa.CheckConstraint("typeof(code_payload) IN ('integer', 'null')", name=op.f("ck_voucher_code_payload_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("expires_at > taken_at", name=op.f("ck_voucher_good_for_a_time")),
        sa.CheckConstraint("month BETWEEN 200001 AND 299912", name=op.f("ck_voucher_month_range")),
        sa.CheckConstraint("typeof(month) IN ('integer', 'null')", name=op.f("ck_voucher_month_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("price_points_e2 BETWEEN 1 AND 9900000000", name=op.f("ck_voucher_price_points_e2_range")),
        sa.CheckConstraint("typeof(price_points_e2) IN ('integer', 'null')", name=op.f("ck_voucher_price_points_e2_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("turn BETWEEN 1 AND 10000", name=op.f("ck_voucher_turn_range")),
        sa.CheckConstraint("typeof(turn) IN ('integer', 'null')", name=op.f("ck_voucher_turn_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("place BETWEEN 1 AND month_quota", name=op.f("ck_voucher_within_the_quota")),
        sa.ForeignKeyConstraint(["community_id", "hold_seq"], ["hold.community_id", "hold.seq"], name=op.f("fk_voucher_hold")),
        sa.ForeignKeyConstraint(["community_id", "offer_number", "partner_code", "good_number", "month_quota"], ["voucher_offer.community_id", "voucher_offer.number", "voucher_offer.partner_code", "voucher_offer.good_number", "voucher_offer.month_quota"], name=op.f("fk_voucher_offer")),
        sa.ForeignKeyConstraint(["community_id", "person_id"], ["volunteer.community_id", "volunteer.person_id"], name=op.f("fk_voucher_person")),
        sa.ForeignKeyConstraint(["community_id", "price_version", "good_number", "price_points_e2"], ["price_in_force.community_id", "price_in_force.version", "price_in_force.good_number", "price_in_force.price_points_e2"], name=op.f("fk_voucher_price")),
        sa.ForeignKeyConstraint(["community_id", "taken_by_id"], ["person.community_id", "person.id"], name=op.f("fk_voucher_taken_by")),
        sa.ForeignKeyConstraint(["community_id", "volunteer_number"], ["volunteer.community_id", "volunteer.number"], name=op.f("fk_voucher_volunteer")),
        sa.UniqueConstraint("community_id", "code_payload", name=op.f("uq_voucher_community_id_code_payload")),
        sa.UniqueConstraint("community_id", "hold_seq", name=op.f("uq_voucher_community_id_hold_seq")),
        sa.UniqueConstraint("community_id", "number", "offer_number", "partner_code", "month", "place", "turn", "expires_at", name=op.f("uq_voucher_pinned")),
        sa.UniqueConstraint("community_id", "offer_number", "month", "place", "turn", name=op.f("uq_voucher_place")),
    )
    op.create_index(op.f("ix_voucher_volunteer"), "voucher", ["community_id", "volunteer_number", "hold_seq"])
    op.create_table(
        "voucher_desk",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("partner_code", sa.String(16), nullable=False),
        sa.Column("keeper", sa.String(40), nullable=False),
        sa.Column("code_payload", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_voucher_desk")),
        sa.CheckConstraint("code_payload BETWEEN 0 AND 9999999999999999", name=op.f("ck_voucher_desk_code_payload_range")),
        sa.CheckConstraint("typeof(code_payload) IN ('integer', 'null')", name=op.f("ck_voucher_desk_code_payload_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("keeper <> ''", name=op.f("ck_voucher_desk_keeper_named")),
        sa.ForeignKeyConstraint(["community_id", "made_by_id"], ["person.community_id", "person.id"], name=op.f("fk_voucher_desk_made_by")),
        sa.ForeignKeyConstraint(["community_id", "partner_code"], ["partner.community_id", "partner.code"], name=op.f("fk_voucher_desk_partner")),
        sa.UniqueConstraint("community_id", "code_payload", name=op.f("uq_voucher_desk_community_id_code_payload")),
        sa.UniqueConstraint("community_id", "number", "partner_code", name=op.f("uq_voucher_desk_pinned")),
    )
    op.create_table(
        "voucher_desk_end",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("desk_number", sa.String(16), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "desk_number", name=op.f("pk_voucher_desk_end")),
        sa.ForeignKeyConstraint(["community_id", "desk_number"], ["voucher_desk.community_id", "voucher_desk.number"], name=op.f("fk_voucher_desk_end_desk")),
        sa.ForeignKeyConstraint(["community_id", "ended_by_id"], ["person.community_id", "person.id"], name=op.f("fk_voucher_desk_end_ended_by")),
    )
    op.create_table(
        "voucher_end",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("voucher_number", sa.String(16), nullable=False),
        sa.Column("offer_number", sa.String(16), nullable=False),
        sa.Column("partner_code", sa.String(16), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("desk_number", sa.String(16), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "voucher_number", name=op.f("pk_voucher_end")),
        sa.CheckConstraint("(outcome = 'honoured' AND desk_number IS NOT NULL AND ended_by_id IS NULL) OR (outcome = 'released' AND desk_number IS NULL AND ended_by_id IS NOT NULL)", name=op.f("ck_voucher_end_by_whom")),
        sa.CheckConstraint("ended_at < expires_at", name=op.f("ck_voucher_end_in_time")),
        sa.ForeignKeyConstraint(["community_id", "desk_number", "partner_code"], ["voucher_desk.community_id", "voucher_desk.number", "voucher_desk.partner_code"], name=op.f("fk_voucher_end_desk")),
        sa.ForeignKeyConstraint(["community_id", "ended_by_id"], ["person.community_id", "person.id"], name=op.f("fk_voucher_end_ended_by")),
        sa.ForeignKeyConstraint(["community_id", "entry_seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_voucher_end_entry")),
        sa.ForeignKeyConstraint(["community_id", "voucher_number", "offer_number", "partner_code", "month", "place", "turn", "expires_at"], ["voucher.community_id", "voucher.number", "voucher.offer_number", "voucher.partner_code", "voucher.month", "voucher.place", "voucher.turn", "voucher.expires_at"], name=op.f("fk_voucher_end_voucher")),
        sa.UniqueConstraint("community_id", "entry_seq", name=op.f("uq_voucher_end_community_id_entry_seq")),
    )
    op.create_index(op.f("ix_voucher_end_partner"), "voucher_end", ["community_id", "partner_code", "ended_on"])
    op.create_table(
        "voucher_settlement",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("partner_code", sa.String(16), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("vouchers", sa.Integer(), nullable=False),
        sa.Column("points_e2", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawn_up_by_id", sa.Uuid(), nullable=False),
        sa.Column("drawn_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "partner_code", "month", name=op.f("pk_voucher_settlement")),
        sa.CheckConstraint("month BETWEEN 200001 AND 299912", name=op.f("ck_voucher_settlement_month_range")),
        sa.CheckConstraint("typeof(month) IN ('integer', 'null')", name=op.f("ck_voucher_settlement_month_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("points_e2 BETWEEN 1 AND 1000000000000000", name=op.f("ck_voucher_settlement_points_e2_range")),
        sa.CheckConstraint("typeof(points_e2) IN ('integer', 'null')", name=op.f("ck_voucher_settlement_points_e2_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("value_fen BETWEEN 0 AND 1000000000000000", name=op.f("ck_voucher_settlement_value_fen_range")),
        sa.CheckConstraint("typeof(value_fen) IN ('integer', 'null')", name=op.f("ck_voucher_settlement_value_fen_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("vouchers BETWEEN 1 AND 1000000", name=op.f("ck_voucher_settlement_vouchers_range")),
        sa.CheckConstraint("typeof(vouchers) IN ('integer', 'null')", name=op.f("ck_voucher_settlement_vouchers_whole")).ddl_if(dialect="sqlite"),
        sa.ForeignKeyConstraint(["community_id", "drawn_up_by_id"], ["person.community_id", "person.id"], name=op.f("fk_voucher_settlement_drawn_up_by")),
        sa.ForeignKeyConstraint(["community_id", "partner_code"], ["partner.community_id", "partner.code"], name=op.f("fk_voucher_settlement_partner")),
        sa.UniqueConstraint("community_id", "partner_code", "month", "drawn_up_by_id", name=op.f("uq_voucher_settlement_pinned")),
    )
    op.create_table(
        "voucher_settled",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("partner_code", sa.String(16), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("drawn_up_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "partner_code", "month", name=op.f("pk_voucher_settled")),
        sa.CheckConstraint("confirmed_by_id <> drawn_up_by_id", name=op.f("ck_voucher_settled_two_persons")),
        sa.ForeignKeyConstraint(["community_id", "confirmed_by_id"], ["person.community_id", "person.id"], name=op.f("fk_voucher_settled_confirmed_by")),
        sa.ForeignKeyConstraint(["community_id", "partner_code", "month", "drawn_up_by_id"], ["voucher_settlement.community_id", "voucher_settlement.partner_code", "voucher_settlement.month", "voucher_settlement.drawn_up_by_id"], name=op.f("fk_voucher_settled_settlement")),
    )
