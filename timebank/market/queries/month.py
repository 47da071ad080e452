"""What somebody has had in a calendar month: it counts against the limits of the rules; what was undone does not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from timebank.books.asking import Question, one_of
from timebank.market.tables import RedemptionLineRow, RedemptionRow, RedemptionUndoRow


@dataclass(frozen=True, slots=True)
class MonthUse:
    """What one person has redeemed in a calendar month; what was undone does not count.

    Attributes:
        redemptions: how often.
        pieces: how many pieces, by good.
    """

    redemptions: int
    pieces: dict[str, int]

    def and_also(self, other: "MonthUse") -> "MonthUse":
        """Add up, e.g. what was redeemed and what is put aside."""
        pieces = dict(self.pieces)
        for good, count in other.pieces.items():
            pieces[good] = pieces.get(good, 0) + count
        return MonthUse(self.redemptions + other.redemptions, pieces)


def redeemed_question(community_id: str, volunteer_number: str, day: date) -> Question[MonthUse]:
    """Ask what a volunteer has redeemed in the calendar month of `day`."""
    values = {"community": community_id, "customer": volunteer_number} | _month_of(day)
    return Question(_REDEEMED, values, month_use_of)


def redeemed_by_many_question(community_id: str, numbers: Iterable[str], day: date) -> Question[MonthUse]:
    """Ask what several volunteers together have redeemed in the calendar month of `day`."""
    values = {"community": community_id, "customers": sorted(numbers)} | _month_of(day)
    return Question(_REDEEMED_BY_MANY, values, month_use_of)


def _month_of(day: date) -> dict[str, date]:
    first = day.replace(day=1)
    return {"first_day": first, "following": (first + timedelta(days=31)).replace(day=1)}


def month_use_of(rows: Sequence[Any]) -> MonthUse:
    """Add up rows of (id of a redemption or the like, good, pieces)."""
    pieces: dict[str, int] = {}
    for row in rows:
        pieces[row.good_number] = pieces.get(row.good_number, 0) + row.pieces
    return MonthUse(len({row.id for row in rows}), pieces)


def _of_redemption(row: type[RedemptionLineRow] | type[RedemptionUndoRow]) -> sa.ColumnElement[bool]:
    return sa.and_(row.community_id == RedemptionRow.community_id, row.redemption_id == RedemptionRow.id)


def _redeemed(who: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(RedemptionRow.id, RedemptionLineRow.good_number, RedemptionLineRow.pieces)
        .select_from(RedemptionRow)
        .join(RedemptionLineRow, _of_redemption(RedemptionLineRow))
        .outerjoin(RedemptionUndoRow, _of_redemption(RedemptionUndoRow))
        .where(
            RedemptionRow.community_id == sa.bindparam("community"),
            who,
            RedemptionRow.redeemed_on >= sa.bindparam("first_day"),
            RedemptionRow.redeemed_on < sa.bindparam("following"),
            RedemptionUndoRow.entry_seq.is_(None),
        )
    )


_REDEEMED: Final = _redeemed(RedemptionRow.volunteer_number == sa.bindparam("customer"))
_REDEEMED_BY_MANY: Final = _redeemed(one_of(RedemptionRow.volunteer_number, "customers"))
