"""Verify the evidence bundle of a love passbook (爱心存折) without its program.

    python verify_timebank.py BUNDLE [--key KEY] [--old HEAD]... [--hledger FILE] [--beancount FILE]

BUNDLE: the folder or zip. KEY: the log's public key from the weekly notice, else the one in the bundle is believed.
HEAD: a checkpoint that you kept; the bundle must hold all that it stood for. Needs Python 3.11 and `cryptography`. Ends
with 0 where all holds, 6 where something does not, 3 where this is no bundle.
"""

import argparse
import base64
import functools
import hashlib
import itertools
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KINDS = {  # every kind of account: on which side of zero it stays, and its branch in plain-text accounting
    "service": (-1, "Income"), "opening": (-1, "Equity"), "recognised": (1, "Assets"), "issuance": (-1, "Income"),
    "passbook": (1, "Liabilities"), "held": (1, "Liabilities"), "debt": (-1, "Liabilities"), "pool": (1, "Liabilities"),
    "redeemed": (1, "Expenses"), "expired": (1, "Expenses"), "donor": (-1, "Income"), "shelf": (1, "Assets"),
    "reserved": (1, "Assets"), "handed-out": (1, "Expenses"), "written-off": (1, "Expenses"), "surplus": (-1, "Income"),
}  # fmt: skip
FORMS = {  # of a journal: title, unit, account, transaction, posting, balance after a day
    "hledger": ("; timebank journal of {}\n", 'commodity 1.{} "{}"\n', "account {}\n",
                "\n{day}={effective_on} * ({seq}) {kind}\n", '    {}  {} "{word}" = {} "{word}"\n', ""),
    "beancount": ('option "title" "timebank journal of {}"\n', "", "1970-01-01 open {}\n",
                  '\n{day} * "{kind}" ^E{seq}\n  seq: {seq}\n  effective: {effective_on}\n',
                  "  {}  {} {word}\n    balance: {} {word}\n", "{} balance {}  {} {}\n"),
}  # fmt: skip
TOLD = ("seq", "event", "kind", "booked_at", "effective_on", "served_on", "actor", "source", "reverses")
KEYS = {*TOLD, "community", "facts", "memo", "on_behalf_of", "rule", "schema", "transfers", "type"}
SHAPES = {"points": (100, "{:.2f}", "00")}  # of amounts in a journal: hundredths; everything else is whole
EAST = timedelta(hours=8)  # days are those of Shanghai
ENDS = (("debit", -1), ("credit", 1))  # what a transfer takes from and gives to
MAKERS = ("recorder", "proposed_by", "received_by", "submitted_by")  # facts: who prepared what the actor approved
ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
UNREADABLE = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


class Wrong(Exception):
    """Something does not hold; the sentence says what."""


def check(holds: object, sentence: str) -> None:
    """Go on if it holds, else say what does not."""
    if not holds:
        raise Wrong(sentence)


