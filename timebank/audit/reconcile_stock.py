"""Reconcile the shelf: deliveries, moves, write-offs and counts beside their entries. There are a few dozen a month."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy.orm import Session

from timebank.audit.side_by_side import Reversals, missing, unlike
from timebank.ledger.accounts import GOODS_PREFIX, AccountKind, goods_unit
from timebank.ledger.checks import Finding
from timebank.ledger.entries import Entry
from timebank.market import queries as market
from timebank.market.queries import AuditedLot, StockCount, StockMove, WriteOff

ALL: Final = 1_000_000_000
"""More than a community will ever write off or count."""


class Deliveries:
    """Deliveries: which lots of which partner came onto the shelf, received and checked in by two persons."""

    def __init__(self, session: Session, community_id: str, reversals: Reversals) -> None:
        """Read every lot that was checked in, by entry: a few dozen a month."""
        self._lots: dict[int, list[AuditedLot]] = {}
        for lot in market.lot_stream(session, community_id):
            if lot.entry_seq is not None:
                self._lots.setdefault(lot.entry_seq, []).append(lot)
        self._reversals = reversals

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its lots."""
        lots = self._lots.pop(entry.seq, [])
        if not lots:
            yield Finding("delivery_record", f"entry {entry.seq}", {"source": entry.source})
            return
        yield from unlike(entry, _delivery_facts(lots), _delivery_said(entry))
        self._reversals.expect(entry, lots[0].lot.donation_number, lots[0].undo_seq)

    def rest(self) -> Iterator[Finding]:
        """Tell the lots whose entry never came."""
        for seq, lots in self._lots.items():
            yield from (missing("delivery_entry", lot.lot.number, seq) for lot in lots)


def _delivery_facts(lots: list[AuditedLot]) -> dict[str, Any]:
    two = all(lot.received_by_id != lot.checked_in_by_id for lot in lots)
    return {
        "source": f"donation:{lots[0].lot.donation_number}",
        "lots": sorted(
            (one.lot.partner_code, one.lot.number, goods_unit(one.lot.good_number), one.lot.pieces) for one in lots
        ),
        "prices_fen": {one.lot.number: one.lot.unit_price_fen for one in lots},
        "persons": 2 if two else "one",
    }


def _delivery_said(entry: Entry) -> dict[str, Any]:
    lots = [(move.debit.owner, move.credit.owner, move.unit, move.amount) for move in entry.transfers]
    return {
        "source": entry.source,
        "lots": sorted(lots),
        "prices_fen": {lot: entry.facts.get(f"{lot}.unit_price_fen") for _, lot, _, _ in lots},
        "persons": 2,
    }


class WriteOffs:
    """Pieces that were written off: proposed by one person, confirmed by another."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Read every write-off that was confirmed, by entry."""
        found = market.write_offs(session, community_id, limit=ALL)
        self._records = {one.entry_seq: one for one in found if one.entry_seq is not None}

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its write-off."""
        record = self._records.pop(entry.seq, None)
        if record is None:
            yield Finding("write_off_record", f"entry {entry.seq}", {"source": entry.source})
            return
        said = {"source": entry.source, "pieces": _moved(entry), "cause": entry.facts.get("cause"), "persons": 2}
        yield from unlike(entry, _write_off_facts(record), said)

    def rest(self) -> Iterator[Finding]:
        """Tell the write-offs whose entry never came."""
        yield from (missing("write_off_entry", one.number, seq) for seq, one in self._records.items())


def _write_off_facts(record: WriteOff) -> dict[str, Any]:
    return {
        "source": f"write-off:{record.number}",
        "pieces": {(record.lot_number, goods_unit(record.good_number)): -record.pieces},
        "cause": record.cause.value,
        "persons": 2 if record.proposed_by_id != record.decided_by_id else "one",
    }


class StockMoves:
    """Pieces that went from place to place: the same in the books, between the same lots."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Read every move, by entry."""
        self._records = {one.entry_seq: one for one in market.stock_moves(session, community_id, limit=ALL)}

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its move."""
        record = self._records.pop(entry.seq, None)
        if record is None:
            yield Finding("stock_move_record", f"entry {entry.seq}", {"source": entry.source})
            return
        places = {name: entry.facts.get(name) for name in ("from_place", "to_place")}
        yield from unlike(entry, _move_facts(record), {"source": entry.source, "pieces": _moved(entry)} | places)

    def rest(self) -> Iterator[Finding]:
        """Tell the moves whose entry never came."""
        yield from (missing("stock_move_entry", one.number, seq) for seq, one in self._records.items())


def _move_facts(record: StockMove) -> dict[str, Any]:
    unit = goods_unit(record.good_number)
    return {
        "source": f"stock-move:{record.number}",
        "pieces": {(record.from_lot, unit): -record.pieces, (record.to_lot, unit): record.pieces},
        "from_place": record.from_place,
        "to_place": record.to_place,
    }


def _moved(entry: Entry) -> dict[tuple[str, str], int]:
    """Sum what came onto the shelf (above zero) and left it (below), by lot and unit."""
    moved: dict[tuple[str, str], int] = {}
    for move in entry.transfers:
        for account, pieces in ((move.debit, -move.amount), (move.credit, move.amount)):
            if account.kind is AccountKind.SHELF:
                key = (account.owner, account.unit)
                moved[key] = moved.get(key, 0) + pieces
    return moved


class StockCounts:
    """Stock counts: what was counted, what the books said, and that the difference was booked."""

    def __init__(self, session: Session, community_id: str) -> None:
        """Read every count that was finalised, by entry."""
        self._session = session
        self._community_id = community_id
        found = market.stock_counts(session, community_id, limit=ALL)
        self._records = {one.entry_seq: one for one in found if one.entry_seq is not None}

    def take(self, entry: Entry) -> Iterator[Finding]:
        """Compare one entry with its count."""
        record = self._records.pop(entry.seq, None)
        if record is None:
            yield Finding("count_record", f"entry {entry.seq}", {"source": entry.source})
            return
        yield from unlike(entry, self._facts(record), _count_said(entry))

    def _facts(self, record: StockCount) -> dict[str, Any]:
        found = market.variances(self._session, self._community_id, record.number)
        counted_by = market.counters(self._session, self._community_id, record.number)
        differences = {one.good_number: (one.counted_pieces, one.expected_pieces) for one in found}
        return {
            "source": f"stock-count:{record.number}",
            "differences": differences,
            "booked": {good: counted - expected for good, (counted, expected) in differences.items()},
            "persons": "one" if record.decided_by_id in {record.submitted_by_id, *counted_by} else 2,
        }

    def rest(self) -> Iterator[Finding]:
        """Tell the counts whose entry never came."""
        yield from (missing("count_entry", one.number, seq) for seq, one in self._records.items())


def _count_said(entry: Entry) -> dict[str, Any]:
    goods = {name.partition(".")[0] for name in entry.facts if name.endswith(".counted")}
    booked: dict[str, int] = {}
    for (_lot, unit), pieces in _moved(entry).items():
        good = unit.removeprefix(GOODS_PREFIX)
        booked[good] = booked.get(good, 0) + pieces
    return {
        "source": entry.source,
        "differences": {good: (entry.facts[f"{good}.counted"], entry.facts.get(f"{good}.expected")) for good in goods},
        "booked": booked,
        "persons": 2,
    }
