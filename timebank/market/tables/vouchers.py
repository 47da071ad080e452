"""Service vouchers: what partner units offer, who took which voucher, what became of it, and the month's statement.

All of it only grows. The points of a voucher are on hold in the ledger (`hold_seq`); one that nobody ended is over at
`expires_at`, whatever stands here. The database keeps the quota: a voucher takes one of the numbered places of its
offer and month, and a trigger lets a place be taken again only after its voucher was given back.

Source: domain.md section 3 (P3) and 8 (19).
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules.vouchers import MONTH_QUOTA_MAX, PERSON_MONTH_MAX, UNIT_VALUE_FEN_MAX, VALID_DAYS_MAX
from timebank.market.tables.common import BIG, COMMUNITY, NUMBER, refers
from timebank.market.tables.trade import TOTAL_POINTS_E2_MAX

CODE_MAX = 10**16 - 1
KEEPER = sa.String(40)
OUTCOME = sa.String(10)


class VoucherOfferRow(Base):
    """A service that a partner unit offers, so often a month; its price in points stands in the price list."""

    __tablename__ = "voucher_offer"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    partner_code: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    month_quota: Mapped[int] = mapped_column(sa.Integer)
    person_month_max: Mapped[int] = mapped_column(sa.Integer)
    valid_days: Mapped[int] = mapped_column(sa.Integer)
    unit_value_fen: Mapped[int] = mapped_column(sa.Integer)
    offered_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint(
            "community_id", "number", "partner_code", "good_number", "month_quota", name="uq_voucher_offer_pinned"
        ),
        refers("partner", "fk_voucher_offer_partner", partner_code="code"),
        refers("good", "fk_voucher_offer_good", good_number="number"),
        refers("person", "fk_voucher_offer_offered_by", offered_by_id="id"),
        *whole("month_quota", 1, MONTH_QUOTA_MAX),
        *whole("person_month_max", 1, PERSON_MONTH_MAX),
        *whole("valid_days", 1, VALID_DAYS_MAX),
        *whole("unit_value_fen", 0, UNIT_VALUE_FEN_MAX),
        Index("ix_voucher_offer_good", "community_id", "good_number"),
    )


class VoucherOfferEndRow(Base):
    """The end of an offer: no further voucher is given; those that are out stay good."""

    __tablename__ = "voucher_offer_end"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    offer_number: Mapped[str] = mapped_column(NUMBER)
    ended_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "offer_number"),
        refers("voucher_offer", "fk_voucher_offer_end_offer", offer_number="number"),
        refers("person", "fk_voucher_offer_end_ended_by", ended_by_id="id"),
    )


class VoucherRow(Base):
    """A voucher: whose it is, for which offer and month, on which place of the quota, and the code that proves it.

    month: year and month as one number, 202611. turn: the how-manieth to have this place; all before were given back.
    """

    __tablename__ = "voucher"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    offer_number: Mapped[str] = mapped_column(NUMBER)
    partner_code: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    month_quota: Mapped[int] = mapped_column(sa.Integer)
    month: Mapped[int] = mapped_column(sa.Integer)
    place: Mapped[int] = mapped_column(sa.Integer)
    turn: Mapped[int] = mapped_column(sa.Integer)
    volunteer_number: Mapped[str] = mapped_column(sa.String(32))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    taken_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    taken_on: Mapped[date] = mapped_column(sa.Date)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    price_points_e2: Mapped[int] = mapped_column(sa.Integer)
    price_version: Mapped[int] = mapped_column(sa.Integer)
    rule_version: Mapped[int] = mapped_column(sa.Integer)
    code_payload: Mapped[int] = mapped_column(BIG)
    hold_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint("community_id", "code_payload"),
        UniqueConstraint("community_id", "hold_seq"),
        UniqueConstraint("community_id", "offer_number", "month", "place", "turn", name="uq_voucher_place"),
        UniqueConstraint(
            "community_id",
            "number",
            "offer_number",
            "partner_code",
            "month",
            "place",
            "turn",
            "expires_at",
            name="uq_voucher_pinned",
        ),
        refers(
            "voucher_offer",
            "fk_voucher_offer",
            "partner_code",
            "good_number",
            "month_quota",
            offer_number="number",
        ),
        refers("price_in_force", "fk_voucher_price", "good_number", "price_points_e2", price_version="version"),
        refers("hold", "fk_voucher_hold", hold_seq="seq"),
        refers("volunteer", "fk_voucher_volunteer", volunteer_number="number"),
        refers("volunteer", "fk_voucher_person", "person_id"),
        refers("person", "fk_voucher_taken_by", taken_by_id="id"),
        CheckConstraint("place BETWEEN 1 AND month_quota", name="within_the_quota"),
        CheckConstraint("expires_at > taken_at", name="good_for_a_time"),
        *whole("turn", 1, 10_000),
        *whole("month", 200001, 299912),
        *whole("price_points_e2", 1, TOTAL_POINTS_E2_MAX),
        *whole("code_payload", 0, CODE_MAX),
        Index("ix_voucher_volunteer", "community_id", "volunteer_number", "hold_seq"),
    )


class VoucherDeskRow(Base):
    """Who may honour vouchers at a partner unit, and the twenty digits on their card."""

    __tablename__ = "voucher_desk"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    partner_code: Mapped[str] = mapped_column(NUMBER)
    keeper: Mapped[str] = mapped_column(KEEPER)
    code_payload: Mapped[int] = mapped_column(BIG)
    made_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint("community_id", "code_payload"),
        UniqueConstraint("community_id", "number", "partner_code", name="uq_voucher_desk_pinned"),
        refers("partner", "fk_voucher_desk_partner", partner_code="code"),
        refers("person", "fk_voucher_desk_made_by", made_by_id="id"),
        CheckConstraint("keeper <> ''", name="keeper_named"),
        *whole("code_payload", 0, CODE_MAX),
    )


class VoucherDeskEndRow(Base):
    """A desk that works no more: its card is lost, or its keeper has left."""

    __tablename__ = "voucher_desk_end"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    desk_number: Mapped[str] = mapped_column(NUMBER)
    ended_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "desk_number"),
        refers("voucher_desk", "fk_voucher_desk_end_desk", desk_number="number"),
        refers("person", "fk_voucher_desk_end_ended_by", ended_by_id="id"),
    )


class VoucherEndRow(Base):
    """How a voucher ended before its time, at most once: honoured at its own partner's desk, or given back."""

    __tablename__ = "voucher_end"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    voucher_number: Mapped[str] = mapped_column(NUMBER)
    offer_number: Mapped[str] = mapped_column(NUMBER)
    partner_code: Mapped[str] = mapped_column(NUMBER)
    month: Mapped[int] = mapped_column(sa.Integer)
    place: Mapped[int] = mapped_column(sa.Integer)
    turn: Mapped[int] = mapped_column(sa.Integer)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(OUTCOME)
    desk_number: Mapped[str | None] = mapped_column(NUMBER)
    ended_by_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    ended_on: Mapped[date] = mapped_column(sa.Date)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "voucher_number"),
        UniqueConstraint("community_id", "entry_seq"),
        refers(
            "voucher",
            "fk_voucher_end_voucher",
            "offer_number",
            "partner_code",
            "month",
            "place",
            "turn",
            "expires_at",
            voucher_number="number",
        ),
        refers("voucher_desk", "fk_voucher_end_desk", "partner_code", desk_number="number"),
        refers("person", "fk_voucher_end_ended_by", ended_by_id="id"),
        refers("entry", "fk_voucher_end_entry", entry_seq="seq"),
        CheckConstraint(
            "(outcome = 'honoured' AND desk_number IS NOT NULL AND ended_by_id IS NULL) "
            "OR (outcome = 'released' AND desk_number IS NULL AND ended_by_id IS NOT NULL)",
            name="by_whom",
        ),
        CheckConstraint("ended_at < expires_at", name="in_time"),
        Index("ix_voucher_end_partner", "community_id", "partner_code", "ended_on"),
    )


