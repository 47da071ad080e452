"""Service records as others see them: waiting, of a volunteer, of a batch, all approved ones in order."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.refusal import Fact, Refusal
from timebank.rulebook.rules import SourceClass
from timebank.service.queries.paging import comes_before
from timebank.service.rules import RecordState
from timebank.service.rules.refusals import TooLongADay
from timebank.service.tables import ActivityRow, RecordFlagRow, ServiceRecordRow


class NoSuchRecord(Refusal):
    """There is no such service record."""

    code = "no_such_record"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a record that needs an answer in words; code and facts make its sentence.

    check_version: of the check that found it.
    """

    code: str
    facts: dict[str, Fact]
    answer: str | None
    answered_by: str | None
    check_version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """A service record.

    Attributes:
        volunteer_number: who served; person_id is the person behind the number.
        minutes: 1 to 720, what lies between start and end.
        served_on: the civil day on which it began.
        leader: name of the person in charge.
        sheet_number: the paper behind it; sheet_recorder: who wrote that, by name.
        recorder, approver, closer: numbers of who recorded, approved, and rejected or reversed it.
        rating: one to five stars, or None.
        entry_seq, reversal_seq: the entries in the books.
    """

    id: UUID
    person_id: UUID
    volunteer_number: str
    activity_number: str
    activity_title: str
    org_unit_id: UUID | None
    service_class: str
    source_class: SourceClass
    starts_at: datetime
    ends_at: datetime
    minutes: int
    served_on: date
    place: str
    content: str
    leader: str
    sheet_number: str
    sheet_recorder: str
    late_reason: str
    remark: str
    state: RecordState
    recorder_id: UUID
    recorder: str
    recorded_at: datetime
    approver_id: UUID | None
    approver: str | None
    approved_at: datetime | None
    rating: int | None
    entry_seq: int | None
    closer: str | None
    closed_at: datetime | None
    closing_reason: str
    reversal_seq: int | None
    batch_id: UUID | None
    flags: tuple[Flag, ...]

    @property
    def waits(self) -> bool:
        """Whether nobody has decided about it yet."""
        return self.state is RecordState.SUBMITTED

    @property
    def needs_further(self) -> bool:
        """Whether it takes a further approver: it makes a day longer than the rules allow."""
        return any(flag.code == TooLongADay.code for flag in self.flags)

    @property
    def source(self) -> str:
        """The name under which the books refer to it."""
        return source_for(self.id)


def source_for(record_id: UUID) -> str:
    """Return the name under which the books refer to a record."""
    return f"service-record:{record_id}"


_FROM_ACTIVITY: Final = {
    "activity_number": ActivityRow.number.label("activity_number"),
    "activity_title": ActivityRow.title.label("activity_title"),
    "org_unit_id": ActivityRow.org_unit_id,
}
_NAMES: Final = tuple(field.name for field in fields(ServiceRecord) if field.name != "flags")
_COLUMNS: Final = tuple(
    _FROM_ACTIVITY[name] if name in _FROM_ACTIVITY else getattr(ServiceRecordRow, name) for name in _NAMES
)
_SAME_ACTIVITY: Final = sa.and_(
    ActivityRow.community_id == ServiceRecordRow.community_id, ActivityRow.id == ServiceRecordRow.activity_id
)


_PLACE: Final = (ServiceRecordRow.starts_at, ServiceRecordRow.id)
_BY_ACTIVITY: Final = (ServiceRecordRow.activity_id, ServiceRecordRow.id)
"""The order of an index, so that a page is read without sorting all that waits."""


def _select(community_id: str) -> sa.Select[Any]:
    return (
        sa.select(*_COLUMNS)
        .select_from(ServiceRecordRow)
        .join(ActivityRow, _SAME_ACTIVITY)
        .where(ServiceRecordRow.community_id == community_id)
    )


def _all(session: Session, community_id: str, query: sa.Select[Any]) -> tuple[ServiceRecord, ...]:
    rows = session.execute(query).all()
    flags = _flags(session, community_id, [row.id for row in rows])
    return tuple(_record(row, flags.get(row.id, ())) for row in rows)


def _record(row: Any, flags: Sequence[Flag]) -> ServiceRecord:
    columns = {name: getattr(row, name) for name in _NAMES}
    kinds = {"source_class": SourceClass(row.source_class), "state": RecordState(row.state)}
    return ServiceRecord(**(columns | kinds), flags=tuple(flags))


def _flags(session: Session, community_id: str, record_ids: Sequence[UUID]) -> dict[UUID, list[Flag]]:
    found: dict[UUID, list[Flag]] = defaultdict(list)
    for chunk in in_chunks(record_ids):
        query = (
            sa.select(*RecordFlagRow.__table__.c)
            .where(RecordFlagRow.community_id == community_id, RecordFlagRow.record_id.in_(chunk))
            .order_by(RecordFlagRow.code)
        )
        for row in session.execute(query):
            facts = json.loads(row.facts)
            version = facts.pop("check_version", 1)
            found[row.record_id].append(Flag(row.code, facts, row.answer, row.answered_by, version))
    return found


