"""The books on disk: append only. Each promise that the database can keep is kept by the database.

The chain of lines (`line`) carries the running balance of each account: every line refers to the line before it and to
that line's closing balance, so a gap, a lost update or an overdraft cannot be stored. `log_head` is the only row that
is ever updated; whoever writes locks it first.

Source: ledger.md sections 2 and 3.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.ledger.entries import AMOUNT_MAX, BALANCE_MAX

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
CODE = sa.String(120)
COMMUNITY = sa.String(16)
HASH = sa.LargeBinary(32)
SEQ_MAX = 10**12


class LogHeadRow(Base):
    """The head of a community's log; locked first by every writer, the only row ever updated."""

    __tablename__ = "log_head"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    size: Mapped[int] = mapped_column(BIG)
    frontier: Mapped[bytes] = mapped_column(sa.LargeBinary)
    accounts: Mapped[int] = mapped_column(BIG)
    last_booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_through: Mapped[date] = mapped_column(sa.Date)
    __table_args__ = (
        PrimaryKeyConstraint("community_id"),
        *whole("size", 0, SEQ_MAX),
        *whole("accounts", 0, SEQ_MAX),
    )


class AccountRow(Base):
    """An account; its sign and unit are pinned into every one of its lines by a foreign key."""

    __tablename__ = "account"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[int] = mapped_column(BIG)
    code: Mapped[str] = mapped_column(CODE)
    kind: Mapped[str] = mapped_column(sa.String(16))
    owner: Mapped[str] = mapped_column(sa.String(32))
    unit: Mapped[str] = mapped_column(sa.String(40))
    vintage: Mapped[int] = mapped_column(sa.Integer)
    sign: Mapped[int] = mapped_column(sa.SmallInteger)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "code"),
        UniqueConstraint("community_id", "id", "unit", "sign", name="uq_account_pinned"),
        CheckConstraint("sign IN (-1, 1)", name="sign_known"),
        Index("ix_account_owner", "community_id", "owner", "kind"),
        Index("ix_account_kind", "community_id", "kind", "unit"),
    )


class EntryRow(Base):
    """A journal entry: one atomic event, one leaf. The columns are projections of the leaf's bytes."""

    __tablename__ = "entry"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    seq: Mapped[int] = mapped_column(BIG)
    event_id: Mapped[str] = mapped_column(CODE)
    kind: Mapped[str] = mapped_column(sa.String(24))
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    effective_on: Mapped[date] = mapped_column(sa.Date)
    served_on: Mapped[date | None] = mapped_column(sa.Date)
    actor: Mapped[str] = mapped_column(sa.String(32))
    source: Mapped[str | None] = mapped_column(CODE)
    reverses: Mapped[int | None] = mapped_column(BIG)
    leaf: Mapped[bytes] = mapped_column(sa.LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(HASH)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "seq"),
        UniqueConstraint("community_id", "event_id"),
        UniqueConstraint("community_id", "reverses", name="uq_entry_reversed_once"),
        UniqueConstraint("community_id", "booked_at", name="uq_entry_booked_at"),
        ForeignKeyConstraint(
            ["community_id", "reverses"], ["entry.community_id", "entry.seq"], name="fk_entry_reverses"
        ),
        CheckConstraint("reverses IS NULL OR reverses < seq", name="reverses_earlier"),
        *whole("seq", 1, SEQ_MAX),
        Index("ix_entry_source", "community_id", "source"),
        Index("ix_entry_effective_on", "community_id", "effective_on"),
    )


class MemoRow(Base):
    """The free text of an entry and the salt of its commitment. May be deleted: the leaf stays provable without it."""

    __tablename__ = "memo"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    seq: Mapped[int] = mapped_column(BIG)
    salt: Mapped[bytes] = mapped_column(HASH)
    text: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "seq"),
        ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name="fk_memo_entry"),
    )


