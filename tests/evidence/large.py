"""Large books, made without a database: a bundle with which the verifier is measured.

python -m tests.evidence.large ENTRIES FOLDER

Two thousand volunteers serve, and redeem what they earn; every hundredth entry is taken back by the next.
"""

import hashlib
import json
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from tests.evidence.builders import KEYS, XFL
from timebank.evidence.bundle import TABLE_ROWS, VERIFIER, FolderPlace
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef, goods_unit, system
from timebank.ledger.canonical import leaf_bytes, written_moment
from timebank.ledger.checkpoint import Checkpoint
from timebank.ledger.entries import Entry, EntryKind, Transfer
from timebank.ledger.merkle import Frontier, leaf_hash
from timebank.ledger.note import sign_text
from timebank.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, bundle, bundle_path, tile_path, tiles_of
from timebank.rulebook.rules import ServiceInputs, SourceClass, inputs_as_facts, ordinary_document, points_for
from timebank.rulebook.rules.reading import as_json, document_hash

VOLUNTEERS = 2000
GOODS = 40
PRICE_E2 = 500
BEGIN = datetime(2020, 1, 1, 1, tzinfo=UTC)
RULES = ordinary_document()


class Town:
    """What happens, entry by entry, and what the program's tables say of it."""

    def __init__(self):
        self.balances, self.lines = {}, {}
        self.seq = 0
        self.before: Any = None

    def entry(self, kind, transfers=(), **said):
        """Book the next entry."""
        self.seq += 1
        at = BEGIN + timedelta(minutes=self.seq)
        known = {
            "community_id": XFL,
            "seq": self.seq,
            "kind": kind,
            "event_id": f"large-{self.seq:08}:1",
            "booked_at": at,
            "effective_on": at.date(),
            "served_on": None,
            "actor": "S003",
            "on_behalf_of": None,
            "source": None,
            "memo_hash": hashlib.sha256(b"%d" % self.seq).hexdigest(),
            "rule_version": None,
            "facts": {},
            "reverses": None,
            "transfers": tuple(transfers),
        }
        self.before = Entry(**(known | said))
        return self.before

    def entries(self, size):
        """Book entries up to a size."""
        facts = {
            "version": 1,
            "document_sha256": document_hash(as_json(RULES)).hex(),
            "proposed_by": "system",
            "valid_from": "2020-01-01",
        }
        yield self.entry(EntryKind.RULES_PUBLISHED, facts=facts, actor="system", rule_version=1)
        yield self.entry(EntryKind.LOG_KEY_SET, facts={"key": str(KEYS.verifier(XFL)), "previous": None})
        goods = [f"G{number:04}" for number in range(1, GOODS + 1)]
        prices = {f"{good}.price_points_e2": PRICE_E2 for good in goods}
        yield self.entry(EntryKind.PRICES_PUBLISHED, facts={"price_version": 1, "proposed_by": "S001", **prices})
        for good in goods:
            unit = goods_unit(good)
            given = Transfer(AccountRef(AccountKind.DONOR, "P001", unit), self.shelf(good), 10**9)
            yield self.entry(EntryKind.GOODS_RECEIVED, [given], facts={"received_by": "S001"})
        for step in count():
            if self.seq >= size:
                return
            yield self.next(step)

    def next(self, step):
        """One day is like the other."""
        number = f"V{step // 2 % VOLUNTEERS + 1:04}"
        if step % 200 == 199:
            moves = [one.mirrored() for one in self.before.transfers]
            kind = {"reversed_kind": self.before.kind.value}
            return self.entry(EntryKind.REVERSAL, moves, reverses=self.seq, facts=kind)
        return self.redemption(number, step) if step % 2 else self.service(number, step)

    def service(self, number, step):
        """Hours are approved."""
        minutes = 60 + step % 61
        inputs = ServiceInputs(minutes, "cleaning", None, 0, SourceClass.SHEET)
        points = Transfer(
            system(AccountKind.ISSUANCE, POINTS),
            AccountRef(AccountKind.PASSBOOK, number, POINTS),
            points_for(RULES, inputs),
        )
        served = Transfer(
            system(AccountKind.SERVICE, MINUTES), AccountRef(AccountKind.RECOGNISED, number, MINUTES), minutes
        )
        day = date(2020, 1, 1)
        agreed = {"approved_on": (day - timedelta(days=1)).isoformat(), "confirmed": "volunteer"}
        facts = {**inputs_as_facts(inputs), "recorder": "S002", "approver": "S003", **agreed}
        return self.entry(
            EntryKind.SERVICE_APPROVED,
            [served, points],
            facts=facts,
            rule_version=1,
            served_on=day,
            source=f"service-record:{self.seq:032x}",
        )

    def redemption(self, number, step):
        """Goods are handed out."""
        good = f"G{step % GOODS + 1:04}"
        paid = Transfer(
            AccountRef(AccountKind.PASSBOOK, number, POINTS), system(AccountKind.REDEEMED, POINTS), PRICE_E2
        )
        out = Transfer(self.shelf(good), system(AccountKind.HANDED_OUT, goods_unit(good)), 1)
        facts = {f"{good}.price_points_e2": PRICE_E2, f"{good}.price_version": 1}
        return self.entry(
            EntryKind.GOODS_REDEEMED, [paid, out], facts=facts, rule_version=1, source=f"redemption:{self.seq:032x}"
        )

    def shelf(self, good):
        """Every good has one lot."""
        return AccountRef(AccountKind.SHELF, good.replace("G", "L"), goods_unit(good))

    def said(self, entry):
        """Say what the tables would say of an entry."""
        transfers, lines = [], []
        for line, move in enumerate(entry.transfers, 1):
            transfers.append([line, move.unit, move.debit.code, move.credit.code, move.amount])
            for account, delta in ((move.debit, -move.amount), (move.credit, move.amount)):
                code, opening = account.code, self.balances.get(account.code, 0)
                self.balances[code], self.lines[code] = opening + delta, self.lines.get(code, 0) + 1
                lines.append([line, code, self.lines[code], opening, delta, opening + delta])
        return {
            "seq": entry.seq,
            "event": entry.event_id,
            "kind": entry.kind.value,
            "booked_at": written_moment(entry.booked_at),
            "effective_on": entry.effective_on.isoformat(),
            "served_on": entry.served_on and entry.served_on.isoformat(),
            "actor": entry.actor,
            "source": entry.source,
            "reverses": entry.reverses,
            "asked": "tests.large",
            "memo": entry.memo_hash,
            "transfers": transfers,
            "lines": lines,
        }


