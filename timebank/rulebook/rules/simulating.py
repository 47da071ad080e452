"""Simulating: what services would have earned under another rule document, added up by class, area and person.

Nothing but whole numbers: each service is rounded once, exactly as if it were approved under that document.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from timebank.rulebook.rules.document import NoSuchServiceClass, RuleDocument
from timebank.rulebook.rules.points import ServiceInputs, points_for

SIMULATED_DAYS: Final = 365
"""The last twelve months, the day of asking included."""


@dataclass(frozen=True, slots=True)
class Service:
    """One approved service: whose, what the rule was given, and what it earned."""

    volunteer: str
    inputs: ServiceInputs
    points_e2: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Some services together.

    Attributes:
        records: how many; negative never.
        minutes: their recognised time.
        paid_e2: hundredths of a point that they earned.
        would_pay_e2: what they would have earned under the other document.
    """

    records: int = 0
    minutes: int = 0
    paid_e2: int = 0
    would_pay_e2: int = 0

    @property
    def difference_e2(self) -> int:
        """What the other document would have paid more (above zero) or less."""
        return self.would_pay_e2 - self.paid_e2

    def with_service(self, service: Service, would_pay_e2: int, sign: int) -> "Compared":
        """Count one service in (sign 1), or out again because it was taken back (sign -1)."""
        return Compared(
            self.records + sign,
            self.minutes + sign * service.inputs.minutes,
            self.paid_e2 + sign * service.points_e2,
            self.would_pay_e2 + sign * would_pay_e2,
        )


class Tally:
    """Adds services up, one by one; its size follows the number of people and classes, never of services."""

    def __init__(self, document: RuleDocument, areas: Mapping[str, str]) -> None:
        """Begin with nothing. areas: the area of each volunteer's number; who has none is counted under ``""``."""
        self._document = document
        self._areas = areas
        self._worth: dict[ServiceInputs, int] = {}
        self.total = Compared()
        self.by_class: defaultdict[str, Compared] = defaultdict(Compared)
        self.by_area: defaultdict[str, Compared] = defaultdict(Compared)
        self.by_person: defaultdict[str, Compared] = defaultdict(Compared)
        self.unknown_classes: set[str] = set()

    def take(self, service: Service, sign: int = 1) -> None:
        """Count a service in, or out again; one whose class the document does not have would earn nothing."""
        worth = self._worth_of(service.inputs)
        self.total = self.total.with_service(service, worth, sign)
        for table, name in (
            (self.by_class, service.inputs.service_class),
            (self.by_area, self._areas.get(service.volunteer, "")),
            (self.by_person, service.volunteer),
        ):
            table[name] = table[name].with_service(service, worth, sign)

    def _worth_of(self, inputs: ServiceInputs) -> int:
        if inputs not in self._worth:
            self._worth[inputs] = self._computed(inputs)
        return self._worth[inputs]

    def _computed(self, inputs: ServiceInputs) -> int:
        try:
            return points_for(self._document, inputs)
        except NoSuchServiceClass:
            self.unknown_classes.add(inputs.service_class)
            return 0
