"""What records are worth before anybody has approved them: minutes and points, by the rules and stars of their days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.rulebook.queries import RuleVersion, rules_on_days
from timebank.rulebook.rules import ServiceInputs, SourceClass, points_for
from timebank.service.asked import Sheet
from timebank.service.queries.activities import activity
from timebank.service.queries.attending import attended
from timebank.service.queries.entered import entered_from_sheet
from timebank.stars.queries import levels_on


class Served(Protocol):
    """What decides about the points of a service, besides rating and level: a record, or one as it came in."""

    @property
    def volunteer_number(self) -> str:
        """Who served."""

    @property
    def minutes(self) -> int:
        """How long."""

    @property
    def served_on(self) -> date:
        """The civil day on which it began."""

    @property
    def service_class(self) -> str:
        """Code of the class of service."""

    @property
    def source_class(self) -> SourceClass:
        """How it became known."""


@dataclass(frozen=True, slots=True)
class Valued:
    """One service with what the rule is given and what comes out.

    Attributes:
        rules: the version in force on the day of service.
        points_e2: hundredths of a point.
    """

    rules: RuleVersion
    inputs: ServiceInputs
    points_e2: int


@dataclass(frozen=True, slots=True)
class Worth:
    """Minutes and hundredths of a point of many services together."""

    minutes: int
    points_e2: int


def valued(session: Session, community_id: str, rated: Sequence[tuple[Served, int | None]]) -> tuple[Valued, ...]:
    """Value services with their ratings, in their order, in few statements however many they are."""
    rules = rules_on_days(session, community_id, {served.served_on for served, _ in rated})
    levels = levels_on(session, community_id, {(served.volunteer_number, served.served_on) for served, _ in rated})
    return tuple(
        _valued(served, rating, rules[served.served_on], levels[served.volunteer_number, served.served_on])
        for served, rating in rated
    )


def _valued(served: Served, rating: int | None, rules: RuleVersion, level: int) -> Valued:
    inputs = ServiceInputs(
        minutes=served.minutes,
        service_class=served.service_class,
        rating=rating,
        level=level,
        source_class=served.source_class,
    )
    return Valued(rules, inputs, points_for(rules.document, inputs))


def worth_of_sheet(session: Session, act: Act, sheet: Sheet) -> Worth:
    """Return what the lines of a sheet come to without ratings; a line that could not be is left out.

    Raises:
        NoSuchActivity: there is no such activity.
        NoSuchServiceClass: the rules of the day do not know the activity's class any more.
    """
    found = activity(session, act.community_id, sheet.activity_number)
    there = attended(session, act.community_id, found)
    lines = (one for one in entered_from_sheet(sheet, found, there) if one.span.could_be)
    return worth_of(session, act.community_id, ((one, None) for one in lines))


def worth_of(session: Session, community_id: str, rated: Iterable[tuple[Served, int | None]]) -> Worth:
    """Return what services with these ratings come to."""
    found = valued(session, community_id, tuple(rated))
    return Worth(sum(one.inputs.minutes for one in found), sum(one.points_e2 for one in found))
