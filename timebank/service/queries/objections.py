"""What volunteers doubt about their lines, what was answered, and which record stands for which."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.service.rules.objecting import NoSuchLineObjection
from timebank.service.tables import LineObjectionRow, RecordCorrectionRow


@dataclass(frozen=True, slots=True)
class LineObjection:
    """A doubt about a line, or about one that is missing.

    Attributes:
        number: what the volunteer asks by; entry_seq: the line, None where something is missing.
        due_on: the day by which it is answered; state: open, kept or corrected.
    """

    id: UUID
    number: str
    person_id: UUID
    volunteer_number: str
    entry_seq: int | None
    text: str
    made_at: datetime
    due_on: date
    state: str
    answer: str | None
    answerer: str | None
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.state == "open"


def _all(session: Session, query: sa.Select[LineObjectionRow]) -> tuple[LineObjection, ...]:
    return tuple(
        LineObjection(
            id=row.id,
            number=row.number,
            person_id=row.person_id,
            volunteer_number=row.volunteer_number,
            entry_seq=row.entry_seq,
            text=row.text,
            made_at=row.made_at,
            due_on=row.due_on,
            state=row.state,
            answer=row.answer,
            answerer=row.answerer,
            answered_at=row.answered_at,
        )
        for row in session.scalars(query)
    )


def _select(community_id: str) -> sa.Select[LineObjectionRow]:
    return sa.select(LineObjectionRow).where(LineObjectionRow.community_id == community_id)


def objections_open(session: Session, community_id: str) -> tuple[LineObjection, ...]:
    """Return what nobody has answered, the first due at the top."""
    query = _select(community_id).where(LineObjectionRow.state == "open")
    return _all(session, query.order_by(LineObjectionRow.due_on, LineObjectionRow.number))


def objections_of(session: Session, community_id: str, person_id: UUID) -> tuple[LineObjection, ...]:
    """Return what a volunteer has doubted, the latest first."""
    query = _select(community_id).where(LineObjectionRow.person_id == person_id)
    return _all(session, query.order_by(LineObjectionRow.made_at.desc(), LineObjectionRow.number.desc()).limit(200))


def line_objection(session: Session, community_id: str, number: str) -> LineObjection:
    """Return the objection of a number.

    Raises:
        NoSuchLineObjection: there is none.
    """
    found = _all(session, _select(community_id).where(LineObjectionRow.number == number))
    if not found:
        raise NoSuchLineObjection(number=number)
    return found[0]


def stands_for(session: Session, community_id: str, record_id: UUID) -> tuple[UUID | None, UUID | None]:
    """Return the record for which this one stands, and the one that stands for this; None where there is none."""
    row = RecordCorrectionRow
    here = row.community_id == community_id
    older = session.scalar(sa.select(row.record_id).where(here, row.new_record_id == record_id))
    newer = session.scalar(sa.select(row.new_record_id).where(here, row.record_id == record_id))
    return older, newer
