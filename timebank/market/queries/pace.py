"""The pace at the till: how often one clerk has served one volunteer lately, undone ones too."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from timebank.books.asking import Question
from timebank.ledger.days import day_of
from timebank.market.tables import RedemptionRow

PACE_OVER: Final = timedelta(hours=1)

_PACE: Final = sa.select(sa.func.count()).where(
    RedemptionRow.community_id == sa.bindparam("community"),
    RedemptionRow.volunteer_number == sa.bindparam("customer"),
    RedemptionRow.redeemed_on >= sa.bindparam("pace_day"),
    RedemptionRow.served_by_id == sa.bindparam("server"),
    # An id begins with its moment, in milliseconds.
    RedemptionRow.id >= sa.bindparam("pace_since"),
)


def pace_question(community_id: str, volunteer_number: str, served_by_id: UUID, at: datetime) -> Question[int]:
    """Ask how often one clerk has served a volunteer in the hour before a moment, undone ones too (trust.md X18)."""
    since = at - PACE_OVER
    values = {
        "community": community_id,
        "customer": volunteer_number,
        "server": served_by_id,
        "pace_day": day_of(since),
        "pace_since": UUID(int=int(since.timestamp() * 1000) << 80),
    }
    return Question(_PACE, values, lambda rows: int(rows[0][0]))
