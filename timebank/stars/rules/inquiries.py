"""What is decided about inquiries: who opens one, that the volunteer is heard, who decides, how far, what follows.

A star is never lowered in silence. Somebody opens an inquiry with a reason and evidence; the volunteer says what there
is to say, or it is noted that they would not or did not come; another person decides, where the rules let that body
grant the star. A star is kept, reduced or withdrawn until a day, after which it is held again by itself. The volunteer
may object once, and a third person decides for good.

Source: domain.md section 1.1 (demotion and keeping the title both exist; by review, never silent) and 2.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal
from timebank.rulebook.rules import Body, Inquiries
from timebank.stars.rules.cases import REASON_MAX, AwardFacts, check_distance

TEXT_MAX: Final = 500
"""The longest evidence, statement and objection, in characters."""
_MONTHS: Final = 12


class NoStarHeld(Refusal):
    """The volunteer holds no star, so there is nothing to inquire into."""

    code = "star_inquiry_without_star"


class InquiryOpenAlready(Refusal):
    """An inquiry about the volunteer waits for its decision; what came up since belongs to it."""

    code = "star_inquiry_open_already"


class InquiryTextMissing(Refusal):
    """The evidence, the statement or the objection says nothing, or too much."""

    code = "star_inquiry_text_missing"


class InquiryDecided(Refusal):
    """The inquiry was decided; nothing is added to it any more."""

    code = "star_inquiry_decided"


class NotHeard(Refusal):
    """The volunteer was not heard, and nobody noted that they would not be or did not come."""

    code = "star_inquiry_not_heard"


class AbsentTooSoon(Refusal):
    """The volunteer still has time to be heard; only afterwards it is noted that they did not come."""

    code = "star_inquiry_absent_too_soon"


class HearingDayWrong(Refusal):
    """The hearing was between the opening and today."""

    code = "star_inquiry_hearing_day_wrong"


class InquiryOpenedByYourself(Refusal):
    """Whoever opened an inquiry does not decide it (four eyes)."""

    code = "star_inquiry_opened_by_yourself"


class InquiryDecidedByYourself(Refusal):
    """Whoever decided first does not decide about the objection."""

    code = "star_inquiry_decided_by_yourself"


class LevelNotLower(Refusal):
    """A reduced star is a lower one that is still a star."""

    code = "star_inquiry_level_not_lower"


class PeriodWrong(Refusal):
    """A star is reduced or withdrawn until a day that the rules allow; a kept one has no such day."""

    code = "star_inquiry_period_wrong"


class UpperDocumentMissing(Refusal):
    """The level above decides about this star: the number of its document is needed."""

    code = "star_inquiry_document_missing"


class NothingToObjectTo(Refusal):
    """There is no decision that lowers the star, it was objected to before, or the time is over."""

    code = "star_inquiry_nothing_to_object_to"


class StarLowered(Refusal):
    """The star is reduced or withdrawn for a time; no further one is opened until then."""

    code = "star_lowered"


class HearingKind(StrEnum):
    """What came of asking the volunteer."""

    STATEMENT = "statement"
    DECLINED = "declined"
    ABSENT = "absent"


class InquiryOutcome(StrEnum):
    """What a decision does to the star."""

    KEPT = "kept"
    REDUCED = "reduced"
    WITHDRAWN = "withdrawn"


class InquiryState(StrEnum):
    """How far an inquiry has come."""

    OPEN = "open"
    DECIDED = "decided"
    OBJECTED = "objected"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody wants to decide.

    Attributes:
        level_after: the star held until then; of a star that is kept, its level; 0 of one withdrawn.
        until_on: the last day of it, None where the star is kept.
        document: the number of the document of the level above, empty where the community decides.
    """

    outcome: InquiryOutcome
    level_after: int
    until_on: date | None
    reason: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking the volunteer, on which day, and what was said."""

    kind: HearingKind
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Lowering:
    """For how long a star counts less than it was granted.

    Attributes:
        level: the level held from `begins_on` until `until_on`, both included.
        ended_on: the day of the decision about an objection that took its place, or None.
    """

    level: int
    begins_on: date
    until_on: date
    ended_on: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether it counts on a day; on the day of a later decision that one counts."""
        return self.begins_on <= day <= self.until_on and (self.ended_on is None or day < self.ended_on)


