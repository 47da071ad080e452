"""What is kept of the log beside the entries; private to the books.

The leaf hashes stand with the entries. Of the hashes above them only every eighth level is kept, which is all that
proofs and tiles are made from: one row for 256 entries, one for 65,536, and so on.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.books.tables import BIG, COMMUNITY, HASH, SEQ_MAX
from timebank.database import Base, UtcDateTime, whole
from timebank.ledger.tiles import TILE_LEVEL_MAX


class TreeNodeRow(Base):
    """The hash over a perfect subtree of 256 to the power of `level` leaves, from leaf `position * 256**level` on."""

    __tablename__ = "tree_node"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    level: Mapped[int] = mapped_column(sa.Integer)
    position: Mapped[int] = mapped_column(BIG)
    hash: Mapped[bytes] = mapped_column(HASH)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "level", "position"),
        *whole("level", 1, TILE_LEVEL_MAX),
        *whole("position", 0, SEQ_MAX),
    )


class RunningCheckRow(Base):
    """What the last check of one kind found in a community's books; while one found damage, nothing is written."""

    __tablename__ = "running_check"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    kind: Mapped[str] = mapped_column(sa.String(8))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(BIG)
    code: Mapped[str | None] = mapped_column(sa.String(60))
    facts: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "kind"),
        CheckConstraint("kind IN ('log', 'books')", name="kind_known"),
        *whole("size", 0, SEQ_MAX),
    )
