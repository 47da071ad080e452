"""Trainings: what volunteers attended, what waits for a second person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.people.tables import TrainingRow, VolunteerRow
from timebank.people.training_rules import TrainingState
from timebank.refusal import Refusal


class NoSuchTraining(Refusal):
    """There is no such attendance of a training."""

    code = "no_such_training"


@dataclass(frozen=True, slots=True)
class Training:
    """One volunteer at one training.

    Attributes:
        number: the volunteer's.
        course: its name; `content` what it was about, `organiser` who held it.
        minutes: its length in whole minutes.
        recorder: number of who recorded it; `decider` of who approved or rejected it, or None while it waits.
    """

    training_id: UUID
    person_id: UUID
    number: str
    course: str
    content: str
    organiser: str
    trained_on: date
    minutes: int
    state: TrainingState
    recorder_id: UUID
    recorder: str
    recorded_at: datetime
    decider: str | None
    decided_at: datetime | None
    reason: str | None


def trainings_of(session: Session, community_id: str, number: str, *, on: date) -> tuple[Training, ...]:
    """Return the approved trainings that a volunteer had attended by a day, the newest first."""
    query = _trainings(community_id).where(
        VolunteerRow.number == number,
        TrainingRow.state == TrainingState.APPROVED,
        TrainingRow.trained_on <= on,
    )
    return _read(session, query.order_by(TrainingRow.trained_on.desc(), TrainingRow.id))


def training_records_of(session: Session, community_id: str, number: str) -> tuple[Training, ...]:
    """Return everything recorded about a volunteer's trainings, in every state, the newest first."""
    query = _trainings(community_id).where(VolunteerRow.number == number)
    return _read(session, query.order_by(TrainingRow.trained_on.desc(), TrainingRow.id))


def training_minutes(session: Session, community_id: str, numbers: Iterable[str], *, on: date) -> dict[str, int]:
    """Return how many minutes of approved training volunteers had by a day; who had none is not in it."""
    found: dict[str, int] = {}
    for chunk in in_chunks(sorted(set(numbers))):
        query = (
            sa.select(VolunteerRow.number, sa.func.sum(TrainingRow.minutes))
            .join(VolunteerRow, _VOLUNTEER)
            .where(
                TrainingRow.community_id == community_id,
                VolunteerRow.number.in_(chunk),
                TrainingRow.state == TrainingState.APPROVED,
                TrainingRow.trained_on <= on,
            )
            .group_by(VolunteerRow.number)
        )
        found |= {number: int(minutes) for number, minutes in session.execute(query)}
    return found


def attended_since(
    session: Session, community_id: str, numbers: Iterable[str], courses: Iterable[str]
) -> dict[tuple[str, str], date]:
    """Return since when volunteers have attended these courses, approved, by number and course."""
    named = sorted(set(courses))
    found: dict[tuple[str, str], date] = {}
    for chunk in in_chunks(sorted(set(numbers)) if named else ()):
        query = (
            sa.select(VolunteerRow.number, TrainingRow.course, sa.func.min(TrainingRow.trained_on))
            .join(VolunteerRow, _VOLUNTEER)
            .where(
                TrainingRow.community_id == community_id,
                VolunteerRow.number.in_(chunk),
                TrainingRow.course.in_(named),
                TrainingRow.state == TrainingState.APPROVED,
            )
            .group_by(VolunteerRow.number, TrainingRow.course)
        )
        found |= {(number, course): since for number, course, since in session.execute(query)}
    return found


def trainings_waiting(session: Session, community_id: str) -> tuple[Training, ...]:
    """Return what waits for a second person, oldest first."""
    query = _trainings(community_id).where(TrainingRow.state == TrainingState.OPEN)
    return _read(session, query.order_by(TrainingRow.recorded_at, VolunteerRow.number))


def trainings_decided(session: Session, community_id: str, *, limit: int) -> tuple[Training, ...]:
    """Return what was approved or rejected last."""
    query = _trainings(community_id).where(TrainingRow.state != TrainingState.OPEN)
    return _read(session, query.order_by(TrainingRow.decided_at.desc(), VolunteerRow.number).limit(limit))


def trainings(session: Session, community_id: str, training_ids: Iterable[UUID]) -> tuple[Training, ...]:
    """Return attendances by their ids, in the order of the ids.

    Raises:
        NoSuchTraining: one of them is not there.
    """
    wanted = list(dict.fromkeys(training_ids))
    found: dict[UUID, Training] = {}
    for chunk in in_chunks(wanted):
        read = _read(session, _trainings(community_id).where(TrainingRow.id.in_(chunk)))
        found |= {one.training_id: one for one in read}
    for training_id in wanted:
        if training_id not in found:
            raise NoSuchTraining(training=str(training_id))
    return tuple(found[training_id] for training_id in wanted)


_VOLUNTEER = sa.and_(
    VolunteerRow.community_id == TrainingRow.community_id, VolunteerRow.person_id == TrainingRow.person_id
)


def _trainings(community_id: str) -> sa.Select[TrainingRow, str]:
    return (
        sa.select(TrainingRow, VolunteerRow.number)
        .join(VolunteerRow, _VOLUNTEER)
        .where(TrainingRow.community_id == community_id)
    )


def _read(session: Session, query: sa.Select[TrainingRow, str]) -> tuple[Training, ...]:
    return tuple(_training(row, number) for row, number in session.execute(query))


def _training(row: TrainingRow, number: str) -> Training:
    return Training(
        training_id=row.id,
        person_id=row.person_id,
        number=number,
        course=row.course,
        content=row.content,
        organiser=row.organiser,
        trained_on=row.trained_on,
        minutes=row.minutes,
        state=TrainingState(row.state),
        recorder_id=row.recorder_id,
        recorder=row.recorder,
        recorded_at=row.recorded_at,
        decider=row.decider,
        decided_at=row.decided_at,
        reason=row.reason,
    )