def record(session: Session, community_id: str, record_id: UUID) -> ServiceRecord:
    """Return a record.

    Raises:
        NoSuchRecord: there is none of this id.
    """
    return records(session, community_id, [record_id])[0]


def records(session: Session, community_id: str, record_ids: Iterable[UUID]) -> tuple[ServiceRecord, ...]:
    """Return records, in the order in which they are asked for.

    Raises:
        NoSuchRecord: there is none of one of these ids.
    """
    wanted = tuple(record_ids)
    found = find_records(session, community_id, wanted)
    missing = [record_id for record_id in wanted if record_id not in found]
    if missing:
        raise NoSuchRecord(record_id=str(missing[0]))
    return tuple(found[record_id] for record_id in wanted)


def find_records(session: Session, community_id: str, record_ids: Iterable[UUID]) -> dict[UUID, ServiceRecord]:
    """Return those of these records that there are, by id."""
    found: dict[UUID, ServiceRecord] = {}
    for chunk in in_chunks(tuple(record_ids)):
        query = _select(community_id).where(ServiceRecordRow.id.in_(chunk))
        found |= {one.id: one for one in _all(session, community_id, query)}
    return found


def records_by_entry(session: Session, community_id: str, entry_seqs: Iterable[int]) -> dict[int, UUID]:
    """Return which record stands behind each of these entries; one that is no service is not in it."""
    found: dict[int, UUID] = {}
    for chunk in in_chunks(sorted(set(entry_seqs))):
        query = sa.select(ServiceRecordRow.entry_seq, ServiceRecordRow.id).where(
            ServiceRecordRow.community_id == community_id, ServiceRecordRow.entry_seq.in_(chunk)
        )
        found |= {seq: record_id for seq, record_id in session.execute(query) if seq is not None}
    return found


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of records; `before` asks for the next one, None at the end."""

    records: tuple[ServiceRecord, ...]
    before: UUID | None


def records_of(
    session: Session, community_id: str, number: str, *, before: UUID | None = None, limit: int = 50
) -> RecordPage:
    """Return a volunteer's records in every state, the latest service first; as fast on page 100 as on page 1.

    Args:
        before: id of the last record of the page before, to go on after it.

    Raises:
        NoSuchRecord: `before` is none.
    """
    query = (
        _select(community_id)
        .where(ServiceRecordRow.volunteer_number == number)
        .order_by(ServiceRecordRow.starts_at.desc(), ServiceRecordRow.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        last = record(session, community_id, before)
        query = query.where(comes_before(_PLACE, (last.starts_at, last.id)))
    found = _all(session, community_id, query)
    shown = found[:limit]
    return RecordPage(shown, shown[-1].id if len(found) > limit else None)


def records_newest(
    session: Session,
    community_id: str,
    *,
    state: RecordState | None = None,
    volunteer_number: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> tuple[ServiceRecord, ...]:
    """Return the records of a state or a volunteer, or all, the last recorded first, older than `before`."""
    query = _select(community_id).order_by(ServiceRecordRow.id.desc()).limit(limit)
    if state is not None:
        query = query.where(ServiceRecordRow.state == state)
    if volunteer_number is not None:
        query = query.where(ServiceRecordRow.volunteer_number == volunteer_number)
    if before is not None:
        query = query.where(ServiceRecordRow.id < before)
    return _all(session, community_id, query)


def records_of_activity(session: Session, community_id: str, number: str) -> tuple[ServiceRecord, ...]:
    """Return the records of an activity in every state, by volunteer number."""
    query = (
        _select(community_id)
        .where(ActivityRow.number == number)
        .order_by(ServiceRecordRow.volunteer_number, ServiceRecordRow.starts_at, ServiceRecordRow.id)
    )
    return _all(session, community_id, query)


def records_of_batch(session: Session, community_id: str, batch_id: UUID) -> tuple[ServiceRecord, ...]:
    """Return the records that an imported batch brought, the earliest service first."""
    query = _select(community_id).where(ServiceRecordRow.batch_id == batch_id).order_by(*_PLACE)
    return _all(session, community_id, query)


def waiting_records(session: Session, community_id: str, limit: int) -> tuple[ServiceRecord, ...]:
    """Return the records that wait for approval, by activity, the one made first at the top, at most `limit`."""
    query = _select(community_id).where(ServiceRecordRow.state == RecordState.SUBMITTED)
    return _all(session, community_id, query.order_by(*_BY_ACTIVITY).limit(limit))
