"""Reconcile service vouchers: what was honoured beside its entry: whose points, at which price."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy.orm import Session

from timebank.audit.reconcile_market import Prices, Redemptions
from timebank.audit.side_by_side import Side, unlike
from timebank.ledger.accounts import POINTS
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry
from timebank.market.queries.vouchers import Voucher, honoured_stream

VOUCHER: Final = "voucher:"
"""How the source of an entry begins that puts aside, uses or gives back the points of a voucher."""


class Captured:
    """What was handed over out of a hold: a voucher that was honoured, or goods that were reserved."""

    def __init__(self, session: Session, community_id: str, prices: Prices, redemptions: Redemptions) -> None:
        """Begin before the first voucher."""
        honoured = honoured_stream(session, community_id)
        self._records = Side("voucher", honoured, lambda one: one.entry_seq, lambda one: one.number)
        self._prices = prices
        self._redemptions = redemptions

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its voucher; others belong to redemptions."""
        if not (entry.source or "").startswith(VOUCHER):
            yield from self._redemptions.take(entry)
            return
        found = yield from self._records.beside(entry)
        if found is None:
            return
        yield from unlike(entry, self._facts(found), _said(entry))

    def _facts(self, found: Voucher) -> dict[str, Any]:
        due = self._prices.on(found.good_number, found.taken_on)
        return {
            "source": VOUCHER + found.number,
            "volunteers": {found.volunteer_number},
            "points_e2": found.points_e2,
            "due_e2": due,
            "hold": found.hold_seq,
        }

    def rest(self) -> Iterator[Finding]:
        """Tell the vouchers whose entry never came."""
        yield from self._records.rest()


def _said(entry: Entry) -> dict[str, Any]:
    paid = [move for move in entry.transfers if move.unit == POINTS and not move.ends_a_hold]
    points_e2 = sum(move.amount for move in paid)
    return {
        "source": entry.source,
        "volunteers": {move.debit.owner for move in paid},
        "points_e2": points_e2,
        "due_e2": points_e2,
        "hold": entry.facts.get("hold"),
    }
