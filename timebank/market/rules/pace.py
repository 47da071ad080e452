"""The pace at the till, and the second look at a passbook that nobody has used for long.

Source: trust.md T9, X16 and X18; the numbers are the community's.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from timebank.refusal import Refusal
from timebank.rulebook.rules import Market


class ServedTooOften(Refusal):
    """One clerk has served one volunteer again and again within an hour; another clerk goes on (trust.md X18)."""

    code = "served_too_often"


class RedeemedTooOften(Refusal):
    """One volunteer has redeemed again and again within an hour, whoever served; the next one waits (trust.md X18)."""

    code = "redeemed_too_often"


class DormantPassbook(Refusal):
    """Nobody has used the passbook for long; a second person looks first who stands there (trust.md T9)."""

    code = "dormant_passbook"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a volunteer was served in the last hour, undone ones too: by one clerk, and by all."""

    by_actor: int
    by_all: int


@dataclass(frozen=True, slots=True)
class LastUse:
    """What is known of a passbook's use.

    Attributes:
        on: the last day on which hours were credited, paper carried over, goods fetched or points given; None never.
        checked_by: who has looked today who the customer is, each with their number.
    """

    on: date | None
    checked_by: tuple[tuple[UUID, str], ...] = ()


def check_pace(shop: Market, pace: Pace, volunteer_number: str) -> None:
    """Make sure that a volunteer is not served again and again.

    Raises:
        ServedTooOften, RedeemedTooOften: they were, by this clerk or by all.
    """
    if pace.by_actor >= shop.served_an_hour_max:
        raise ServedTooOften(volunteer=volunteer_number, times=pace.by_actor)
    if pace.by_all >= shop.redeemed_an_hour_max:
        raise RedeemedTooOften(volunteer=volunteer_number, times=pace.by_all)


def find_second_check(
    shop: Market, use: LastUse, *, volunteer_number: str, served_by_id: UUID, today: date
) -> str | None:
    """Return who has looked before a passbook that nobody used for long is served; None where nobody needs to.

    Raises:
        DormantPassbook: somebody else than who serves must look first.
    """
    if shop.dormant_days is None or use.on is None or (today - use.on).days < shop.dormant_days:
        return None
    for person_id, number in use.checked_by:
        if person_id != served_by_id:
            return number
    raise DormantPassbook(volunteer=volunteer_number, last_used_on=use.on.isoformat(), days=(today - use.on).days)
