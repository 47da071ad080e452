"""The journal for hledger: `hledger check -s` accepts it and recomputes every balance."""

from collections.abc import Iterator

from timebank.audit.exports.postings import Transaction, account_name, amount_text, commodity, transactions
from timebank.ledger.accounts import POINTS
from timebank.ledger.entries import Entry


def hledger_lines(community_id: str, found: Iterator[Entry]) -> Iterator[str]:
    """Yield the lines of an hledger journal; the effective day is the secondary date.

    Accounts and commodities are declared where they first appear, as the strict checks want it.
    """
    yield f"; timebank journal of {community_id}\n"
    declared: set[str] = set()
    for transaction in transactions(found):
        yield from _declarations(transaction, declared)
        yield from _transaction(transaction)


def _declarations(transaction: Transaction, declared: set[str]) -> Iterator[str]:
    unit = transaction.unit
    form = f"commodity 1.00 {_quoted(unit)}" if unit == POINTS else f"commodity 1. {_quoted(unit)}"
    for line in (form, *(f"account {account_name(posting.account)}" for posting in transaction.postings)):
        if line not in declared:
            declared.add(line)
            yield line + "\n"


def _quoted(unit: str) -> str:
    return f'"{commodity(unit)}"'


def _transaction(transaction: Transaction) -> Iterator[str]:
    entry, unit = transaction.entry, transaction.unit
    yield "\n"
    yield f"{transaction.booked_on}={entry.effective_on} * ({entry.seq}) {entry.kind.value}\n"
    for posting in transaction.postings:
        amount, balance = amount_text(posting.amount, unit), amount_text(posting.balance, unit)
        name = _quoted(unit)
        yield f"    {account_name(posting.account)}  {amount} {name} = {balance} {name}\n"
