"""The shelf: which lots go out first, and how much is left in a word.

Source: domain.md S3; what expires first is handed out first, what has expired never.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from timebank.market.rules.limits import LAST_STOCK_PIECES


@dataclass(frozen=True, slots=True)
class ShelfLot:
    """A lot on the shelf with its free pieces; `expires_on` is the last day on which it may be handed out."""

    number: str
    expires_on: date | None
    pieces: int


def free_pieces(lots: Iterable[ShelfLot], today: date) -> int:
    """Count what may be handed out today: expired lots do not count."""
    return sum(lot.pieces for lot in _sellable(lots, today))


def _sellable(lots: Iterable[ShelfLot], today: date) -> list[ShelfLot]:
    fresh = [lot for lot in lots if lot.expires_on is None or lot.expires_on >= today]
    return sorted(fresh, key=lambda lot: (lot.expires_on or date.max, len(lot.number), lot.number))


def first_expired_first_out(lots: Iterable[ShelfLot], pieces: int, today: date) -> tuple[tuple[str, int], ...]:
    """Choose (lot number, pieces): what expires first goes first, what never expires last; an expired lot never.

    There must be enough (`free_pieces`).
    """
    chosen: list[tuple[str, int]] = []
    missing = pieces
    for lot in _sellable(lots, today):
        part = min(missing, lot.pieces)
        if part:
            chosen.append((lot.number, part))
            missing -= part
    assert missing == 0, (pieces, missing)
    return tuple(chosen)


class StockLevel(StrEnum):
    """How much is left, in a word."""

    PLENTY = "plenty"
    LOW = "low"
    LAST = "last"
    NONE = "none"


def stock_level_for(pieces: int, low_pieces: int) -> StockLevel:
    """Put a number of free pieces into a word: above what the rules call low plenty, 1 to 3 last, 0 none."""
    if pieces > low_pieces:
        return StockLevel.PLENTY
    if pieces > LAST_STOCK_PIECES:
        return StockLevel.LOW
    return StockLevel.LAST if pieces else StockLevel.NONE
