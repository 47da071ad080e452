"""Signed heads, the witnesses of a community's log, and what they signed; private to this package, append only."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COMMUNITY = sa.String(16)
NAME = sa.String(100)
SIZE_MAX = 10**12


class CheckpointRow(Base):
    """A head of the log, signed with the log's key; `note` is the file that is handed out."""

    __tablename__ = "checkpoint"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    size: Mapped[int] = mapped_column(BIG)
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    note: Mapped[str] = mapped_column(sa.Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "size"),
        *whole("size", 1, SIZE_MAX),
    )


class WitnessRow(Base):
    """Somebody outside who keeps a key and the last head; the key stands in the log itself, in entry `seq`."""

    __tablename__ = "witness"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    name: Mapped[str] = mapped_column(NAME)
    key: Mapped[str] = mapped_column(sa.String(200))
    holder: Mapped[str] = mapped_column(sa.String(60))
    seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "name"),
        UniqueConstraint("community_id", "seq"),
        ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name="fk_witness_entry"),
    )


class CosignatureRow(Base):
    """A witness's line below a signed head, verified when it came in; another one for each time they saw it."""

    __tablename__ = "cosignature"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    size: Mapped[int] = mapped_column(BIG)
    name: Mapped[str] = mapped_column(NAME)
    line: Mapped[str] = mapped_column(sa.String(400))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "size", "name", "seen_at"),
        ForeignKeyConstraint(
            ["community_id", "size"], ["checkpoint.community_id", "checkpoint.size"], name="fk_cosignature_checkpoint"
        ),
        ForeignKeyConstraint(
            ["community_id", "name"], ["witness.community_id", "witness.name"], name="fk_cosignature_witness"
        ),
    )
