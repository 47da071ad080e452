"""What somebody agreed to, and what they asked for about their data."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people.consents import CURRENT, Consent
from timebank.people.tables import ConsentRow, DataRequestRow, DataRequestWordsRow, PersonRow, VolunteerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One consent. given_by, withdrawn_by: numbers; their owner, or the desk on paper."""

    what: Consent
    version: int
    given_at: datetime
    given_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None

    @property
    def holds(self) -> bool:
        """Whether it was given for what is asked now, and not withdrawn."""
        return self.withdrawn_at is None and self.version == CURRENT[self.what]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequest:
    """A request about one's data.

    Attributes:
        kind: `correct` or `close`; state: `open`, `done`, `declined` or `withdrawn`.
        due_on: the last day on which it is answered in time.
        asked, answered: in words, empty once their time is over.
    """

    id: UUID
    person_id: UUID
    number: str
    name: str
    kind: str
    asked_at: datetime
    asked_by: str
    asker_id: UUID
    due_on: date
    state: str
    decided_at: datetime | None
    decided_by: str | None
    asked: str
    answered: str


def consents_of(session: Session, community_id: str, person_id: UUID) -> tuple[Agreed, ...]:
    """Return every consent of a person, the latest first."""
    query = sa.select(ConsentRow).where(ConsentRow.community_id == community_id, ConsentRow.person_id == person_id)
    return tuple(
        Agreed(
            what=Consent(row.what),
            version=row.version,
            given_at=row.given_at,
            given_by=row.given_by,
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=row.withdrawn_by,
        )
        for row in session.scalars(query.order_by(ConsentRow.given_at.desc(), ConsentRow.id.desc()))
    )


def data_requests_of(session: Session, community_id: str, person_id: UUID) -> tuple[DataRequest, ...]:
    """Return what a person asked for, the latest first."""
    query = _requests(community_id).where(DataRequestRow.person_id == person_id)
    return _read(session, query.order_by(DataRequestRow.asked_at.desc(), DataRequestRow.id.desc()))


def data_requests_waiting(session: Session, community_id: str) -> tuple[DataRequest, ...]:
    """Return what waits for an answer, the most urgent first."""
    query = _requests(community_id).where(DataRequestRow.state == "open")
    return _read(session, query.order_by(DataRequestRow.due_on, DataRequestRow.id))


def find_data_request(session: Session, community_id: str, request_id: UUID) -> DataRequest | None:
    """Return one request, or None."""
    found = _read(session, _requests(community_id).where(DataRequestRow.id == request_id))
    return found[0] if found else None


def _requests(community_id: str) -> sa.Select[DataRequestRow, str, str, str | None, str | None]:
    row, words = DataRequestRow, DataRequestWordsRow
    return (
        sa.select(row, VolunteerRow.number, PersonRow.name, words.asked, words.answered)
        .join(
            VolunteerRow,
            sa.and_(VolunteerRow.community_id == row.community_id, VolunteerRow.person_id == row.person_id),
        )
        .join(PersonRow, sa.and_(PersonRow.community_id == row.community_id, PersonRow.id == row.person_id))
        .outerjoin(words, sa.and_(words.community_id == row.community_id, words.request_id == row.id))
        .where(row.community_id == community_id)
    )


def _read(
    session: Session, query: sa.Select[DataRequestRow, str, str, str | None, str | None]
) -> tuple[DataRequest, ...]:
    return tuple(
        DataRequest(
            id=row.id,
            person_id=row.person_id,
            number=number,
            name=name,
            kind=row.kind,
            asked_at=row.asked_at,
            asked_by=row.asked_by,
            asker_id=row.asker_id,
            due_on=row.due_on,
            state=row.state,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            asked=asked or "",
            answered=answered or "",
        )
        for row, number, name, asked, answered in session.execute(query)
    )
