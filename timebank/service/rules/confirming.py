"""Between approval and entry: who confirms a service, what a denial stops, and when it may be posted. Pure.

A service that was approved is posted once everybody has agreed whom the rules of its day ask, nobody has denied it or
the case that a denial opened is decided, its public notice is over and its earliest day has come. Silence is no answer:
it is asked about, and never posts anything. What makes a day longer than the rules allow takes a further approver.

Sources: domain.md section 2 (acceptance escalates and does not pay itself), section 3, R2; trust.md T4, T5, X2.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal
from timebank.rulebook.rules import Confirmer, RuleDocument, SourceClass, working_day_after
from timebank.service.rules.approval import RecordDenied, RecordState


class Side(StrEnum):
    """Who says whether a service took place: who served, who was served, or anybody during a public notice."""

    VOLUNTEER = "volunteer"
    RECIPIENT = "recipient"
    RESIDENT = "resident"


class Standing(StrEnum):
    """What a service that is not posted yet waits for; the first of these that is true."""

    DENIED = "denied"
    APPROVAL = "approval"
    FURTHER = "further"
    CONFIRMATION = "confirmation"
    NOTICE = "notice"
    DAY = "day"
    NOTHING = "nothing"


SIDES: Final = {
    Confirmer.NOBODY: frozenset[Side](),
    Confirmer.VOLUNTEER: frozenset({Side.VOLUNTEER}),
    Confirmer.RECIPIENT: frozenset({Side.RECIPIENT}),
    Confirmer.EITHER: frozenset({Side.VOLUNTEER, Side.RECIPIENT}),
}
"""Whose word counts as the confirmation that a rule asks for."""
OPEN: Final = (RecordState.SUBMITTED, RecordState.CHECKED)
"""In these states somebody can still say yes or no; afterwards a line of the passbook is doubted."""


class AnsweredAlready(Refusal):
    """This side has said yes or no already."""

    code = "answered_already"


class AnswerTooLate(Refusal):
    """The service is posted, rejected or taken back; a line of the passbook can still be doubted."""

    code = "answer_too_late"


class DenialWithoutReason(Refusal):
    """Who denies a service says what is wrong."""

    code = "denial_without_reason"


class DeskNotApart(Refusal):
    """Whoever recorded or approved a service does not confirm it for somebody else."""

    code = "desk_not_apart"


class NotOnPublicNotice(Refusal):
    """The service is not on public notice, or not any more."""

    code = "not_on_public_notice"


class DeciderRecorded(Refusal):
    """Whoever recorded a service does not decide the case of its denial."""

    code = "decider_recorded"


class FurtherNotAsked(Refusal):
    """The service does not wait for a further approver."""

    code = "further_not_asked"


class FurtherNotApart(Refusal):
    """Whoever recorded, approved or served, and who is close to one of them, is no further approver."""

    code = "further_not_apart"


class FurtherAnswerMissing(Refusal):
    """A further approver says why so long a day is right."""

    code = "further_answer_missing"


class NoSuchRecipientCode(Refusal):
    """No activity has such a code with such a phone."""

    code = "no_such_recipient_code"


class NoSuchRecipient(Refusal):
    """Nobody has said for whom the activity is."""

    code = "no_such_recipient"


class RecipientIncomplete(Refusal):
    """A recipient has a name and the last four digits of a phone."""

    code = "recipient_incomplete"


class RecipientAnswered(Refusal):
    """The recipient has answered; who they are is not changed any more."""

    code = "recipient_answered"


class RatedAlready(Refusal):
    """The recipient has rated this service."""

    code = "rated_already"


class RatingTooLate(Refusal):
    """A service is rated within so many working days."""

    code = "rating_too_late"


class StarsWithoutReason(Refusal):
    """Few stars are given with a reason."""

    code = "stars_without_reason"


@dataclass(frozen=True, slots=True)
class Said:
    """What one side has said. is_open: a denial whose case nobody has decided; after that it was found wrong."""

    side: Side
    agrees: bool
    is_open: bool

    @property
    def confirms(self) -> bool:
        """Whether it counts as a yes: one was given, or the own no was decided against."""
        return not self.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One service that is not posted, as the rules of its day look at it.

    Attributes:
        approved_on: the day of its last approval, None before the first.
        needs_further: a further approver is needed, and nobody has been it yet.
    """

    source_class: SourceClass
    approved_on: date | None
    said: tuple[Said, ...]
    rules: RuleDocument
    needs_further: bool = False

    @property
    def asked(self) -> frozenset[Side]:
        """Whose word is still needed; any one of them is enough, and empty where nobody is asked any more."""
        sides = SIDES[self.rules.confirmation.of(self.source_class)]
        answered = any(one.side in sides and one.confirms for one in self.said)
        return frozenset() if answered else sides

    @property
    def denied(self) -> bool:
        """Whether a denial stops it."""
        return any(one.is_open for one in self.said)

    @property
    def notice_until(self) -> date | None:
        """The last day of its public notice, or None where there is none."""
        days = self.rules.confirmation.notice_working_days
        if not days or self.approved_on is None or self.needs_further:
            return None
        return working_day_after(self.rules, self.approved_on, days)

    @property
    def earliest_on(self) -> date | None:
        """The first day on which it may be posted, or None before its last approval."""
        if self.approved_on is None or self.needs_further:
            return None
        first = self.approved_on + timedelta(days=self.rules.confirmation.post_days)
        return first if self.notice_until is None else max(first, self.notice_until + timedelta(days=1))

    def standing(self, today: date) -> Standing:
        """Say what it waits for."""
        if self.denied:
            return Standing.DENIED
        if self.approved_on is None:
            return Standing.APPROVAL
        if self.earliest_on is None:
            return Standing.FURTHER
        if self.asked:
            return Standing.CONFIRMATION
        if today >= self.earliest_on:
            return Standing.NOTHING
        on_notice = self.notice_until is not None and today <= self.notice_until
        return Standing.NOTICE if on_notice else Standing.DAY


