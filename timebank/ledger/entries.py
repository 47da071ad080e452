"""Entries: one atomic event with zero or more transfers; an unbalanced one cannot be built.

A transfer takes an amount from one account and gives it to another in the same unit, so every entry balances per unit
by construction. An entry without transfers still changes the truth (a star granted, a rule published).

Source: ledger.md section 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from timebank.ledger.accounts import HOME, AccountRef

AMOUNT_MAX: Final = 10_000_000_000
"""The largest amount of one transfer (minutes, hundredths of a point, or pieces)."""
BALANCE_MAX: Final = 9_000_000_000_000_000
"""The largest balance, on either side of zero; below 2^53, so that it is exact in every JSON reader."""

FactValue = str | int | bool | None
Facts = Mapping[str, FactValue]
NO_FACTS: Final[Facts] = MappingProxyType({})


class ImpossibleEntry(AssertionError):
    """The program tried to build an entry that cannot be: a fault, not a refusal."""


class EntryKind(StrEnum):
    """What happened."""

    COMMUNITY_OPENED = "community-opened"
    OPENING_BALANCE = "opening-balance"
    SERVICE_APPROVED = "service-approved"
    STAR_GRANTED = "star-granted"
    STAR_REFUSED = "star-refused"
    CERTIFICATE_ISSUED = "certificate-issued"
    CERTIFICATE_ENDED = "certificate-ended"
    STAR_INQUIRY_DECIDED = "star-inquiry-decided"
    RULES_PUBLISHED = "rules-published"
    GOODS_RECEIVED = "goods-received"
    PRICES_PUBLISHED = "prices-published"
    GOODS_REDEEMED = "goods-redeemed"
    GOODS_WRITTEN_OFF = "goods-written-off"
    GOODS_COUNTED = "goods-counted"
    GOODS_MOVED = "goods-moved"
    RELIEF_ISSUED = "relief-issued"
    POINTS_EXPIRED = "points-expired"
    POINTS_DONATED = "points-donated"
    SURPLUS_DONATED = "surplus-donated"
    POOL_GRANTED = "pool-granted"
    HOLD_PLACED = "hold-placed"
    HOLD_CAPTURED = "hold-captured"
    HOLD_RELEASED = "hold-released"
    HOLD_EXPIRED = "hold-expired"
    REVERSAL = "reversal"
    ACCOUNT_CLOSED = "account-closed"
    PERIOD_CLOSED = "period-closed"
    LOG_KEY_SET = "log-key-set"
    LOG_RESTORED = "log-restored"
    WITNESS_ADDED = "witness-added"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One debit account, one credit account, one unit, one positive whole amount."""

    debit: AccountRef
    credit: AccountRef
    amount: int

    def __post_init__(self) -> None:
        """Refuse what could not be a transfer; `bool` is an `int` in Python and is refused too."""
        if type(self.amount) is not int or not 1 <= self.amount <= AMOUNT_MAX:
            raise ImpossibleEntry(f"amount {self.amount!r}")
        if self.debit.unit != self.credit.unit:
            raise ImpossibleEntry(f"{self.debit.code} and {self.credit.code} differ in unit")
        if self.debit == self.credit:
            raise ImpossibleEntry(f"{self.debit.code} to itself")

    @property
    def unit(self) -> str:
        """The unit of both accounts."""
        return self.debit.unit

    @property
    def ends_a_hold(self) -> bool:
        """What was on hold goes back to where it came from."""
        return self.credit == _home_of(self.debit) and self.debit.kind in HOME

    def mirrored(self) -> "Transfer":
        """Return the way back; what came out of a hold goes back to where the hold came from, for the hold is over."""
        return Transfer(debit=self.credit, credit=_home_of(self.debit), amount=self.amount)


def _home_of(ref: AccountRef) -> AccountRef:
    home = HOME.get(ref.kind)
    return ref if home is None else replace(ref, kind=home)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry as it is asked for, before it has a place in the books.

    Attributes:
        kind: what happened.
        effective_on: the day for which it counts (year, star, period).
        served_on: the day of the service, where there was one.
        transfers: what moves.
        source: the record behind it, without names, e.g. `service-record:<id>`.
        memo: free text for the statement; only a salted commitment of it enters the leaf.
        rule_version: the rule version that decided, where one did.
        facts: what the rule was given and what else must be provable; no names.
        reverses: the entry that this one reverses.
    """

    kind: EntryKind
    effective_on: date
    transfers: tuple[Transfer, ...] = ()
    served_on: date | None = None
    source: str | None = None
    memo: str = ""
    rule_version: int | None = None
    facts: Facts = field(default_factory=lambda: NO_FACTS)
    reverses: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as it stands in the books; exactly what its leaf says.

    Attributes:
        community_id: the community's code.
        seq: its place, 1, 2, 3 … without gaps.
        event_id: the caller's name for this event (request key and place in the request), unique for ever.
        booked_at: when it was booked; strictly increasing with `seq`.
        actor: number of the person who did it (`S001`, `V0005`) or `system`.
        on_behalf_of: number of the person for whom the actor acted.
        memo_hash: salted commitment of the memo, hex, or None where there is no memo.
    """

    community_id: str
    seq: int
    kind: EntryKind
    event_id: str
    booked_at: datetime
    effective_on: date
    served_on: date | None
    actor: str
    on_behalf_of: str | None
    source: str | None
    memo_hash: str | None
    rule_version: int | None
    facts: Facts
    reverses: int | None
    transfers: tuple[Transfer, ...]


REVERSIBLE: Final = frozenset(
    {
        EntryKind.OPENING_BALANCE,
        EntryKind.SERVICE_APPROVED,
        EntryKind.GOODS_RECEIVED,
        EntryKind.GOODS_REDEEMED,
        EntryKind.GOODS_WRITTEN_OFF,
        EntryKind.GOODS_COUNTED,
        EntryKind.RELIEF_ISSUED,
        EntryKind.POINTS_DONATED,
        EntryKind.POOL_GRANTED,
        EntryKind.HOLD_CAPTURED,
    }
)
"""The kinds that a reversal may take back; a reversal itself is not among them."""


def reversal_of(entry: Entry, *, effective_on: date, memo: str) -> Draft:
    """Draft the mirrored entry, with the same date of service and a link to the original.

    What a part capture had already given back to its owner is not taken again.
    """
    return Draft(
        kind=EntryKind.REVERSAL,
        effective_on=effective_on,
        served_on=entry.served_on,
        memo=memo,
        transfers=tuple(transfer.mirrored() for transfer in entry.transfers if not transfer.ends_a_hold),
        source=entry.source,
        rule_version=entry.rule_version,
        facts={"reversed_kind": entry.kind.value},
        reverses=entry.seq,
    )
