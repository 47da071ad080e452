"""Reconcile service vouchers: what was honoured beside its entry, and the statements beside the sum of entries."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy.orm import Session

from timebank.audit.reconcile_market import Prices, Redemptions
from timebank.audit.side_by_side import Side, unlike
from timebank.ledger.accounts import POINTS
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry
from timebank.market.queries.honouring import settlements
from timebank.market.queries.vouchers import Voucher, honoured_stream, offer_values_fen
from timebank.market.rules.vouchers import month_number

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
        self._settlements = Settlements(session, community_id)

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its voucher; others belong to redemptions."""
        if not (entry.source or "").startswith(VOUCHER):
            yield from self._redemptions.take(entry)
            return
        found = yield from self._records.beside(entry)
        if found is None:
            return
        said = _said(entry)
        self._settlements.count(entry, found, said["points_e2"])
        yield from unlike(entry, self._facts(found), said)

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
        """Tell the vouchers whose entry never came, and the statements that the entries do not add up to."""
        yield from self._records.rest()
        yield from self._settlements.rest()


class Settlements:
    """The statements of the units' months, beside the sum of the entries of that month: a unit is paid by them."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Begin with nothing counted; there is one statement per unit and month."""
        self._drawn_up = settlements(session, community_id)
        self._values_fen = offer_values_fen(session, community_id)
        self._sums: dict[tuple[str, int], Counter[str]] = {}

    def count(self, entry: Entry, honoured: Voucher, points_e2: int) -> None:
        """Add one entry to the month in which it was booked; the points are those that it moved."""
        sums = self._sums.setdefault((honoured.partner_code, month_number(entry.effective_on)), Counter())
        sums.update(vouchers=1, points_e2=points_e2, value_fen=self._values_fen.get(honoured.offer_number, 0))

    def rest(self) -> Iterator[Finding]:
        """After the last entry: tell each figure of a statement that is another than the entries add up to."""
        for one in self._drawn_up:
            sums = self._sums.get((one.partner_code, one.month), Counter())
            for name in ("vouchers", "points_e2", "value_fen"):
                if getattr(one, name) != sums[name]:
                    facts = {"fact": name, "entries": sums[name], "record": getattr(one, name)}
                    yield Finding("voucher_settlement", f"{one.partner_code} {one.month}", facts)


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
