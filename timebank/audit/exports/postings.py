"""Postings: an entry as one balanced transaction per unit, each side with its running balance.

hledger accepts a transaction of two units by inferring a price, so every unit is a transaction of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from sqlalchemy.orm import Session

from timebank.books.statements import entries_in_order
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef
from timebank.ledger.canonical import entry_of
from timebank.ledger.days import day_of
from timebank.ledger.entries import Entry

BRANCH: Final = {
    AccountKind.SERVICE: "Income",
    AccountKind.OPENING: "Equity",
    AccountKind.RECOGNISED: "Assets",
    AccountKind.ISSUANCE: "Income",
    AccountKind.PASSBOOK: "Liabilities",
    AccountKind.HELD: "Liabilities",
    AccountKind.DEBT: "Liabilities",
    AccountKind.REDEEMED: "Expenses",
    AccountKind.EXPIRED: "Expenses",
    AccountKind.POOL: "Liabilities",
    AccountKind.DONOR: "Income",
    AccountKind.SHELF: "Assets",
    AccountKind.RESERVED: "Assets",
    AccountKind.HANDED_OUT: "Expenses",
    AccountKind.RELIEF: "Expenses",
    AccountKind.WRITTEN_OFF: "Expenses",
    AccountKind.SURPLUS: "Income",
}
"""Under which of the five roots of plain-text accounting a kind of account stands. Signs stay as they are here."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a transfer: the account, what is added to it (credit-positive), and its balance afterwards."""

    account: AccountRef
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """The postings of one entry in one unit."""

    entry: Entry
    unit: str
    postings: tuple[Posting, ...]

    @property
    def booked_on(self) -> date:
        """The civil day on which it was booked."""
        return day_of(self.entry.booked_at)


def entries(session: Session, community_id: str, *, count: int | None = None) -> Iterator[Entry]:
    """Yield every entry, or the first so many, oldest first, read from its leaf."""
    return (entry_of(leaf) for leaf, _hash in islice(entries_in_order(session, community_id), count))


def transactions(found: Iterator[Entry]) -> Iterator[Transaction]:
    """Yield each entry's transactions, one per unit, with running balances; an entry without transfers has none."""
    balances: dict[AccountRef, int] = {}
    for entry in found:
        by_unit: dict[str, list[Posting]] = {}
        for transfer in entry.transfers:
            for account, amount in ((transfer.debit, -transfer.amount), (transfer.credit, transfer.amount)):
                balances[account] = balances.get(account, 0) + amount
                by_unit.setdefault(transfer.unit, []).append(Posting(account, amount, balances[account]))
        for unit, postings in by_unit.items():
            yield Transaction(entry, unit, tuple(postings))


def account_name(account: AccountRef) -> str:
    """Name an account in ASCII parts that begin with a capital: `Liabilities:Passbook:V0005`."""
    parts = [BRANCH[account.kind], account.kind.value.title().replace("-", "")]
    if account.owner:
        parts.append(account.owner)
    if account.vintage:
        parts.append(f"Y{account.vintage}")
    return ":".join(parts)


def commodity(unit: str) -> str:
    """Name a unit as a commodity that both programs accept: `MINUTES`, `POINTS`, `GOODS-G0001`."""
    return unit.upper().replace(":", "-")


def amount_text(amount: int, unit: str) -> str:
    """Write an amount: points with two decimals, everything else whole."""
    if unit != POINTS:
        assert unit == MINUTES or unit.startswith("goods:"), unit
        return str(amount)
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"
