"""What is decided about trainings: what a record of one says, and who may approve it.

Source: MCA Order 67 article 8 (name, main content, length, organiser, day); four eyes as with hours.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal

COURSE_MAX: Final = 60
CONTENT_MAX: Final = 200
REASON_MAX: Final = 200
MINUTES_MAX: Final = 60_000
VOLUNTEERS_MAX: Final = 500
"""How many attendances are recorded or decided at once."""


class TrainingState(StrEnum):
    """Where an attendance stands. Only an open one moves, and only once."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


class TrainingUnclear(Refusal):
    """A training has a name and an organiser of at most 60 characters and at most 200 about it, each on one line."""

    code = "training_unclear"


class TrainingTooLong(Refusal):
    """A training lasts at least a minute and at most a thousand hours."""

    code = "training_too_long"


class TrainingNotYet(Refusal):
    """The day of the training is still to come."""

    code = "training_not_yet"


class NobodyTrained(Refusal):
    """Nobody was named, or more than are recorded or decided at once."""

    code = "nobody_trained"


class TrainingRecordedAlready(Refusal):
    """This volunteer, training and day are recorded already."""

    code = "training_recorded_already"


class TrainingOfYourself(Refusal):
    """Nobody records or approves a training of their own, of a declared relative or of their household."""

    code = "training_of_yourself"


class TrainingDecided(Refusal):
    """The attendance was approved or rejected before."""

    code = "training_decided"


class TrainingNeedsAnother(Refusal):
    """Another person than the one who recorded it approves (four eyes)."""

    code = "training_needs_another"


class TrainingReasonMissing(Refusal):
    """Rejecting needs a reason of 1 to 200 characters on one line."""

    code = "training_reason_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTraining:
    """A training as it is recorded: name of the course, main content, who held it, when, and its whole minutes."""

    course: str
    organiser: str
    trained_on: date
    minutes: int
    content: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceFacts:
    """What is known of an attendance when somebody wants to decide it."""

    number: str
    state: TrainingState
    person_id: UUID
    recorder_id: UUID
    close_to_person: frozenset[UUID]


def check_training(training: NewTraining, *, today: date) -> None:
    """Make sure that a training can be recorded.

    Raises:
        TrainingUnclear, TrainingTooLong, TrainingNotYet: it cannot.
    """
    named = all(0 < len(text.strip()) <= COURSE_MAX for text in (training.course, training.organiser))
    on_one_line = all(text.isprintable() for text in (training.course, training.organiser, training.content))
    if not named or not on_one_line or len(training.content) > CONTENT_MAX:
        raise TrainingUnclear(name_max=COURSE_MAX, content_max=CONTENT_MAX)
    if not 1 <= training.minutes <= MINUTES_MAX:
        raise TrainingTooLong(minutes_max=MINUTES_MAX)
    if training.trained_on > today:
        raise TrainingNotYet(trained_on=training.trained_on.isoformat())


def check_distance(number: str, person_id: UUID, close_to_person: frozenset[UUID], *, actor_id: UUID) -> None:
    """Make sure that the actor neither is the person nor close to them.

    Raises:
        TrainingOfYourself: they are.
    """
    if actor_id == person_id or actor_id in close_to_person:
        raise TrainingOfYourself(volunteer=number)


def check_approval(attendance: AttendanceFacts, *, approver_id: UUID) -> None:
    """Make sure that an attendance waits and that this person may approve it.

    Raises:
        TrainingDecided, TrainingNeedsAnother, TrainingOfYourself: it does not, or they may not.
    """
    check_open(attendance.number, attendance.state)
    if approver_id == attendance.recorder_id:
        raise TrainingNeedsAnother(volunteer=attendance.number)
    check_distance(attendance.number, attendance.person_id, attendance.close_to_person, actor_id=approver_id)


def check_open(number: str, state: TrainingState) -> None:
    """Make sure that an attendance still waits.

    Raises:
        TrainingDecided: it does not.
    """
    if state is not TrainingState.OPEN:
        raise TrainingDecided(volunteer=number, state=state.value)


def check_reason(reason: str) -> None:
    """Make sure that a rejection says why.

    Raises:
        TrainingReasonMissing: it does not.
    """
    if not reason.strip() or len(reason) > REASON_MAX or not reason.isprintable():
        raise TrainingReasonMissing(characters_max=REASON_MAX)
