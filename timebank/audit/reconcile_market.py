"""Reconcile the till: prices and redemptions beside their entries."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from timebank.audit.side_by_side import Reversals, Side, unlike
from timebank.ledger.accounts import POINTS, AccountKind, goods_unit
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry, EntryKind
from timebank.market import queries as market
from timebank.market.queries import Redemption

RESERVATION: Final = "reservation:"
"""How the source of an entry begins that puts aside, hands over or gives back what was reserved."""
Moved = dict[tuple[str, str], int]
"""Pieces by lot and unit."""


class Prices:
    """The price list as the log tells it, so that what was charged can be computed again."""

    def __init__(self) -> None:
        """Begin with no price."""
        self._published: dict[str, list[tuple[date, int, int]]] = {}

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Read the prices that an entry publishes."""
        version = entry.facts.get("price_version")
        for name, price in entry.facts.items():
            good, _, what = name.partition(".")
            valid_from = entry.facts.get(f"{good}.valid_from")
            if what != "price_points_e2":
                continue
            if not isinstance(price, int) or not isinstance(version, int) or not isinstance(valid_from, str):
                yield Finding("price", f"entry {entry.seq}", {"good": good})
                continue
            self._published.setdefault(good, []).append((date.fromisoformat(valid_from), version, price))

    def on(self, good: str, day: date) -> int | None:
        """Return the price of a good on a day: the newest that holds already."""
        holding = [price for price in self._published.get(good, []) if price[0] <= day]
        return max(holding)[2] if holding else None

    def rest(self) -> Iterator[Finding]:
        """A price that no entry published is found where it was charged."""
        return iter(())


class Redemptions:
    """Redemptions: whose points, which pieces of which lots, at which price."""

    def __init__(self, session: Session, community_id: str, reversals: Reversals, prices: Prices) -> None:
        """Begin before the first redemption."""
        redeemed = market.redemption_stream(session, community_id)
        self._records = Side("redemption", redeemed, lambda one: one.entry_seq, lambda one: one.number)
        self._reversals = reversals
        self._prices = prices

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its redemption: handed out at once, or out of a reservation."""
        if entry.kind is EntryKind.HOLD_CAPTURED and not (entry.source or "").startswith(RESERVATION):
            return
        redemption = yield from self._records.beside(entry)
        if redemption is None:
            return
        yield from unlike(entry, _redemption_facts(redemption), _redemption_said(entry))
        yield from self._charged(entry, redemption)
        undone = redemption.undone
        self._reversals.expect(entry, redemption.number, None if undone is None else undone.entry_seq)

    def _charged(self, entry: Entry, redemption: Redemption) -> Iterator[Finding]:
        for line in redemption.lines:
            due = self._prices.on(line.good_number, redemption.priced_on)
            if line.price_points_e2 != due:
                yield Finding(
                    "price",
                    f"entry {entry.seq}",
                    {"good": line.good_number, "charged_e2": line.price_points_e2, "due_e2": due},
                )

    def rest(self) -> Iterator[Finding]:
        """Tell the redemptions whose entry never came."""
        yield from self._records.rest()


def _redemption_facts(redemption: Redemption) -> dict[str, Any]:
    pieces: Moved = {}
    for line in redemption.lines:
        key = (line.lot_number, goods_unit(line.good_number))
        pieces[key] = pieces.get(key, 0) + line.pieces
    return {
        "source": redemption.source,
        "volunteers": {redemption.volunteer_number},
        "points_e2": redemption.points_e2,
        "priced_e2": sum(line.pieces * line.price_points_e2 for line in redemption.lines),
        "pieces": pieces,
        "persons": 2 if redemption.served_by_id != redemption.person_id else "one",
    }


def _redemption_said(entry: Entry) -> dict[str, Any]:
    paid = [move for move in entry.transfers if move.unit == POINTS and not move.ends_a_hold]
    points_e2 = sum(transfer.amount for transfer in paid)
    return {
        "source": entry.source,
        "volunteers": {transfer.debit.owner for transfer in paid},
        "points_e2": points_e2,
        "priced_e2": points_e2,
        "pieces": _pieces_from(entry, AccountKind.SHELF, AccountKind.RESERVED),
        "persons": 2,
    }


def _pieces_from(entry: Entry, *kinds: AccountKind) -> Moved:
    """Count what left the shelf; what goes back from a reservation has not left it."""
    pieces: Moved = {}
    for transfer in entry.transfers:
        if transfer.debit.kind in kinds and not transfer.ends_a_hold:
            key = (transfer.debit.owner, transfer.unit)
            pieces[key] = pieces.get(key, 0) + transfer.amount
    return pieces