def sha256(*parts: bytes) -> bytes:
    """Hash parts one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


class Bundle:
    """The files of a bundle; each is compared with its sum when it is read."""

    def __init__(self, path: Path) -> None:
        self.files: Any = path if path.is_dir() else zipfile.Path(path)
        lines = (line.split("  ", 1) for line in (self.files / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
        self.sums = {name: digest for digest, name in lines}

    def read(self, name: str) -> bytes:
        """Read a file and compare it with its sum."""
        check(name in self.sums, f"缺少 {name} is missing")
        content: bytes = (self.files / name).read_bytes()
        check(self.sums[name] == hashlib.sha256(content).hexdigest(), f"{name} 与清单不符 does not fit SHA256SUMS")
        return content

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """Read every entry, oldest first, exactly as it was hashed, and the hash that the tree has for it."""
        names = ([name for name in self.sums if name.startswith(f"log/tile/{kind}/")] for kind in ("entries", "0"))
        for entries, tile in zip(*names, strict=True):  # C2SP tlog-tiles; the list has them in order
            content, hashes, at, place = self.read(entries), self.read(tile), 0, 0
            while at < len(content):
                end = at + 2 + int.from_bytes(content[at : at + 2], "big")
                yield content[at + 2 : end], hashes[place : place + 32]
                at, place = end, place + 32


class Head:
    """A signed head (C2SP checkpoint): what it says, and the signatures below it."""

    def __init__(self, name: str, content: bytes) -> None:
        text, _, below = content.decode().rpartition("\n\n")
        self.name, self.text = name, text + "\n"
        self.origin, size, root = self.text.split("\n")[:3]
        self.size, self.root = int(size), base64.b64decode(root)
        lines = ((line.split(" ")[1], base64.b64decode(line.split(" ")[2])) for line in below.splitlines())
        self.signatures = {(who, value[:4]): value[4:] for who, value in lines}

    def signed_by(self, key: str) -> bool:
        """Tell whether a key (`name+id+base64`) has signed; a false signature in its name is wrong."""
        who, _, typed = key.split("+", 2)
        public, message = base64.b64decode(typed), self.text
        value = self.signatures.get((who, sha256(who.encode(), b"\n", public)[:4]))
        if value and public[0] == 4:  # a witness signs the moment too
            message = f"cosignature/v1\ntime {int.from_bytes(value[:8], 'big')}\n{message}"
        try:
            if value:
                Ed25519PublicKey.from_public_bytes(public[1:]).verify(value[-64:], message.encode())
        except InvalidSignature:
            raise Wrong(f"{self.name}: {who} 的签名是假的 the signature is false") from None
        return bool(value)


def points_due(rules: Any, facts: Any) -> int:
    """Compute the points of one service, in hundredths, rounded half up once."""
    percents = {one["code"]: one["percent"] for one in rules["service_classes"]}
    rated = rules["unrated_percent"] if facts["rating"] is None else rules["rating_percents"][facts["rating"] - 1]
    share = percents[facts["service_class"]] * rated * rules["level_percents"][facts["level"]]
    share *= rules["source_percents"][facts["source_class"]] * rules["points_e2_per_hour"] * facts["minutes"]
    return int((2 * share + 60 * 100**4) // (2 * 60 * 100**4))


class Books:
    """What follows from the entries read so far."""

    def __init__(self, bundle: Bundle, community: str) -> None:
        self.community, self.size, self.booked_at, self.closed = community, 0, "", ""
        self.balances, self.lines, self.used = dict[str, int](), dict[str, int](), set[tuple[str, int]]()
        self.keys, self.prices, self.document = list[tuple[int, str]](), dict[str, int](), functools.cache(json.loads)
        self.rules = {name: bundle.read(name) for name in bundle.sums if name.startswith("rules/")}

    def take(self, leaf: bytes, said: Any) -> None:
        """Check one entry: form, place, persons, rules, balances, and what the program's tables say of it."""
        entry = json.loads(text := leaf.decode())
        kind, facts, moves = entry["kind"], entry["facts"], entry["transfers"]
        check(entry.keys() == KEYS and ENCODE(entry) == text, "写法不是原样 not in its one form")
        check((entry["seq"], entry["community"]) == (self.size + 1, self.community), "编号不连续 number not next")
        check(entry["booked_at"] > self.booked_at, "时间倒退 booked before the one before")
        check(entry["effective_on"] > self.closed, "记入了已结账的日期 counts for a closed day")
        self.size, self.booked_at = entry["seq"], entry["booked_at"]
        self.two_persons(kind, entry["actor"], facts, moves)
        for what in [(one, n) for one, n in (("reverses", entry["reverses"]), ("hold", facts.get("hold"))) if n]:
            check(what not in self.used and what[1] < self.size, f"第 {what[1]} 笔被用了两次 is used twice")
            self.used.add(what)
        out, lines = Counter[tuple[str, str]](), list[list[Any]]()
        for number, move in enumerate(moves, 1):
            self.fold(number, move, lines, out)
        self.rule_results(kind, self.rules.get(f"rules/{entry['rule']}.json", b""), facts, out)
        parts = [[n, move["unit"], move["debit"], move["credit"], move["amount"]] for n, move in enumerate(moves, 1)]
        told = {**{column: entry[column] for column in TOLD}, "transfers": parts, "lines": lines}
        wrong = [column for column in told if not said or said[column] != told[column]]
        check(not wrong, f"表里的 {', '.join(wrong)} 与账不符 the tables have something else")
        check(said["asked"], "没有人请求过这一笔 nobody asked for it")
        check(said["memo"] in (None, entry["memo"]), "摘要被改过 the memo was changed")

    def two_persons(self, kind: str, actor: str, facts: Any, moves: Any) -> None:
        """Whoever approves did not prepare it, and neither of them benefits."""
        prepared = {facts[maker] for maker in MAKERS if maker in facts}
        first = (actor, kind) == ("system", "rules-published")
        check(first or actor not in prepared, "录和批是同一个人 prepared and approved by one person")
        served = {move["credit"].split("/")[1] for move in moves if move["credit"].startswith("recognised/")}
        if kind == "service-approved":
            check(prepared and not served & {actor, *prepared}, "自己给自己录或批 by whom it benefits")

    def rule_results(self, kind: str, rules: bytes, facts: Any, out: Counter[tuple[str, str]]) -> None:
        """What moved out of which kind of account is what the rules and prices say; what is published is remembered."""
        if kind == "service-approved":
            check(out["service", "minutes"] == facts["minutes"], "时长与录入不符 minutes unlike the record")
            due = points_due(self.document(rules), facts)
            check(out["issuance", "points"] == due, f"积分与规则不符 points unlike the rule: {due}")
        elif kind == "goods-redeemed":
            sold = {unit.removeprefix("goods:"): pieces for (from_, unit), pieces in out.items() if from_ == "shelf"}
            due = sum(self.prices[f"{facts[f'{good}.price_version']}/{good}"] * sold[good] for good in sold)
            check(out["passbook", "points"] == due, f"积分与公布的价格不符 points unlike the prices: {due}")
        elif kind == "rules-published":
            check(hashlib.sha256(rules).hexdigest() == facts["document_sha256"], "规则被改过 the rules were changed")
        elif kind == "prices-published":
            prices = {name.split(".")[0]: facts[name] for name in facts if name.endswith(".price_points_e2")}
            self.prices |= {f"{facts['price_version']}/{good}": price for good, price in prices.items()}
        elif kind == "period-closed":
            self.closed = max(self.closed, facts["through"])
        elif kind in ("log-key-set", "witness-added"):
            self.keys += [(self.size, key) for key in (facts["key"], facts.get("previous")) if key]

    def fold(self, number: int, move: Any, lines: list[list[Any]], out: Counter[tuple[str, str]]) -> None:
        """Move an amount; add both lines as the tables should have them, and what went out by kind of account."""
        amount, unit = move["amount"], move["unit"]
        check(type(amount) is int and amount > 0 and move["debit"] != move["credit"], "不是有效的转移 no transfer")
        for account, delta in ((move["debit"], -amount), (move["credit"], amount)):
            kind, *rest = account.split("/")
            after = self.balances[account] = self.balances.get(account, 0) + delta
            n = self.lines[account] = self.lines.get(account, 0) + 1
            if after * KINDS[kind][0] < 0 or unit not in rest:
                raise Wrong(f"{account} 越过零，或单位不对 passes zero, or has another unit")
            lines.append([number, account, n, after - delta, delta, after])
            out[kind, unit] -= delta


