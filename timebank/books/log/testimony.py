"""Testimony: what the tables say beside the leaves, entry by entry, for a judge who believes neither.

Everything is told as it stands there, also where it cannot be: a judge needs the damage, not a refusal. Texts and salts
are never told; of a memo only the commitment that text and salt make now.

Source: ledger.md section 5, bundle.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.books.tables import AccountRow, EntryRow, LineRow, LogHeadRow, MemoRow, RequestRow, TransferRow
from timebank.ledger.canonical import commitment, written_moment

PAGE: Final = 1000
"""How many entry numbers are read at a time."""

AnyRow = sa.Row[*tuple[Any, ...]]
Testimony = dict[str, Any]
"""What the tables say of one entry number, as plain JSON values."""


def head_said(session: Session, community_id: str) -> Testimony:
    """Tell what the head row says: how many entries, and the right edge of the tree over them (hex)."""
    row = session.execute(sa.select(LogHeadRow.size, LogHeadRow.frontier).where(_of(LogHeadRow, community_id))).one()
    return {"size": row.size, "frontier": row.frontier.hex()}


def accounts_said(session: Session, community_id: str) -> Iterator[Testimony]:
    """Tell every account, by code: its code, the parts that it is made of, its sign, its lines, its last balance."""
    last = (
        sa.select(LineRow.account_id, sa.func.max(LineRow.n).label("n"), sa.func.count().label("lines"))
        .where(_of(LineRow, community_id))
        .group_by(LineRow.account_id)
        .subquery()
    )
    closing = sa.and_(_of(LineRow, community_id), LineRow.account_id == last.c.account_id, LineRow.n == last.c.n)
    query = (
        sa.select(
            AccountRow.code,
            AccountRow.kind,
            AccountRow.owner,
            AccountRow.unit,
            AccountRow.vintage,
            AccountRow.sign,
            sa.func.coalesce(last.c.lines, 0).label("lines"),
            sa.func.coalesce(LineRow.closing, 0).label("balance"),
        )
        .select_from(AccountRow)
        .outerjoin(last, last.c.account_id == AccountRow.id)
        .outerjoin(LineRow, closing)
        .where(_of(AccountRow, community_id))
        .order_by(AccountRow.code)
    )
    return (_account(row) for row in session.execute(query))


def _account(row: AnyRow) -> Testimony:
    parts = (row.kind, row.owner, row.unit, str(row.vintage or ""))
    written = "/".join(part for part in parts if part)
    return {"code": row.code, "parts": written, "sign": row.sign, "lines": row.lines, "balance": int(row.balance)}


def entries_said(session: Session, community_id: str) -> Iterator[Testimony]:
    """Tell what the tables say of every entry number that any of them knows, in order, in flat memory."""
    query = sa.select(AccountRow.id, AccountRow.code).where(_of(AccountRow, community_id))
    codes: dict[int, str] = {row[0]: row[1] for row in session.execute(query)}
    tables = (EntryRow, TransferRow, LineRow)
    last = max(
        session.scalar(sa.select(sa.func.max(table.seq)).where(_of(table, community_id))) or 0 for table in tables
    )
    for after in range(0, last, PAGE):
        page = _read_page(session, community_id, after, codes)
        yield from (page.testimony(seq) for seq in sorted(page.known))


def _of(table: type[Any], community_id: str) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = table.community_id == community_id
    return condition


@dataclass(slots=True)
class _Page:
    """The rows of a run of entry numbers, by number."""

    entries: dict[int, Testimony] = field(default_factory=dict)
    memos: dict[int, str] = field(default_factory=dict)
    transfers: defaultdict[int, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))
    lines: defaultdict[int, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))
    requests: dict[str, str] = field(default_factory=dict)

    @property
    def known(self) -> set[int]:
        return self.entries.keys() | self.transfers.keys() | self.lines.keys()

    def testimony(self, seq: int) -> Testimony:
        entry = self.entries.get(seq, {})
        return {
            "seq": seq,
            **entry,
            "asked": self.requests.get(_request_key(entry["event"])) if entry else None,
            "memo": self.memos.get(seq),
            "transfers": self.transfers.get(seq, []),
            "lines": self.lines.get(seq, []),
        }


def _request_key(event_id: str) -> str:
    """An event is named after the request that made it and its place in it."""
    return event_id.rpartition(":")[0]


def _read_page(session: Session, community_id: str, after: int, codes: Mapping[int, str]) -> _Page:
    page = _Page()

    def rows(table: type[Any], *names: str) -> Sequence[AnyRow]:
        columns = [getattr(table, name) for name in names]
        within = columns[0].between(after + 1, after + PAGE)
        return session.execute(sa.select(*columns).where(_of(table, community_id), within).order_by(*columns)).all()

    page.entries = {row.seq: _entry(row) for row in rows(EntryRow, "seq", "event_id", *_ENTRY)}
    page.memos = {row.seq: commitment(row.salt, row.text) for row in rows(MemoRow, "seq", "salt", "text")}
    for row in rows(TransferRow, "seq", "line", "unit", "debit", "credit", "amount"):
        ends = codes.get(row.debit, row.debit), codes.get(row.credit, row.credit)
        page.transfers[row.seq].append([row.line, row.unit, *ends, row.amount])
    for row in rows(LineRow, "seq", "line", "delta", "account_id", "n", "opening", "closing"):
        account = codes.get(row.account_id, row.account_id)
        page.lines[row.seq].append([row.line, account, row.n, row.opening, row.delta, row.closing])
    page.requests = _requests(session, community_id, {entry["event"] for entry in page.entries.values()})
    return page


def _requests(session: Session, community_id: str, events: Iterable[str]) -> dict[str, str]:
    """Return the operation of each request that was done and made one of these events."""
    found: dict[str, str] = {}
    for keys in in_chunks(sorted({_request_key(event) for event in events})):
        query = sa.select(RequestRow.key, RequestRow.operation).where(
            _of(RequestRow, community_id), RequestRow.key.in_(keys), RequestRow.outcome == "done"
        )
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


_ENTRY: Final = ("kind", "booked_at", "effective_on", "served_on", "actor", "source", "reverses")


def _entry(row: AnyRow) -> Testimony:
    return {
        "event": row.event_id,
        "kind": row.kind,
        "booked_at": written_moment(row.booked_at),
        "effective_on": row.effective_on.isoformat(),
        "served_on": None if row.served_on is None else row.served_on.isoformat(),
        "actor": row.actor,
        "source": row.source,
        "reverses": row.reverses,
    }
