"""Trainings that volunteers attended: recorded for many at once, approved or rejected by a second person.

Source: MCA Order 67 article 8.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.loading import in_chunks
from timebank.books.requests import once
from timebank.people.plain_text import composed
from timebank.people.queries import NoSuchVolunteer, Volunteer, check_may_for, close_to, volunteers
from timebank.people.queries.training import Training, trainings
from timebank.people.roles import Permission
from timebank.people.tables import TrainingRow
from timebank.people.training_rules import (
    VOLUNTEERS_MAX,
    AttendanceFacts,
    NewTraining,
    NobodyTrained,
    TrainingRecordedAlready,
    TrainingState,
    check_approval,
    check_distance,
    check_open,
    check_reason,
    check_training,
)

Wanted = TypeVar("Wanted")


@once("people.record_training")
def record_training(session: Session, act: Act, *, training: NewTraining, numbers: tuple[str, ...]) -> dict[str, Any]:
    """Record that volunteers attended a training, all or none; it counts once a second person approves.

    Returns:
        `trainings`: the id of each attendance, in the order of the numbers.

    Raises:
        NotAllowed: the actor records nothing where one of them lives.
        NoSuchVolunteer: nobody has one of the numbers.
        NobodyTrained, TrainingUnclear, TrainingTooLong, TrainingNotYet, TrainingRecordedAlready, TrainingOfYourself:
            it cannot be recorded so.
    """
    check_training(training, today=act.today)
    wanted = _at_least_one(dict.fromkeys(numbers))
    found = volunteers(session, act.community_id, wanted)
    for number in wanted:
        if number not in found:
            raise NoSuchVolunteer(number=number)
    there = [found[number] for number in wanted]
    close = close_to(session, act.community_id, [one.person_id for one in there])
    for one in there:
        check_may_for(session, act, Permission.RECORD_HOURS, one.person_id)
        check_distance(one.number, one.person_id, close[one.person_id], actor_id=act.person_id)
    rows = [_row(act, training, one) for one in there]
    _check_new(session, act, rows, there)
    session.execute(sa.insert(TrainingRow), rows)
    return {"trainings": [str(row["id"]) for row in rows]}


def _at_least_one(wanted: Mapping[Wanted, None]) -> list[Wanted]:
    if not 1 <= len(wanted) <= VOLUNTEERS_MAX:
        raise NobodyTrained(volunteers=len(wanted), volunteers_max=VOLUNTEERS_MAX)
    return list(wanted)


def _row(act: Act, training: NewTraining, volunteer: Volunteer) -> dict[str, Any]:
    return {
        "community_id": act.community_id,
        "id": act.new_id(f"training {volunteer.number}"),
        "person_id": volunteer.person_id,
        "course": composed(training.course).strip(),
        "content": composed(training.content).strip(),
        "organiser": composed(training.organiser).strip(),
        "trained_on": training.trained_on,
        "minutes": training.minutes,
        "recorder_id": act.person_id,
        "recorder": act.number,
        "recorded_at": act.at,
        "state": TrainingState.OPEN.value,
    }


def _check_new(session: Session, act: Act, rows: Sequence[dict[str, Any]], people: Sequence[Volunteer]) -> None:
    numbers = {one.person_id: one.number for one in people}
    for chunk in in_chunks(list(numbers)):
        query = sa.select(TrainingRow.person_id).where(
            TrainingRow.community_id == act.community_id,
            TrainingRow.person_id.in_(chunk),
            TrainingRow.course == rows[0]["course"],
            TrainingRow.trained_on == rows[0]["trained_on"],
            TrainingRow.state != TrainingState.REJECTED,
        )
        for person_id in session.scalars(query):
            raise TrainingRecordedAlready(volunteer=numbers[person_id], course=rows[0]["course"])


@once("people.approve_trainings")
def approve_trainings(session: Session, act: Act, *, training_ids: tuple[UUID, ...]) -> int:
    """Approve attendances that somebody else recorded, all or none; return how many.

    A star that asks for training is looked at in the following night, or at once when somebody nominates.

    Raises:
        NotAllowed: the actor approves nothing where one of them lives.
        NoSuchTraining: one of them is not there.
        NobodyTrained, TrainingDecided, TrainingNeedsAnother, TrainingOfYourself: it is not theirs to approve.
    """
    found = trainings(session, act.community_id, _at_least_one(dict.fromkeys(training_ids)))
    close = close_to(session, act.community_id, [one.person_id for one in found])
    for one in found:
        check_may_for(session, act, Permission.APPROVE_HOURS, one.person_id)
        check_approval(_facts(one, close[one.person_id]), approver_id=act.person_id)
    _decide(session, act, found, state=TrainingState.APPROVED, reason=None)
    return len(found)


@once("people.reject_training", subject="training_id")
def reject_training(session: Session, act: Act, *, training_id: UUID, reason: str) -> None:
    """Reject an attendance with a reason, or take one's own record back.

    Raises:
        NotAllowed: the actor approves nothing where the volunteer lives.
        NoSuchTraining: it is not there.
        TrainingReasonMissing, TrainingDecided: it cannot be rejected so.
    """
    check_reason(reason)
    (found,) = trainings(session, act.community_id, [training_id])
    check_may_for(session, act, Permission.APPROVE_HOURS, found.person_id)
    check_open(found.number, found.state)
    _decide(session, act, [found], state=TrainingState.REJECTED, reason=composed(reason).strip())


def _facts(training: Training, close: frozenset[UUID]) -> AttendanceFacts:
    return AttendanceFacts(training.number, training.state, training.person_id, training.recorder_id, close)


def _decide(session: Session, act: Act, found: Sequence[Training], *, state: TrainingState, reason: str | None) -> None:
    decided: dict[str, str | UUID | datetime | None] = {
        "state": state.value,
        "decider_id": act.person_id,
        "decider": act.number,
        "decided_at": act.at,
        "reason": reason,
    }
    for chunk in in_chunks([one.training_id for one in found]):
        session.execute(
            sa.update(TrainingRow)
            .where(TrainingRow.community_id == act.community_id, TrainingRow.id.in_(chunk))
            .values(decided)
        )
