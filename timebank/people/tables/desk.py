"""Rows of what the desk does only with two persons: lost factors, lost passwords, who becomes security admin.

A request is asked by one person and done by another, is decided once and never deleted.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime
from timebank.people.tables.persons import COMMUNITY, NUMBER, one_where


def _to(person: str, name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["community_id", person], ["person.community_id", "person.id"], name=name)


class DeskRequestRow(Base):
    """What is to be done about how somebody comes in (`what`): asked by one, done by another, or by the machine."""

    __tablename__ = "desk_request"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    what: Mapped[str] = mapped_column(sa.String(16))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    reason: Mapped[str] = mapped_column(sa.String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(NUMBER)
    asker_id: Mapped[UUID] = mapped_column(sa.Uuid)
    state: Mapped[str] = mapped_column(sa.String(10))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(NUMBER)
    decider_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        _to("person_id", "fk_desk_request_person"),
        _to("asker_id", "fk_desk_request_asker"),
        _to("decider_id", "fk_desk_request_decider"),
        CheckConstraint("asker_id <> person_id", name="not_for_themselves"),
        CheckConstraint("state IN ('open', 'done', 'withdrawn')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL) "
            "AND (decider_id IS NULL) = (decided_by IS NULL OR decided_by = 'system')",
            name="decided_by_somebody",
        ),
        CheckConstraint("what IN ('second_factor', 'password', 'security_admin')", name="what_known"),
        CheckConstraint("decided_by <> 'system' OR what = 'password'", name="machine_gives_passwords_only"),
        CheckConstraint("state <> 'done' OR (decider_id <> asker_id AND decider_id <> person_id)", name="two_persons"),
        one_where("state = 'open'", "uq_desk_request_open", "community_id", "person_id", "what"),
    )
