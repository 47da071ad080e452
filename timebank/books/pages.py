"""Pages of the books: the lines of an account or passbook, and the journal, one page at a time.

A page costs the same whether the history has fifty lines or five million: it starts at a known place (`before`) and is
found through an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.asking import Question, ask
from timebank.books.tables import AccountRow, EntryRow, LineRow, MemoRow, TransferRow
from timebank.ledger.accounts import AccountRef
from timebank.ledger.canonical import account_of, entry_of
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
    by_account = _newest_lines(session, community_id, accounts, before, limit)
    newest = sorted((row for rows in by_account for row in rows), key=lambda row: (row.seq, row.line), reverse=True)
    shown = _whole_entries(newest, limit)
    closing = sum(rows[0].closing for rows in by_account)
    lines = []
    for row in shown:
        lines.append(_statement_line(row, closing))
        closing -= row.delta
    more = len(newest) > len(shown) or any(rows[-1].n > 1 for rows in by_account)
    return StatementPage(tuple(lines), shown[-1].seq if shown and more else None)


NO_LIMIT: Final = 2**62
"""Above the number of any entry."""


def _newest_lines(
    session: Session, community_id: str, accounts: Sequence[AccountRef], before: int | None, limit: int
) -> list[list[AnyRow]]:
    """Return the lines of each account that has any, newest first, in one round trip.

    They go down to the entry in which number `limit + 1` stands, all of that entry too.
    """
    if not accounts:
        return []
    values = {"community": community_id, "before": before or NO_LIMIT, "limit": limit}
    values |= {f"code{place}": account.code for place, account in enumerate(accounts)}
    found = ask(session, Question(_lines_of(len(accounts)), values, tuple))
    by_account: dict[str, list[AnyRow]] = {}
    for row in sorted(found, key=lambda row: (row.seq, row.n), reverse=True):
        by_account.setdefault(row.code, []).append(row)
    return list(by_account.values())


@cache
def _lines_of(count: int) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Ask for the newest lines of so many accounts, with their entries; built once, for that takes longest."""
    return sa.union_all(*(_lines_of_one(f"code{place}") for place in range(count)))


def _lines_of_one(code: str) -> sa.Select[*tuple[Any, ...]]:
    other, later = AccountRow.__table__.alias("other").c, EntryRow.__table__.alias("later")
    floor = _seq_of_line(LineRow.__table__.alias("newer").c, code)
    same_entry = sa.and_(_ENTRY.community_id == _LINE.community_id, _ENTRY.seq == _LINE.seq)
    counterpart = sa.and_(
        other.community_id == _LINE.community_id, other.id == _LINE.debit + _LINE.credit - _LINE.account_id
    )
    memo = sa.and_(_MEMO.community_id == _LINE.community_id, _MEMO.seq == _LINE.seq)
    reversed_by = sa.and_(later.c.community_id == _ENTRY.community_id, later.c.reverses == _ENTRY.seq)
    return (
        sa.select(
            *(_LINE[name] for name in ("seq", "line", "n", "delta", "closing")),
            sa.bindparam(code, type_=sa.String()).label("code"),
            other.code.label("other_code"),
            *(_ENTRY[name] for name in _SHOWN),
            _MEMO.text.label("memo"),
            later.c.seq.label("reversed_by"),
        )
        .select_from(LineRow.__table__)
        .join(other.code.table, counterpart)
        .join(EntryRow.__table__, same_entry)
        .outerjoin(MemoRow.__table__, memo)
        .outerjoin(later, reversed_by)
        .where(*_of_account(_LINE, code), _LINE.seq >= sa.func.coalesce(floor, 0))
    )


_LINE: Final = LineRow.__table__.c
_ENTRY: Final = EntryRow.__table__.c
_MEMO: Final = MemoRow.__table__.c
_ACCOUNT: Final = AccountRow.__table__.c
_SHOWN: Final = ("kind", "booked_at", "effective_on", "served_on", "actor", "source", "reverses")
"""What of its entry a line shows."""


def _seq_of_line(line: Any, code: str) -> sa.ScalarSelect[int]:  # columns of an alias
    """Ask for the entry of the line that has `:limit` newer ones on its account."""
    query = sa.select(line.seq).where(*_of_account(line, code)).order_by(line.seq.desc(), line.n.desc())
    return query.offset(sa.bindparam("limit", type_=sa.Integer())).limit(1).scalar_subquery()


def _of_account(line: Any, code: str) -> tuple[sa.ColumnElement[bool], ...]:  # columns of the table or an alias
    number = sa.select(_ACCOUNT.id).where(
        _ACCOUNT.community_id == sa.bindparam("community"), _ACCOUNT.code == sa.bindparam(code)
    )
    return (
        line.community_id == sa.bindparam("community"),
        line.account_id == number.scalar_subquery(),
        line.seq < sa.bindparam("before"),
    )


def _whole_entries(newest: list[AnyRow], limit: int) -> list[AnyRow]:
    """Cut after `limit` lines, but never inside an entry."""
    if len(newest) <= limit:
        return newest
    last = newest[limit - 1].seq
    return [row for row in newest if row.seq >= last]


def _statement_line(row: AnyRow, closing: int) -> StatementLine:
    return StatementLine(
        seq=row.seq,
        line=row.line,
        account=account_of(row.code),
        counterpart=account_of(row.other_code),
        kind=EntryKind(row.kind),
        booked_at=row.booked_at,
        effective_on=row.effective_on,
        served_on=row.served_on,
        actor=row.actor,
        source=row.source,
        memo=row.memo,
        delta=row.delta,
        closing=closing,
        reverses=row.reverses,
        reversed_by=row.reversed_by,
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
