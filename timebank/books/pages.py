"""Pages of the books: the lines of an account or passbook, and the journal, one page at a time.

A page costs the same whether the history has fifty lines or five million: it starts at a known place (`before`) and is
found through an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.tables import AccountRow, EntryRow, LineRow, MemoRow, TransferRow
from timebank.ledger.accounts import AccountRef
from timebank.ledger.canonical import entry_of
from timebank.ledger.entries import Entry, EntryKind

AnyRow = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a statement.

    Attributes:
        delta: what came in (above zero) or went out (below), in the account's unit.
        closing: the running balance of all accounts of the statement after this line.
        counterpart: the account on the other side.
        reversed_by: number of the entry that took this one back, if any.
        reverses: number of the entry that this one took back, if any.
    """

    seq: int
    line: int
    account: AccountRef
    counterpart: AccountRef
    kind: EntryKind
    booked_at: datetime
    effective_on: date
    served_on: date | None
    actor: str
    source: str | None
    memo: str | None
    delta: int
    closing: int
    reverses: int | None
    reversed_by: int | None


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Lines, newest first; `next_before` names the next older page, None where this is the last."""

    lines: tuple[StatementLine, ...]
    next_before: int | None


def statement(
    session: Session, community_id: str, accounts: Sequence[AccountRef], *, before: int | None = None, limit: int = 50
) -> StatementPage:
    """Return a page of the lines of one or several accounts of the same unit, newest first.

    Args:
        before: show entries with a smaller number only.
        limit: at least this many lines if there are; lines of one entry are never torn apart.
    """
    assert len({account.unit for account in accounts}) <= 1, accounts
    by_account = [_newest_lines(session, community_id, account, before, limit) for account in accounts]
    newest = sorted((row for rows in by_account for row in rows), key=lambda row: (row.seq, row.line), reverse=True)
    shown = _whole_entries(newest, limit)
    closing = sum(rows[0].closing for rows in by_account if rows)
    details = _details(session, community_id, sorted({row.seq for row in shown}))
    lines = []
    for row in shown:
        lines.append(_statement_line(row, details[row.seq], closing))
        closing -= row.delta
    more = len(newest) > len(shown) or any(rows[-1].n > 1 for rows in by_account if rows)
    return StatementPage(tuple(lines), shown[-1].seq if shown and more else None)


def _newest_lines(
    session: Session, community_id: str, account: AccountRef, before: int | None, limit: int
) -> Sequence[AnyRow]:
    """Return the lines down to the entry in which number `limit + 1` stands, all of that entry too."""
    other = aliased(AccountRow)
    floor = _seq_of_line(aliased(LineRow), community_id, account, before, offset=limit)
    query = (
        sa.select(
            LineRow.seq,
            LineRow.line,
            LineRow.n,
            LineRow.delta,
            LineRow.closing,
            sa.literal(account.code).label("code"),
            other.code.label("other_code"),
        )
        .select_from(LineRow)
        .join(
            other,
            sa.and_(
                other.community_id == LineRow.community_id,
                other.id == LineRow.debit + LineRow.credit - LineRow.account_id,
            ),
        )
        .where(*_of_account(LineRow, community_id, account, before), LineRow.seq >= sa.func.coalesce(floor, 0))
        .order_by(LineRow.seq.desc(), LineRow.n.desc())
    )
    return session.execute(query).all()


def _seq_of_line(
    row: type[LineRow], community_id: str, account: AccountRef, before: int | None, *, offset: int
) -> sa.ScalarSelect[int]:
    """Ask for the entry of the line that has `offset` newer ones on its account."""
    lines = sa.select(row.seq).where(*_of_account(row, community_id, account, before))
    return lines.order_by(row.seq.desc(), row.n.desc()).offset(offset).limit(1).scalar_subquery()


def _of_account(
    row: type[LineRow], community_id: str, account: AccountRef, before: int | None
) -> list[sa.ColumnElement[bool]]:
    number = sa.select(AccountRow.id).where(AccountRow.community_id == community_id, AccountRow.code == account.code)
    conditions = [row.community_id == community_id, row.account_id == number.scalar_subquery()]
    return conditions if before is None else [*conditions, row.seq < before]


def _whole_entries(newest: list[AnyRow], limit: int) -> list[AnyRow]:
    """Cut after `limit` lines, but never inside an entry."""
    if len(newest) <= limit:
        return newest
    last = newest[limit - 1].seq
    return [row for row in newest if row.seq >= last]


def _details(session: Session, community_id: str, seqs: Sequence[int]) -> dict[int, AnyRow]:
    later = aliased(EntryRow)
    reversed_by = sa.and_(later.community_id == EntryRow.community_id, later.reverses == EntryRow.seq)
    memo = sa.and_(MemoRow.community_id == EntryRow.community_id, MemoRow.seq == EntryRow.seq)
    query = (
        sa.select(
            EntryRow.seq,
            EntryRow.kind,
            EntryRow.booked_at,
            EntryRow.effective_on,
            EntryRow.served_on,
            EntryRow.actor,
            EntryRow.source,
            EntryRow.reverses,
            MemoRow.text,
            later.seq.label("reversed_by"),
        )
        .select_from(EntryRow)
        .outerjoin(MemoRow, memo)
        .outerjoin(later, reversed_by)
        .where(EntryRow.community_id == community_id, EntryRow.seq.in_(seqs))
    )
    return {row.seq: row for row in session.execute(query)}


def _statement_line(row: AnyRow, entry: AnyRow, closing: int) -> StatementLine:
    return StatementLine(
        seq=row.seq,
        line=row.line,
        account=AccountRef.parse(row.code),
        counterpart=AccountRef.parse(row.other_code),
        kind=EntryKind(entry.kind),
        booked_at=entry.booked_at,
        effective_on=entry.effective_on,
        served_on=entry.served_on,
        actor=entry.actor,
        source=entry.source,
        memo=entry.text,
        delta=row.delta,
        closing=closing,
        reverses=entry.reverses,
        reversed_by=entry.reversed_by,
    )


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with what is not in its leaf: its memo, its hash, and who took it back."""

    entry: Entry
    memo: str | None
    leaf_hash: bytes
    reversed_by: int | None


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries: any of these; None or empty takes all.

    Attributes:
        owner: number of a volunteer, partner or lot whose accounts are touched.
        account: code of one account.
        first_on, last_on: days for which entries count, both included.
    """

    kind: EntryKind | None = None
    actor: str | None = None
    owner: str | None = None
    account: str | None = None
    source: str | None = None
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries, newest first; `next_before` names the next older page, None where this is the last."""

    entries: tuple[EntryView, ...]
    next_before: int | None


