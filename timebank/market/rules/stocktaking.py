"""Counting: what was counted, what should have been there, and which lots a difference is booked on. Pure.

The books' number is noted with every line that is counted, so the difference is the one of that moment: what is handed
out or comes back afterwards changes the shelf and the books alike, and never becomes a difference. Where a good moved
between two lines of its count nobody can say which line knew of it, and it is counted again.

Source: lessons.md (human-essentials: an edit after a count corrupts the stock); trust.md X17.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from timebank.market.rules.shelf import ShelfLot
from timebank.refusal import Fact, Refusal


class WriteOffCause(StrEnum):
    """Why pieces leave the shelf without being handed out."""

    EXPIRED = "expired"
    DAMAGED = "damaged"
    LOST = "lost"
    OTHER = "other"


class CountGoodsMoved(Refusal):
    """Pieces were handed out or came back while these goods were being counted; they are counted again."""

    code = "count_goods_moved"


class CountIncomplete(Refusal):
    """Some goods were not counted yet; where none is left, zero is counted."""

    code = "count_incomplete"


class CountBelowReserved(Refusal):
    """Fewer pieces are there than are put aside for somebody; a reservation must be given back first."""

    code = "count_below_reserved"


class SurplusWithoutLot(Refusal):
    """Pieces of a good were found of which nothing was ever received; they come in by a delivery slip."""

    code = "surplus_without_lot"


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of a count: pieces (negative where a scan was taken back) and what the books held at that moment."""

    good_number: str
    round: int
    pieces: int
    expected_pieces: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What came out for one good: pieces counted, and pieces that the books held meanwhile."""

    good_number: str
    counted_pieces: int
    expected_pieces: int

    @property
    def difference(self) -> int:
        """Pieces too many (above zero) or missing (below)."""
        return self.counted_pieces - self.expected_pieces


def current_tallies(tallies: Iterable[Tally]) -> dict[str, list[Tally]]:
    """Return the lines that count, by good: those of its last round."""
    found: dict[str, list[Tally]] = {}
    for tally in tallies:
        lines = found.setdefault(tally.good_number, [])
        if lines and lines[0].round < tally.round:
            lines.clear()
        if not lines or lines[0].round == tally.round:
            lines.append(tally)
    return found


def counted_for(tallies: Iterable[Tally], to_count: Iterable[str]) -> tuple[Counted, ...]:
    """Return what came out, by number of the good.

    Args:
        to_count: the goods that must have been counted.

    Raises:
        CountIncomplete: one of them was not.
        CountGoodsMoved: the books' number of a good changed between two lines of its last round.
    """
    current = current_tallies(tallies)
    missing: list[Fact] = [good for good in sorted(set(to_count)) if good not in current]
    if missing:
        raise CountIncomplete(goods=missing)
    moved: list[Fact] = [
        good for good, lines in sorted(current.items()) if len({one.expected_pieces for one in lines}) > 1
    ]
    if moved:
        raise CountGoodsMoved(goods=moved)
    return tuple(
        Counted(good, sum(one.pieces for one in lines), lines[0].expected_pieces)
        for good, lines in sorted(current.items())
    )


def _moved(lines: Iterable[Tally]) -> bool:
    return len({line.expected_pieces for line in lines}) > 1


def adjustments_for(
    counted: Counted, free: Sequence[ShelfLot], lots: Mapping[str, date | None]
) -> tuple[tuple[str, int], ...]:
    """Choose (lot number, change) for the difference of one good.

    What is missing is taken from the lots that expire first, as whoever took it did; what is too many is added to the
    lot that expires last, so that it is never thrown away as too old by mistake.

    Args:
        free: its lots with their free pieces now, expired ones too.
        lots: every lot of the good that was checked in, with its last day; may be used up.

    Raises:
        CountBelowReserved, SurplusWithoutLot: the difference cannot be booked.
    """
    if counted.difference > 0:
        if not lots:
            raise SurplusWithoutLot(good=counted.good_number)
        last = max(lots, key=lambda lot: (lots[lot] or date.max, len(lot), lot))
        return ((last, counted.difference),)
    return _shortage(counted, free)


def _shortage(counted: Counted, free: Sequence[ShelfLot]) -> tuple[tuple[str, int], ...]:
    missing = -counted.difference
    taken: list[tuple[str, int]] = []
    for lot in sorted(free, key=lambda one: (one.expires_on or date.max, len(one.number), one.number)):
        part = min(missing, lot.pieces)
        if part:
            taken.append((lot.number, -part))
            missing -= part
    if missing:
        raise CountBelowReserved(good=counted.good_number, pieces=missing)
    return tuple(taken)
