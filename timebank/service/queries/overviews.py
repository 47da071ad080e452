"""Overviews: what waits for approval by activity, how much there is, and every approved record for the auditor."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.rulebook.rules import SourceClass
from timebank.service.queries.activities import Activity, activities_by_number
from timebank.service.queries.records import ServiceRecord, waiting_records
from timebank.service.rules import LIVE, RecordState
from timebank.service.rules.refusals import TooLongADay
from timebank.service.tables import (
    ActivityRow,
    FurtherApprovalRow,
    RecipientRatingRow,
    RecordFlagRow,
    ServiceRecordRow,
)

STREAM: Final = 1000
"""How many records are fetched at a time when all are read."""


@dataclass(frozen=True, slots=True)
class PendingActivity:
    """An activity and its records that wait for approval."""

    activity: Activity
    records: tuple[ServiceRecord, ...]

    @property
    def minutes(self) -> int:
        """Minutes of all of them."""
        return sum(record.minutes for record in self.records)

    @property
    def flagged(self) -> int:
        """How many of them are flagged."""
        return sum(bool(record.flags) for record in self.records)


def pending(session: Session, community_id: str, limit: int = 2000) -> tuple[PendingActivity, ...]:
    """Return what waits for approval, by activity, the activity that began first at the top.

    Args:
        limit: at most this many records; the activity that was made first comes first.
    """
    waiting = waiting_records(session, community_id, limit)
    by_activity: dict[str, list[ServiceRecord]] = {}
    for record in waiting:
        by_activity.setdefault(record.activity_number, []).append(record)
    activities = activities_by_number(session, community_id, by_activity)
    groups = (PendingActivity(activities[number], tuple(found)) for number, found in by_activity.items())
    return tuple(sorted(groups, key=lambda group: (group.activity.starts_at, group.activity.number)))


@dataclass(frozen=True, slots=True)
class Amount:
    """So many records of so many minutes."""

    records: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is.

    Attributes:
        waiting: submitted, not decided yet.
        approved: approved and not reversed.
        volunteers: how many people have an approved record.
    """

    waiting: Amount
    approved: Amount
    volunteers: int


def totals(session: Session, community_id: str) -> Totals:
    """Return how much waits and how much is approved."""
    query = (
        sa.select(
            ServiceRecordRow.state,
            sa.func.count(),
            sa.func.sum(ServiceRecordRow.minutes),
            sa.func.count(sa.distinct(ServiceRecordRow.person_id)),
        )
        .where(ServiceRecordRow.community_id == community_id, ServiceRecordRow.state.in_(LIVE))
        .group_by(ServiceRecordRow.state)
    )
    found = {state: (count, int(minutes), people) for state, count, minutes, people in session.execute(query)}
    waiting = found.get(RecordState.SUBMITTED, (0, 0, 0))
    approved = found.get(RecordState.APPROVED, (0, 0, 0))
    return Totals(Amount(*waiting[:2]), Amount(*approved[:2]), approved[2])


def waiting_minutes(session: Session, community_id: str, volunteer_number: str) -> int:
    """Return the minutes of a volunteer that are recorded and not posted yet."""
    query = sa.select(sa.func.sum(ServiceRecordRow.minutes)).where(
        ServiceRecordRow.community_id == community_id,
        ServiceRecordRow.volunteer_number == volunteer_number,
        ServiceRecordRow.state.in_((RecordState.SUBMITTED.value, RecordState.CHECKED.value)),
    )
    return int(session.scalar(query) or 0)


def who_came_last_time(session: Session, community_id: str, activity: Activity) -> tuple[str, ...]:
    """Return the numbers of those who took part in the latest earlier activity of the same title, by number."""
    earlier = (
        sa.select(ActivityRow.id)
        .join(ServiceRecordRow, ServiceRecordRow.activity_id == ActivityRow.id)
        .where(
            ActivityRow.community_id == community_id,
            ServiceRecordRow.community_id == community_id,
            ActivityRow.title == activity.title,
            ActivityRow.starts_at < activity.starts_at,
            ServiceRecordRow.state.in_(LIVE),
        )
        .order_by(ActivityRow.starts_at.desc())
        .limit(1)
    )
    query = sa.select(ServiceRecordRow.volunteer_number).where(
        ServiceRecordRow.community_id == community_id,
        ServiceRecordRow.activity_id == earlier.scalar_subquery(),
        ServiceRecordRow.state.in_(LIVE),
    )
    return tuple(sorted(set(session.scalars(query))))


