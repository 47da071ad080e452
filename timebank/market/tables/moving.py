"""Stock moves: pieces of a lot that went to another place, where they are a lot of their own. Only grows."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules import LOT_PIECES_MAX
from timebank.market.tables.common import BIG, COMMUNITY, NUMBER, REASON, refers

PLACE = sa.String(40)


class StockMoveRow(Base):
    """Pieces of one lot that went from a place to another, and whether that made the lot that they are now.

    `counters` names the move that this one takes back; each is taken back once.
    """

    __tablename__ = "stock_move"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str] = mapped_column(NUMBER)
    from_lot: Mapped[str] = mapped_column(NUMBER)
    to_lot: Mapped[str] = mapped_column(NUMBER)
    makes_lot: Mapped[bool] = mapped_column(sa.Boolean)
    pieces: Mapped[int] = mapped_column(sa.Integer)
    from_place: Mapped[str] = mapped_column(PLACE)
    to_place: Mapped[str] = mapped_column(PLACE)
    note: Mapped[str] = mapped_column(REASON)
    moved_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counters: Mapped[str | None] = mapped_column(NUMBER)
    entry_seq: Mapped[int] = mapped_column(BIG)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        UniqueConstraint("community_id", "counters", name="uq_stock_move_countered_once"),
        UniqueConstraint("community_id", "entry_seq", name="uq_stock_move_entry"),
        UniqueConstraint(
            "community_id", "number", "good_number", "from_lot", "to_lot", "pieces", name="uq_stock_move_pinned"
        ),
        refers("lot", "fk_stock_move_from", "good_number", from_lot="number"),
        refers("lot", "fk_stock_move_to", "good_number", to_lot="number"),
        refers("person", "fk_stock_move_moved_by", moved_by_id="id"),
        refers("entry", "fk_stock_move_entry", entry_seq="seq"),
        refers(
            "stock_move",
            "fk_stock_move_counters",
            "good_number",
            "pieces",
            counters="number",
            to_lot="from_lot",
            from_lot="to_lot",
        ),
        CheckConstraint("from_place <> to_place AND from_lot <> to_lot", name="another_place"),
        *whole("pieces", 1, LOT_PIECES_MAX),
    )