class TransferRow(Base):
    """One transfer; both of its lines must exist when the transaction commits."""

    __tablename__ = "transfer"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    seq: Mapped[int] = mapped_column(BIG)
    line: Mapped[int] = mapped_column(sa.Integer)
    unit: Mapped[str] = mapped_column(sa.String(40))
    debit: Mapped[int] = mapped_column(BIG)
    credit: Mapped[int] = mapped_column(BIG)
    amount: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "seq", "line"),
        UniqueConstraint("community_id", "seq", "line", "unit", "debit", "credit", "amount", name="uq_transfer_pinned"),
        ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name="fk_transfer_entry"),
        ForeignKeyConstraint(
            ["community_id", "seq", "line", "debit"],
            ["line.community_id", "line.seq", "line.line", "line.account_id"],
            name="fk_transfer_debit_line",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        ForeignKeyConstraint(
            ["community_id", "seq", "line", "credit"],
            ["line.community_id", "line.seq", "line.line", "line.account_id"],
            name="fk_transfer_credit_line",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        CheckConstraint("debit <> credit", name="two_accounts"),
        *whole("amount", 1, AMOUNT_MAX),
        *whole("line", 1, 10_000),
    )


class LineRow(Base):
    """One side of a transfer in the running balance of one account."""

    __tablename__ = "line"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    account_id: Mapped[int] = mapped_column(BIG)
    n: Mapped[int] = mapped_column(BIG)
    unit: Mapped[str] = mapped_column(sa.String(40))
    sign: Mapped[int] = mapped_column(sa.SmallInteger)
    seq: Mapped[int] = mapped_column(BIG)
    line: Mapped[int] = mapped_column(sa.Integer)
    debit: Mapped[int] = mapped_column(BIG)
    credit: Mapped[int] = mapped_column(BIG)
    amount: Mapped[int] = mapped_column(BIG)
    delta: Mapped[int] = mapped_column(BIG)
    opening: Mapped[int] = mapped_column(BIG)
    closing: Mapped[int] = mapped_column(BIG)
    previous_n: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "account_id", "n"),
        UniqueConstraint("community_id", "account_id", "n", "closing", name="uq_line_chained"),
        UniqueConstraint("community_id", "seq", "line", "account_id", name="uq_line_of_transfer"),
        ForeignKeyConstraint(
            ["community_id", "account_id", "unit", "sign"],
            ["account.community_id", "account.id", "account.unit", "account.sign"],
            name="fk_line_account",
        ),
        ForeignKeyConstraint(
            ["community_id", "seq", "line", "unit", "debit", "credit", "amount"],
            [
                "transfer.community_id",
                "transfer.seq",
                "transfer.line",
                "transfer.unit",
                "transfer.debit",
                "transfer.credit",
                "transfer.amount",
            ],
            name="fk_line_transfer",
        ),
        ForeignKeyConstraint(
            ["community_id", "account_id", "previous_n", "opening"],
            ["line.community_id", "line.account_id", "line.n", "line.closing"],
            name="fk_line_previous",
        ),
        CheckConstraint(
            "(n = 1 AND previous_n IS NULL AND opening = 0) "
            "OR (n > 1 AND previous_n IS NOT NULL AND previous_n = n - 1)",
            name="chained",
        ),
        CheckConstraint("closing = opening + delta", name="adds_up"),
        CheckConstraint(
            "(account_id = debit AND delta = -amount) OR (account_id = credit AND delta = amount)", name="side"
        ),
        CheckConstraint("closing * sign >= 0", name="right_side_of_zero"),
        *whole("n", 1, SEQ_MAX),
        *whole("delta", -AMOUNT_MAX, AMOUNT_MAX),
        *whole("opening", -BALANCE_MAX, BALANCE_MAX),
        *whole("closing", -BALANCE_MAX, BALANCE_MAX),
        Index("ix_line_account_seq", "community_id", "account_id", "seq"),
    )


class HoldRow(Base):
    """A hold: its entry moved things aside until it is resolved, exactly once. Without `expires_at` it lasts."""

    __tablename__ = "hold"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    seq: Mapped[int] = mapped_column(BIG)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "seq"),
        ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name="fk_hold_entry"),
    )


class HoldAccountRow(Base):
    """Which accounts hold something for a hold: so that the next touch of one of them finds the overdue hold."""

    __tablename__ = "hold_account"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    account_id: Mapped[int] = mapped_column(BIG)
    hold_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "account_id", "hold_seq"),
        ForeignKeyConstraint(
            ["community_id", "hold_seq"], ["hold.community_id", "hold.seq"], name="fk_hold_account_hold"
        ),
        ForeignKeyConstraint(
            ["community_id", "account_id"], ["account.community_id", "account.id"], name="fk_hold_account_account"
        ),
    )


class HoldResolutionRow(Base):
    """How a hold ended; the primary key lets it end once."""

    __tablename__ = "hold_resolution"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    hold_seq: Mapped[int] = mapped_column(BIG)
    seq: Mapped[int] = mapped_column(BIG)
    outcome: Mapped[str] = mapped_column(sa.String(16))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "hold_seq"),
        ForeignKeyConstraint(
            ["community_id", "hold_seq"], ["hold.community_id", "hold.seq"], name="fk_hold_resolution_hold"
        ),
        ForeignKeyConstraint(
            ["community_id", "seq"], ["entry.community_id", "entry.seq"], name="fk_hold_resolution_entry"
        ),
        CheckConstraint("outcome IN ('captured', 'released', 'expired')", name="outcome_known"),
        CheckConstraint("seq > hold_seq", name="after_the_hold"),
    )


class AccountClosingRow(Base):
    """A closed account takes no further line."""

    __tablename__ = "account_closing"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    account_id: Mapped[int] = mapped_column(BIG)
    seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "account_id"),
        ForeignKeyConstraint(
            ["community_id", "account_id"], ["account.community_id", "account.id"], name="fk_account_closing_account"
        ),
        ForeignKeyConstraint(
            ["community_id", "seq"], ["entry.community_id", "entry.seq"], name="fk_account_closing_entry"
        ),
    )


class PeriodCloseRow(Base):
    """A closed period takes no further entry that counts for it."""

    __tablename__ = "period_close"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    closed_through: Mapped[date] = mapped_column(sa.Date)
    seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "closed_through"),
        ForeignKeyConstraint(
            ["community_id", "seq"], ["entry.community_id", "entry.seq"], name="fk_period_close_entry"
        ),
    )


class RequestRow(Base):
    """A request key, kept for ever with what was asked and what was answered, done or declined."""

    __tablename__ = "request"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    key: Mapped[str] = mapped_column(sa.String(100))
    operation: Mapped[str] = mapped_column(sa.String(60))
    content_hash: Mapped[bytes] = mapped_column(HASH)
    outcome: Mapped[str] = mapped_column(sa.String(8))
    answer: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "key"),
        CheckConstraint("outcome IN ('done', 'declined')", name="outcome_known"),
    )


class TrailRow(Base):
    """Who did or saw what, and what came of it; no names, no contents."""

    __tablename__ = "trail"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(sa.String(32))
    channel: Mapped[str] = mapped_column(sa.String(16))
    verb: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str | None] = mapped_column(CODE)
    outcome: Mapped[str] = mapped_column(sa.String(8))
    facts: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        CheckConstraint("outcome IN ('done', 'refused', 'seen')", name="outcome_known"),
        Index("ix_trail_at", "community_id", "at"),
        Index("ix_trail_subject", "community_id", "subject", "at"),
        Index("ix_trail_actor", "community_id", "actor", "at"),
    )


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
"""The tables that the database itself lets grow only."""