def journal_page(
    session: Session, community_id: str, wanted: JournalFilter, *, before: int | None = None, limit: int = 50
) -> JournalPage:
    """Return a page of the journal."""
    later = aliased(EntryRow)
    query = (
        sa.select(EntryRow.seq, EntryRow.leaf, EntryRow.leaf_hash, MemoRow.text, later.seq.label("reversed_by"))
        .select_from(EntryRow)
        .outerjoin(MemoRow, sa.and_(MemoRow.community_id == EntryRow.community_id, MemoRow.seq == EntryRow.seq))
        .outerjoin(later, sa.and_(later.community_id == EntryRow.community_id, later.reverses == EntryRow.seq))
        .where(EntryRow.community_id == community_id, *_conditions(wanted))
        .order_by(EntryRow.seq.desc())
        .limit(limit + 1)
    )
    rows = session.execute(query if before is None else query.where(EntryRow.seq < before)).all()
    views = tuple(EntryView(entry_of(row.leaf), row.text, row.leaf_hash, row.reversed_by) for row in rows[:limit])
    return JournalPage(views, views[-1].entry.seq if len(rows) > limit else None)


def _conditions(wanted: JournalFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.kind is not None:
        found.append(EntryRow.kind == wanted.kind.value)
    if wanted.actor:
        found.append(EntryRow.actor == wanted.actor)
    if wanted.source:
        found.append(EntryRow.source == wanted.source)
    if wanted.first_on is not None:
        found.append(EntryRow.effective_on >= wanted.first_on)
    if wanted.last_on is not None:
        found.append(EntryRow.effective_on <= wanted.last_on)
    if wanted.owner:
        found.append(_touches(AccountRow.owner == wanted.owner))
    if wanted.account:
        found.append(_touches(AccountRow.code == wanted.account))
    return found


def _touches(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(LineRow.community_id == EntryRow.community_id, LineRow.seq == EntryRow.seq)
        .where(AccountRow.community_id == LineRow.community_id, AccountRow.id == LineRow.account_id)
        .where(condition)
    )


def entry_view(session: Session, community_id: str, seq: int) -> EntryView | None:
    """Return one entry with what is not in its leaf, or None where there is none of this number."""
    page = journal_page(session, community_id, JournalFilter(), before=seq + 1, limit=1)
    view = page.entries[0] if page.entries else None
    return view if view is not None and view.entry.seq == seq else None


def transfers_total(session: Session, community_id: str) -> int:
    """Count the transfers in the books."""
    query = sa.select(sa.func.count()).select_from(TransferRow).where(TransferRow.community_id == community_id)
    return session.scalar(query) or 0
