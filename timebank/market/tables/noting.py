"""What the counter writes down beside the books: what was asked for in vain, and paper forms. All of it only grows."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole
from timebank.market.tables.common import COMMUNITY, NUMBER, REASON, refers

FORM_MAX = 1_000_000


class UnmetDemandRow(Base):
    """Something that somebody asked for and that was not there: a good of ours, or what it was called. No names."""

    __tablename__ = "unmet_demand"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    number: Mapped[str] = mapped_column(NUMBER)
    good_number: Mapped[str | None] = mapped_column(NUMBER)
    words: Mapped[str] = mapped_column(sa.String(40))
    noted_on: Mapped[date] = mapped_column(sa.Date)
    noted_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "number"),
        refers("good", "fk_unmet_demand_good", good_number="number"),
        refers("person", "fk_unmet_demand_noted_by", noted_by_id="id"),
        CheckConstraint("(good_number IS NULL) = (words <> '')", name="one_thing"),
        Index("ix_unmet_demand_day", "community_id", "noted_on"),
    )


class PaperFormsRow(Base):
    """Paper forms for a power cut, printed together under consecutive numbers."""

    __tablename__ = "paper_forms"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    first: Mapped[int] = mapped_column(sa.Integer)
    last: Mapped[int] = mapped_column(sa.Integer)
    printed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "first"),
        refers("person", "fk_paper_forms_printed_by", printed_by_id="id"),
        CheckConstraint("last >= first", name="in_order"),
        *whole("first", 1, FORM_MAX),
        *whole("last", 1, FORM_MAX),
    )


class PaperFormEndRow(Base):
    """What became of one form, once: entered as a redemption, or void for a reason."""

    __tablename__ = "paper_form_end"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    form: Mapped[int] = mapped_column(sa.Integer)
    redemption_number: Mapped[str | None] = mapped_column(NUMBER)
    reason: Mapped[str] = mapped_column(REASON)
    filed_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "form"),
        UniqueConstraint("community_id", "redemption_number", name="uq_paper_form_end_redemption"),
        refers("redemption", "fk_paper_form_end_redemption", redemption_number="number"),
        refers("person", "fk_paper_form_end_filed_by", filed_by_id="id"),
        CheckConstraint("(redemption_number IS NULL) = (reason <> '')", name="entered_or_void"),
        *whole("form", 1, FORM_MAX),
    )
