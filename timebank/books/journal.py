"""The journal: the only writer of entries. Lock, load, decide with the pure ledger, write, move the head.

Posting many entries costs as many statements as posting one. Nothing is written before everything is decided, so a
refusal leaves every table as it was.

Source: ledger.md section 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import head as heads
from timebank.books import rows, together
from timebank.books.acts import Act
from timebank.books.booking import AccountClosed, Booked, Booking
from timebank.books.head import Head
from timebank.books.loading import States, account_states, holding_refs, in_chunks, overdue_holds
from timebank.books.tables import EntryRow
from timebank.books.together import Rows
from timebank.ledger.accounts import HOME, AccountKind, AccountRef
from timebank.ledger.canonical import entry_of
from timebank.ledger.entries import REVERSIBLE, Draft, Entry, EntryKind, Transfer, reversal_of
from timebank.refusal import Refusal

ENTRIES_AT_ONCE: Final = 1000
"""How many entries go into one statement: enough that their number does not matter, few enough for any memory."""


class PeriodClosed(Refusal):
    """The day lies in a closed period; the correction belongs into the open one (ledger.md section 1, decision 10)."""

    code = "period_closed"


class NoSuchEntry(Refusal):
    """There is no entry of this number."""

    code = "no_such_entry"


class NotReversible(Refusal):
    """Entries of this kind are not taken back by a reversal."""

    code = "not_reversible"


class AlreadyReversed(Refusal):
    """The entry was reversed before; once is enough."""

    code = "already_reversed"


class NotEmpty(Refusal):
    """An account with a balance cannot be closed."""

    code = "not_empty"


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry that stands in the books.

    Attributes:
        seq: its number, by which it is called.
        booked_at: when it was booked.
        leaf_hash: the hash of its canonical bytes, 32 bytes.
        closings: the balance of every account that it touched, after it.
    """

    seq: int
    booked_at: datetime
    leaf_hash: bytes
    closings: Mapping[AccountRef, int]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry that is decided, and what must be written for it to stand in the books: its rows, and the head."""

    posted: Posted
    rows: tuple[Rows, ...]
    head: Head


def post(session: Session, act: Act, draft: Draft) -> Posted:
    """Write one entry for ever; overdue holds of the accounts that it touches are released first.

    Raises:
        NotEnough: an account would pass zero; nothing was written.
        PeriodClosed: its day lies in a closed period.
        AccountClosed: it touches a closed account.
        PolicyBreach: its kind has no such road (a fault of the program).
    """
    return post_all(session, act, (draft,))[0]


def post_all(session: Session, act: Act, drafts: Sequence[Draft]) -> tuple[Posted, ...]:
    """Write many entries, in order, all or none; see `post`."""
    if not drafts:
        return ()
    return _write(session, act, _decide(session, act, drafts, _load(session, act, _touched(drafts))))


def settle(session: Session, act: Act, *, accounts: Iterable[AccountRef]) -> None:
    """Release the overdue holds of these accounts, as any posting to them would."""
    _write(session, act, _decide(session, act, (), _load(session, act, set(accounts))))


def prepare(session: Session, act: Act, draft: Draft, states: States) -> Prepared:
    """Decide about one entry and write nothing yet; it counts once its rows and its head are written.

    Args:
        states: of every account that exists among those that the draft or the release of an overdue hold touches, and
            of the debt and the held points of each owner of a passbook (`loading.accounts_question`).

    Raises:
        see `post`.
    """
    decision = _decide(session, act, (draft,), states)
    return Prepared(decision.posted[0], decision.rows(decision.booked), decision.head)


@dataclass(frozen=True, slots=True)
class _Decision:
    """What a posting comes to: the releases of overdue holds first, then what was asked for."""

    head: Head
    states: States
    overdue: tuple[Entry, ...]
    booked: Sequence[Booked]

    @property
    def posted(self) -> tuple[Posted, ...]:
        """What was asked for, as it stands in the books."""
        return tuple(_posted(item) for item in self.booked[len(self.overdue) :])

    def rows(self, part: Sequence[Booked]) -> tuple[Rows, ...]:
        """Return the rows of a part of the entries; parts are asked for in order, each once."""
        ended = {end.entry.seq: hold.seq for hold, end in zip(self.overdue, self.booked, strict=False)}
        endings = [(ended[item.entry.seq], item.entry.seq, "expired") for item in part if item.entry.seq in ended]
        return rows.rows_of(self.head, self.states, part, endings)


def _decide(session: Session, act: Act, drafts: Sequence[Draft], states: States) -> _Decision:
    head = heads.lock(session, act.community_id)
    overdue = _overdue(session, act, states)
    further = {ref for hold in overdue for t in hold.transfers for ref in (t.debit, t.credit)} - states.keys()
    states = states | account_states(session, act.community_id, further)
    wanted = [*(_expiry(hold, act) for hold in overdue), *drafts]
    _check_period_open(wanted, head)
    booking = Booking(act, head, states)
    return _Decision(head, states, overdue, [booking.book(draft) for draft in wanted])


def _write(session: Session, act: Act, decision: _Decision) -> tuple[Posted, ...]:
    """Write a handful of statements for every thousand entries, then the head."""
    for part in in_chunks(decision.booked, ENTRIES_AT_ONCE):
        together.write(session, decision.rows(part))
    if decision.booked:
        heads.write(session, act.community_id, decision.head)
    return decision.posted


def _check_period_open(drafts: Iterable[Draft], head: Head) -> None:
    for draft in drafts:
        if draft.effective_on <= head.closed_through:
            raise PeriodClosed(day=draft.effective_on.isoformat(), closed_through=head.closed_through.isoformat())


def _posted(booked: Booked) -> Posted:
    closings = {line.account: line.after for line in booked.lines}
    return Posted(booked.entry.seq, booked.entry.booked_at, booked.leaf_hash, closings)


def _touched(drafts: Iterable[Draft]) -> set[AccountRef]:
    refs = {ref for draft in drafts for transfer in draft.transfers for ref in (transfer.debit, transfer.credit)}
    owners = {(ref.owner, ref.unit) for ref in refs if ref.kind is AccountKind.PASSBOOK}
    return refs | {AccountRef(AccountKind.DEBT, owner, unit) for owner, unit in owners}


def _load(session: Session, act: Act, refs: set[AccountRef]) -> States:
    heads.lock(session, act.community_id)
    return account_states(session, act.community_id, refs | holding_refs(refs))


def _overdue(session: Session, act: Act, states: States) -> tuple[Entry, ...]:
    holding = [state.id for ref, state in states.items() if ref.kind in HOME and state.balance]
    return overdue_holds(session, act.community_id, holding, act.at) if holding else ()


def _expiry(hold: Entry, act: Act) -> Draft:
    transfers = tuple(Transfer(t.credit, t.debit, t.amount) for t in hold.transfers)
    return Draft(
        kind=EntryKind.HOLD_EXPIRED,
        effective_on=act.today,
        transfers=transfers,
        source=hold.source,
        facts={"hold": hold.seq},
    )


def effective_day(session: Session, act: Act, day: date) -> date:
    """Return the day for which something of `day` counts now: that day, or today if its period is closed already."""
    closed_through = heads.lock(session, act.community_id).closed_through
    return day if day > closed_through else act.today


def entry_at(session: Session, community_id: str, seq: int) -> Entry:
    """Return the entry of a number, read from its leaf.

    Raises:
        NoSuchEntry: there is none.
    """
    leaf = session.scalar(sa.select(EntryRow.leaf).where(EntryRow.community_id == community_id, EntryRow.seq == seq))
    if leaf is None:
        raise NoSuchEntry(seq=seq)
    return entry_of(leaf)


def reverse(session: Session, act: Act, *, seq: int, reason: str) -> Posted:
    """Take an entry back by its mirrored entry: at most once, linked, never by erasing.

    Points that were spent meanwhile become a debt, settled first from later awards.

    Raises:
        NoSuchEntry, NotReversible, AlreadyReversed: it cannot be taken back.
        NotEnough: goods that it brought are no longer there.
    """
    heads.lock(session, act.community_id)
    original = entry_at(session, act.community_id, seq)
    if original.kind not in REVERSIBLE:
        raise NotReversible(seq=seq, kind=original.kind.value)
    _check_not_reversed(session, act.community_id, seq)
    day = effective_day(session, act, original.effective_on)
    return post(session, act, reversal_of(original, effective_on=day, memo=reason))


def _check_not_reversed(session: Session, community_id: str, seq: int) -> None:
    earlier = session.scalar(
        sa.select(EntryRow.seq).where(EntryRow.community_id == community_id, EntryRow.reverses == seq)
    )
    if earlier is not None:
        raise AlreadyReversed(seq=seq, reversed_by=earlier)


def close_account(session: Session, act: Act, *, account: AccountRef) -> Posted:
    """Close an empty account for ever; nothing of it may be on hold either, for a hold must be able to come back.

    Raises:
        NotEmpty: it has a balance, or something of it is on hold.
        AccountClosed: it is closed already, or there is none.
    """
    settle(session, act, accounts=[account])
    states = account_states(session, act.community_id, {account} | holding_refs([account]))
    state = states.get(account)
    if state is None or state.closed:
        raise AccountClosed(account=account.code)
    for ref, found in sorted(states.items()):
        if found.balance:
            raise NotEmpty(account=ref.code, balance=abs(found.balance))
    posted = post(session, act, Draft(kind=EntryKind.ACCOUNT_CLOSED, effective_on=act.today, source=account.code))
    rows.close_account(session, act.community_id, account_id=state.id, seq=posted.seq)
    return posted


def close_period(session: Session, act: Act, *, through: date) -> Posted:
    """Close every day up to and including `through`: nothing can count for them any more.

    Raises:
        PeriodClosed: that day is closed already, or not over yet.
    """
    head = heads.lock(session, act.community_id)
    if not head.closed_through < through < act.today:
        raise PeriodClosed(day=through.isoformat(), closed_through=head.closed_through.isoformat())
    facts = {"through": through.isoformat()}
    posted = post(session, act, Draft(kind=EntryKind.PERIOD_CLOSED, effective_on=act.today, facts=facts))
    head = heads.lock(session, act.community_id)
    head.closed_through = through
    rows.close_period(session, act.community_id, through=through, seq=posted.seq)
    heads.write(session, act.community_id, head)
    return posted
