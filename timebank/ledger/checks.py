"""Checks: re-read the whole log, oldest first, and say what is wrong with it. Pure, one pass, flat memory.

Nothing is believed: every leaf is read and hashed again, every number counted, every transfer sent down its road, every
balance folded from nothing. `CHECKS` is the list; each is a function from what has been read so far and one more entry
to findings. What is kept between entries is one balance per account, the open holds, and the numbers of what was taken
back. A leaf that cannot be read is one finding; the rest of the log is still checked.

Source: ledger.md sections 3, 5 and 7.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from timebank.ledger.accounts import AccountKind, AccountRef
from timebank.ledger.canonical import entry_of
from timebank.ledger.entries import BALANCE_MAX, REVERSIBLE, Entry, EntryKind, Transfer
from timebank.ledger.merkle import Frontier, leaf_hash
from timebank.ledger.policy import PolicyBreach
from timebank.ledger.policy import check_roads as follow_roads

Leaf = tuple[bytes, bytes]
"""The bytes of an entry as they are stored, and the hash stored beside them."""

Recall = Callable[[int], Entry | None]
"""Looks up an earlier entry by its number; None where it cannot be had."""

FactValue = str | int | None

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

ENDS_A_HOLD: Final = frozenset({EntryKind.HOLD_CAPTURED, EntryKind.HOLD_RELEASED, EntryKind.HOLD_EXPIRED})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        check: which check says so.
        subject: `entry 17`, or the code of an account, a unit, a table.
        facts: what was found and what should be there.
    """

    check: str
    subject: str
    facts: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(slots=True)
class SoFar:
    """What is known after the entries read so far.

    Attributes:
        size, booked_at: number and booking time of the last one.
        frontier: the tree over all leaves.
        balances: of every account; owing: what each volunteer owes who ever owed something.
        reversed: the entries that were taken back.
        holds: what each open hold has put aside, by the number of its entry.
        closed_through, closed: the last closed day, and the closed accounts by code.
    """

    community: str
    size: int = 0
    booked_at: datetime = LONG_AGO
    frontier: Frontier = field(default_factory=Frontier)
    balances: dict[AccountRef, int] = field(default_factory=dict)
    owing: dict[str, int] = field(default_factory=dict)
    reversed: set[int] = field(default_factory=set)
    holds: dict[int, tuple[Transfer, ...]] = field(default_factory=dict)
    closed_through: date = date.min
    closed: set[str] = field(default_factory=set)
    recall: Recall = lambda seq: None


Check = Callable[[SoFar, Entry], Iterable[Finding]]


def _wrong(check: str, entry: Entry, **facts: FactValue) -> Finding:
    return Finding(check, f"entry {entry.seq}", facts)


def check_order(so_far: SoFar, entry: Entry) -> Iterator[Finding]:
    """Numbers have no gap, booking times rise, and nobody else's entries are here."""
    if entry.seq != so_far.size + 1:
        yield _wrong("order", entry, expected=so_far.size + 1)
    if entry.booked_at <= so_far.booked_at:
        yield _wrong("order", entry, booked_at=str(entry.booked_at), before=str(so_far.booked_at))
    if entry.community_id != so_far.community:
        yield _wrong("order", entry, community=entry.community_id)


def check_period(so_far: SoFar, entry: Entry) -> Iterator[Finding]:
    """Nothing counts for a day that was closed before."""
    if entry.effective_on <= so_far.closed_through:
        yield _wrong("period", entry, day=str(entry.effective_on), closed_through=str(so_far.closed_through))


def check_roads(_so_far: SoFar, entry: Entry) -> Iterator[Finding]:
    """Every transfer travels a road of its kind, and nothing changes hands between two people."""
    for transfer in entry.transfers:
        try:
            follow_roads(entry.kind, (transfer,))
        except PolicyBreach:
            yield _wrong("roads", entry, debit=transfer.debit.code, credit=transfer.credit.code)


