"""Verify the evidence bundle of a love passbook (爱心存折) without its program; needs Python 3.11 and `cryptography`.

    python verify_timebank.py BUNDLE [--key KEY] [--old HEAD]... [--hledger FILE] [--beancount FILE]

BUNDLE: the folder or zip. KEY: the log's public key from the weekly notice, else the one in the bundle is believed.
HEAD: a checkpoint that you kept. Ends with 0 where all holds, 6 where something does not, 3 where this is no bundle.
"""

import argparse
import base64
import functools
import gc
import itertools
import json
import sys
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# fmt: off
KINDS = {kind: (int(sign), branch) for sign, branch, *kinds in map(str.split, (  # on which side of zero
    "-1 Equity opening", "-1 Liabilities debt", "-1 Income service issuance donor surplus",
    "1 Assets recognised shelf reserved", "1 Liabilities passbook held pool",
    "1 Expenses redeemed expired handed-out written-off relief")) for kind in kinds}
ROADS = {  # every kind of entry that moves something, and between which accounts; what comes in may settle a debt
    "service-approved": "service>recognised issuance>passbook issuance>debt", "pool-granted": "pool>passbook pool>debt",
    "points-expired": "passbook>expired", "points-donated": "passbook>pool", "surplus-donated": "passbook>pool",
    "opening-balance": "opening>recognised opening>passbook opening>debt", "goods-written-off": "shelf>written-off",
    "goods-redeemed": "passbook>redeemed shelf>handed-out", "hold-placed": "passbook>held shelf>reserved",
    "hold-released": "held>passbook reserved>shelf", "hold-expired": "held>passbook reserved>shelf",
    "hold-captured": "held>redeemed reserved>handed-out held>passbook reserved>shelf", "relief-issued": "shelf>relief",
    "goods-counted": "shelf>written-off surplus>shelf", "goods-received": "donor>shelf", "goods-moved": "shelf>shelf"}
FORMS = {  # of a journal: title, unit, account, transaction, posting, balance after a day
    "hledger": ("; timebank journal of {}\n", 'commodity 1.{} "{}"\n', "account {}\n",
                "\n{day}={effective_on} * ({seq}) {kind}\n", '    {}  {} "{word}" = {} "{word}"\n', ""),
    "beancount": ('option "title" "timebank journal of {}"\n', "", "1970-01-01 open {}\n",
                  '\n{day} * "{kind}" ^E{seq}\n  seq: {seq}\n  effective: {effective_on}\n',
                  "  {}  {} {word}\n    balance: {} {word}\n", "{} balance {}  {} {}\n")}
TOLD = ("seq", "event", "kind", "booked_at", "effective_on", "served_on", "actor", "source", "reverses")
KEYS = {*TOLD, "community", "facts", "memo", "on_behalf_of", "rule", "schema", "transfers", "type"}
ENDS, PURSES = (("debit", -1), ("credit", 1)), {"held": "passbook", "debt": "passbook", "reserved": "shelf"}
DAY = functools.cache(lambda hour, back=0: f"{datetime.fromisoformat(hour) + timedelta(-back, hours=8):%F}")  # Shanghai
ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
DECODE = json.JSONDecoder().raw_decode
UNREADABLE = (ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError,
              ValueError, zipfile.BadZipFile, zlib.error)

def check(holds: object, sentence: str) -> None:
    """Go on if it holds, else say what does not."""
    if not holds:
        raise AssertionError(sentence)

