"""What is decided about public notice: for how long a star is announced, and what stands between it and its grant.

A case is open, then on notice for the working days that the rules name, then granted by another person than the one
who opened it. An objection that nobody has answered stops the grant, however long the notice has been over.

Source: domain.md section 1.1 (public notice of at least five working days) and 2.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal
from timebank.stars.rules.cases import Award
from timebank.stars.rules.recommending import Recommendation

OBJECTION_MAX: Final = 500
"""The longest objection and the longest answer, in characters."""
OPEN_OBJECTIONS_MAX: Final = 20
"""How many unanswered objections one case takes; whoever comes later is asked to call."""


class NotOnNotice(Refusal):
    """The rules ask for a public notice before this star is granted, and there was none."""

    code = "star_not_on_notice"


class StillOnNotice(Refusal):
    """The notice is not over yet."""

    code = "star_still_on_notice"


class ObjectionOpen(Refusal):
    """Somebody has objected, and nobody has answered."""

    code = "star_objection_open"


class OnNoticeAlready(Refusal):
    """The case was put on notice before; one notice is enough."""

    code = "star_on_notice_already"


class NoNoticeNeeded(Refusal):
    """The rules ask for no notice."""

    code = "star_no_notice_needed"


class NoticeOver(Refusal):
    """The case is not on notice, so nobody can object to it here."""

    code = "star_notice_over"


class ObjectionUnclear(Refusal):
    """An objection, and its answer, is a text of 5 to 500 characters."""

    code = "star_objection_unclear"


class TooManyObjections(Refusal):
    """There are more unanswered objections than one page can take."""

    code = "star_too_many_objections"


class ObjectionAnswered(Refusal):
    """The objection was answered before."""

    code = "star_objection_answered"


class Stage(StrEnum):
    """How far an open case has come."""

    REACHED = "reached"
    ON_NOTICE = "on_notice"
    OBJECTED = "objected"
    READY = "ready"
    RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What is known of the notice of one case.

    Attributes:
        last_on: the last day of its notice, or None where there was none.
        open_objections: how many nobody has answered.
        recommended: the case is with the level above.
    """

    last_on: date | None
    open_objections: int
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody has against a star, and what was answered.

    Attributes:
        number: what the objector was given to ask by, e.g. `YY0001`.
        contact: how the objector wants to be reached, or empty: an objection needs no name.
        answered_by: number of the person who answered, or None.
    """

    objection_id: UUID
    award_id: UUID
    number: str
    text: str
    contact: str
    made_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Noticed:
    """An open case, how far it has come, its notice and its objections.

    Attributes:
        first_on, last_on: the notice, both days included; None where there is none yet.
        recommendation: that it is with the level above, or None.
    """

    award: Award
    stage: Stage
    first_on: date | None
    last_on: date | None
    objections: tuple[Objection, ...]
    recommendation: Recommendation | None

    @property
    def unanswered(self) -> tuple[Objection, ...]:
        """Those that stop the grant."""
        return tuple(one for one in self.objections if one.answered_at is None)


def stage_of(facts: NoticeFacts, *, needed_working_days: int, today: date) -> Stage:
    """Tell how far an open case has come."""
    if facts.open_objections:
        return Stage.OBJECTED
    if facts.recommended:
        return Stage.RECOMMENDED
    if facts.last_on is None:
        return Stage.REACHED if needed_working_days else Stage.READY
    return Stage.ON_NOTICE if today <= facts.last_on else Stage.READY


def check_noticed(facts: NoticeFacts, *, needed_working_days: int, today: date, volunteer: str, level: int) -> None:
    """Make sure that a case was announced as long as the rules in force today ask, and that nobody waits for an answer.

    Raises:
        ObjectionOpen, NotOnNotice, StillOnNotice: it cannot be granted yet.
    """
    match stage_of(facts, needed_working_days=needed_working_days, today=today):
        case Stage.OBJECTED:
            raise ObjectionOpen(volunteer=volunteer, level=level, objections=facts.open_objections)
        case Stage.REACHED:
            raise NotOnNotice(volunteer=volunteer, level=level, working_days=needed_working_days)
        case Stage.ON_NOTICE:
            assert facts.last_on is not None
            raise StillOnNotice(volunteer=volunteer, level=level, last_on=facts.last_on.isoformat())


def check_text(text: str) -> None:
    """Make sure that an objection or an answer says something.

    Raises:
        ObjectionUnclear: it is too short or too long.
    """
    if not 5 <= len(text.strip()) <= OBJECTION_MAX:
        raise ObjectionUnclear(found_characters=len(text.strip()), characters_max=OBJECTION_MAX)