def check_answer(
    state: RecordState, said: Iterable[Said], side: Side, *, agrees: bool, reason: str, volunteer: str
) -> None:
    """Make sure that a side may say yes or no to a service.

    Raises:
        AnswerTooLate, AnsweredAlready, DenialWithoutReason: it may not, or not like this.
    """
    if state not in OPEN:
        raise AnswerTooLate(volunteer=volunteer, state=state.value)
    if any(one.side is side for one in said):
        raise AnsweredAlready(volunteer=volunteer)
    if not agrees and len(reason.strip()) < 2:
        raise DenialWithoutReason(volunteer=volunteer)


def check_desk(
    *, actor_id: UUID, apart_from: Set[UUID | None], close: Set[UUID], person_id: UUID, volunteer: str
) -> None:
    """Make sure that somebody at the desk may answer for another person.

    Args:
        apart_from: who recorded and who approved the service.

    Raises:
        DeskNotApart: they recorded or approved it, or it is about their family.
    """
    if actor_id in apart_from or person_id in close:
        raise DeskNotApart(volunteer=volunteer)


def check_further(
    standing: Standing | None, *, persons: Set[UUID | None], close_to_approver: Set[UUID], volunteer: str
) -> None:
    """Make sure that somebody may approve, after the first approver, what makes a day too long.

    Args:
        standing: what it waits for, None where it is posted or closed.
        persons: who served, recorded and approved; close_to_approver: the further approver and who is close to them.

    Raises:
        RecordDenied, FurtherNotAsked, FurtherNotApart: they may not.
    """
    if standing is Standing.DENIED:
        raise RecordDenied(volunteer=volunteer)
    if standing is not Standing.FURTHER:
        raise FurtherNotAsked(volunteer=volunteer)
    if persons & close_to_approver:
        raise FurtherNotApart(volunteer=volunteer)


def check_further_answer(answer: str) -> None:
    """Make sure that a further approver says something.

    Raises:
        FurtherAnswerMissing: they do not.
    """
    if len(answer.strip()) < 2:
        raise FurtherAnswerMissing()


def check_stars(stars: int, reason: str, rules: RuleDocument) -> None:
    """Make sure that few stars come with a reason.

    Raises:
        StarsWithoutReason: they do not.
    """
    if stars < rules.patterns.rating_needs_reason_below and len(reason.strip()) < 2:
        raise StarsWithoutReason(stars=stars)


def check_rating_day(rules: RuleDocument, served_on: date, today: date) -> None:
    """Make sure that a service can still be rated: as long as it can be entered.

    Raises:
        RatingTooLate: it is over.

    Source: Order 67 article 11.
    """
    last_day = working_day_after(rules, served_on, rules.limits.entry_deadline_working_days)
    if today > last_day:
        raise RatingTooLate(last_day=last_day.isoformat())