def check_balances(so_far: SoFar, entry: Entry) -> Iterator[Finding]:
    """Every account stays on its side of zero, no closed one is touched, and what comes in settles a debt first."""
    balances = so_far.balances
    for transfer in entry.transfers:
        for account, delta in ((transfer.debit, -transfer.amount), (transfer.credit, transfer.amount)):
            after = balances[account] = balances.get(account, 0) + delta
            if account.sign * after < 0 or abs(after) > BALANCE_MAX:
                yield _wrong("balances", entry, account=account.code, balance=after)
            if so_far.closed and account.code in so_far.closed:
                yield _wrong("balances", entry, account=account.code, closed=account.code)
            if account.kind is AccountKind.DEBT:
                so_far.owing[account.owner] = -after
        if transfer.credit.kind is AccountKind.PASSBOOK and transfer.debit.kind is not AccountKind.HELD:
            owed = so_far.owing.get(transfer.credit.owner)
            if owed:
                yield _wrong("debt", entry, account=transfer.credit.code, owed=owed)


def check_holds(so_far: SoFar, entry: Entry) -> Iterator[Finding]:
    """A hold ends once, and what comes out of it is exactly what was put aside."""
    if entry.kind is EntryKind.HOLD_PLACED:
        so_far.holds[entry.seq] = entry.transfers
    elif entry.kind in ENDS_A_HOLD:
        number = entry.facts.get("hold")
        put_aside = so_far.holds.pop(number, None) if isinstance(number, int) else None
        if put_aside is None:
            yield _wrong("holds", entry, hold=number)
        elif _into_holding(put_aside) != _out_of_holding(entry.transfers):
            yield _wrong("holds", entry, hold=number, transfers=len(entry.transfers))


def _into_holding(transfers: Iterable[Transfer]) -> dict[AccountRef, int]:
    return _summed((transfer.credit, transfer.amount) for transfer in transfers)


def _out_of_holding(transfers: Iterable[Transfer]) -> dict[AccountRef, int]:
    return _summed((transfer.debit, transfer.amount) for transfer in transfers)


def _summed(parts: Iterable[tuple[AccountRef, int]]) -> dict[AccountRef, int]:
    total: dict[AccountRef, int] = {}
    for account, amount in parts:
        total[account] = total.get(account, 0) + amount
    return total


def check_reversals(so_far: SoFar, entry: Entry) -> Iterator[Finding]:
    """An entry is taken back once, by a later reversal that moves back what it had moved, and no other kind may."""
    target = entry.reverses
    if (target is not None) != (entry.kind is EntryKind.REVERSAL):
        yield _wrong("reversal_link", entry, reverses=target)
    if target is None:
        return
    if target in so_far.reversed or not 0 < target < entry.seq:
        yield _wrong("reversed_once", entry, reverses=target)
    so_far.reversed.add(target)
    original = so_far.recall(target)
    if original is not None and (original.kind not in REVERSIBLE or not mirrored(original.transfers, entry.transfers)):
        yield _wrong("mirrored", entry, reverses=target, kind=original.kind.value)


def mirrored(original: Iterable[Transfer], reversal: Iterable[Transfer]) -> bool:
    """Tell whether a reversal moves back what the original moved.

    A passbook of any year and the debt of its owner count as one purse: what was spent meanwhile is owed instead.
    """
    back = (transfer.mirrored() for transfer in original if not transfer.ends_a_hold)
    return _between_purses(back) == _between_purses(reversal)


def _between_purses(transfers: Iterable[Transfer]) -> dict[tuple[AccountRef, AccountRef], int]:
    moved: dict[tuple[AccountRef, AccountRef], int] = {}
    for transfer in transfers:
        ends = (_purse(transfer.debit), _purse(transfer.credit))
        moved[ends] = moved.get(ends, 0) + transfer.amount
    return moved


def _purse(account: AccountRef) -> AccountRef:
    if account.kind in {AccountKind.PASSBOOK, AccountKind.DEBT}:
        return AccountRef(AccountKind.PASSBOOK, account.owner, account.unit)
    return account


