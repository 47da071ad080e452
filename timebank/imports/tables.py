"""Batches and the rows that wait in them; private to this package.

A batch is never deleted: what was undone or refused stays, with who decided and why. The database refuses a batch that
one person brought and confirmed, and the same rows a second time while the first batch counts or waits.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime, whole

COMMUNITY: Final = sa.String(16)
PERSON_NUMBER: Final = sa.String(32)
LINE_MAX: Final = 100_000
LIVE: Final = "state IN ('pending', 'confirmed')"


def _person(column: str) -> ForeignKeyConstraint:
    name = f"fk_import_batch_{column.removesuffix('_id')}"
    return ForeignKeyConstraint(["community_id", column], ["person.community_id", "person.id"], name=name)


class ImportBatchRow(Base):
    """A file that came in. summary: what it brings (JSON); outcome: what its confirmation has done (JSON).

    undone_by: who took it back or, before it counted, sent it back.
    """

    __tablename__ = "import_batch"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    number: Mapped[str] = mapped_column(sa.String(32))
    kind: Mapped[str] = mapped_column(sa.String(10))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content_key: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(10))
    row_count: Mapped[int] = mapped_column(sa.Integer)
    summary: Mapped[str] = mapped_column(sa.Text)
    made_by_id: Mapped[UUID] = mapped_column(sa.Uuid)
    made_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    confirmed_by: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    undone_by_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    undone_by: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undo_reason: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        UniqueConstraint("community_id", "number"),
        _person("made_by_id"),
        _person("confirmed_by_id"),
        _person("undone_by_id"),
        CheckConstraint("kind IN ('volunteers', 'hours', 'opening', 'goods')", name="kind_known"),
        CheckConstraint("state IN ('pending', 'confirmed', 'undone', 'refused')", name="state_known"),
        CheckConstraint("confirmed_by_id <> made_by_id", name="confirmer_is_not_maker"),
        CheckConstraint(
            "state <> 'confirmed' OR kind = 'volunteers' OR confirmed_by_id IS NOT NULL", name="confirmed_by_somebody"
        ),
        CheckConstraint("state = 'confirmed' OR state = 'undone' OR confirmed_by_id IS NULL", name="decided_once"),
        CheckConstraint("(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name="confirmed_at_some_time"),
        CheckConstraint("(state IN ('undone', 'refused')) = (undone_by_id IS NOT NULL)", name="undone_by_somebody"),
        CheckConstraint("(undone_by_id IS NULL) = (undone_at IS NULL)", name="undone_at_some_time"),
        CheckConstraint("state <> 'refused' OR undone_by_id <> made_by_id", name="refused_by_another"),
        *whole("row_count", 1, LINE_MAX),
        Index(
            "uq_import_batch_live_content",
            "community_id",
            "kind",
            "content_key",
            unique=True,
            postgresql_where=sa.text(LIVE),
            sqlite_where=sa.text(LIVE),
        ),
        Index("ix_import_batch_state", "community_id", "state"),
    )


class ImportRowRow(Base):
    """One row of a file that waits: its line as people see it, and its values (JSON) without anybody's name."""

    __tablename__ = "import_row"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    batch_id: Mapped[UUID] = mapped_column(sa.Uuid)
    line: Mapped[int] = mapped_column(sa.Integer)
    content: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "batch_id", "line"),
        ForeignKeyConstraint(
            ["community_id", "batch_id"], ["import_batch.community_id", "import_batch.id"], name="fk_import_row_batch"
        ),
        *whole("line", 1, LINE_MAX),
    )


class ImportColumnsRow(Base):
    """Which field each heading of a source is, as a person chose; the last turn counts.

    fingerprint: of the headings; headings: as they stand in the file (JSON); columns: field by plain heading (JSON),
    None where it was forgotten.
    """

    __tablename__ = "import_columns"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    kind: Mapped[str] = mapped_column(sa.String(10))
    fingerprint: Mapped[str] = mapped_column(sa.String(16))
    turn: Mapped[int] = mapped_column(sa.Integer)
    headings: Mapped[str] = mapped_column(sa.Text)
    columns: Mapped[str | None] = mapped_column(sa.Text)
    set_by: Mapped[str] = mapped_column(PERSON_NUMBER)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "kind", "fingerprint", "turn"),
        ForeignKeyConstraint(["community_id"], ["community.community_id"], name="fk_import_columns_community"),
        CheckConstraint("kind IN ('volunteers', 'hours', 'opening', 'goods')", name="kind_known"),
        *whole("turn", 1, 1_000_000),
    )
