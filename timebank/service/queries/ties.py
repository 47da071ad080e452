"""What an activity is tied to, and which slots of a calendar have an activity already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.service.rules import ActivityState
from timebank.service.tables import ActivityRow, ActivityTiesRow


@dataclass(frozen=True, slots=True)
class Ties:
    """What an activity is tied to: code of a partner unit, course that is asked for, id of the calendar; none empty."""

    partner: str = ""
    course: str = ""
    timetable_id: UUID | None = None


def ties_of(session: Session, community_id: str, activity_ids: Iterable[UUID]) -> dict[UUID, Ties]:
    """Return what activities are tied to, by id."""
    wanted = tuple(activity_ids)
    found = dict.fromkeys(wanted, Ties())
    for chunk in in_chunks(wanted):
        query = sa.select(ActivityTiesRow).where(
            ActivityTiesRow.community_id == community_id, ActivityTiesRow.activity_id.in_(chunk)
        )
        for row in session.scalars(query):
            found[row.activity_id] = Ties(row.partner or "", row.course, row.timetable_id)
    return found


def starts_offered(session: Session, community_id: str, timetable_id: UUID, since: datetime) -> dict[datetime, str]:
    """Return which slots of a calendar have an activity that was not called off, by their start: its number."""
    same = sa.and_(
        ActivityTiesRow.community_id == ActivityRow.community_id, ActivityTiesRow.activity_id == ActivityRow.id
    )
    query = (
        sa.select(ActivityRow.starts_at, ActivityRow.number)
        .join(ActivityTiesRow, same)
        .where(ActivityTiesRow.community_id == community_id, ActivityTiesRow.timetable_id == timetable_id)
        .where(ActivityRow.state != ActivityState.CANCELLED, ActivityRow.starts_at >= since)
    )
    return {row.starts_at: row.number for row in session.execute(query)}
