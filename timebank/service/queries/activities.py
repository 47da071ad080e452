"""Activities as others see them, and which there are: to come, over, waiting for approval, waiting for hours."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.service.queries.paging import comes_before
from timebank.service.rules import ActivityFacts, ActivityState, Span
from timebank.service.rules.refusals import NoSuchActivity
from timebank.service.tables import ActivityRow, ServiceRecordRow

PLANNED: Final = "planned"
"""Origin of an activity that was made here before it took place."""
SHEETS: Final = "sheets"
"""Origin of an activity of which only old sheets tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An activity.

    Attributes:
        number: `HD0001`, or the sheets' own code.
        origin: `planned`, or `sheets` where it came with imported sheets.
        service_class: code of the class of service.
        leader: name of the person in charge.
        capacity: how many can take part, or None for no limit.
        creator, approver: numbers of who made and who approved it.
    """

    id: UUID
    number: str
    origin: str
    state: ActivityState
    title: str
    service_class: str
    place: str
    org_unit_id: UUID | None
    leader: str
    capacity: int | None
    starts_at: datetime
    ends_at: datetime
    creator_id: UUID
    creator: str
    created_at: datetime
    approver: str | None
    approved_at: datetime | None
    batch_id: UUID | None

    @property
    def span(self) -> Span:
        """The time at which it takes place."""
        return Span(self.starts_at, self.ends_at)

    def facts(self) -> ActivityFacts:
        """What the rules look at."""
        return ActivityFacts(self.number, self.state, self.span, self.approved_at)


COLUMNS: Final = tuple(getattr(ActivityRow, field.name) for field in fields(Activity))


def _select(community_id: str) -> sa.Select[Any]:
    return sa.select(*COLUMNS).where(ActivityRow.community_id == community_id)


def activity_of(row: Any) -> Activity:
    """Build an activity from a row that has its columns."""
    columns = {field.name: getattr(row, field.name) for field in fields(Activity)}
    return Activity(**(columns | {"state": ActivityState(row.state)}))


def _all(session: Session, query: sa.Select[Any]) -> tuple[Activity, ...]:
    return tuple(activity_of(row) for row in session.execute(query))


def activities_where(session: Session, community_id: str, *wanted: sa.ColumnElement[bool]) -> tuple[Activity, ...]:
    """Return the activities of which all of this is true, the next one first; for this room only."""
    return _all(session, _select(community_id).where(*wanted).order_by(ActivityRow.starts_at, ActivityRow.id))


def find_activity(session: Session, community_id: str, number: str) -> Activity | None:
    """Return the activity of a number, or None."""
    row = session.execute(_select(community_id).where(ActivityRow.number == number)).one_or_none()
    return None if row is None else activity_of(row)


def activity(session: Session, community_id: str, number: str) -> Activity:
    """Return the activity of a number.

    Raises:
        NoSuchActivity: there is none.
    """
    found = find_activity(session, community_id, number)
    if found is None:
        raise NoSuchActivity(activity=number)
    return found


def activities_by_number(session: Session, community_id: str, numbers: Iterable[str]) -> dict[str, Activity]:
    """Return the activities of these numbers, by number; one that there is not is not in it."""
    found: dict[str, Activity] = {}
    for chunk in in_chunks(sorted(set(numbers))):
        query = _select(community_id).where(ActivityRow.number.in_(chunk))
        found |= {row.number: activity_of(row) for row in session.execute(query)}
    return found


def activities_to_come(session: Session, community_id: str, at: datetime, limit: int = 50) -> tuple[Activity, ...]:
    """Return the approved activities that are not over at a moment, the next one first."""
    query = (
        _select(community_id)
        .where(ActivityRow.state == ActivityState.APPROVED, ActivityRow.ends_at > at)
        .order_by(ActivityRow.starts_at, ActivityRow.id)
        .limit(limit)
    )
    return _all(session, query)


def activities_published(session: Session, community_id: str, at: datetime) -> tuple[Activity, ...]:
    """Return the approved activities of the last month and of the time to come, also those that were called off."""
    return activities_where(
        session,
        community_id,
        ActivityRow.origin == PLANNED,
        ActivityRow.approver_id.is_not(None),
        ActivityRow.starts_at > at - timedelta(days=31),
    )


def activities_past(
    session: Session, community_id: str, at: datetime, *, before: str | None = None, limit: int = 50
) -> tuple[Activity, ...]:
    """Return the approved activities that are over at a moment, the latest first.

    Args:
        before: number of the last activity of the page before, to go on after it.
    """
    query = (
        _select(community_id)
        .where(ActivityRow.state == ActivityState.APPROVED, ActivityRow.ends_at <= at)
        .order_by(ActivityRow.starts_at.desc(), ActivityRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        last = activity(session, community_id, before)
        query = query.where(comes_before((ActivityRow.starts_at, ActivityRow.id), (last.starts_at, last.id)))
    return _all(session, query)


def activities_newest(
    session: Session, community_id: str, *, before: UUID | None = None, limit: int = 50
) -> tuple[Activity, ...]:
    """Return the activities in every state, the last made first, older than `before`."""
    query = _select(community_id).order_by(ActivityRow.id.desc()).limit(limit)
    return _all(session, query if before is None else query.where(ActivityRow.id < before))


def activities_proposed(session: Session, community_id: str) -> tuple[Activity, ...]:
    """Return the planned activities that wait for a second person's approval, the next one first."""
    query = (
        _select(community_id)
        .where(ActivityRow.state == ActivityState.PROPOSED, ActivityRow.origin == PLANNED)
        .order_by(ActivityRow.starts_at, ActivityRow.id)
    )
    return _all(session, query)


def activities_needing_hours(session: Session, community_id: str, at: datetime) -> tuple[Activity, ...]:
    """Return the approved activities that are over and for which nobody has recorded hours, the oldest first."""
    recorded = sa.exists().where(
        ServiceRecordRow.community_id == ActivityRow.community_id, ServiceRecordRow.activity_id == ActivityRow.id
    )
    query = (
        _select(community_id)
        .where(ActivityRow.state == ActivityState.APPROVED, ActivityRow.origin == PLANNED)
        .where(ActivityRow.ends_at <= at, ~recorded)
        .order_by(ActivityRow.starts_at, ActivityRow.id)
    )
    return _all(session, query)


def activities_of_batch(session: Session, community_id: str, batch_id: UUID) -> tuple[Activity, ...]:
    """Return the activities that came with an imported batch, by number."""
    query = _select(community_id).where(ActivityRow.batch_id == batch_id).order_by(ActivityRow.number)
    return _all(session, query)
