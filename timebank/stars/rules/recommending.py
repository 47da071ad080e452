"""What is decided about stars that the level above grants: recommended after their notice, and its answer recorded.

The community does not grant such a star itself. One person recommends it, another records what came back: granted or
not, on which day, under which document number.

Source: domain.md section 1.1 (the approval level depends on the star) and 2 ("recommend upward, outcome recorded").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal
from timebank.rulebook.rules import Body
from timebank.stars.rules.cases import REASON_MAX, Award

NAME_MAX: Final = 60
"""The longest name of the level above, and the longest document number, in characters."""


class UpperDecides(Refusal):
    """The rules let the level above grant this star."""

    code = "star_upper_decides"


class NotForTheUpperLevel(Refusal):
    """The rules let the community or an area grant this star, so nobody recommends it."""

    code = "star_not_for_upper"


class RecommendedAlready(Refusal):
    """The case was recommended before and waits for its answer."""

    code = "star_recommended_already"


class NotRecommended(Refusal):
    """The case was not recommended, so there is no answer to record."""

    code = "star_not_recommended"


class RecommendedByYourself(Refusal):
    """Whoever recommended a case does not record the answer (four eyes)."""

    code = "star_recommended_by_yourself"


class OutcomeDayWrong(Refusal):
    """The answer came between the recommendation and today."""

    code = "star_outcome_day_wrong"


class OutcomeUnnamed(Refusal):
    """The level above, and its document, are named in 1 to 60 characters."""

    code = "star_outcome_unnamed"


class OutcomeReasonMissing(Refusal):
    """A star that was not granted needs the reason that the level above gave."""

    code = "star_outcome_reason_missing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the level above has answered about one case.

    Attributes:
        granted: whether the star was granted.
        decided_on: the day of its decision.
        document: the number of its document.
        reason: why not, where it was not granted; else empty.
    """

    award_id: UUID
    granted: bool
    decided_on: date
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """That a case was recommended: to whom, by whom, on which day."""

    recommended_to: str
    recommender_id: UUID
    recommender: str
    recommended_on: date


def check_granted_here(awards: Iterable[Award]) -> None:
    """Make sure that none of these stars is for the level above to grant.

    Raises:
        UpperDecides: one is.
    """
    for award in awards:
        if award.body is Body.UPPER:
            raise UpperDecides(volunteer=award.number, level=award.level)


def check_to_recommend(award: Award, recommendation: Recommendation | None) -> None:
    """Make sure that a case is one to recommend, and was not recommended before.

    Raises:
        NotForTheUpperLevel, RecommendedAlready: it is not.
    """
    if award.body is not Body.UPPER:
        raise NotForTheUpperLevel(volunteer=award.number, level=award.level)
    if recommendation is not None:
        raise RecommendedAlready(
            volunteer=award.number,
            level=award.level,
            recommended_on=recommendation.recommended_on.isoformat(),
            recommended_to=recommendation.recommended_to,
        )


def check_name(name: str) -> None:
    """Make sure that the level above, or its document, is named.

    Raises:
        OutcomeUnnamed: it is not, or not on one line.
    """
    if not name.strip() or len(name) > NAME_MAX or not name.isprintable():
        raise OutcomeUnnamed(found_characters=len(name.strip()), characters_max=NAME_MAX)


def check_outcome(
    award: Award, recommendation: Recommendation | None, outcome: Outcome, *, recorder_id: UUID, today: date
) -> None:
    """Make sure that an answer may be recorded by this person.

    Raises:
        NotRecommended: nobody asked for it.
        RecommendedByYourself: the recorder recommended it.
        OutcomeDayWrong, OutcomeUnnamed, OutcomeReasonMissing: the answer cannot be one.
    """
    about: Mapping[str, str | int] = {"volunteer": award.number, "level": award.level}
    if recommendation is None:
        raise NotRecommended(**about)
    if recommendation.recommender_id == recorder_id:
        raise RecommendedByYourself(**about)
    if not recommendation.recommended_on <= outcome.decided_on <= today:
        raise OutcomeDayWrong(
            **about,
            decided_on=outcome.decided_on.isoformat(),
            recommended_on=recommendation.recommended_on.isoformat(),
        )
    check_name(outcome.document)
    reason = outcome.reason.strip()
    if not outcome.granted and not (reason and len(reason) <= REASON_MAX and reason.isprintable()):
        raise OutcomeReasonMissing(**about, characters_max=REASON_MAX)
