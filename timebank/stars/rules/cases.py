"""What is decided about stars: when a level is reached, what is missing, and who may decide a case.

A star is an award, not a computed number: reaching the minutes opens a case, and another person grants it. No level is
skipped. Spending points never touches a star, and minutes that are taken back never lower one silently.

Source: domain.md section 0 (finding 3), 1.1 and 2.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal
from timebank.rulebook.rules import Body, Ladder, Step

REASON_MAX: Final = 200
"""The longest reason, in characters."""


class AwardState(StrEnum):
    """Where a case stands. Only an open one moves, and only once."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReviewState(StrEnum):
    """Where the review of a granted star stands: waiting, kept by a person, or settled by new minutes."""

    OPEN = "open"
    KEPT = "kept"
    RECOVERED = "recovered"


class AwardDecided(Refusal):
    """The case was decided or withdrawn before; it is not decided twice."""

    code = "star_award_decided"


class OpenedByYourself(Refusal):
    """Whoever opened the case (approved the hours that reached the level) does not grant it (four eyes)."""

    code = "star_opened_by_yourself"


class YourOwnStar(Refusal):
    """Nobody decides about their own star."""

    code = "star_is_your_own"


class StarOfRelative(Refusal):
    """Nobody decides about the star of a declared relative or of somebody in their household."""

    code = "star_of_relative"


class NoLongerReached(Refusal):
    """The recognised minutes no longer reach the level; the case cannot be granted."""

    code = "star_no_longer_reached"


class NoNextLevel(Refusal):
    """There is no level above: the ladder ends here, or a case for the next level is open already."""

    code = "star_no_next_level"


class ReviewClosed(Refusal):
    """The review was closed before."""

    code = "star_review_closed"


class ReasonMissing(Refusal):
    """Refusing a star, or keeping one under review, needs a reason of 1 to 200 characters."""

    code = "star_reason_missing"


@dataclass(frozen=True, slots=True)
class Award:
    """One case, from its opening to its decision.

    Attributes:
        number: the volunteer's number.
        level: the star, 1 to 5.
        minutes: recognised minutes when it was opened; `needed_minutes` what the ladder asked for then.
        body: who grants it by the rule: the community, or the level above, whose outcome is recorded.
        opener: number of the person whose act opened it; `decider` of whoever decided.
        reason: why it was refused, or why it was withdrawn.
        entry_seq: the entry of the decision.
    """

    award_id: UUID
    person_id: UUID
    number: str
    level: int
    state: AwardState
    minutes: int
    needed_minutes: int
    body: Body
    rule_version: int
    opener_id: UUID
    opener: str
    opened_at: datetime
    decider: str | None
    decided_at: datetime | None
    reason: str | None
    entry_seq: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a volunteer stands with their stars.

    Attributes:
        level: the highest level granted, 0 without a star.
        waiting: levels with an open case.
        refused: levels that were refused; such a level is not opened again by itself, only by a person.
    """

    level: int
    waiting: frozenset[int]
    refused: frozenset[int]


def standing_of(cases: Iterable[tuple[int, AwardState]]) -> Standing:
    """Read a volunteer's standing off their cases, given as (level, state)."""
    known = tuple(cases)
    return Standing(
        level=max((level for level, state in known if state is AwardState.GRANTED), default=0),
        waiting=frozenset(level for level, state in known if state is AwardState.OPEN),
        refused=frozenset(level for level, state in known if state is AwardState.REFUSED),
    )


def find_next_step(ladder: Ladder, standing: Standing) -> Step | None:
    """Return the one level for which a case may be opened now: the next, not open yet; None where there is none."""
    level = standing.level + 1
    return None if level in standing.waiting else ladder.find_step(level)


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """What is known of a case when somebody wants to decide it."""

    number: str
    level: int
    state: AwardState
    person_id: UUID
    opener_id: UUID
    close_to_person: frozenset[UUID]
    needed_minutes: int
    minutes: int


def needs_review(needed_minutes: int, minutes: int, last: tuple[ReviewState, int] | None) -> bool:
    """Tell whether somebody must look at a granted star because minutes were taken back.

    Args:
        needed_minutes: what the star asked for when its case was opened; a later ladder takes no star away.
        minutes: recognised minutes now.
        last: state and minutes of its newest review. One that waits is enough; where a person has kept the star, only
            a further loss asks again.
    """
    if minutes >= needed_minutes:
        return False
    if last is None or last[0] is ReviewState.RECOVERED:
        return True
    return last[0] is ReviewState.KEPT and minutes < last[1]


def check_decision(award: AwardFacts, *, decider_id: UUID) -> None:
    """Make sure that a case is open and that this person may decide it, whichever way.

    Raises:
        AwardDecided: it is not open any more.
        YourOwnStar, StarOfRelative: it is about the decider or somebody close.
    """
    if award.state is not AwardState.OPEN:
        raise AwardDecided(volunteer=award.number, level=award.level, state=award.state.value)
    check_distance(award, decider_id)


def check_distance(award: AwardFacts, decider_id: UUID) -> None:
    """Make sure that nobody decides about their own star or about somebody's close to them.

    Raises:
        YourOwnStar, StarOfRelative: it is about the decider or somebody close.
    """
    if decider_id == award.person_id:
        raise YourOwnStar(volunteer=award.number, level=award.level)
    if decider_id in award.close_to_person:
        raise StarOfRelative(volunteer=award.number, level=award.level)


def check_grant(award: AwardFacts, *, granter_id: UUID) -> None:
    """Make sure that a case may be granted by this person.

    Raises:
        AwardDecided, YourOwnStar, StarOfRelative: see `check_decision`.
        OpenedByYourself: the granter opened it.
        NoLongerReached: the minutes were taken back meanwhile.
    """
    check_decision(award, decider_id=granter_id)
    if granter_id == award.opener_id:
        raise OpenedByYourself(volunteer=award.number, level=award.level)
    if award.minutes < award.needed_minutes:
        raise NoLongerReached(
            volunteer=award.number, level=award.level, minutes=award.minutes, needed_minutes=award.needed_minutes
        )


def check_review(state: ReviewState, award: AwardFacts, *, decider_id: UUID) -> None:
    """Make sure that a review waits and that this person may close it.

    Raises:
        ReviewClosed: it does not wait any more.
        YourOwnStar, StarOfRelative: it is about the decider or somebody close.
    """
    if state is not ReviewState.OPEN:
        raise ReviewClosed(volunteer=award.number, level=award.level, state=state.value)
    check_distance(award, decider_id)


def check_reason(reason: str) -> None:
    """Make sure that a reason is given, on one line.

    Raises:
        ReasonMissing: it is empty or too long.
    """
    if not reason.strip() or len(reason) > REASON_MAX or not reason.isprintable():
        raise ReasonMissing(found_characters=len(reason.strip()), characters_max=REASON_MAX)
