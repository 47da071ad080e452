"""What a star does besides points: who may have something first, and which goods ask for a star. Pure.

Where the rules give a star so many hours, what is scarce opens for everybody in the order of their stars: at once for
whoever has the most hours, and for the others as many hours later as they have fewer.

Source: domain.md section 1.3 (starred volunteers may exchange some goods directly; redemption only from a star on).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from timebank.rulebook.rules.document import LevelGood, StarBenefits


def opens_at_for(benefits: StarBenefits, level: int, since: datetime, until: datetime | None = None) -> datetime:
    """Return from when on somebody of a star may have what is scarce and is there since a moment.

    Args:
        until: when it is over, e.g. when an activity begins, or None. Where less than twice the longest wait is left
            between the two, nobody waits: otherwise those without a star could never come.
    """
    longest = timedelta(hours=max(benefits.early_hours))
    if until is not None and until - since < 2 * longest:
        return since
    return since + longest - timedelta(hours=benefits.early_hours[level])


def good_for(benefits: StarBenefits, good_number: str) -> LevelGood | None:
    """Find what the rules say of one good; None where they say nothing."""
    return next((one for one in benefits.level_goods if one.good == good_number), None)


def earlier_hours(benefits: StarBenefits, level: int) -> int:
    """Return how many hours before those without a star somebody of a star comes, 0 where not before them."""
    return max(0, benefits.early_hours[level] - benefits.early_hours[0])


def goods_of(benefits: StarBenefits, levels: Iterable[int]) -> tuple[LevelGood, ...]:
    """Return the goods that ask for one of these stars."""
    wanted = set(levels)
    return tuple(one for one in benefits.level_goods if one.level in wanted)
