"""Relief: goods for households in need, without points, by approval, within the limits of the rules.

Source: domain.md S7 and section 1.3 (free issue to needy families after application and approval; limits a month).
"""

from dataclasses import dataclass
from uuid import UUID

from timebank.refusal import Refusal
from timebank.rulebook.rules import Market


class ReliefOff(Refusal):
    """The rules in force know no relief."""

    code = "relief_off"


class ReliefTooMuch(Refusal):
    """More pieces than one relief has, or none, or a good twice."""

    code = "relief_too_much"


class ReliefTooOften(Refusal):
    """The household has had relief, or waits for it, as often this month as the rules allow."""

    code = "relief_too_often"


class ReliefForYourself(Refusal):
    """Nobody proposes, approves or hands out relief for themselves or somebody close."""

    code = "relief_for_yourself"


class ReliefNeedsAnother(Refusal):
    """Whoever proposed it neither approves it nor hands it out (four eyes)."""

    code = "relief_needs_another"


@dataclass(frozen=True, slots=True)
class ReliefFacts:
    """What is known of a relief.

    Attributes:
        pieces: of all its goods together; repeats: whether a good stands in it twice.
        this_month: how often the household had relief this month or waits for it, this one left out.
        recipients: the persons of the household, and who is close to them.
    """

    pieces: int
    repeats: bool
    this_month: int
    recipients: frozenset[UUID]


def check_relief(shop: Market, facts: ReliefFacts, *, actor_id: UUID) -> None:
    """Make sure that a relief is within the rules and that this person may have to do with it.

    Raises:
        ReliefOff, ReliefTooMuch, ReliefTooOften, ReliefForYourself
    """
    if not shop.relief_per_month_max:
        raise ReliefOff()
    if facts.repeats or not 1 <= facts.pieces <= shop.relief_pieces_max:
        raise ReliefTooMuch(pieces=facts.pieces, pieces_max=shop.relief_pieces_max)
    if facts.this_month >= shop.relief_per_month_max:
        raise ReliefTooOften(times=facts.this_month, times_max=shop.relief_per_month_max)
    if actor_id in facts.recipients:
        raise ReliefForYourself()
