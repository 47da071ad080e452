"""Projections: do the tables say what the leaves say?

The leaves are the truth; every table beside them could be edited. What belongs to one entry (its columns, transfers,
memo, holds, closings) is compared page by page beside the stream of leaves. What belongs to none (balances, the chain
of lines, rows of entries that do not exist, the head) is asked over all rows at the end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.head import NOTHING_CLOSED
from timebank.books.last_line import of_last_line
from timebank.books.tables import (
    AccountClosingRow,
    AccountRow,
    EntryRow,
    HoldAccountRow,
    HoldResolutionRow,
    HoldRow,
    LineRow,
    LogHeadRow,
    MemoRow,
    PeriodCloseRow,
    TransferRow,
)
from timebank.ledger.accounts import AccountRef
from timebank.ledger.canonical import account_of, commitment, written_moment
from timebank.ledger.checks import Finding, SoFar
from timebank.ledger.entries import Entry, EntryKind

PAGE: Final = 1000
"""How many entries are read at a time."""
SHOWN: Final = 20
"""How many rows of one kind of damage are named."""
TOLD_CHARACTERS: Final = 200

AnyRow = sa.Row[*tuple[Any, ...]]
Beside = dict[str, list[tuple[Any, ...]]]
"""The rows of one entry by table, each row in the form in which the leaf says it; tables without rows are left out."""

OUTCOMES: Final = {
    EntryKind.HOLD_CAPTURED: "captured",
    EntryKind.HOLD_RELEASED: "released",
    EntryKind.HOLD_EXPIRED: "expired",
}
OF_AN_ENTRY: Final = (TransferRow, MemoRow, HoldRow, HoldResolutionRow, AccountClosingRow, PeriodCloseRow)
"""The tables whose rows belong to an entry by its number."""

COLUMNS: Final = ("seq", "event_id", "kind", "booked_at", "effective_on", "served_on", "actor", "source", "reverses")
"""The columns of an entry that repeat what its leaf says."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, oldest first, and the rows beside each of them."""

    rows: Sequence[AnyRow]
    beside: Mapping[int, Beside]

    def findings(self, row: AnyRow, entry: Entry) -> Iterator[Finding]:
        """Say where the rows of one entry differ from what its leaf says."""
        subject = f"entry {row.seq}"
        if row[: len(COLUMNS)] != (columns := _columns_said(entry)):
            yield from _column_findings(subject, row, columns)
        if self.beside.get(row.seq, {}) != (said := _rows_said(entry)):
            yield from _row_findings(subject, self.beside.get(row.seq, {}), said)
        memo, salt = row.text, row.salt
        if memo is not None and commitment(salt, memo) != entry.memo_hash:
            yield Finding("memo", subject)


def _column_findings(subject: str, row: AnyRow, said: tuple[Any, ...]) -> Iterator[Finding]:
    for column, found, expected in zip(COLUMNS, row, said, strict=False):
        if found != expected:
            yield Finding("entry_columns", subject, {"column": column, "row": str(found), "leaf": str(expected)})


def _row_findings(subject: str, found: Beside, said: Beside) -> Iterator[Finding]:
    for table in sorted(found.keys() | said.keys()):
        there, expected = (rows.get(table, []) for rows in (found, said))
        if there != expected:
            yield Finding("rows", subject, {"table": table, "rows": _told(there), "leaf": _told(expected)})


def _told(rows: list[tuple[Any, ...]]) -> str:
    cells = (" ".join(getattr(cell, "code", str(cell)) for cell in row) for row in rows)
    return "; ".join(cells)[:TOLD_CHARACTERS]


def pages(session: Session, community_id: str) -> Iterator[Page]:
    """Yield every page of entries, oldest first, in flat memory but for the names of the accounts."""
    query = sa.select(AccountRow.id, AccountRow.code).where(_of(AccountRow, community_id))
    accounts = {number: _account(code) for number, code in session.execute(query)}
    after = 0
    while rows := session.execute(_entries(community_id, after)).all():
        yield Page(rows, _beside(session, community_id, (after, rows[-1].seq), accounts))
        after = rows[-1].seq


def _account(code: str) -> AccountRef | str:
    """Name the account; a code that is none is compared as it is, and is a finding of its own."""
    try:
        return account_of(code)
    except ValueError:
        return code


def _of(row: type[Any], community_id: str) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = row.community_id == community_id
    return condition


