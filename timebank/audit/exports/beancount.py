"""The journal for beancount: `bean-check` accepts it.

Beancount states balances for the beginning of a day, not within one; so each account's balance is asserted for the
morning after its last entry of the day.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from timebank.audit.exports.postings import Transaction, account_name, amount_text, commodity, transactions
from timebank.ledger.accounts import AccountRef
from timebank.ledger.entries import Entry

OPENED: Final = date(1970, 1, 1)


def beancount_lines(community_id: str, found: Iterator[Entry]) -> Iterator[str]:
    """Yield the lines of a beancount journal."""
    yield f'option "title" "timebank journal of {community_id}"\n'
    opened: set[str] = set()
    of_the_day: dict[AccountRef, int] = {}
    day: date | None = None
    for transaction in transactions(found):
        if day is not None and transaction.booked_on != day:
            yield from _assertions(of_the_day, day)
            of_the_day = {}
        day = transaction.booked_on
        yield from _openings(transaction, opened)
        yield from _transaction(transaction)
        of_the_day.update({posting.account: posting.balance for posting in transaction.postings})
    if day is not None:
        yield from _assertions(of_the_day, day)


def _openings(transaction: Transaction, opened: set[str]) -> Iterator[str]:
    """Goods of several kinds may share an account's name; beancount keeps them apart by their commodities."""
    for posting in transaction.postings:
        name = account_name(posting.account)
        if name not in opened:
            opened.add(name)
            yield f"{OPENED} open {name}\n"


def _transaction(transaction: Transaction) -> Iterator[str]:
    entry, unit = transaction.entry, transaction.unit
    yield f'\n{transaction.booked_on} * "{entry.kind.value}" ^E{entry.seq}\n'
    yield f"  seq: {entry.seq}\n"
    yield f"  effective: {entry.effective_on}\n"
    for posting in transaction.postings:
        amount, balance = amount_text(posting.amount, unit), amount_text(posting.balance, unit)
        yield f"  {account_name(posting.account)}  {amount} {commodity(unit)}\n"
        yield f"    balance: {balance} {commodity(unit)}\n"


def _assertions(balances: dict[AccountRef, int], day: date) -> Iterator[str]:
    yield "\n"
    for account, balance in sorted(balances.items()):
        amount = f"{amount_text(balance, account.unit)} {commodity(account.unit)}"
        yield f"{day + timedelta(days=1)} balance {account_name(account)}  {amount}\n"