class Writer:
    """Puts files into a folder and remembers their sums; rows are gathered into files of their length."""

    def __init__(self, place):
        self.place, self.sums = place, {}

    def put(self, name, content):
        """Put one file."""
        self.place.put(name, content)
        self.sums[name] = hashlib.sha256(content).hexdigest()

    def put_lines(self, name, values):
        """Put one file of JSON lines."""
        lines = (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n" for value in values)
        self.put(name, "".join(lines).encode())


def write_large(size, folder):
    """Write the bundle of books with so many entries."""
    town, frontier = Town(), Frontier()
    levels: dict[int, list[bytes]] = {0: []}
    with FolderPlace(folder) as place:
        writer, leaves, rows = Writer(place), [], []
        for entry in town.entries(size):
            leaves.append(leaf_bytes(entry))
            rows.append(town.said(entry))
            hashed = leaf_hash(leaves[-1])
            for level, node in enumerate(frontier.completed_by(hashed)[::TILE_HEIGHT]):
                levels.setdefault(level, []).append(node)
            frontier = frontier.append(hashed)
            if len(leaves) == TILE_WIDTH or entry.seq == size:
                writer.put(f"log/{bundle_path((entry.seq - 1) // TILE_WIDTH, len(leaves))}", bundle(leaves))
                leaves = []
            if len(rows) == TABLE_ROWS or entry.seq == size:
                writer.put_lines(f"tables/{(entry.seq - 1) // TABLE_ROWS:06d}.jsonl", rows)
                rows = []
        for tile in tiles_of(size):
            hashes = levels[tile.level][tile.first : tile.first + tile.width]
            writer.put(f"log/{tile_path(tile.level, tile.index, tile.width)}", b"".join(hashes))
        _put_rest(writer, town, frontier)
        sums = "".join(f"{digest}  {name}\n" for name, digest in writer.sums.items())
        place.put("SHA256SUMS", sums.encode())
    return folder


def _put_rest(writer, town, frontier):
    head = frontier.head()
    note = sign_text(Checkpoint(KEYS.origin(XFL), head.size, head.root).text, KEYS.verifier(XFL), KEYS.sign)
    writer.put("log/checkpoint", note.to_bytes())
    writer.put("keys.txt", f"{KEYS.verifier(XFL)}\n".encode())
    writer.put("rules/1.json", as_json(RULES).encode())
    writer.put_lines("head.json", [{"size": head.size, "frontier": frontier.to_bytes().hex()}])
    accounts = (AccountRef.parse(code) for code in sorted(town.balances))
    told = (
        {"code": one.code, "parts": one.code, "sign": one.sign}
        | {"lines": town.lines[one.code], "balance": town.balances[one.code]}
        for one in accounts
    )
    writer.put_lines("accounts.jsonl", told)
    writer.put("verify_timebank.py", VERIFIER.read_bytes())


if __name__ == "__main__":
    write_large(int(sys.argv[1]), Path(sys.argv[2]))
