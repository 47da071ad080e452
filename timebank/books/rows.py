"""Rows: decided entries as they are stored. Called by the journal and its holds alone."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from timebank.books import together
from timebank.books.booking import Booked
from timebank.books.head import Head
from timebank.books.loading import States, open_accounts
from timebank.books.log.tables import TreeNodeRow
from timebank.books.tables import (
    AccountClosingRow,
    AccountRow,
    EntryRow,
    HoldAccountRow,
    HoldResolutionRow,
    HoldRow,
    LineRow,
    MemoRow,
    PeriodCloseRow,
    TransferRow,
)
from timebank.books.together import Rows, Values
from timebank.ledger.accounts import AccountRef
from timebank.ledger.balances import Line
from timebank.ledger.canonical import normal
from timebank.ledger.tiles import TILE_HEIGHT

Endings = Iterable[tuple[int, int, str]]
"""How holds ended: (number of the hold's entry, number of the ending entry, outcome)."""


def rows_of(head: Head, states: States, booked: Sequence[Booked], endings: Endings) -> tuple[Rows, ...]:
    """Return all rows of decided entries: those to which others refer come first; new accounts count in the head."""
    if not booked:
        return ()
    community_id = booked[0].entry.community_id
    touched = {line.account for item in booked for line in item.lines}
    new = open_accounts(states, touched, head.accounts)
    head.accounts += len(new)
    return (
        Rows(AccountRow, [_account(community_id, ref, states[ref].id) for ref in new]),
        Rows(EntryRow, [_entry(item) for item in booked]),
        Rows(MemoRow, [_memo(item) for item in booked if item.memo]),
        Rows(TransferRow, [row for item in booked for row in _transfers(item, states)]),
        Rows(LineRow, [row for item in booked for row in _lines(item, states)]),
        Rows(TreeNodeRow, [row for item in booked for row in _nodes(item)]),
        Rows(HoldResolutionRow, [_resolution(community_id, ending) for ending in endings]),
    )


def _account(community_id: str, ref: AccountRef, number: int) -> Values:
    return {
        "community_id": community_id,
        "id": number,
        "code": ref.code,
        "kind": ref.kind.value,
        "owner": ref.owner,
        "unit": ref.unit,
        "vintage": ref.vintage,
        "sign": ref.sign,
    }


def _entry(item: Booked) -> Values:
    entry = item.entry
    return {
        "community_id": entry.community_id,
        "seq": entry.seq,
        "event_id": entry.event_id,
        "kind": entry.kind.value,
        "booked_at": entry.booked_at,
        "effective_on": entry.effective_on,
        "served_on": entry.served_on,
        "actor": entry.actor,
        "source": entry.source,
        "reverses": entry.reverses,
        "leaf": item.leaf,
        "leaf_hash": item.leaf_hash,
    }


def _memo(item: Booked) -> Values:
    entry = item.entry
    return {"community_id": entry.community_id, "seq": entry.seq, "salt": item.salt, "text": normal(item.memo)}


def _transfers(item: Booked, states: States) -> Iterable[Values]:
    for number, transfer in enumerate(item.entry.transfers, start=1):
        yield {
            "community_id": item.entry.community_id,
            "seq": item.entry.seq,
            "line": number,
            "unit": transfer.unit,
            "debit": states[transfer.debit].id,
            "credit": states[transfer.credit].id,
            "amount": transfer.amount,
        }


def _nodes(item: Booked) -> Iterable[Values]:
    entry = item.entry
    for level, node in enumerate(item.nodes, start=1):
        position = entry.seq - 1 >> level * TILE_HEIGHT
        yield {"community_id": entry.community_id, "level": level, "position": position, "hash": node}


def _lines(item: Booked, states: States) -> Iterable[Values]:
    for line in item.lines:
        state = states[line.account]
        state.n += 1
        state.balance = line.after
        yield _line(item, line, states)


def _line(item: Booked, line: Line, states: States) -> Values:
    state = states[line.account]
    return {
        "community_id": item.entry.community_id,
        "account_id": state.id,
        "n": state.n,
        "unit": line.account.unit,
        "sign": line.account.sign,
        "seq": item.entry.seq,
        "line": line.line,
        "debit": states[line.transfer.debit].id,
        "credit": states[line.transfer.credit].id,
        "amount": line.transfer.amount,
        "delta": line.delta,
        "opening": line.before,
        "closing": line.after,
        "previous_n": state.n - 1 or None,
    }


def _resolution(community_id: str, ending: tuple[int, int, str]) -> Values:
    hold_seq, seq, outcome = ending
    return {"community_id": community_id, "hold_seq": hold_seq, "seq": seq, "outcome": outcome}


def place_hold(session: Session, item: Values, account_ids: Iterable[int]) -> None:
    """Write a hold and which accounts hold something for it."""
    holding = [
        {"community_id": item["community_id"], "account_id": number, "hold_seq": item["seq"]}
        for number in sorted(set(account_ids))
    ]
    together.write(session, (Rows(HoldRow, [item]), Rows(HoldAccountRow, holding)))


def resolve_hold(session: Session, community_id: str, ending: tuple[int, int, str]) -> None:
    """Write how a hold ended."""
    together.write(session, [Rows(HoldResolutionRow, [_resolution(community_id, ending)])])


def close_account(session: Session, community_id: str, *, account_id: int, seq: int) -> None:
    """Write that an account takes no further line."""
    closing = {"community_id": community_id, "account_id": account_id, "seq": seq}
    together.write(session, [Rows(AccountClosingRow, [closing])])


def close_period(session: Session, community_id: str, *, through: date, seq: int) -> None:
    """Write that nothing can count for these days any more."""
    together.write(
        session, [Rows(PeriodCloseRow, [{"community_id": community_id, "closed_through": through, "seq": seq}])]
    )
