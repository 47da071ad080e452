"""What the service rules look at: the time of a record, the record as it is to be kept, what is true around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.ledger.days import ZONE, day_of, moment_of
from timebank.refusal import Fact
from timebank.rulebook.rules import RuleDocument, SourceClass

MINUTES_MAX: Final = 720
"""No service is longer than twelve hours: what is longer has a wrong date, or is two services (domain.md 2)."""
MIDNIGHT: Final = time(0)


class ActivityState(StrEnum):
    """Where an activity stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Span:
    """The time from one moment to another (aware, UTC); the end does not belong to it."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes between start and end; what is computed here is the only way to the minutes of a record."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def could_be(self) -> bool:
        """Whether anybody could have served for this time: it ends after its start, within a day of it."""
        return 1 <= self.minutes <= MINUTES_MAX

    @property
    def served_on(self) -> date:
        """The civil day of the service: the one on which it began."""
        return day_of(self.starts_at)

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two have any time in common; one that begins when the other ends has none."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def minutes_by_day(self) -> dict[date, int]:
        """Split the minutes over civil days: 22:00 to 02:00 is 120 on each."""
        split: dict[date, int] = {}
        start = self.starts_at
        while start < self.ends_at:
            day = day_of(start)
            end = min(self.ends_at, moment_of(day + timedelta(days=1), MIDNIGHT))
            split[day] = Span(start, end).minutes
            start = end
        return split


Alike = tuple[time, int]
"""What records have in common that look alike, whatever the day: the clock time at which they begin, and minutes."""


def alike_of(span: Span) -> Alike:
    """Return by what a time looks like another one."""
    return span.starts_at.astimezone(ZONE).time(), span.minutes


def span_for(starts_at: datetime, minutes: int) -> Span:
    """Return the time that begins at a moment and lasts so many minutes: how typed hours become an end."""
    return Span(starts_at, starts_at + timedelta(minutes=minutes))


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What the checks must know of an activity; approved_at: when a second person approved it, or None."""

    number: str
    state: ActivityState
    span: Span
    approved_at: datetime | None = None

    def planned(self, span: Span) -> bool:
        """Whether somebody who served for a time served as was approved before it began."""
        if self.state is not ActivityState.APPROVED or self.approved_at is None:
            return False
        within = self.span.starts_at <= span.starts_at and span.ends_at <= self.span.ends_at
        return within and self.approved_at <= self.span.starts_at


@dataclass(frozen=True, slots=True)
class AttendedFacts:
    """What codes and cards show of a record.

    Attributes:
        span: the time that they show, or None where they show none.
        forgotten: there is no check-out.
        on_device: how many people checked in to the activity by the same phone.
    """

    span: Span | None
    forgotten: bool
    on_device: int

    def covers(self, span: Span) -> bool:
        """Whether all of a time is shown."""
        return self.span is not None and self.span.starts_at <= span.starts_at and span.ends_at <= self.span.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What the activity of a record asks of those who come, beside what this person brings.

    Attributes:
        age_min: from which age on, or None; born_on: None where it is not known.
        course: the training that it asks for, or empty; trained: whether they had attended it by then, approved.
    """

    age_min: int | None = None
    born_on: date | None = None
    course: str = ""
    trained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """One record as it is to be kept.

    Attributes:
        volunteer: number of the person who served; left_on: the day on which they left, or None.
        activity_number: as it was given; `activity` is None where there is no such activity.
        late_reason: why it comes late; only for late entries.
        rules: the rules in force on the day of service.
        attended: what codes and cards show of it, or None.
        corrects: it stands for one that came in time and is taken back, so no deadline stands against it.
        needs: what the activity asks for and whether this person has it.
    """

    volunteer: str
    person_id: UUID
    left_on: date | None
    span: Span
    service_class: str
    source_class: SourceClass
    activity_number: str
    activity: ActivityFacts | None
    late_reason: str
    rules: RuleDocument
    attended: AttendedFacts | None = None
    corrects: bool = False
    needs: Needs = Needs()


@dataclass(frozen=True, slots=True)
class Taken:
    """A time at which somebody served already, and in which activity."""

    span: Span
    activity_number: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What one recorder has typed by hand within the days that the rules look at, without opening records.

    Attributes:
        alike: how many of the same time of day and length, by these; a sheet that was served as planned is one.
        minutes: by the person who served.
    """

    alike: Mapping[Alike, int] = field(default_factory=dict)
    minutes: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is true around the records.

    Attributes:
        recorder_id: the person who records.
        close_to_recorder: relatives and household of that person.
        at: the moment of recording.
        go_live_on: from this day on the community keeps its records here.
        taken: the live records that these people have already, by person.
        typed: what the recorder has typed before.
    """

    recorder_id: UUID
    close_to_recorder: frozenset[UUID]
    at: datetime
    go_live_on: date
    taken: Mapping[UUID, Sequence[Taken]]
    typed: Typed = Typed()


class Severity(StrEnum):
    """What a problem does: block the record, or wait for an answer."""

    BLOCKED = "blocked"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a record that blocks it or needs an answer; the facts fill the sentence of the code.

    version: of the check that found it, counted up when it begins to look at something else.
    """

    code: str
    severity: Severity
    facts: dict[str, Fact]
    version: int = 1

    @property
    def blocked(self) -> bool:
        """Whether the record cannot be kept like this."""
        return self.severity is Severity.BLOCKED
