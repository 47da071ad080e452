"""Points: what one approved service earns, and the proof of it afterwards.

One formula, whole numbers only, one rounding: half up at the hundredth of a point, once per service. Minutes are never
rounded: three services of 20 minutes are one hour in the passbook. Their points are rounded each on its own, so that
every entry can be recomputed alone; nothing is carried from one to the next.

Source: domain.md section 2 (points rate, coefficients, source classes).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from timebank.ledger.accounts import MINUTES, POINTS, AccountKind
from timebank.ledger.entries import Entry, Facts
from timebank.rulebook.rules.confirming import SourceClass
from timebank.rulebook.rules.document import LEVELS, RATINGS, RuleDocument

MINUTES_MAX: Final = 1440
"""One day; no single service is longer."""
_PER_CENT: Final = 100
_MINUTES_PER_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class ServiceInputs:
    """What the rule is given for one service.

    Attributes:
        minutes: approved time, 1 to 1440.
        service_class: code of the class of service.
        rating: one to five stars given at approval, or None.
        level: the volunteer's star level on the day of service, 0 to 5, not today's.
        source_class: how the service came to be known.
    """

    minutes: int
    service_class: str
    rating: int | None
    level: int
    source_class: SourceClass

    def __post_init__(self) -> None:
        """Refuse what could not be a service; an out-of-range value is a fault of the caller."""
        assert type(self.minutes) is int, self.minutes
        assert 1 <= self.minutes <= MINUTES_MAX, self.minutes
        assert self.rating is None or self.rating in range(1, RATINGS + 1), self.rating
        assert self.level in range(LEVELS + 1), self.level
        assert self.source_class in SourceClass, self.source_class


@dataclass(frozen=True, slots=True)
class Percents:
    """The four coefficients of one service, in whole per cent; what a volunteer is shown as the reason."""

    service_class: int
    rating: int
    level: int
    source: int


def percents_for(document: RuleDocument, inputs: ServiceInputs) -> Percents:
    """Look the coefficients of one service up.

    Raises:
        NoSuchServiceClass: the document has no such class.
    """
    rating = document.unrated_percent if inputs.rating is None else document.rating_percents[inputs.rating - 1]
    return Percents(
        service_class=document.service_class(inputs.service_class).percent,
        rating=rating,
        level=document.level_percents[inputs.level],
        source=document.source_percents.of(SourceClass(inputs.source_class)),
    )


def points_for(document: RuleDocument, inputs: ServiceInputs) -> int:
    """Compute the points of one approved service, in hundredths, rounded half up once.

    45 minutes at 10 points an hour are 750; at 1 point an hour 75, so 52 weeks of it are 39 points.

    Raises:
        NoSuchServiceClass: the document has no such class.
    """
    percents = percents_for(document, inputs)
    product = percents.service_class * percents.rating * percents.level * percents.source
    share = document.points_e2_per_hour * inputs.minutes * product
    whole = _MINUTES_PER_HOUR * _PER_CENT**4
    return (2 * share + whole) // (2 * whole)


def inputs_as_facts(inputs: ServiceInputs) -> Facts:
    """Write the inputs as the facts of the entry that they lead to."""
    return {
        "minutes": inputs.minutes,
        "service_class": inputs.service_class,
        "rating": inputs.rating,
        "level": inputs.level,
        "source_class": inputs.source_class.value,
    }


def facts_as_inputs(facts: Facts) -> ServiceInputs:
    """Read the inputs back from an entry's facts; other facts beside them are left alone.

    Raises:
        ValueError: they are not the inputs of a service.
    """
    try:
        return ServiceInputs(
            minutes=_whole(facts["minutes"]),
            service_class=str(facts["service_class"]),
            rating=None if facts["rating"] is None else _whole(facts["rating"]),
            level=_whole(facts["level"]),
            source_class=SourceClass(str(facts["source_class"])),
        )
    except (KeyError, ValueError, AssertionError) as error:
        raise ValueError(f"not the inputs of a service: {error}") from error


def _whole(value: str | int | bool | None) -> int:
    if type(value) is not int:
        raise ValueError(f"not a whole number: {value!r}")
    return value


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What an entry moved beside what its rule version says it should have.

    Attributes:
        minutes: recognised minutes that the entry moved; `minutes_due` what its inputs say.
        points_e2: hundredths of a point that it issued, settled debt included; `points_due_e2` what the rule says.
    """

    minutes: int
    minutes_due: int
    points_e2: int
    points_due_e2: int

    @property
    def agrees(self) -> bool:
        """The entry moved exactly what the rule says."""
        return (self.minutes, self.points_e2) == (self.minutes_due, self.points_due_e2)


def recompute(entry: Entry, document: RuleDocument) -> Recomputed:
    """Recompute an approved service from the facts in its entry and the rule version that it names.

    Raises:
        ValueError: the facts are not the inputs of a service.
        NoSuchServiceClass: the rule version has no such class.
    """
    inputs = facts_as_inputs(entry.facts)
    return Recomputed(
        minutes=_moved(entry, AccountKind.SERVICE, MINUTES),
        minutes_due=inputs.minutes,
        points_e2=_moved(entry, AccountKind.ISSUANCE, POINTS),
        points_due_e2=points_for(document, inputs),
    )


def _moved(entry: Entry, kind: AccountKind, unit: str) -> int:
    return sum(t.amount for t in entry.transfers if t.debit.kind is kind and t.unit == unit)


def vintage_for(document: RuleDocument, effective_on: date) -> int:
    """Return the year of the passbook account into which points go: 0 where points never expire."""
    return effective_on.year if document.expiry.on else 0