def established(bundle: Bundle, old: list[Path], trusted: set[str]) -> Iterator[str]:
    """Check everything, oldest entry first; the first thing that is wrong ends it. Yields what was established."""
    names = ("log/checkpoint", *(name for name in bundle.sums if name.startswith("heads/")))
    heads = [*(Head(name, bundle.read(name)) for name in names), *(Head(str(path), path.read_bytes()) for path in old)]
    books, peaks, roots = Books(bundle, heads[0].origin.rpartition("/")[2]), list[bytes](), {0: sha256()}
    sizes, tables = {head.size for head in heads}, sorted(name for name in bundle.sums if name.startswith("tables/"))
    said = (json.loads(row.decode()) for name in tables for row in bundle.read(name).splitlines())
    for number, (leaf, hashed) in enumerate(bundle.entries(), 1):
        node, index = sha256(b"\0", leaf), number - 1
        try:
            books.take(leaf, next(said, None))
            check(node == hashed, "内容与树上的哈希不符 differs from its hash in the tree")
        except (Wrong, *UNREADABLE) as error:
            why = str(error) if isinstance(error, Wrong) else f"读不懂 cannot be read: {error!r:.200}"
            raise Wrong(f"第 {number} 笔 entry {number}: {why}") from error
        while index & 1:
            node, index = sha256(b"\1", peaks.pop(), node), index >> 1
        peaks.append(node)
        if number in sizes:
            roots[number] = functools.reduce(lambda right, left: sha256(b"\1", left, right), reversed(peaks))
    check(next(said, None) is None, f"表里多出第 {books.size} 笔以后的记录 the tables have more than the log")
    yield f"{books.size} 笔逐笔重算，没有一个余额越过零 entries computed again, no balance ever passed zero"
    edge = {"size": books.size, "frontier": (books.size.to_bytes(8, "big") + b"".join(peaks)).hex()}
    check(json.loads(bundle.read("head.json")) == edge, "表里的账本头与账不符 the tables have another head")
    accounts = {row["code"]: row for row in map(json.loads, bundle.read("accounts.jsonl").splitlines())}
    for code in accounts.keys() | books.balances.keys():
        told = {"code": code, "parts": code, "sign": KINDS[code.split("/")[0]][0]}
        told |= {"lines": books.lines.get(code, 0), "balance": books.balances.get(code, 0)}
        check(accounts.get(code) == told, f"{code} 的余额与账不符 another balance than {told['balance']}")
    for head in heads:
        check(head.size <= books.size, f"{head.name}: 账比它短，只有 {books.size} 笔 the log is shorter than this head")
        check(roots[head.size] == head.root, f"{head.name}: 前 {head.size} 笔不是签过名的 other entries were signed")
    check(heads[0].size == books.size, f"第 {heads[0].size + 1} 笔起没有签名 not signed from there on")
    for head in heads * (len(books.keys) + 1):  # whom a trusted key vouches for is trusted too
        if any(head.signed_by(key) for key in trusted):
            trusted |= {key for seq, key in books.keys if seq <= head.size}
    for head in heads:
        signers = [key.split("+")[0] for key in sorted(trusted) if head.signed_by(key)]
        check(head.origin in signers, f"{head.name}: 不是这本账的签名 not signed by this log")
        yield f"{head.name}: 前 {head.size} 笔 entries, 签名 signed by {', '.join(signers)}"


