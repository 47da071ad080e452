"""What waits between approval and entry: what was said about it, what it waits for, and how the recipients rated."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.ledger.days import day_of
from timebank.rulebook.queries import rules_on_days
from timebank.rulebook.rules import RuleDocument
from timebank.service.queries.activities import Activity, activities_where
from timebank.service.queries.records import ServiceRecord, records, records_of_activity
from timebank.service.rules import RecordState
from timebank.service.rules.confirming import OPEN, NoSuchRecipient, NoSuchRecipientCode, Said, Side, Standing, Waiting
from timebank.service.rules.refusals import TooLongADay
from timebank.service.tables import (
    ActivityRecipientRow,
    ActivityRow,
    FurtherApprovalRow,
    LineObjectionRow,
    RecipientRatingRow,
    RecordAnswerRow,
    RecordFlagRow,
    ServiceRecordRow,
)

KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side said about a service.

    Attributes:
        answerer: number of who said it, empty for whoever has no sign-in.
        objection: number of the case that a no opened; outcome: what became of it: open, kept or corrected.
    """

    side: Side
    agrees: bool
    reason: str
    answerer: str
    answered_at: datetime
    objection: str | None
    outcome: str | None

    @property
    def said(self) -> Said:
        """What the rules look at; a no that was found right keeps the record out of the books for ever."""
        return Said(self.side, self.agrees, is_open=not self.agrees and self.outcome != KEPT)


@dataclass(frozen=True, slots=True)
class Unposted:
    """A service that is not posted yet.

    Attributes:
        waiting: what the rules look at; standing: what it waits for.
        overdue: it was asked about for so many days that somebody should call.
        further: who approved it once more, where it takes that.
    """

    record: ServiceRecord
    answers: tuple[Answer, ...]
    waiting: Waiting
    standing: Standing
    overdue: bool
    further: "FurtherApproval | None"

    @property
    def asks_volunteer(self) -> bool:
        """Whether the word of who served is still needed."""
        return Side.VOLUNTEER in self.waiting.asked and not any(one.side is Side.VOLUNTEER for one in self.answers)

    @property
    def asks_recipient(self) -> bool:
        """Whether the word of who was served is still needed."""
        return Side.RECIPIENT in self.waiting.asked and not any(one.side is Side.RECIPIENT for one in self.answers)


@dataclass(frozen=True, slots=True)
class FurtherApproval:
    """Who approved a service after its first approver, when, and why it is right: the number and the words."""

    approver: str
    approved_at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """For whom an activity was, and the code by which they answer."""

    activity_id: UUID
    name: str
    phone_tail: str
    code: str


@dataclass(frozen=True, slots=True)
class RecipientRating:
    """The stars that a recipient gave; before_posting: they came before the entry."""

    stars: int
    reason: str
    before_posting: bool
    rated_at: datetime


def answers_to(session: Session, community_id: str, record_ids: Iterable[UUID]) -> dict[UUID, tuple[Answer, ...]]:
    """Return what was said about these records, by record; one about which nothing was said is not in it."""
    row, case = RecordAnswerRow, LineObjectionRow
    same = sa.and_(case.community_id == row.community_id, case.id == row.objection_id)
    found: dict[UUID, list[Answer]] = defaultdict(list)
    for chunk in in_chunks(tuple(record_ids)):
        query = (
            sa.select(row, case.number, case.state)
            .outerjoin(case, same)
            .where(row.community_id == community_id, row.record_id.in_(chunk))
            .order_by(row.answered_at, row.side)
        )
        for one, number, state in session.execute(query):
            told = (Side(one.side), one.agrees, one.reason, one.answerer, one.answered_at, number, state)
            found[one.record_id].append(Answer(*told))
    return {record_id: tuple(of_one) for record_id, of_one in found.items()}


def unposted(session: Session, community_id: str, chosen: Sequence[ServiceRecord], today: date) -> tuple[Unposted, ...]:
    """Say of these records what they wait for, in their order; posted and closed ones are left out."""
    wanted = [one for one in chosen if one.state in OPEN]
    said = answers_to(session, community_id, [one.id for one in wanted])
    further = further_approvals(session, community_id, [one.id for one in wanted])
    rules = rules_on_days(session, community_id, {one.served_on for one in wanted})
    return tuple(
        _unposted(one, said.get(one.id, ()), further.get(one.id), rules[one.served_on].document, today)
        for one in wanted
    )


def _unposted(
    record: ServiceRecord,
    said: tuple[Answer, ...],
    further: FurtherApproval | None,
    rules: RuleDocument,
    today: date,
) -> Unposted:
    last = record.approved_at if further is None else further.approved_at
    waiting = Waiting(
        source_class=record.source_class,
        approved_on=None if last is None else day_of(last),
        said=tuple(one.said for one in said),
        rules=rules,
        needs_further=record.needs_further and further is None,
    )
    asked_until = day_of(record.recorded_at) + timedelta(days=rules.confirmation.ask_days)
    overdue = bool(waiting.asked) and not waiting.denied and today > asked_until
    return Unposted(record, said, waiting, waiting.standing(today), overdue, further)


def further_approvals(session: Session, community_id: str, record_ids: Iterable[UUID]) -> dict[UUID, FurtherApproval]:
    """Return who approved these records once more, by record; where nobody did, it is not in it."""
    row = FurtherApprovalRow
    found = {}
    for chunk in in_chunks(tuple(record_ids)):
        query = sa.select(row).where(row.community_id == community_id, row.record_id.in_(chunk))
        for one in session.scalars(query):
            found[one.record_id] = FurtherApproval(one.approver, one.approved_at, one.answer)
    return found


