"""Second looks at the till: at a passbook that nobody used for long, and at goods that come back late. Only grows.

Source: trust.md T9, X12 and X16.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.rules import SHELF_PIECES_MAX
from timebank.market.tables.common import COMMUNITY, NUMBER, refers


class PassbookCheckRow(Base):
    """Somebody looked who the customer of a long unused passbook is; good for that day, for another's redemption."""

    __tablename__ = "passbook_check"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    volunteer_number: Mapped[str] = mapped_column(sa.String(32))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    checked_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    checked_by: Mapped[str] = mapped_column(sa.String(32))
    checked_on: Mapped[date] = mapped_column(sa.Date)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    identified: Mapped[str] = mapped_column(sa.String(16))
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        refers("volunteer", "fk_passbook_check_person", "person_id"),
        refers("volunteer", "fk_passbook_check_volunteer", volunteer_number="number"),
        refers("person", "fk_passbook_check_checked_by", checked_by_id="id"),
        CheckConstraint("checked_by_id <> person_id", name="not_for_oneself"),
        Index("ix_passbook_check_day", "community_id", "checked_on", "volunteer_number"),
    )


class RestockCountRow(Base):
    """Pieces of a good that lay on the counter when a redemption was taken back after its shift."""

    __tablename__ = "restock_count"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    redemption_id: Mapped[UUID] = mapped_column(sa.Uuid)
    good_number: Mapped[str] = mapped_column(NUMBER)
    counted_pieces: Mapped[int] = mapped_column(sa.Integer)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "redemption_id", "good_number"),
        refers("redemption_undo", "fk_restock_count_undo", "redemption_id"),
        refers("good", "fk_restock_count_good", good_number="number"),
        *whole("counted_pieces", 1, SHELF_PIECES_MAX),
    )
