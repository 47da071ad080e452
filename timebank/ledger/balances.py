"""Balances: fold transfers into running balances; refuse an overdraft.

Pure: the opening balances come in, the lines go out. The same fold serves posting, verification and the model tests.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass

from timebank.ledger.accounts import POINTS, AccountKind, AccountRef
from timebank.ledger.entries import BALANCE_MAX, Transfer
from timebank.refusal import Refusal


class NotEnough(Refusal):
    """The account does not hold what is asked for; nothing was moved (ledger.md section 3: never below zero)."""

    code = "not_enough"


class AboveBound(Refusal):
    """The balance would pass the largest number that the books keep."""

    code = "above_bound"


@dataclass(frozen=True, slots=True)
class Line:
    """One side of one transfer in the running balance of one account.

    Attributes:
        account: whose balance.
        line: place of the transfer in its entry, 1, 2, 3 …
        delta: minus the amount on the debit side, plus the amount on the credit side.
        before, after: the balance around it.
    """

    account: AccountRef
    line: int
    transfer: Transfer
    delta: int
    before: int
    after: int


def fold(transfers: Iterable[Transfer], balances: MutableMapping[AccountRef, int]) -> tuple[Line, ...]:
    """Apply transfers in order to the balances (changed in place; a missing account has 0); return the lines.

    Raises:
        NotEnough: an account would pass zero.
        AboveBound: a balance would pass `BALANCE_MAX`.
    """
    lines: list[Line] = []
    for number, transfer in enumerate(transfers, start=1):
        for account, delta in ((transfer.debit, -transfer.amount), (transfer.credit, transfer.amount)):
            before = balances.get(account, 0)
            after = before + delta
            _check_side(account, before, delta)
            balances[account] = after
            lines.append(Line(account, number, transfer, delta, before, after))
    return tuple(lines)


def _check_side(account: AccountRef, before: int, delta: int) -> None:
    after = before + delta
    if account.sign * after < 0:
        raise NotEnough(account=account.code, unit=account.unit, balance=abs(before), needed=abs(delta))
    if abs(after) > BALANCE_MAX:
        raise AboveBound(account=account.code, bound=BALANCE_MAX)


def settling_debt(transfers: Iterable[Transfer], debts: Mapping[str, int]) -> tuple[Transfer, ...]:
    """Let what flows into a passbook settle its owner's debt first.

    Args:
        transfers: as asked for.
        debts: what each owner owes, in hundredths of a point, above zero.

    Source: ledger.md section 1, decision 8.
    """
    owed = dict(debts)
    settled: list[Transfer] = []
    for transfer in transfers:
        target = transfer.credit
        due = owed.get(target.owner, 0) if _into_passbook(transfer) else 0
        part = min(due, transfer.amount)
        if part:
            owed[target.owner] = due - part
            settled.append(Transfer(transfer.debit, AccountRef(AccountKind.DEBT, target.owner, target.unit), part))
        if transfer.amount > part:
            settled.append(Transfer(transfer.debit, target, transfer.amount - part))
    return tuple(settled)


def _into_passbook(transfer: Transfer) -> bool:
    """A hold that ends gives back what was the holder's own: that settles nothing."""
    return transfer.credit.kind is AccountKind.PASSBOOK and transfer.debit.kind not in {
        AccountKind.HELD,
        AccountKind.DEBT,
    }


def owing_the_rest(transfers: Iterable[Transfer], balances: Mapping[AccountRef, int]) -> tuple[Transfer, ...]:
    """For a reversal: where the passbook no longer holds enough, take what is there and write the rest as a debt.

    Source: ledger.md section 1, decision 8. There is no force.
    """
    left = dict(balances)
    taken: list[Transfer] = []
    for transfer in transfers:
        source = transfer.debit
        there = left.get(source, 0) if source.kind is AccountKind.PASSBOOK else transfer.amount
        part = min(there, transfer.amount)
        if part:
            left[source] = there - part
            taken.append(Transfer(source, transfer.credit, part))
        if transfer.amount > part:
            debt = AccountRef(AccountKind.DEBT, source.owner, source.unit)
            taken.append(Transfer(debt, transfer.credit, transfer.amount - part))
    return tuple(taken)


def take_oldest_first(wanted: int, vintages: Iterable[tuple[AccountRef, int]]) -> tuple[tuple[AccountRef, int], ...]:
    """Split an amount over the vintages of one passbook, oldest first.

    Args:
        wanted: hundredths of a point, above zero.
        vintages: the passbook's accounts and balances, oldest first; vintage 0 never expires and comes last. Whoever
            never had points has none.

    Raises:
        NotEnough: together they do not hold it.
    """
    parts: list[tuple[AccountRef, int]] = []
    missing = wanted
    accounts = tuple(vintages)
    for account, balance in accounts:
        part = min(missing, balance)
        if part > 0:
            parts.append((account, part))
            missing -= part
    if missing:
        short = accounts[0][0].code if accounts else AccountKind.PASSBOOK.value
        raise NotEnough(account=short, unit=POINTS, balance=wanted - missing, needed=wanted)
    return tuple(parts)