def _records_where(session: Session, community_id: str, *wanted: sa.ColumnElement[bool]) -> tuple[ServiceRecord, ...]:
    query = (
        sa.select(ServiceRecordRow.id)
        .where(ServiceRecordRow.community_id == community_id, *wanted)
        .order_by(ServiceRecordRow.starts_at, ServiceRecordRow.id)
    )
    return records(session, community_id, session.scalars(query).all())


def unposted_of(session: Session, community_id: str, volunteer_number: str, today: date) -> tuple[Unposted, ...]:
    """Return what a volunteer served and what is not posted yet, the earliest first."""
    own = ServiceRecordRow.volunteer_number == volunteer_number
    found = _records_where(session, community_id, own, ServiceRecordRow.state.in_(OPEN))
    return unposted(session, community_id, found, today)


def checked_records(session: Session, community_id: str, today: date) -> tuple[Unposted, ...]:
    """Return what a second person has approved and what is not posted yet, the earliest first."""
    found = _records_where(session, community_id, ServiceRecordRow.state == RecordState.CHECKED)
    return unposted(session, community_id, found, today)


def waiting_for_further(session: Session, community_id: str, today: date) -> tuple[Unposted, ...]:
    """Return what a second person has approved and what takes a further one, the earliest first."""
    row, flag, further = ServiceRecordRow, RecordFlagRow, FurtherApprovalRow
    too_long = sa.exists().where(
        flag.community_id == row.community_id, flag.record_id == row.id, flag.code == TooLongADay.code
    )
    approved = sa.exists().where(further.community_id == row.community_id, further.record_id == row.id)
    found = _records_where(session, community_id, row.state == RecordState.CHECKED, too_long, ~approved)
    waiting = unposted(session, community_id, found, today)
    return tuple(one for one in waiting if one.standing is Standing.FURTHER)


def denied_record(session: Session, community_id: str, objection_id: UUID) -> UUID | None:
    """Return the record whose denial opened a case, or None where the case is about a line."""
    row = RecordAnswerRow
    query = sa.select(row.record_id).where(row.community_id == community_id, row.objection_id == objection_id)
    return session.scalar(query)


def denied_records(session: Session, community_id: str, objection_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the records whose denials opened these cases, by case."""
    found = ((one, denied_record(session, community_id, one)) for one in objection_ids)
    return {case: record_id for case, record_id in found if record_id is not None}


def find_recipient(session: Session, community_id: str, activity_id: UUID) -> Recipient | None:
    """Return for whom an activity was, or None where that is not known."""
    row = session.get(ActivityRecipientRow, (community_id, activity_id))
    return None if row is None else Recipient(row.activity_id, row.name, row.phone_tail, row.code)


def recipient(session: Session, community_id: str, activity: Activity) -> Recipient:
    """Return for whom an activity was.

    Raises:
        NoSuchRecipient: nobody has said that.
    """
    found = find_recipient(session, community_id, activity.id)
    if found is None:
        raise NoSuchRecipient(activity=activity.number)
    return found


def served_by_code(
    session: Session, community_id: str, *, code: str, phone_tail: str
) -> tuple[Activity, tuple[ServiceRecord, ...]]:
    """Return the activity of a recipient's code and its records that were not rejected.

    Raises:
        NoSuchRecipientCode: no activity has such a code with such a phone; the same words for both.
    """
    row = ActivityRecipientRow
    query = sa.select(row.activity_id).where(
        row.community_id == community_id, row.code == code, row.phone_tail == phone_tail
    )
    activity_id = session.scalar(query)
    if activity_id is None:
        raise NoSuchRecipientCode()
    [found] = activities_where(session, community_id, ActivityRow.id == activity_id)
    served = records_of_activity(session, community_id, found.number)
    return found, tuple(one for one in served if one.closer is None)


def recipient_ratings(session: Session, community_id: str, record_ids: Iterable[UUID]) -> dict[UUID, RecipientRating]:
    """Return how recipients rated these services, by record."""
    row = RecipientRatingRow
    found = {}
    for chunk in in_chunks(tuple(record_ids)):
        query = sa.select(row).where(row.community_id == community_id, row.record_id.in_(chunk))
        for one in session.scalars(query):
            found[one.record_id] = RecipientRating(one.stars, one.reason, one.before_posting, one.rated_at)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Stars for one service. by: the number of the approver who gave them, or None where it was the recipient."""

    record_id: UUID
    volunteer_number: str
    stars: int
    by: str | None
    reason: str


def ratings_newest(
    session: Session, community_id: str, *, until: UUID | None = None, limit: int = 50
) -> tuple[Rating, ...]:
    """Return the stars of rated services, the last recorded service first.

    Where both have rated, the recipient's come first; where theirs are the stars of the record, they stand alone.

    Args:
        until: the service with which to begin; None begins with the newest.
        limit: of how many services.
    """
    record, said = ServiceRecordRow, RecipientRatingRow
    query = (
        sa.select(record.id, record.volunteer_number, record.rating, record.approver, said.stars, said.reason)
        .outerjoin(said, sa.and_(said.community_id == record.community_id, said.record_id == record.id))
        .where(record.community_id == community_id, sa.or_(record.rating.is_not(None), said.stars.is_not(None)))
        .order_by(record.id.desc())
        .limit(limit)
    )
    if until is not None:
        query = query.where(record.id <= until)
    found = []
    for record_id, number, rating, approver, stars, reason in session.execute(query):
        if stars is not None:
            found.append(Rating(record_id=record_id, volunteer_number=number, stars=stars, by=None, reason=reason))
        if rating is not None and rating != stars:
            found.append(Rating(record_id=record_id, volunteer_number=number, stars=rating, by=approver, reason=""))
    return tuple(found)
