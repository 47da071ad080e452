"""The pace at the till, and when a passbook was last used: what makes somebody look twice."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question
from timebank.books.last_use import last_use_question
from timebank.ledger.days import day_of
from timebank.ledger.entries import EntryKind
from timebank.market.rules import LastUse, Pace
from timebank.market.tables import PassbookCheckRow, RedemptionRow

PACE_OVER: Final = timedelta(hours=1)
USING: Final = (
    EntryKind.OPENING_BALANCE,
    EntryKind.SERVICE_APPROVED,
    EntryKind.GOODS_REDEEMED,
    EntryKind.HOLD_CAPTURED,
    EntryKind.POINTS_DONATED,
)
"""What says that a passbook's owner was here; what others do to it (grants, corrections, expiry) does not."""

_BY_ACTOR: Final = RedemptionRow.served_by_id == sa.bindparam("server")
_PACE: Final = sa.select(sa.func.count().filter(_BY_ACTOR).label("by_actor"), sa.func.count().label("by_all")).where(
    RedemptionRow.community_id == sa.bindparam("community"),
    RedemptionRow.volunteer_number == sa.bindparam("customer"),
    RedemptionRow.redeemed_on >= sa.bindparam("pace_day"),
    # An id begins with its moment, in milliseconds.
    RedemptionRow.id >= sa.bindparam("pace_since"),
)
_CHECKS: Final = (
    sa.select(PassbookCheckRow.checked_by_id, PassbookCheckRow.checked_by)
    .where(
        PassbookCheckRow.community_id == sa.bindparam("community"),
        PassbookCheckRow.volunteer_number == sa.bindparam("customer"),
        PassbookCheckRow.checked_on == sa.bindparam("check_day"),
    )
    .order_by(PassbookCheckRow.id)
)
Checks = tuple[tuple[UUID, str], ...]
"""Who has looked, each with their number."""


def pace_question(community_id: str, volunteer_number: str, served_by_id: UUID, at: datetime) -> Question[Pace]:
    """Ask how often a volunteer was served in the hour before a moment, undone ones too (trust.md X18)."""
    since = at - PACE_OVER
    values = {
        "community": community_id,
        "customer": volunteer_number,
        "server": served_by_id,
        "pace_day": day_of(since),
        "pace_since": UUID(int=int(since.timestamp() * 1000) << 80),
    }
    return Question(_PACE, values, lambda rows: Pace(int(rows[0].by_actor), int(rows[0].by_all)))


def used_question(community_id: str, volunteer_number: str) -> Question[datetime | None]:
    """Ask when the owner of a passbook was last here; None never."""
    return last_use_question(community_id, volunteer_number, USING)


def checks_question(community_id: str, volunteer_number: str, day: date) -> Question[Checks]:
    """Ask who has looked on a day who the customer of a passbook is."""
    values = {"community": community_id, "customer": volunteer_number, "check_day": day}
    return Question(_CHECKS, values, lambda rows: tuple((row.checked_by_id, row.checked_by) for row in rows))


def last_use_of(used_at: datetime | None, checks: Checks) -> LastUse:
    """Put both answers together."""
    return LastUse(None if used_at is None else day_of(used_at), checks)


def checks_on(session: Session, community_id: str, day: date) -> tuple[tuple[str, str], ...]:
    """Return whose passbooks were looked at on a day and by whom, as numbers, in that order."""
    query = sa.select(PassbookCheckRow.volunteer_number, PassbookCheckRow.checked_by).where(
        PassbookCheckRow.community_id == community_id, PassbookCheckRow.checked_on == day
    )
    return tuple((row.volunteer_number, row.checked_by) for row in session.execute(query.order_by(PassbookCheckRow.id)))
