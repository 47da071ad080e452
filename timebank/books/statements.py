"""Statements: what the books say. Balances now, at a moment, as of a day; the lines of an account; entries in order.

A balance now, or at a moment, is one look at the last line before it, however long the history. As of a day means: of
all entries that count for days up to and including that one, whenever they were booked.

Source: ledger.md section 2.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.asking import Question, ask
from timebank.books.last_line import of_last_line
from timebank.books.loading import in_chunks
from timebank.books.tables import (
    AccountRow,
    EntryRow,
    HoldAccountRow,
    HoldResolutionRow,
    HoldRow,
    LineRow,
    TransferRow,
)
from timebank.ledger.accounts import AccountKind, AccountRef
from timebank.ledger.canonical import account_of, entry_of
from timebank.ledger.entries import Entry, EntryKind

Amount = TypeVar("Amount", int, int | None)
STREAM = 1000
"""How many entries are fetched at a time when all are read."""


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account and its balance (credit-positive; minutes, hundredths of a point, or pieces)."""

    account: AccountRef
    balance: int


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts: any of kind, unit and owners; None takes all."""

    kind: AccountKind | None = None
    unit: str | None = None
    owners: tuple[str, ...] | None = None

    def applied_to(self, query: sa.Select[str, Amount]) -> sa.Select[str, Amount]:
        """Narrow a query over accounts."""
        if self.kind is not None:
            query = query.where(AccountRow.kind == self.kind.value)
        if self.unit is not None:
            query = query.where(AccountRow.unit == self.unit)
        if self.owners is not None:
            query = query.where(AccountRow.owner.in_(self.owners))
        return query


EVERY_ACCOUNT = AccountFilter()


def balance(session: Session, community_id: str, account: AccountRef) -> int:
    """Return the balance now; an account without lines has 0."""
    return _closing(session, community_id, account, until=None)


def balance_at(session: Session, community_id: str, account: AccountRef, moment: datetime) -> int:
    """Return the balance as it was known at a moment (by booking time)."""
    last = session.scalar(
        sa.select(sa.func.max(EntryRow.seq)).where(EntryRow.community_id == community_id, EntryRow.booked_at <= moment)
    )
    return 0 if last is None else _closing(session, community_id, account, until=last)


def _closing(session: Session, community_id: str, account: AccountRef, until: int | None) -> int:
    query = (
        sa.select(LineRow.closing)
        .select_from(LineRow)
        .join(AccountRow, _same_account(LineRow))
        .where(AccountRow.community_id == community_id, AccountRow.code == account.code)
        .order_by(LineRow.n.desc())
        .limit(1)
    )
    if until is not None:
        query = query.where(LineRow.seq <= until).order_by(None).order_by(LineRow.seq.desc(), LineRow.n.desc())
    return session.scalar(query) or 0


def _same_account(row: type[LineRow]) -> sa.ColumnElement[bool]:
    return sa.and_(AccountRow.community_id == row.community_id, AccountRow.id == row.account_id)


def balance_as_of(session: Session, community_id: str, account: AccountRef, day: date) -> int:
    """Return the sum of everything that counts for days up to and including `day`."""
    values = {"community": community_id, "code": account.code, "day": day}
    return ask(session, Question(_AS_OF, values, lambda rows: int(rows[0][0])))


_NUMBER: Final = (
    sa.select(AccountRow.id)
    .where(AccountRow.community_id == sa.bindparam("community"), AccountRow.code == sa.bindparam("code"))
    .scalar_subquery()
)
_EFFECTIVE_ON: Final = (
    sa.select(EntryRow.effective_on)
    .where(EntryRow.community_id == LineRow.community_id, EntryRow.seq == LineRow.seq)
    .correlate(LineRow)
    .scalar_subquery()
)
_AS_OF: Final = sa.select(sa.func.coalesce(sa.func.sum(LineRow.delta), 0)).where(
    LineRow.community_id == sa.bindparam("community"),
    LineRow.account_id == _NUMBER,
    sa.bindparam("day") >= _EFFECTIVE_ON,
)
"""The day is asked of each line of the account: joined, SQLite reads all entries of the community up to that day."""


def balances(session: Session, community_id: str, wanted: AccountFilter = EVERY_ACCOUNT) -> tuple[AccountBalance, ...]:
    """Return accounts and their balances now, by code."""
    query = (
        sa.select(AccountRow.code, of_last_line(LineRow.closing))
        .where(AccountRow.community_id == community_id)
        .order_by(AccountRow.code)
    )
    found = session.execute(wanted.applied_to(query))
    return tuple(_balance(code, closing) for code, closing in found if closing is not None)


def balances_as_of(
    session: Session, community_id: str, day: date, wanted: AccountFilter = EVERY_ACCOUNT
) -> tuple[AccountBalance, ...]:
    """Return accounts and the sum of what counts for days up to and including `day`, by code."""
    return _balances_of(session, community_id, EntryRow.effective_on <= day, wanted)


def balances_at(
    session: Session, community_id: str, moment: datetime, wanted: AccountFilter = EVERY_ACCOUNT
) -> tuple[AccountBalance, ...]:
    """Return accounts and their balances as they were known at a moment, by code."""
    return _balances_of(session, community_id, EntryRow.booked_at <= moment, wanted)


def _balances_of(
    session: Session, community_id: str, counts: sa.ColumnElement[bool], wanted: AccountFilter
) -> tuple[AccountBalance, ...]:
    query = (
        sa.select(AccountRow.code, sa.func.sum(LineRow.delta))
        .select_from(AccountRow)
        .join(LineRow, _same_account(LineRow))
        .join(EntryRow, sa.and_(EntryRow.community_id == LineRow.community_id, EntryRow.seq == LineRow.seq))
        .where(AccountRow.community_id == community_id, counts)
        .group_by(AccountRow.code)
        .order_by(AccountRow.code)
    )
    return tuple(_balance(code, total) for code, total in session.execute(wanted.applied_to(query)))


def _balance(code: str, amount: int) -> AccountBalance:
    return AccountBalance(account_of(code), int(amount))


def passbook_accounts(session: Session, community_id: str, owner: str) -> tuple[AccountBalance, ...]:
    """Return one owner's passbook by vintage with balances, oldest first; what never expires comes last."""
    found = balances(session, community_id, AccountFilter(kind=AccountKind.PASSBOOK, owners=(owner,)))
    return tuple(sorted(found, key=lambda item: item.account.vintage or 9999))


