"""What a star asks for, held against what a volunteer has: each condition with its value, met or missing by how much.

Anybody can work it out by hand: minutes and ratings stand in the passbook, and nothing else counts.

Source: domain.md section 1.1 (conditions seen in practice) and 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from timebank.refusal import Refusal
from timebank.rulebook.rules import Step

_MONTHS: Final = 12


class NotReached(Refusal):
    """The minutes for the next level are not reached yet; no case was opened."""

    code = "star_not_reached"


class RegisteredTooShort(Refusal):
    """The next level asks for more months since the registration; no case was opened."""

    code = "star_registered_too_short"


class RatedTooFew(Refusal):
    """The next level asks for more rated services; no case was opened."""

    code = "star_rated_too_few"


class RatedTooLow(Refusal):
    """The next level asks for a better average rating; no case was opened."""

    code = "star_rated_too_low"


class TooLittleThisYear(Refusal):
    """The next level asks for more service in the current year; no case was opened."""

    code = "star_too_little_this_year"


class TrainedTooLittle(Refusal):
    """The next level asks for more training; no case was opened."""

    code = "star_trained_too_little"


class CaseStillOpen(Refusal):
    """Something about the volunteer is still being looked into; no star is opened or granted before it is settled."""

    code = "star_case_still_open"


class ConditionKind(StrEnum):
    """What a level asks for."""

    MINUTES = "minutes"
    PREVIOUS_STAR = "previous_star"
    TENURE_MONTHS = "tenure_months"
    YEAR_MINUTES = "year_minutes"
    RATINGS = "ratings"
    RATING_AVERAGE = "rating_average"
    TRAINING_MINUTES = "training_minutes"
    NO_OPEN_CASE = "no_open_case"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a level, so that anybody can work it out by hand.

    Attributes:
        kind: what is asked for; it names the unit.
        value: what the volunteer has; averages in hundredths of a star.
        needed: what the level asks for; of open cases, how many there may be: none.
    """

    kind: ConditionKind
    value: int
    needed: int

    @property
    def met(self) -> bool:
        """The volunteer has what is asked for."""
        return self.missing == 0

    @property
    def missing(self) -> int:
        """How much is missing (of open cases: how many there are too many), 0 where it is met."""
        short = self.value - self.needed if self.kind is ConditionKind.NO_OPEN_CASE else self.needed - self.value
        return max(0, short)


@dataclass(frozen=True, slots=True)
class Record:
    """What else is known of a volunteer's service, beside the minutes.

    Attributes:
        level: the star held.
        year_minutes: recognised minutes of services of the current year.
        ratings: how many services were rated; `rating_total` the stars of all of them together.
        training_minutes: approved trainings attended by the day of looking, together.
        open_cases: how many reviews about the volunteer wait for a decision.
    """

    level: int = 0
    year_minutes: int = 0
    ratings: int = 0
    rating_total: int = 0
    training_minutes: int = 0
    open_cases: int = 0

    @property
    def rating_average_e2(self) -> int:
        """The average rating in hundredths of a star, rounded down; 0 without a rating."""
        return self.rating_total * 100 // self.ratings if self.ratings else 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is looked at: recognised minutes, the day of registration, the day of looking, and the record of service."""

    minutes: int
    registered_on: date
    today: date
    record: Record = Record()


def conditions_for(step: Step, candidate: Candidate) -> tuple[Condition, ...]:
    """Hold a candidate against a level; a condition that is switched off is not listed."""
    return tuple(_conditions(step, candidate))


def _conditions(step: Step, candidate: Candidate) -> Iterator[Condition]:
    record = candidate.record
    yield Condition(ConditionKind.MINUTES, candidate.minutes, step.minutes)
    if step.level > 1:
        yield Condition(ConditionKind.PREVIOUS_STAR, record.level, step.level - 1)
    if step.tenure_months:
        months = full_months(candidate.registered_on, candidate.today)
        yield Condition(ConditionKind.TENURE_MONTHS, months, step.tenure_months)
    if step.year_minutes:
        yield Condition(ConditionKind.YEAR_MINUTES, record.year_minutes, step.year_minutes)
    if step.ratings:
        yield Condition(ConditionKind.RATINGS, record.ratings, step.ratings)
    if step.rating_average_e2:
        yield Condition(ConditionKind.RATING_AVERAGE, record.rating_average_e2, step.rating_average_e2)
    if step.training_minutes:
        yield Condition(ConditionKind.TRAINING_MINUTES, record.training_minutes, step.training_minutes)
    if step.no_open_case:
        yield Condition(ConditionKind.NO_OPEN_CASE, record.open_cases, 0)


def full_months(start: date, end: date) -> int:
    """Count the full months from one day to another; a month that began on the 31st is full on the next month's last.

    Returns:
        0 or more; 0 where the end lies before the start.
    """
    months = (end.year - start.year) * _MONTHS + end.month - start.month
    following = date(end.year + end.month // _MONTHS, end.month % _MONTHS + 1, 1)
    last_of_month = (following - end).days == 1
    unfinished = end.day < start.day and not last_of_month
    return max(0, months - unfinished)


def check_reached(step: Step, candidate: Candidate, number: str) -> None:
    """Make sure that a volunteer meets every condition of a level.

    Raises:
        NotReached, RegisteredTooShort, TooLittleThisYear, RatedTooFew, RatedTooLow, TrainedTooLittle, CaseStillOpen:
            one is not met; the first of them, in the order in which a page lists them.
    """
    for condition in conditions_for(step, candidate):
        if not condition.met:
            raise _refusal_of(condition, number, step.level)


def _refusal_of(condition: Condition, number: str, level: int) -> Refusal:
    match condition.kind:
        case ConditionKind.RATING_AVERAGE:
            has, needed = (f"{value // 100}.{value % 100:02}" for value in (condition.value, condition.needed))
            return RatedTooLow(volunteer=number, level=level, average=has, needed_average=needed)
        case ConditionKind.NO_OPEN_CASE:
            return CaseStillOpen(volunteer=number, level=level, open_cases=condition.value)
    # Only the next level is ever looked at, so that the star below is there.
    assert condition.kind in _SHORT, condition
    refusal, missing = _SHORT[condition.kind]
    return refusal(volunteer=number, level=level, **{missing: condition.missing})


_SHORT: Final[dict[ConditionKind, tuple[type[Refusal], str]]] = {
    ConditionKind.MINUTES: (NotReached, "missing_minutes"),
    ConditionKind.TENURE_MONTHS: (RegisteredTooShort, "missing_months"),
    ConditionKind.YEAR_MINUTES: (TooLittleThisYear, "missing_minutes"),
    ConditionKind.RATINGS: (RatedTooFew, "missing_ratings"),
    ConditionKind.TRAINING_MINUTES: (TrainedTooLittle, "missing_minutes"),
}
"""What is refused where something is short, and the fact that says how much is missing."""


def is_reached(step: Step, candidate: Candidate) -> bool:
    """Tell whether every condition of a level is met."""
    return all(condition.met for condition in conditions_for(step, candidate))