class VoucherSettlementRow(Base):
    """What a partner unit honoured in a month that is over, as one person has drawn it up."""

    __tablename__ = "voucher_settlement"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    partner_code: Mapped[str] = mapped_column(NUMBER)
    month: Mapped[int] = mapped_column(sa.Integer)
    vouchers: Mapped[int] = mapped_column(sa.Integer)
    points_e2: Mapped[int] = mapped_column(BIG)
    value_fen: Mapped[int] = mapped_column(BIG)
    drawn_up_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    drawn_up_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "partner_code", "month"),
        UniqueConstraint(
            "community_id", "partner_code", "month", "drawn_up_by_id", name="uq_voucher_settlement_pinned"
        ),
        refers("partner", "fk_voucher_settlement_partner", partner_code="code"),
        refers("person", "fk_voucher_settlement_drawn_up_by", drawn_up_by_id="id"),
        *whole("month", 200001, 299912),
        *whole("vouchers", 1, 1_000_000),
        *whole("points_e2", 1, 10**15),
        *whole("value_fen", 0, 10**15),
    )


class VoucherSettledRow(Base):
    """Another person has confirmed the statement of a partner's month."""

    __tablename__ = "voucher_settled"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    partner_code: Mapped[str] = mapped_column(NUMBER)
    month: Mapped[int] = mapped_column(sa.Integer)
    drawn_up_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    confirmed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "partner_code", "month"),
        refers("voucher_settlement", "fk_voucher_settled_settlement", "partner_code", "month", "drawn_up_by_id"),
        refers("person", "fk_voucher_settled_confirmed_by", confirmed_by_id="id"),
        CheckConstraint("confirmed_by_id <> drawn_up_by_id", name="two_persons"),
    )