def check_two_persons(_so_far: SoFar, entry: Entry) -> Iterator[Finding]:
    """Whoever approves a service neither recorded it nor served it."""
    if entry.kind is not EntryKind.SERVICE_APPROVED:
        return
    recorder = entry.facts.get("recorder")
    served = {transfer.credit.owner for transfer in entry.transfers}
    if not isinstance(recorder, str) or recorder in {entry.actor, *served} or entry.actor in served:
        yield _wrong("two_persons", entry, recorder=recorder, approver=entry.actor)


def check_closings(so_far: SoFar, entry: Entry) -> Iterator[Finding]:
    """A period is closed in order, an account empty; both take nothing from then on."""
    if entry.kind is EntryKind.PERIOD_CLOSED:
        through = _day(entry.facts.get("through"))
        if through is None or not so_far.closed_through < through < entry.effective_on:
            yield _wrong("closing", entry, through=str(through), closed_through=str(so_far.closed_through))
        so_far.closed_through = max(so_far.closed_through, through or date.min)
    if entry.kind is EntryKind.ACCOUNT_CLOSED:
        account = _account(entry.source or "")
        if account is None or so_far.balances.get(account) != 0 or account.code in so_far.closed:
            yield _wrong("closing", entry, account=entry.source)
        so_far.closed.add(entry.source or "")


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _account(code: str) -> AccountRef | None:
    try:
        return AccountRef.parse(code)
    except ValueError:
        return None


CHECKS: Final[tuple[Check, ...]] = (
    check_order,
    check_period,
    check_roads,
    check_balances,
    check_holds,
    check_reversals,
    check_two_persons,
    check_closings,
)
"""Every check of one entry after the other, in the order in which they are made."""


class Reader:
    """Reads leaves one after the other and keeps what the checks need; the findings come out entry by entry."""

    def __init__(self, community: str, recall: Recall = lambda seq: None) -> None:
        """Begin with an empty log of a community; `recall` looks up the entry that a reversal takes back."""
        self.so_far = SoFar(community, recall=recall)

    def take(self, leaf: bytes, stored_hash: bytes) -> tuple[Entry | None, list[Finding]]:
        """Read one more leaf; return its entry, if it can be read, and what is wrong with it."""
        digest = leaf_hash(leaf)
        so_far = self.so_far
        subject = f"entry {so_far.size + 1}"
        findings: list[Finding] = []
        if digest != stored_hash:
            findings.append(Finding("hash", subject, {"stored": stored_hash.hex(), "computed": digest.hex()}))
        entry = self._read(leaf)
        if entry is None:
            findings.append(Finding("readable", subject))
        else:
            findings += [finding for check in CHECKS for finding in check(so_far, entry)]
            so_far.booked_at = max(so_far.booked_at, entry.booked_at)
        so_far.size = so_far.size + 1 if entry is None else entry.seq
        so_far.frontier = so_far.frontier.append(digest)
        return entry, findings

    def _read(self, leaf: bytes) -> Entry | None:
        try:
            return entry_of(leaf)
        except ValueError:
            return None

    def sums(self) -> list[Finding]:
        """After the last entry: everything that came in is somewhere, unit by unit."""
        total: dict[str, int] = {}
        for account, balance in self.so_far.balances.items():
            total[account.unit] = total.get(account.unit, 0) + balance
        return [Finding("sums", unit, {"balance": amount}) for unit, amount in sorted(total.items()) if amount]


def run(community: str, leaves: Iterable[Leaf], recall: Recall = lambda seq: None) -> tuple[SoFar, list[Finding]]:
    """Check a whole log; return what it says in the end, and everything that is wrong."""
    reader = Reader(community, recall)
    findings = [finding for leaf, stored_hash in leaves for finding in reader.take(leaf, stored_hash)[1]]
    return reader.so_far, findings + reader.sums()
