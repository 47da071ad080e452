"""Booking: decide the entries of a batch in memory, one after the other: place, moment, final transfers, lines, leaf.

Nothing here touches the database; what comes out is ready to be written.

Source: ledger.md section 4.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from timebank.books.acts import Act
from timebank.books.head import Head
from timebank.books.loading import AccountState
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef
from timebank.ledger.balances import Line, fold, owing_the_rest, settling_debt
from timebank.ledger.canonical import commitment, leaf_bytes
from timebank.ledger.entries import Draft, Entry, EntryKind, Transfer
from timebank.ledger.merkle import leaf_hash
from timebank.ledger.policy import check_roads
from timebank.ledger.tiles import LEAF_BYTES_MAX, TILE_HEIGHT
from timebank.refusal import Refusal


class AccountClosed(Refusal):
    """The account was closed and takes no further entry."""

    code = "account_closed"


class EntryTooLarge(Refusal):
    """The entry has more transfers and facts than one leaf of the log can hold."""

    code = "entry_too_large"


@dataclass(frozen=True, slots=True)
class Booked:
    """A decided entry with everything that is written of it.

    Attributes:
        entry: as it stands in the leaf.
        lines: both sides of its transfers, with running balances.
        leaf: its canonical bytes; `leaf_hash` their hash.
        nodes: the stored hashes of the tree that this leaf completes, one for each tile level from 1 on.
        memo: the free text; `salt` the salt of its commitment.
    """

    entry: Entry
    lines: tuple[Line, ...]
    leaf: bytes
    leaf_hash: bytes
    nodes: tuple[bytes, ...]
    memo: str
    salt: bytes


class Booking:
    """The running decision about one batch: balances and head as they stand after each entry."""

    def __init__(self, act: Act, head: Head, states: dict[AccountRef, AccountState]) -> None:
        self.act = act
        self.head = head
        self.states = states
        self.balances = {ref: state.balance for ref, state in states.items()}
        self.closed = {ref for ref, state in states.items() if state.closed}

    def book(self, draft: Draft) -> Booked:
        """Give a draft its place, its moment, its final transfers, its lines and its leaf."""
        transfers = self._final_transfers(draft)
        check_roads(draft.kind, transfers)
        for transfer in transfers:
            self._check_open(transfer)
        lines = fold(transfers, self.balances)
        entry, salt = self._entry(draft, transfers)
        leaf = leaf_bytes(entry)
        if len(leaf) > LEAF_BYTES_MAX:
            raise EntryTooLarge(bytes_max=LEAF_BYTES_MAX)
        digest = leaf_hash(leaf)
        nodes = self.head.frontier.completed_by(digest)[TILE_HEIGHT::TILE_HEIGHT]
        self.head.frontier = self.head.frontier.append(digest)
        return Booked(entry, lines, leaf, digest, nodes, draft.memo, salt)

    def _final_transfers(self, draft: Draft) -> tuple[Transfer, ...]:
        transfers = draft.transfers
        if draft.kind is EntryKind.REVERSAL:
            transfers = owing_the_rest(transfers, self.balances)
        return settling_debt(transfers, self._debts(transfers))

    def _debts(self, transfers: Iterable[Transfer]) -> dict[str, int]:
        """Return what the owners of the passbooks that receive something owe, above zero."""
        owners = {transfer.credit.owner for transfer in transfers if transfer.credit.kind is AccountKind.PASSBOOK}
        owed = {owner: -self.balances.get(AccountRef(AccountKind.DEBT, owner, POINTS), 0) for owner in owners}
        return {owner: amount for owner, amount in owed.items() if amount}

    def _check_open(self, transfer: Transfer) -> None:
        for ref in (transfer.debit, transfer.credit):
            if ref in self.closed:
                raise AccountClosed(account=ref.code)

    def _entry(self, draft: Draft, transfers: tuple[Transfer, ...]) -> tuple[Entry, bytes]:
        act, head = self.act, self.head
        head.size += 1
        head.entries_of_this_act += 1
        head.last_booked_at = max(act.at, head.last_booked_at + timedelta(microseconds=1))
        event_id = f"{act.request_key}:{head.entries_of_this_act}"
        salt = act.salt_for(event_id)
        entry = Entry(
            community_id=act.community_id,
            seq=head.size,
            kind=draft.kind,
            event_id=event_id,
            booked_at=head.last_booked_at,
            effective_on=draft.effective_on,
            served_on=draft.served_on,
            actor=act.number,
            on_behalf_of=act.on_behalf_of,
            source=draft.source,
            memo_hash=commitment(salt, draft.memo) if draft.memo else None,
            rule_version=draft.rule_version,
            facts=draft.facts,
            reverses=draft.reverses,
            transfers=transfers,
        )
        return entry, salt