def _entries(community_id: str, after: int) -> sa.Select[*tuple[Any, ...]]:
    memo = sa.and_(MemoRow.community_id == EntryRow.community_id, MemoRow.seq == EntryRow.seq)
    columns = [getattr(EntryRow, name) for name in COLUMNS]
    return (
        sa.select(*columns, EntryRow.leaf, EntryRow.leaf_hash, MemoRow.salt, MemoRow.text)
        .select_from(EntryRow)
        .outerjoin(MemoRow, memo)
        .where(_of(EntryRow, community_id), EntryRow.seq > after)
        .order_by(EntryRow.seq)
        .limit(PAGE)
    )


def _columns_said(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.seq,
        entry.event_id,
        entry.kind.value,
        entry.booked_at,
        entry.effective_on,
        entry.served_on,
        entry.actor,
        entry.source,
        entry.reverses,
    )


def _rows_said(entry: Entry) -> Beside:
    said: Beside = {}
    if entry.transfers:
        said["transfer"] = [
            (number, transfer.debit.unit, transfer.debit, transfer.credit, transfer.amount)
            for number, transfer in enumerate(entry.transfers, start=1)
        ]
    match entry.kind:
        case EntryKind.HOLD_PLACED:
            said["hold"] = [(entry.facts.get("expires_at"),)]
            said["hold_account"] = [
                (account,) for account in sorted({move.credit for move in entry.transfers}, key=str)
            ]
        case EntryKind.HOLD_CAPTURED | EntryKind.HOLD_RELEASED | EntryKind.HOLD_EXPIRED:
            said["hold_resolution"] = [(entry.facts.get("hold"), OUTCOMES[entry.kind])]
        case EntryKind.ACCOUNT_CLOSED:
            said["account_closing"] = [(_account(entry.source or ""),)]
        case EntryKind.PERIOD_CLOSED:
            said["period_close"] = [(entry.facts.get("through"),)]
    return said


def _beside(
    session: Session, community_id: str, span: tuple[int, int], accounts: Mapping[int, AccountRef | str]
) -> dict[int, Beside]:
    """Read what stands beside a page of entries."""

    def rows(table: type[Any], *names: str) -> Iterable[AnyRow]:
        columns = [getattr(table, name) for name in names]
        within = sa.and_(columns[0] > span[0], columns[0] <= span[1])
        return session.execute(sa.select(*columns).where(_of(table, community_id), within).order_by(*columns))

    found: dict[int, Beside] = {}

    def note(table: str, seq: int, *cells: object) -> None:
        found.setdefault(seq, {}).setdefault(table, []).append(cells)

    for seq, line, unit, debit, credit, amount in rows(TransferRow, "seq", "line", "unit", "debit", "credit", "amount"):
        note("transfer", seq, line, unit, accounts.get(debit), accounts.get(credit), amount)
    for seq, expires_at in rows(HoldRow, "seq", "expires_at"):
        note("hold", seq, expires_at and written_moment(expires_at))
    holding = [(seq, accounts.get(number, "")) for seq, number in rows(HoldAccountRow, "hold_seq", "account_id")]
    for seq, account in sorted(holding, key=lambda each: (each[0], str(each[1]))):
        note("hold_account", seq, account)
    for seq, hold_seq, outcome in rows(HoldResolutionRow, "seq", "hold_seq", "outcome"):
        note("hold_resolution", seq, hold_seq, outcome)
    for seq, number in rows(AccountClosingRow, "seq", "account_id"):
        note("account_closing", seq, accounts.get(number))
    for seq, day in rows(PeriodCloseRow, "seq", "closed_through"):
        note("period_close", seq, str(day))
    return found


def whole_findings(session: Session, community_id: str, so_far: SoFar) -> Iterator[Finding]:
    """Compare what the whole log says with the balances, the lines, the accounts and the head."""
    yield from _account_findings(session, community_id)
    yield from _balance_findings(session, community_id, so_far)
    yield from _line_findings(session, community_id)
    yield from _stray_findings(session, community_id)
    yield from _head_findings(session, community_id, so_far)


def _account_findings(session: Session, community_id: str) -> Iterator[Finding]:
    """An account is what its code says: kind, owner, unit, vintage, and above all its side of zero."""
    columns = (AccountRow.kind, AccountRow.owner, AccountRow.unit, AccountRow.vintage, AccountRow.sign)
    query = sa.select(AccountRow.code, *columns).where(_of(AccountRow, community_id)).order_by(AccountRow.id)
    for code, *found in session.execute(query):
        try:
            ref = AccountRef.parse(code)
        except ValueError:
            yield Finding("account", code)
            continue
        if found != [ref.kind.value, ref.owner, ref.unit, ref.vintage, ref.sign]:
            yield Finding("account", code, {"row": str(found)})