class Bundle:
    """The files of a bundle; each is compared with its sum when it is read."""
    def __init__(self, path: Path) -> None:
        self.files: Any = path if path.is_dir() else zipfile.Path(path)
        self.sums = {line[66:]: line[:64] for line in (self.files / "SHA256SUMS").read_text("utf-8").splitlines()}
    def read(self, name: str) -> bytes:
        """Read a file and compare it with its sum; no file of an honest bundle has more than 256 MB."""
        check(name in self.sums, f"缺少 {name} is missing")
        with (self.files / name).open("rb") as file:
            content: bytes = file.read(2**28)
        check(self.sums[name] == sha256(content).hexdigest(), f"{name} 与清单不符 does not fit SHA256SUMS")
        return content
    def under(self, folder: str) -> list[str]:
        """Name the files of a folder in the order of the list, which is that of the entries."""
        return [name for name in self.sums if name.startswith(folder)]
    def leaves(self, *names: str) -> Iterator[bytes]:
        """Read the entries in files of 256 (C2SP tlog-tiles), exactly as they were hashed."""
        for content in map(self.read, names):
            at = 0
            while at < len(content):
                start, at = at + 2, at + 2 + int.from_bytes(content[at : at + 2], "big")
                yield content[start:at]

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
        value = self.signatures.get((who, sha256(who.encode() + b"\n" + public).digest()[:4]), b"")
        if public[0] == 4:  # a witness signs the moment too
            message = f"cosignature/v1\ntime {int.from_bytes(value[:8], 'big')}\n{message}"
        try:
            if value:
                Ed25519PublicKey.from_public_bytes(public[1:]).verify(value[-64:], message.encode())
        except InvalidSignature:
            raise AssertionError(f"{self.name}: {who} 的签名是假的 the signature is false") from None
        return bool(value)

class Account:
    """An account: what its code says of it, and where the entries have brought it."""
    def __init__(self, code: str) -> None:
        self.kind, *rest = code.split("/")
        self.owner, self.unit, year = (["", *rest, ""] if len(rest) == 1 else [*rest, ""])[:3]
        self.sign, branch = KINDS[self.kind]
        self.purse, self.year = (PURSES.get(self.kind, self.kind), self.owner, self.unit), int(year or 9999)
        parts = (branch, self.kind.title().replace("-", ""), self.owner, year and f"Y{year}")
        self.name, self.lines, self.balance = ":".join(filter(None, parts)), 0, 0

