"""Undo: who may take a redemption back.

Source: domain.md S5, trust.md T7 and X12.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from timebank.refusal import Refusal


class UndoForOneself(Refusal):
    """Nobody takes back what was handed out to themselves or to somebody close to them (trust.md T7)."""

    code = "undo_for_oneself"


class UndoNeedsAnother(Refusal):
    """After the day is over, another person than the one who served takes a redemption back (S5, trust.md X12)."""

    code = "undo_needs_another"


@dataclass(frozen=True, slots=True)
class RedemptionFacts:
    """What decides who may take a redemption back: for whom it was, who served, and on which day."""

    person_id: UUID
    served_by_id: UUID
    redeemed_on: date


def check_undo(redemption: RedemptionFacts, *, undoer_id: UUID, close: Collection[UUID], today: date) -> None:
    """Make sure that this person may take a redemption back today.

    Args:
        close: who is close to the person who undoes it.

    Raises:
        UndoForOneself: it was for them, or for somebody close to them.
        UndoNeedsAnother: the day is over, and they served it themselves.
    """
    if redemption.person_id == undoer_id or redemption.person_id in close:
        raise UndoForOneself()
    if today != redemption.redeemed_on and undoer_id == redemption.served_by_id:
        raise UndoNeedsAnother(redeemed_on=redemption.redeemed_on.isoformat())