def overdue_amounts(
    session: Session, community_id: str, owners: Sequence[str], at: datetime
) -> Mapping[AccountRef, int]:
    """Return what is still booked as on hold although its time was over at `at`, by holding account."""
    resolved = sa.exists().where(
        HoldResolutionRow.community_id == HoldRow.community_id, HoldResolutionRow.hold_seq == HoldRow.seq
    )
    query = (
        sa.select(AccountRow.code, sa.func.sum(TransferRow.amount))
        .select_from(AccountRow)
        .join(
            HoldAccountRow,
            sa.and_(HoldAccountRow.community_id == AccountRow.community_id, HoldAccountRow.account_id == AccountRow.id),
        )
        .join(
            HoldRow,
            sa.and_(HoldRow.community_id == HoldAccountRow.community_id, HoldRow.seq == HoldAccountRow.hold_seq),
        )
        .join(
            TransferRow,
            sa.and_(
                TransferRow.community_id == HoldRow.community_id,
                TransferRow.seq == HoldRow.seq,
                TransferRow.credit == AccountRow.id,
            ),
        )
        .where(AccountRow.community_id == community_id, AccountRow.owner.in_(owners))
        .where(HoldRow.expires_at <= at, ~resolved)
        .group_by(AccountRow.code)
    )
    return {account_of(code): int(amount) for code, amount in session.execute(query)}


def entries_total(session: Session, community_id: str) -> int:
    """Count the entries: they are numbered without gaps, so it is the last one's number."""
    query = sa.select(sa.func.max(EntryRow.seq)).where(EntryRow.community_id == community_id)
    return session.scalar(query) or 0


def entries_in_order(session: Session, community_id: str, after: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """Yield every entry's leaf bytes and stored leaf hash, oldest first, in flat memory."""
    while True:
        query = (
            sa.select(EntryRow.seq, EntryRow.leaf, EntryRow.leaf_hash)
            .where(EntryRow.community_id == community_id, EntryRow.seq > after)
            .order_by(EntryRow.seq)
            .limit(STREAM)
        )
        page = session.execute(query).all()
        for seq, leaf, leaf_hash in page:
            after = seq
            yield leaf, leaf_hash
        if len(page) < STREAM:
            return


def leaves_between(session: Session, community_id: str, *, after: int, count: int) -> tuple[bytes, ...]:
    """Return the leaf bytes of at most `count` entries that follow number `after`."""
    query = (
        sa.select(EntryRow.leaf)
        .where(EntryRow.community_id == community_id, EntryRow.seq.between(after + 1, after + count))
        .order_by(EntryRow.seq)
    )
    return tuple(session.scalars(query))


def entries_numbered(session: Session, community_id: str, seqs: Iterable[int]) -> dict[int, Entry]:
    """Return the entries of these numbers, by number; one that is not there is left out."""
    query = sa.select(EntryRow.seq, EntryRow.leaf).where(
        EntryRow.community_id == community_id, EntryRow.seq.in_(sorted(set(seqs)))
    )
    return {row.seq: entry_of(row.leaf) for row in session.execute(query)}


def entries_of_source(session: Session, community_id: str, sources: Iterable[str]) -> tuple[Entry, ...]:
    """Return the entries that records stand behind, oldest first."""
    found: list[bytes] = []
    for chunk in in_chunks(sorted(set(sources))):
        query = sa.select(EntryRow.leaf).where(EntryRow.community_id == community_id, EntryRow.source.in_(chunk))
        found.extend(session.scalars(query))
    return tuple(sorted((entry_of(leaf) for leaf in found), key=lambda entry: entry.seq))


def services_of(session: Session, community_id: str, owners: Sequence[str]) -> Iterator[tuple[str, Entry]]:
    """Yield every approved service that still counts (was not reversed), with the number of whoever gave it."""
    back = aliased(EntryRow)
    reversed_later = sa.exists().where(back.community_id == EntryRow.community_id, back.reverses == EntryRow.seq)
    for chunk in in_chunks(owners):
        query = (
            sa.select(AccountRow.owner, EntryRow.leaf)
            .select_from(AccountRow)
            .join(LineRow, _same_account(LineRow))
            .join(EntryRow, sa.and_(EntryRow.community_id == LineRow.community_id, EntryRow.seq == LineRow.seq))
            .where(
                AccountRow.community_id == community_id,
                AccountRow.kind == AccountKind.RECOGNISED.value,
                AccountRow.owner.in_(chunk),
                EntryRow.kind == EntryKind.SERVICE_APPROVED.value,
                ~reversed_later,
            )
        )
        for owner, leaf in session.execute(query):
            yield owner, entry_of(leaf)