class Books:
    """What follows from the entries read so far."""
    def __init__(self, bundle: Bundle, community: str) -> None:
        self.community, self.size, self.booked_at, self.closed = community, 0, "", ""
        self.account, self.codes, self.used = functools.cache(Account), set[str](), set[tuple[str, int]]()
        self.keys, self.prices = list[tuple[int, str]](), dict[tuple[int, str], int]()
        self.rules = functools.cache(lambda version: json.loads(bundle.read(f"rules/{version}.json")))
        self.bundle, self.names = bundle, bundle.under("log/tile/entries/")
    def take(self, leaf: bytes, said: Any) -> None:
        """Check one entry: form, place, persons, rules, balances, and what the program's tables say of it."""
        entry = DECODE(text := leaf.decode())[0]
        kind, facts, moves, actor = entry["kind"], entry["facts"], entry["transfers"], entry["actor"]
        check(entry.keys() == KEYS and ENCODE(entry) == text, "写法不是原样 not in its one form")
        check((entry["seq"], entry["community"]) == (self.size + 1, self.community), "编号不连续 number not next")
        check(entry["booked_at"] > self.booked_at, "时间倒退 booked before the one before")
        check(entry["effective_on"] > self.closed, "记入了已结账的日期 counts for a closed day")
        self.size, self.booked_at = entry["seq"], entry["booked_at"]
        self.closed = max(self.closed, facts["through"] if kind == "period-closed" else "")
        out, parts, lines = defaultdict[tuple[str, str], int](int), list[list[Any]](), list[list[Any]]()
        for number, move in enumerate(moves, 1):
            parts.append([number, move["unit"], move["debit"], move["credit"], move["amount"]])
            self.fold(kind, parts[-1], lines, out)
        for what in [(one, n) for one, n in (("reverses", entry["reverses"]), ("hold", facts.get("hold"))) if n]:
            check(what not in self.used and what[1] < self.size, f"第 {what[1]} 笔被用了两次 is used twice")
            self.used.add(what)
        if kind == "reversal" or entry["reverses"]:
            earlier = self.bundle.leaves(self.names[(entry["reverses"] - 1) // 256])
            leaf = next(itertools.islice(earlier, (entry["reverses"] - 1) % 256, None))
            gained = defaultdict[tuple[str, str, str], int](int)
            for move, (end, sign) in itertools.product((*DECODE(leaf.decode())[0]["transfers"], *moves), ENDS):
                gained[self.account(move[end]).purse] += sign * move["amount"]
            check(not any(gained.values()), "冲正与原来的一笔不对应 takes back something else than was given")
        prepared = {facts[one] for one in ("recorder", "proposed_by", "received_by", "submitted_by") if one in facts}
        check(actor not in prepared or actor + kind == "systemrules-published", "录和批是同一个人 one person did both")
        if kind == "service-approved":
            who = [*{one["credit"].split("/")[1] for one in moves}, actor, *prepared, *facts.get("further", "").split()]
            check(prepared and len({*who}) == len(who), "自己给自己录或批，或批两次 by whom it benefits, or twice")
        self.rule_results(entry, kind, facts, out)
        told = dict(zip(TOLD, map(entry.get, TOLD), strict=True), transfers=parts, lines=lines)
        told |= {"asked": said.get("asked") or "…", "memo": said.get("memo") and entry["memo"]}
        wrong = "" if told == said else ", ".join(one for one in told if said.get(one, said) != told[one])
        check(not wrong, f"表里的 {wrong} 与账不符 the tables have something else")
    def fold(self, why: str, part: list[Any], lines: list[list[Any]], out: dict[tuple[str, str], int]) -> None:
        """Move an amount; add both lines as the tables should have them, and what went out by kind of account."""
        number, unit, debit, credit, amount = part
        check(type(amount) is int and amount > 0 and debit != credit, "不是有效的转移 no transfer")
        giver, taker = self.account(debit), self.account(credit)
        road, same = f"{giver.kind}>{taker.kind}", giver.owner == taker.owner or not giver.owner or not taker.owner
        spent = giver.owner[:2] == "TD" and road in ("passbook>redeemed", "passbook>held")  # a group only gives
        check(not spent and (why == "reversal" or road in ROADS.get(why, ())), "没有这条路 no such road")
        check(same or {"donor", "shelf"} >= {giver.kind, taker.kind}, "从一人转给另一人 from person to person")
        self.codes |= {debit, credit}
        for account, code, delta in ((giver, debit, -amount), (taker, credit, amount)):
            account.balance, account.lines = account.balance + delta, account.lines + 1
            if account.balance * account.sign < 0 or unit != account.unit:
                raise AssertionError(f"{code} 越过零，或单位不对 passes zero, or has another unit")
            lines.append([number, code, account.lines, account.balance - delta, delta, account.balance])
            out[account.kind, unit] -= delta
    def rule_results(self, entry: Any, kind: str, facts: Any, out: dict[tuple[str, str], int]) -> None:
        """What moved out of which kind of account is what the rules and prices say; what is published is remembered."""
        if kind == "service-approved":
            check(out["service", "minutes"] == facts["minutes"], "时长与录入不符 minutes unlike the record")
            rules = self.rules(entry["rule"])
            percents = {one["code"]: one["percent"] for one in rules["service_classes"]}
            rated = [rules["unrated_percent"], *rules["rating_percents"]][facts["rating"] or 0]
            share = percents[facts["service_class"]] * rated * rules["level_percents"][facts["level"]]
            share *= rules["source_percents"][facts["source_class"]] * rules["points_e2_per_hour"] * facts["minutes"]
            due = (2 * share + 60 * 100**4) // (2 * 60 * 100**4)  # hundredths of a point, rounded half up once
            check(out["issuance", "points"] == due, f"积分与规则不符 points unlike the rule: {due}")
            asks, said = rules.get("confirmation", defaultdict(int)), facts.get("confirmed")  # earlier: nobody
            check(asks.get(facts["source_class"]) in (None, "nobody", said, said and "either"), "没有确认 unconfirmed")
            hour = entry["booked_at"][:13]
            check(DAY(hour, asks["post_days"]) >= facts.get("approved_on", DAY(hour)), "太早 too early")
        elif kind == "goods-redeemed":
            sold = {unit.removeprefix("goods:"): pieces for (from_, unit), pieces in out.items() if from_ == "shelf"}
            due = sum(self.prices[facts[f"{one}.price_version"], f"{one}.price_points_e2"] * sold[one] for one in sold)
            check(out["passbook", "points"] == due, f"积分与公布的价格不符 points unlike the prices: {due}")
        elif kind == "points-expired":
            kept = int(entry["effective_on"][:4]) - self.rules(entry["rule"])["expiry"]["years_kept"]
            gone = [self.account(move["debit"]) for move in entry["transfers"]]
            check(all(one.year < kept and not one.balance for one in gone), "还没到期 not to expire yet")
        elif kind == "surplus-donated":
            who, givers = facts["volunteer"], {move["debit"].split("/")[1] for move in entry["transfers"]}
            cap = self.rules(entry["rule"])["pool"][("group" if who[:2] == "TD" else "volunteer") + "_balance_most_e2"]
            left = sum(self.account(one).balance for one in self.codes if f"/{who}/" in one and one[:4] in "pass held")
            check({who} == givers and left >= cap == facts["balance_most_e2"], "不是超过上限的部分 not above a cap")
        elif kind == "rules-published":
            same = self.bundle.sums[f"rules/{entry['rule']}.json"] == facts["document_sha256"]
            check(same and self.rules(entry["rule"]), "规则被改过 the rules were changed")
        elif kind == "prices-published":
            self.prices |= {(facts["price_version"], name): price for name, price in facts.items() if "." in name}
        elif kind in ("log-key-set", "witness-added"):
            self.keys += [(self.size, key) for key in (facts["key"], facts.get("previous")) if key]

def established(bundle: Bundle, old: list[Path], trusted: set[str]) -> Iterator[str]:
    """Check everything, oldest entry first; the first thing that is wrong ends it. Yields what was established."""
    heads = [Head(name, bundle.read(name)) for name in ("log/checkpoint", *bundle.under("heads/"))]
    heads += [Head(str(path), path.read_bytes()) for path in old]
    books, tree = Books(bundle, heads[0].origin.rpartition("/")[2]), defaultdict[int, bytearray](bytearray)
    peaks, roots, sizes = list[bytes](), {0: sha256().digest()}, {head.size for head in heads}
    said = (DECODE(row.decode())[0] for name in bundle.under("tables/") for row in bundle.read(name).splitlines())
    hashed = (one[at:at+32] for one in map(bundle.read, bundle.under("log/tile/0/")) for at in range(0, len(one), 32))
    for number, leaf in enumerate(bundle.leaves(*books.names), 1):
        node = sha256(b"\0" + leaf).digest()
        try:
            books.take(leaf, next(said, {}))
            check(next(hashed) == node, "内容与树上的哈希不符 differs from its hash in the tree")
        except (AssertionError, *UNREADABLE) as error:
            why = str(error) if isinstance(error, AssertionError) else f"读不懂 cannot be read: {error!r:.200}"
            raise AssertionError(f"第 {number} 笔 entry {number}: {why}") from error
        for level in range(1, (number & -number).bit_length()):
            node = sha256(b"\1" + peaks.pop() + node).digest()
            tree[level] += node
        peaks.append(node)
        if number in sizes:
            roots[number] = functools.reduce(lambda right, left: sha256(b"\1" + left + right).digest(), reversed(peaks))
    check(next(said, None) is None, f"表里多出第 {books.size} 笔以后的记录 the tables have more than the log")
    yield f"{books.size} 笔逐笔重算，没有一个余额越过零 entries computed again, no balance ever passed zero"
    for level in range(8, len(tree) + 1, 8):  # every eighth level is stored
        stored = b"".join(map(bundle.read, bundle.under(f"log/tile/{level // 8}/")))
        check(stored == tree[level], f"树的第 {level} 层被改过 that level of the tree was changed")
    edge = {"size": books.size, "frontier": (books.size.to_bytes(8, "big") + b"".join(peaks)).hex()}
    check(json.loads(bundle.read("head.json")) == edge, "表里的账本头与账不符 the tables have another head")
    rows = {row["code"]: row for row in map(json.loads, bundle.read("accounts.jsonl").splitlines())}
    for code in rows.keys() | books.codes:
        one = books.account(code)
        told = {"code": code, "parts": code, "sign": one.sign, "lines": one.lines, "balance": one.balance}
        check(rows.get(code) == told, f"{code} 的余额与账不符 another balance than {one.balance}")
    for head in heads:
        check(head.size <= books.size, f"{head.name}: 账比它短，只有 {books.size} 笔 the log is shorter than this head")
        check(roots[head.size] == head.root, f"{head.name}: 前 {head.size} 笔不是签过名的 other entries were signed")
    check(heads[0].size == books.size, f"第 {heads[0].size + 1} 笔起没有签名 not signed from there on")
    for head in heads * (len(books.keys) + 1):  # whom a trusted key vouches for is trusted too
        trusted |= {key for seq, key in books.keys if seq <= head.size and any(map(head.signed_by, trusted))}
    for head in heads:
        signers = [key.split("+")[0] for key in sorted(trusted) if head.signed_by(key)]
        check(head.origin in signers, f"{head.name}: 不是这本账的签名 not signed by this log")
        yield f"{head.name}: 前 {head.size} 笔 entries, 签名 signed by {', '.join(signers)}"

def journal(form: str, community: str, bundle: Bundle) -> Iterator[str]:
    """Write the entries for hledger or beancount: one transaction for each unit, with every balance asserted."""
    title, commodity, opening, whole, posting, closing = FORMS[form]
    known, account = set[str](), functools.cache(Account)
    yield title.format(community)
    rows = (json.loads(row) for name in bundle.under("tables/") for row in bundle.read(name).splitlines())
    for day, group in itertools.groupby(rows, lambda row: DAY(row["booked_at"][:13])):
        evening = dict[tuple[str, ...], str]()
        for row, unit in ((one, unit) for one in group for unit in {move[1]: 0 for move in one["transfers"]}):
            word, postings = unit.upper().replace(":", "-"), list[tuple[str, ...]]()
            scale, shape, zeros = (100, "{:.2f}", "00") if unit == "points" else (1, "{}", "")  # hundredths, or whole
            for code, *amounts in ((one[1], *one[4:]) for one in row["lines"] if account(one[1]).unit == unit):
                postings.append((account(code).name, *(shape.format(Decimal(one) / scale) for one in amounts)))
                evening[tuple(code.split("/"))] = closing.format(DAY(day, -1), *postings[-1][::2], word)
            lines = (commodity.format(zeros, word), *(opening.format(name) for name, *_ in postings))
            new = [line for line in dict.fromkeys(lines) if line not in known]
            known.update(new)
            yield "".join([*new, whole.format(day=day, **row), *(posting.format(*one, word=word) for one in postings)])
        yield "\n" * bool(closing and evening) + "".join(evening[code] for code in sorted(evening))

def main() -> int:
    """Run as a command; return how it ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", action="append")
    parser.add_argument("--old", type=Path, action="append", default=[])
    for form in FORMS:
        parser.add_argument(f"--{form}", type=Path)
    asked, ending = parser.parse_args(), 3
    gc.disable()  # nothing here goes in circles; looking for some took a third of the time
    try:
        bundle, ending = Bundle(asked.bundle), 6
        trusted = set(asked.key or bundle.read("keys.txt").decode().split())
        sys.stdout.writelines(f"✓ {sentence}\n" for sentence in established(bundle, asked.old, trusted))
        for form in (form for form in FORMS if getattr(asked, form)):
            with getattr(asked, form).open("w", encoding="utf-8") as file:
                file.writelines(journal(form, Head("", bundle.read("log/checkpoint")).origin.split("/")[-1], bundle))
    except (AssertionError, *UNREADABLE) as error:
        sys.stdout.write(f"✗ {'不是证据包 no bundle: ' * (ending == 3)}{error!s:.500}\n")
        return ending
    sys.stdout.write("全部成立 everything holds\n")
    return 0
if __name__ == "__main__":
    sys.exit(main())
