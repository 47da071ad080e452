"""Holds: put points and goods aside, then hand them over or give them back, exactly once.

A hold is a real entry: what is on hold has left the passbook and the shelf. A hold whose time is over counts as given
back from that moment on, and the next touch of one of its accounts books it so.

Source: ledger.md section 1, decision 7.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import head as heads
from timebank.books import journal, rows
from timebank.books.acts import Act
from timebank.books.journal import Posted
from timebank.books.loading import account_states
from timebank.books.tables import HoldResolutionRow, HoldRow
from timebank.ledger.accounts import HOME, AccountKind, AccountRef, system
from timebank.ledger.balances import NotEnough
from timebank.ledger.canonical import written_moment
from timebank.ledger.entries import Draft, Entry, EntryKind, Transfer
from timebank.refusal import Refusal

DESTINATION = {AccountKind.HELD: AccountKind.REDEEMED, AccountKind.RESERVED: AccountKind.HANDED_OUT}
"""Where captured points and goods go."""
Parts = Iterable[tuple[AccountRef, int]]


class NoSuchHold(Refusal):
    """There is no hold of this number."""

    code = "no_such_hold"


class HoldOver(Refusal):
    """The hold has ended already: captured, released or expired; it cannot end twice."""

    code = "hold_over"


def place(session: Session, act: Act, *, parts: Parts, expires_at: datetime | None, source: str, memo: str) -> Posted:
    """Put amounts of passbooks and shelves aside; return the hold's entry, whose number names the hold.

    Args:
        parts: from which passbook or shelf, how much.
        expires_at: when it ends by itself; None never.

    Raises:
        NotEnough: there is less than that; nothing was put aside.
    """
    holding = {home: kind for kind, home in HOME.items()}
    transfers = tuple(Transfer(ref, replace(ref, kind=holding[ref.kind]), amount) for ref, amount in parts)
    draft = Draft(
        kind=EntryKind.HOLD_PLACED,
        effective_on=act.today,
        transfers=transfers,
        source=source,
        memo=memo,
        facts={"expires_at": None if expires_at is None else written_moment(expires_at)},
    )
    posted = journal.post(session, act, draft)
    states = account_states(session, act.community_id, [transfer.credit for transfer in transfers])
    row = {"community_id": act.community_id, "seq": posted.seq, "expires_at": expires_at}
    rows.place_hold(session, row, (state.id for state in states.values()))
    return posted


def capture(session: Session, act: Act, *, hold_seq: int, parts: Parts | None) -> Posted:
    """Hand over what is on hold; what is not captured goes back in the same entry.

    Args:
        parts: from which passbook or shelf, how much; None everything.

    Raises:
        NoSuchHold, HoldOver: there is nothing on hold under this number.
        NotEnough: more than is on hold; nothing was handed over.
    """
    hold = _open_hold(session, act, hold_seq)
    wanted = _wanted(hold, parts)
    transfers = tuple(part for transfer in hold.transfers for part in _split(transfer, wanted))
    _check_all_taken(wanted, hold)
    return _end(session, act, hold, EntryKind.HOLD_CAPTURED, transfers)


def release(session: Session, act: Act, *, hold_seq: int) -> Posted:
    """Give everything back.

    Raises:
        NoSuchHold, HoldOver: there is nothing on hold under this number.
    """
    hold = _open_hold(session, act, hold_seq)
    back = tuple(Transfer(transfer.credit, transfer.debit, transfer.amount) for transfer in hold.transfers)
    return _end(session, act, hold, EntryKind.HOLD_RELEASED, back)


def _wanted(hold: Entry, parts: Parts | None) -> dict[AccountRef, int]:
    everything = ((transfer.debit, transfer.amount) for transfer in hold.transfers)
    total: dict[AccountRef, int] = {}
    for ref, amount in everything if parts is None else parts:
        total[ref] = total.get(ref, 0) + amount
    return total


def _split(transfer: Transfer, wanted: dict[AccountRef, int]) -> Iterable[Transfer]:
    taken = min(wanted.get(transfer.debit, 0), transfer.amount)
    if taken:
        wanted[transfer.debit] -= taken
        destination = system(DESTINATION[transfer.credit.kind], transfer.unit)
        yield Transfer(transfer.credit, destination, taken)
    if transfer.amount > taken:
        yield Transfer(transfer.credit, transfer.debit, transfer.amount - taken)


def _check_all_taken(left: Mapping[AccountRef, int], hold: Entry) -> None:
    for ref, missing in left.items():
        if missing:
            there = sum(transfer.amount for transfer in hold.transfers if transfer.debit == ref)
            raise NotEnough(account=ref.code, unit=ref.unit, balance=there, needed=there + missing)


def _open_hold(session: Session, act: Act, hold_seq: int) -> Entry:
    heads.lock(session, act.community_id)
    hold = session.get(HoldRow, (act.community_id, hold_seq))
    if hold is None:
        raise NoSuchHold(hold=hold_seq)
    ended = session.get(HoldResolutionRow, (act.community_id, hold_seq))
    if ended is not None:
        raise HoldOver(hold=hold_seq, outcome=ended.outcome)
    if hold.expires_at is not None and hold.expires_at <= act.at:
        raise HoldOver(hold=hold_seq, outcome="expired")
    return journal.entry_at(session, act.community_id, hold_seq)


def _end(session: Session, act: Act, hold: Entry, kind: EntryKind, transfers: tuple[Transfer, ...]) -> Posted:
    draft = Draft(kind=kind, effective_on=act.today, transfers=transfers, source=hold.source, facts={"hold": hold.seq})
    posted = journal.post(session, act, draft)
    outcome = "captured" if kind is EntryKind.HOLD_CAPTURED else "released"
    rows.resolve_hold(session, act.community_id, (hold.seq, posted.seq, outcome))
    return posted


def expire(session: Session, act: Act) -> tuple[int, ...]:
    """Give back everything whose time is over, without waiting for the next touch; return the holds' numbers."""
    heads.lock(session, act.community_id)
    over = overdue(session, act.community_id, act.at)
    holding = (journal.entry_at(session, act.community_id, hold_seq) for hold_seq in over)
    journal.settle(session, act, accounts={transfer.debit for hold in holding for transfer in hold.transfers})
    return over


def overdue(session: Session, community_id: str, at: datetime) -> tuple[int, ...]:
    """Return the numbers of the unresolved holds that have expired by `at`, oldest first."""
    resolved = sa.exists().where(
        HoldResolutionRow.community_id == HoldRow.community_id, HoldResolutionRow.hold_seq == HoldRow.seq
    )
    query = sa.select(HoldRow.seq).where(HoldRow.community_id == community_id, HoldRow.expires_at <= at, ~resolved)
    return tuple(session.scalars(query.order_by(HoldRow.seq)))