def _balance_findings(session: Session, community_id: str, so_far: SoFar) -> Iterator[Finding]:
    stored = dict(iter(session.execute(_closings(community_id))))
    replayed = {ref.code: balance for ref, balance in so_far.balances.items()}
    for code in sorted(stored.keys() | replayed.keys()):
        if stored.get(code, 0) != replayed.get(code, 0):
            yield Finding("cached_balance", code, {"stored": stored.get(code, 0), "replayed": replayed.get(code, 0)})


def _closings(community_id: str) -> sa.Select[str, int | None]:
    """Ask for every account's balance as its last line has it."""
    return sa.select(AccountRow.code, sa.func.coalesce(of_last_line(LineRow.closing), 0)).where(
        _of(AccountRow, community_id)
    )


def _line_findings(session: Session, community_id: str) -> Iterator[Finding]:
    """The database keeps the chain by constraints; this is for a database whose constraints were taken off."""
    earlier, pinned = aliased(LineRow), aliased(TransferRow)
    account = aliased(AccountRow)
    before = sa.and_(
        earlier.community_id == LineRow.community_id,
        earlier.account_id == LineRow.account_id,
        earlier.n == LineRow.n - 1,
    )
    of_transfer = sa.and_(
        pinned.community_id == LineRow.community_id, pinned.seq == LineRow.seq, pinned.line == LineRow.line
    )
    of_account = sa.and_(account.community_id == LineRow.community_id, account.id == LineRow.account_id)
    side = sa.case(
        (LineRow.account_id == pinned.debit, -pinned.amount), (LineRow.account_id == pinned.credit, pinned.amount)
    )
    broken = {
        "line_chain": sa.or_(
            LineRow.closing != LineRow.opening + LineRow.delta,
            LineRow.opening != sa.func.coalesce(earlier.closing, 0),
            sa.and_(LineRow.n > 1, earlier.n.is_(None)),
            LineRow.n < 1,
        ),
        "line_transfer": sa.or_(side.is_(None), LineRow.delta != side),
        "line_account": sa.or_(account.id.is_(None), LineRow.unit != account.unit, LineRow.sign != account.sign),
    }
    query = (
        sa.select(LineRow.seq, LineRow.line, LineRow.account_id, LineRow.n)
        .select_from(LineRow)
        .outerjoin(earlier, before)
        .outerjoin(pinned, of_transfer)
        .outerjoin(account, of_account)
        .where(_of(LineRow, community_id))
    )
    for check, condition in broken.items():
        for seq, line, number, n in session.execute(query.where(condition).limit(SHOWN)):
            yield Finding(check, f"entry {seq}", {"line": line, "account": number, "place": n})


def _stray_findings(session: Session, community_id: str) -> Iterator[Finding]:
    """Rows that belong to no entry, and transfers without both of their lines."""
    for table in OF_AN_ENTRY:
        entry = sa.exists().where(EntryRow.community_id == table.community_id, EntryRow.seq == table.seq)
        stray = _count(session, table, community_id, ~entry)
        if stray:
            yield Finding("stray", table.__tablename__, {"rows": stray})
    lines = _count(session, LineRow, community_id)
    transfers = _count(session, TransferRow, community_id)
    if lines != 2 * transfers:
        yield Finding("stray", LineRow.__tablename__, {"rows": lines, "expected": 2 * transfers})


def _count(session: Session, table: type[Any], community_id: str, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(_of(table, community_id), *conditions)
    return session.scalar(query) or 0


def _head_findings(session: Session, community_id: str, so_far: SoFar) -> Iterator[Finding]:
    head = session.get_one(LogHeadRow, community_id)
    said: dict[str, tuple[Any, Any]] = {
        "size": (head.size, so_far.size),
        "frontier": (head.frontier.hex(), so_far.frontier.to_bytes().hex()),
        "accounts": (head.accounts, _count(session, AccountRow, community_id)),
        "closed_through": (head.closed_through, max(so_far.closed_through, NOTHING_CLOSED)),
    }
    if so_far.size:
        said["last_booked_at"] = (head.last_booked_at, so_far.booked_at)
    for name, (there, replayed) in said.items():
        if there != replayed:
            yield Finding("head", name, {"stored": str(there)[:80], "replayed": str(replayed)[:80]})
