"""Goods that ask for a star, or are offered to higher stars first: what that means for one customer now.

Asked only where the rules of the day name one of the goods, so that an ordinary basket costs nothing more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.days import ZONE, day_of
from timebank.market.rules import GoodFacts
from timebank.market.tables import DonationDecisionRow, LotRow
from timebank.rulebook.rules import LevelGood, StarBenefits, opens_at_for
from timebank.stars.queries import level_on


def starred(
    session: Session, place: tuple[str, str], at: datetime, benefits: StarBenefits, goods: Mapping[str, GoodFacts]
) -> dict[str, GoodFacts]:
    """Return what is known of goods, with what their customer's star lacks.

    Args:
        place: the community, and the customer's number.
    """
    named = {one.good: one for one in benefits.level_goods if one.good in goods}
    if not named:
        return dict(goods)
    community_id, customer = place
    level = level_on(session, community_id, customer, day_of(at))
    scarce = [number for number, one in named.items() if one.scarce]
    arrived = _arrived(session, community_id, scarce) if scarce and any(benefits.early_hours) else {}
    found = dict(goods)
    for number, one in named.items():
        opens_at = opens_at_for(benefits, level, arrived[number]) if number in arrived else at
        found[number] = replace(
            goods[number],
            star_needed=one.level if level < one.level else 0,
            opens=f"{opens_at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at < opens_at else "",
        )
    return found


@dataclass(frozen=True, slots=True)
class StarMark:
    """What the shop says of a good that asks for a star, or of which a new delivery is offered in the order of stars.

    Attributes:
        needed: the star that it asks for, 0 for none; `lacking` whether the visitor holds less.
        scarce: a new delivery is offered to higher stars first.
        opens_at: from when on the visitor may have what is there now; None where they may now, or nobody is known.
    """

    needed: int
    lacking: bool
    scarce: bool
    opens_at: datetime | None


def star_marks(
    session: Session, place: tuple[str, str | None], at: datetime, benefits: StarBenefits, numbers: Iterable[str]
) -> dict[str, StarMark]:
    """Return what is said of those goods that the rules name, by number.

    Args:
        place: the community, and the visitor's number where they are a volunteer.
    """
    wanted = set(numbers)
    named = [one for one in benefits.level_goods if one.good in wanted and (one.level or one.scarce)]
    if not named:
        return {}
    community_id, customer = place
    level = level_on(session, community_id, customer, day_of(at)) if customer else None
    scarce = [one.good for one in named if one.scarce]
    arrived = _arrived(session, community_id, scarce) if level is not None and any(benefits.early_hours) else {}
    return {one.good: _mark(one, level, at, benefits, arrived.get(one.good)) for one in named}


def _mark(
    one: LevelGood, level: int | None, at: datetime, benefits: StarBenefits, arrived_at: datetime | None
) -> StarMark:
    opens_at = opens_at_for(benefits, level, arrived_at) if level is not None and arrived_at is not None else at
    lacking = level is not None and level < one.level
    return StarMark(one.level, lacking, one.scarce, opens_at if at < opens_at else None)


def _arrived(session: Session, community_id: str, numbers: list[str]) -> dict[str, datetime]:
    """Return when the newest delivery of each good was checked in."""
    query = (
        sa.select(LotRow.good_number, sa.func.max(DonationDecisionRow.decided_at).label("arrived_at"))
        .join(
            DonationDecisionRow,
            sa.and_(
                DonationDecisionRow.community_id == LotRow.community_id,
                DonationDecisionRow.donation_number == LotRow.donation_number,
            ),
        )
        .where(
            LotRow.community_id == community_id,
            LotRow.good_number.in_(numbers),
            DonationDecisionRow.outcome == "checked-in",
        )
        .group_by(LotRow.good_number)
    )
    return {row.good_number: row.arrived_at for row in session.execute(query)}
