"""Undo: who may take a redemption back.

Source: domain.md S5, trust.md T7 and X12.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from timebank.refusal import Fact, Refusal


class UndoForOneself(Refusal):
    """Nobody takes back what was handed out to themselves or to somebody close to them (trust.md T7)."""

    code = "undo_for_oneself"


class UndoNeedsAnother(Refusal):
    """After the day or the shift is over, another person than the one who served takes it back (S5, trust.md X12)."""

    code = "undo_needs_another"


class RestockCountMissing(Refusal):
    """What comes back after the shift was closed is counted, good by good (trust.md X12)."""

    code = "restock_count_missing"


class RestockCountDiffers(Refusal):
    """Not all that was handed out lies on the counter again, or more than that; nothing is taken back."""

    code = "restock_count_differs"


@dataclass(frozen=True, slots=True)
class RedemptionFacts:
    """What decides who may take a redemption back: for whom it was, who served, on which day, in which shift.

    Attributes:
        shift_closed: the shift in which it was served is over.
    """

    person_id: UUID
    served_by_id: UUID
    redeemed_on: date
    shift_closed: bool = False

    def is_late(self, today: date) -> bool:
        """The day or the shift is over: what is taken back now is counted, by another person."""
        return self.shift_closed or today != self.redeemed_on


def check_undo(redemption: RedemptionFacts, *, undoer_id: UUID, close: Collection[UUID], today: date) -> None:
    """Make sure that this person may take a redemption back today.

    Args:
        close: who is close to the person who undoes it.

    Raises:
        UndoForOneself: it was for them, or for somebody close to them.
        UndoNeedsAnother: the day or the shift is over, and they served it themselves.
    """
    if redemption.person_id == undoer_id or redemption.person_id in close:
        raise UndoForOneself()
    if redemption.is_late(today) and undoer_id == redemption.served_by_id:
        raise UndoNeedsAnother(redeemed_on=redemption.redeemed_on.isoformat())


def check_restocked(handed_out: Mapping[str, int], counted: Mapping[str, int]) -> None:
    """Make sure that all that was handed out lies on the counter again: pieces by good.

    Raises:
        RestockCountMissing: a good was not counted, or one was that is not in the redemption.
        RestockCountDiffers: of one there are other pieces than were handed out.
    """
    missing: list[Fact] = [*sorted(handed_out.keys() ^ counted.keys())]
    if missing:
        raise RestockCountMissing(goods=missing)
    for good, pieces in handed_out.items():
        if counted[good] != pieces:
            raise RestockCountDiffers(good_number=good, counted_pieces=counted[good], pieces=pieces)