def name_of(account: str) -> str:
    """Name `passbook/V0005/points/2026` as both programs want it: `Liabilities:Passbook:V0005:Y2026`."""
    kind, *rest = account.split("/")
    return ":".join((KINDS[kind][1], kind.title().replace("-", ""), *rest[:-1][:1], *(f"Y{year}" for year in rest[2:])))


def journal(form: str, community: str, bundle: Bundle) -> Iterator[str]:
    """Write the entries for hledger or beancount: one transaction for each unit, with every balance asserted."""
    title, commodity, opening, transaction, posting, closing = FORMS[form]
    known, balances = set[str](), Counter[str]()
    yield title.format(community)
    entries = (entry for leaf, _ in bundle.entries() if (entry := json.loads(leaf))["transfers"])
    for day, group in itertools.groupby(entries, lambda e: (datetime.fromisoformat(e["booked_at"]) + EAST).date()):
        evening = dict[str, str]()
        for entry, unit in ((one, unit) for one in group for unit in {m["unit"]: 0 for m in one["transfers"]}):
            word, (scale, shape, zeros) = unit.upper().replace(":", "-"), SHAPES.get(unit, (1, "{}", ""))
            postings, moves = list[tuple[str, ...]](), (move for move in entry["transfers"] if move["unit"] == unit)
            for account, delta in ((move[end], sign * move["amount"]) for move in moves for end, sign in ENDS):
                balances[account] += delta
                texts = (shape.format(Decimal(amount) / scale) for amount in (delta, balances[account]))
                postings.append((name_of(account), *texts))
                evening[account] = closing.format(day + timedelta(days=1), *postings[-1][::2], word)
            lines = (commodity.format(zeros, word), *(opening.format(name) for name, *_ in postings))
            new = [line for line in dict.fromkeys(lines) if line not in known]
            known.update(new)
            yield "".join([*new, transaction.format(day=day, **entry)])
            yield "".join(posting.format(*three, word=word) for three in postings)
        yield "\n" * bool(closing) + "".join(evening[one] for one in sorted(evening, key=lambda one: one.split("/")))


def main() -> int:
    """Run as a command; return how it ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", action="append")
    parser.add_argument("--old", type=Path, action="append", default=[])
    for form in FORMS:
        parser.add_argument(f"--{form}", type=Path)
    asked, ending = parser.parse_args(), 3
    try:
        bundle, ending = Bundle(asked.bundle), 6
        for sentence in established(bundle, asked.old, set(asked.key or bundle.read("keys.txt").decode().split())):
            sys.stdout.write(f"✓ {sentence}\n")
        community = Head("", bundle.read("log/checkpoint")).origin.rpartition("/")[2]
        for form in (form for form in FORMS if getattr(asked, form)):
            with getattr(asked, form).open("w", encoding="utf-8") as file:
                file.writelines(journal(form, community, bundle))
    except (Wrong, *UNREADABLE, zipfile.BadZipFile) as error:
        sys.stdout.write(f"✗ {'不是证据包 no bundle: ' * (ending == 3)}{error!s:.500}\n")
        return ending
    sys.stdout.write("全部成立 everything holds\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
