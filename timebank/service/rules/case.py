"""A record with all that its checks look at, and the form of a check."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from timebank.ledger.days import ZONE
from timebank.refusal import Fact, Refusal
from timebank.rulebook.rules import SourceClass
from timebank.service.rules.records import ServiceFacts, Severity, Span, Surroundings, Taken

Facts = dict[str, Fact]

MANUAL: Final = frozenset({SourceClass.SHEET, SourceClass.LATE_ENTRY, SourceClass.OPENING})
"""What somebody typed, as opposed to what a code or a card has shown."""
TYPED: Final = frozenset({SourceClass.SHEET, SourceClass.LATE_ENTRY})
"""What is typed from day to day; the sheets of the time before are brought once, many at a time."""


@dataclass(frozen=True, slots=True)
class Case:
    """One record with all that its checks look at.

    Attributes:
        same_days: what else the person did on the civil days of the record.
        same_activity: how many other records the person has in its activity.
        alike: how many others of this time of day and length the recorder has typed; a sheet served as planned is one.
        typed_minutes: how much the recorder has typed lately, without this record; pair_minutes: of it for this
            person.
    """

    service: ServiceFacts
    around: Surroundings
    same_days: Sequence[Taken]
    same_activity: int
    alike: int
    typed_minutes: int
    pair_minutes: int

    @property
    def span(self) -> Span:
        """The time of the record."""
        return self.service.span

    @property
    def can_have_been(self) -> bool:
        """Whether somebody can have served at that time: it has an end after its start, and is over."""
        return self.span.could_be and self.span.ends_at <= self.around.at


@dataclass(frozen=True, slots=True)
class Check:
    """One rule.

    Attributes:
        refusal: what it raises; gives the problem its code and sentence.
        severity: a blocked record is refused at once, a flagged one when it is approved without an answer.
        source: the limit or law that decides.
        find: finds the facts of a breach, or None.
        version: counted up when it begins to look at something else; what it found carries it.
    """

    refusal: type[Refusal]
    severity: Severity
    source: str
    find: Callable[[Case], Facts | None]
    version: int = 1


def blocks(refusal: type[Refusal], source: str, find: Callable[[Case], Facts | None]) -> Check:
    """Make a rule that blocks."""
    return Check(refusal, Severity.BLOCKED, source, find)


def flags(refusal: type[Refusal], source: str, find: Callable[[Case], Facts | None], version: int = 1) -> Check:
    """Make a rule that flags."""
    return Check(refusal, Severity.FLAGGED, source, find, version)


def written(moment: datetime) -> str:
    """Write a moment as it is read in the community: 2026-08-01 15:30."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