def lowered(level: int, lowerings: Iterable[Lowering], day: date) -> int:
    """Return the level held on a day by somebody to whom a level was granted."""
    return min((level, *(one.level for one in lowerings if one.holds_on(day))))


def check_texts(reason: str, *texts: str) -> None:
    """Make sure that a reason, and whatever is longer, says something.

    Raises:
        InquiryTextMissing: one of them does not.
    """
    if not reason.strip() or len(reason) > REASON_MAX or not reason.isprintable():
        raise InquiryTextMissing(characters_max=REASON_MAX)
    for text in texts:
        if not text.strip() or len(text) > TEXT_MAX:
            raise InquiryTextMissing(characters_max=TEXT_MAX)


def check_hearing(rules: Inquiries, heard: Heard, *, opened_on: date, today: date) -> None:
    """Make sure that a hearing can be noted.

    Raises:
        HearingDayWrong, AbsentTooSoon, InquiryTextMissing: it cannot.
    """
    if not opened_on <= heard.on <= today:
        raise HearingDayWrong(opened_on=opened_on.isoformat())
    last_on = opened_on + timedelta(days=rules.hearing_days)
    if heard.kind is HearingKind.ABSENT and today <= last_on:
        raise AbsentTooSoon(last_on=last_on.isoformat())
    if len(heard.text) > TEXT_MAX or (heard.kind is HearingKind.STATEMENT and not heard.text.strip()):
        raise InquiryTextMissing(characters_max=TEXT_MAX)


def check_decider(
    award: AwardFacts, state: InquiryState, *, heard: bool, deciders: tuple[UUID, UUID | None], decider_id: UUID
) -> None:
    """Make sure that an inquiry waits for a decision, and for one by this person.

    Args:
        deciders: who opened it, and who decided it first, or None.

    Raises:
        InquiryDecided, YourOwnStar, StarOfRelative, InquiryOpenedByYourself, InquiryDecidedByYourself, NotHeard.
    """
    if state in {InquiryState.DECIDED, InquiryState.FINAL}:
        raise InquiryDecided(volunteer=award.number, level=award.level)
    check_distance(award, decider_id)
    if decider_id == deciders[0]:
        raise InquiryOpenedByYourself(volunteer=award.number, level=award.level)
    if decider_id == deciders[1]:
        raise InquiryDecidedByYourself(volunteer=award.number, level=award.level)
    if not heard:
        raise NotHeard(volunteer=award.number, level=award.level)


def check_verdict(rules: Inquiries, verdict: Verdict, *, level: int, body: Body, today: date) -> None:
    """Make sure that a decision is whole and within the rules.

    Raises:
        InquiryTextMissing, LevelNotLower, PeriodWrong, UpperDocumentMissing: it is not.
    """
    check_texts(verdict.reason)
    expected = {InquiryOutcome.KEPT: level, InquiryOutcome.WITHDRAWN: 0}.get(verdict.outcome)
    if verdict.level_after != expected and (expected is not None or not 1 <= verdict.level_after < level):
        raise LevelNotLower(level=level, level_after=verdict.level_after)
    last_on = months_later(today, rules.lowered_months_max)
    if verdict.outcome is InquiryOutcome.KEPT:
        fits = verdict.until_on is None
    else:
        fits = verdict.until_on is not None and today < verdict.until_on <= last_on
    if not fits:
        raise PeriodWrong(last_on=last_on.isoformat())
    if body is Body.UPPER and not verdict.document.strip():
        raise UpperDocumentMissing(level=level)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    following = date(year + (month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def last_day_to_object(rules: Inquiries, decided_on: date) -> date:
    """Return the last day on which a decision can be objected to."""
    return decided_on + timedelta(days=rules.objection_days)


def check_objection(
    rules: Inquiries, decided: InquiryOutcome | None, decided_on: date, *, text: str, today: date
) -> None:
    """Make sure that the volunteer can object to a decision that nobody objected to before.

    Args:
        decided: what was decided, None where nothing was or where it is final.

    Raises:
        NothingToObjectTo, InquiryTextMissing: they cannot.
    """
    last_on = last_day_to_object(rules, decided_on)
    if decided in {None, InquiryOutcome.KEPT} or today > last_on:
        raise NothingToObjectTo(last_on=last_on.isoformat())
    check_texts("-", text)
