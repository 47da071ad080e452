"""What an activity is tied to: a partner unit that helps, a training that it asks for, the calendar it came from."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base
from timebank.service.tables.records import COMMUNITY, PERSON_NUMBER


class ActivityTiesRow(Base):
    """The ties of a planned activity; written with it and never changed. course: empty where none is asked for."""

    __tablename__ = "activity_ties"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    activity_id: Mapped[UUID] = mapped_column(sa.Uuid)
    partner: Mapped[str | None] = mapped_column(PERSON_NUMBER)
    course: Mapped[str] = mapped_column(sa.String(60))
    timetable_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "activity_id"),
        ForeignKeyConstraint(
            ["community_id", "activity_id"], ["activity.community_id", "activity.id"], name="fk_activity_ties_activity"
        ),
        ForeignKeyConstraint(
            ["community_id", "partner"], ["partner.community_id", "partner.code"], name="fk_activity_ties_partner"
        ),
        ForeignKeyConstraint(
            ["community_id", "timetable_id"],
            ["timetable.community_id", "timetable.id"],
            name="fk_activity_ties_timetable",
        ),
        Index("ix_activity_ties_timetable", "community_id", "timetable_id"),
    )