def totals_of_batch(session: Session, community_id: str, batch_id: UUID) -> dict[RecordState, Amount]:
    """Return how many records of how many minutes an imported batch has, by state."""
    query = (
        sa.select(ServiceRecordRow.state, sa.func.count(), sa.func.sum(ServiceRecordRow.minutes))
        .where(ServiceRecordRow.community_id == community_id, ServiceRecordRow.batch_id == batch_id)
        .group_by(ServiceRecordRow.state)
    )
    return {RecordState(state): Amount(count, int(minutes)) for state, count, minutes in session.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedRecord:
    """A record that was approved, reversed since or not: everything that its entry must agree with.

    Attributes:
        state: approved or reversed.
        minutes, service_class, source_class, rating: what the rule was given besides the level on the day of service.
        recorder, approver: numbers of two different persons, neither of them the one who served; further: of a third
            one, where somebody approved it once more; needs_further: it takes one.
    """

    id: UUID
    entry_seq: int
    reversal_seq: int | None
    state: RecordState
    person_id: UUID
    volunteer_number: str
    recorder_id: UUID
    recorder: str
    approver_id: UUID
    approver: str
    approved_at: datetime
    service_class: str
    source_class: SourceClass
    rating: int | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    served_on: date
    further: str | None
    needs_further: bool


_OWN: Final = tuple(field.name for field in fields(ApprovedRecord) if field.name not in ("further", "needs_further"))
_FURTHER: Final = sa.and_(
    FurtherApprovalRow.community_id == ServiceRecordRow.community_id,
    FurtherApprovalRow.record_id == ServiceRecordRow.id,
)
_TOO_LONG: Final = sa.exists().where(
    RecordFlagRow.community_id == ServiceRecordRow.community_id,
    RecordFlagRow.record_id == ServiceRecordRow.id,
    RecordFlagRow.code == TooLongADay.code,
)


def approved_records(session: Session, community_id: str) -> Iterator[ApprovedRecord]:
    """Yield every record that was ever approved, in the order of its entry, in flat memory."""
    columns = [getattr(ServiceRecordRow, name) for name in _OWN]
    beside = (FurtherApprovalRow.approver.label("further"), _TOO_LONG.label("needs_further"))
    after = 0
    while True:
        query = (
            sa.select(*columns, *beside)
            .outerjoin(FurtherApprovalRow, _FURTHER)
            .where(ServiceRecordRow.community_id == community_id, ServiceRecordRow.entry_seq > after)
            .order_by(ServiceRecordRow.entry_seq)
            .limit(STREAM)
        )
        page = session.execute(query).all()
        for row in page:
            after = row.entry_seq
            kinds = {"source_class": SourceClass(row.source_class), "state": RecordState(row.state)}
            yield ApprovedRecord(**(dict(row._mapping) | kinds))
        if len(page) < STREAM:
            return


@dataclass(frozen=True, slots=True)
class RatedInThrees:
    """How a volunteer's services were rated: so many of them, and the average in hundredths of a star."""

    ratings: int
    average_e2: int


def rated_in_threes(session: Session, community_id: str, volunteer_number: str) -> RatedInThrees:
    """Return the average of a volunteer's ratings, of every full three in the order in which they came.

    Those of recipients count beside those of approvers, unless they stand in the record already. Who sees each rating
    as it comes knows who gave it (domain.md section 6; a rating must not be feared).
    """
    same = sa.and_(
        RecipientRatingRow.community_id == ServiceRecordRow.community_id,
        RecipientRatingRow.record_id == ServiceRecordRow.id,
    )
    posted = (
        ServiceRecordRow.community_id == community_id,
        ServiceRecordRow.volunteer_number == volunteer_number,
        ServiceRecordRow.state == RecordState.APPROVED,
    )
    row = ServiceRecordRow
    given = sa.select(row.approved_at, row.rating).where(*posted, row.rating.is_not(None)).order_by(row.entry_seq)
    beside = sa.select(RecipientRatingRow.rated_at, RecipientRatingRow.stars).join(row, same).where(*posted)
    own = sa.or_(RecipientRatingRow.before_posting.is_(False), row.rating != RecipientRatingRow.stars)
    came = [*session.execute(given), *session.execute(beside.where(own))]
    found = [rating for _, rating in sorted(came, key=lambda one: one[0]) if rating is not None]
    shown = found[: len(found) // 3 * 3]
    return RatedInThrees(len(shown), (200 * sum(shown) + len(shown)) // (2 * len(shown)) if shown else 0)
