"""What is to be confirmed and what is on public notice, page by page, activity by activity.

A page begins after the last record of the one before, however many came before it: the rows are read in the order of
an index, state by state, and looked at until the page is full.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from heapq import merge
from itertools import groupby
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.days import moment_of
from timebank.rulebook.queries import rule_versions
from timebank.rulebook.rules import Confirmer, SourceClass
from timebank.service.queries.confirming import Unposted, unposted
from timebank.service.queries.paging import comes_after
from timebank.service.queries.records import NoSuchRecord, records
from timebank.service.rules import RecordState
from timebank.service.rules.confirming import OPEN, SIDES, Standing
from timebank.service.tables import LineObjectionRow, RecordAnswerRow, ServiceRecordRow

CHUNK: Final = 100
"""How many rows are read at a time."""
_PLACE: Final = (ServiceRecordRow.activity_id, ServiceRecordRow.id)
_SAME: Final = (
    RecordAnswerRow.community_id == ServiceRecordRow.community_id,
    RecordAnswerRow.record_id == ServiceRecordRow.id,
)
_STOPPED: Final = sa.exists().where(
    *_SAME,
    LineObjectionRow.community_id == RecordAnswerRow.community_id,
    LineObjectionRow.id == RecordAnswerRow.objection_id,
    LineObjectionRow.state != "kept",
)

Place = tuple[UUID, UUID]
"""Where a record stands: its activity, in the order in which activities were made, and itself."""


@dataclass(frozen=True, slots=True)
class UnpostedPage:
    """A page of services that are not posted, by activity; `after` asks for the next one, None at the end."""

    groups: tuple[tuple[Unposted, ...], ...]
    after: UUID | None

    @property
    def all(self) -> tuple[Unposted, ...]:
        """Everything on the page."""
        return tuple(one for group in self.groups for one in group)


def to_confirm(
    session: Session, community_id: str, today: date, *, after: UUID | None = None, limit: int = 50
) -> UnpostedPage:
    """Return a page of what waits for somebody's yes; what was stopped by a no is left out.

    Args:
        after: id of the last record of the page before.

    Raises:
        NoSuchRecord: `after` is none.
    """
    page = _Page(session, community_id, today, OPEN, (~_agreed(session, community_id), ~_STOPPED))
    return page.of(lambda one: one.asks_volunteer or one.asks_recipient, after, limit)


def _agreed(session: Session, community_id: str) -> sa.Exists:
    """Find what has a yes after which nobody is asked, whatever rules its day has.

    Where some rules ask one side alone, the yes of the other is not enough; those rules are asked record by record.
    """
    asked = {
        one.document.confirmation.of(source) for one in rule_versions(session, community_id) for source in SourceClass
    }
    enough = {side for side in SIDES[Confirmer.EITHER] if all(side in SIDES[one] for one in asked if SIDES[one])}
    return sa.exists().where(*_SAME, RecordAnswerRow.agrees, RecordAnswerRow.side.in_(sorted(enough)))


def on_notice(
    session: Session, community_id: str, today: date, *, after: UUID | None = None, limit: int = 50
) -> UnpostedPage:
    """Return a page of what stands on public notice; see `to_confirm`."""
    page = _Page(session, community_id, today, (RecordState.CHECKED,), ())
    return page.of(lambda one: one.waiting.notice_until is not None and today <= one.waiting.notice_until, after, limit)


def stopped(session: Session, community_id: str, today: date, *, limit: int = 200) -> tuple[Unposted, ...]:
    """Return what somebody has denied and nobody has decided, at most `limit`; each has an open case."""
    page = _Page(session, community_id, today, OPEN, (_STOPPED,))
    return page.of(lambda one: one.standing is Standing.DENIED, None, limit).all


def unposted_page(
    session: Session, community_id: str, today: date, *, after: UUID | None = None, limit: int = 50
) -> UnpostedPage:
    """Return a page of everything that is recorded and not posted yet; see `to_confirm`."""
    return _Page(session, community_id, today, OPEN, ()).of(lambda one: True, after, limit)


def overdue_count(session: Session, community_id: str, today: date) -> int:
    """Count the services about which somebody was asked for too many days, without holding them all.

    What was stopped or recorded today is left out by the database; the rules of each day decide the rest.
    """
    before_today = ServiceRecordRow.recorded_at < moment_of(today, time())
    return _Page(session, community_id, today, OPEN, (~_STOPPED, before_today)).count(lambda one: one.overdue)


@dataclass(frozen=True, slots=True)
class _Page:
    session: Session
    community_id: str
    today: date
    states: Sequence[RecordState]
    wanted: tuple[sa.ColumnElement[bool], ...]

    def of(self, fits: Callable[[Unposted], bool], after: UUID | None, limit: int) -> UnpostedPage:
        """Read on until the page is full, or nothing is left."""
        place = None if after is None else self._place_of(after)
        found: list[tuple[Place, Unposted]] = []
        for chunk in self._chunks(place):
            places = {place[1]: place for place in chunk}
            found += [(places[one.record.id], one) for one in self._looked_at(chunk) if fits(one)]
            if len(found) > limit:
                break
        shown = found[:limit]
        groups = groupby(shown, key=lambda one: one[0][0])
        return UnpostedPage(
            tuple(tuple(one for _, one in group) for _, group in groups),
            shown[-1][0][1] if len(found) > limit else None,
        )

    def count(self, fits: Callable[[Unposted], bool]) -> int:
        """Count what fits, some at a time."""
        return sum(sum(map(fits, self._looked_at(chunk))) for chunk in self._chunks(None))

    def _looked_at(self, chunk: Sequence[Place]) -> tuple[Unposted, ...]:
        found = records(self.session, self.community_id, [record_id for _, record_id in chunk])
        return unposted(self.session, self.community_id, found, self.today)

    def _place_of(self, record_id: UUID) -> Place:
        row = ServiceRecordRow
        query = sa.select(*_PLACE).where(row.community_id == self.community_id, row.id == record_id)
        found = self.session.execute(query).one_or_none()
        if found is None:
            raise NoSuchRecord(record_id=str(record_id))
        return found.activity_id, found.id

    def _chunks(self, place: Place | None) -> Iterator[list[Place]]:
        while True:
            by_state = [self._read(state, place) for state in self.states]
            chunk = list(merge(*by_state))[:CHUNK]
            if chunk:
                yield chunk
            if len(chunk) < CHUNK:
                return
            place = chunk[-1]

    def _read(self, state: RecordState, place: Place | None) -> list[Place]:
        query = one_state(self.community_id, state, place).where(*self.wanted).limit(CHUNK)
        return [(row.activity_id, row.id) for row in self.session.execute(query)]


def one_state(community_id: str, state: RecordState, place: Place | None) -> sa.Select[UUID, UUID]:
    """Ask for the records of a state, activity by activity, after a place; in the order of an index."""
    row = ServiceRecordRow
    query = sa.select(*_PLACE).where(row.community_id == community_id, row.state == state).order_by(*_PLACE)
    return query if place is None else query.where(comes_after(_PLACE, place))
