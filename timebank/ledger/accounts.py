"""Accounts: who can hold what, in which unit, and on which side of zero.

A balance is credit-positive: a transfer takes from its debit account and gives to its credit account. Every kind has
one sign. `+1` accounts hold what is there or what the community owes (a passbook, a shelf) and never fall below zero.
`-1` accounts are where things come from or what somebody owes (issuance, a donor, a debt) and never rise above zero.
So nothing can be spent that was not there, and nothing can be returned that was never given.

Source: ledger.md sections 1 and 2.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MINUTES: Final = "minutes"
"""Unit: whole minutes of recognised service; never spent."""
POINTS: Final = "points"
"""Unit: hundredths of a point."""
GOODS_PREFIX: Final = "goods:"

GROUP_PREFIX: Final = "TD"
"""What the number of a group (团队) begins with: its passbook is for giving alone, see `policy.py`."""


def is_group(owner: str) -> bool:
    """Tell whether a passbook of this number belongs to a group."""
    return owner.startswith(GROUP_PREFIX)


def goods_unit(good_number: str) -> str:
    """Return the unit in which pieces of one good are counted, e.g. `goods:G0001`."""
    assert _OWNER.fullmatch(good_number), good_number
    return GOODS_PREFIX + good_number


class Family(StrEnum):
    """The three families of units; a kind of account holds units of fixed families."""

    MINUTES = "minutes"
    POINTS = "points"
    GOODS = "goods"


class AccountKind(StrEnum):
    """What an account is for."""

    SERVICE = "service"
    OPENING = "opening"
    RECOGNISED = "recognised"
    ISSUANCE = "issuance"
    PASSBOOK = "passbook"
    HELD = "held"
    DEBT = "debt"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    POOL = "pool"
    DONOR = "donor"
    SHELF = "shelf"
    RESERVED = "reserved"
    HANDED_OUT = "handed-out"
    WRITTEN_OFF = "written-off"
    SURPLUS = "surplus"
    RELIEF = "relief"


@dataclass(frozen=True, slots=True)
class KindRule:
    """What is true of every account of one kind.

    Attributes:
        sign: +1 never below zero, -1 never above zero.
        families: the unit families that it may hold.
        owned: one account per owner (volunteer, partner, lot), or one for the community.
    """

    sign: int
    families: frozenset[Family]
    owned: bool


def _rule(sign: int, *families: Family, owned: bool) -> KindRule:
    return KindRule(sign, frozenset(families), owned)


KINDS: Final[dict[AccountKind, KindRule]] = {
    AccountKind.SERVICE: _rule(-1, Family.MINUTES, owned=False),
    AccountKind.OPENING: _rule(-1, Family.MINUTES, Family.POINTS, owned=False),
    AccountKind.RECOGNISED: _rule(+1, Family.MINUTES, owned=True),
    AccountKind.ISSUANCE: _rule(-1, Family.POINTS, owned=False),
    AccountKind.PASSBOOK: _rule(+1, Family.POINTS, owned=True),
    AccountKind.HELD: _rule(+1, Family.POINTS, owned=True),
    AccountKind.DEBT: _rule(-1, Family.POINTS, owned=True),
    AccountKind.REDEEMED: _rule(+1, Family.POINTS, owned=False),
    AccountKind.EXPIRED: _rule(+1, Family.POINTS, owned=False),
    AccountKind.POOL: _rule(+1, Family.POINTS, owned=False),
    AccountKind.DONOR: _rule(-1, Family.GOODS, owned=True),
    AccountKind.SHELF: _rule(+1, Family.GOODS, owned=True),
    AccountKind.RESERVED: _rule(+1, Family.GOODS, owned=True),
    AccountKind.HANDED_OUT: _rule(+1, Family.GOODS, owned=False),
    AccountKind.RELIEF: _rule(+1, Family.GOODS, owned=False),
    AccountKind.WRITTEN_OFF: _rule(+1, Family.GOODS, owned=False),
    AccountKind.SURPLUS: _rule(-1, Family.GOODS, owned=False),
}

HOME: Final = {AccountKind.HELD: AccountKind.PASSBOOK, AccountKind.RESERVED: AccountKind.SHELF}
"""Where what is on hold came from, and goes back to."""

_AGEING: Final = frozenset({AccountKind.PASSBOOK, AccountKind.HELD})
_OWNER: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")
_UNIT: Final = re.compile(r"minutes|points|goods:[A-Z0-9][A-Z0-9-]{0,31}")


@dataclass(frozen=True, slots=True, order=True)
class AccountRef:
    """The name of an account.

    Attributes:
        kind: what it is for.
        owner: number of a volunteer or group, partner code or lot number; empty where a community has one account.
        unit: `minutes`, `points` or `goods:<number>`.
        vintage: the year in which the points were earned, where the rule lets points expire; otherwise 0.
    """

    kind: AccountKind
    owner: str
    unit: str
    vintage: int = 0

    def __post_init__(self) -> None:
        """Refuse a name that could not be an account."""
        rule = KINDS[self.kind]
        assert _UNIT.fullmatch(self.unit), self.unit
        assert Family(self.unit.partition(":")[0]) in rule.families, self
        assert bool(_OWNER.fullmatch(self.owner)) == rule.owned, self
        assert self.vintage == 0 or (self.kind in _AGEING and 2000 <= self.vintage <= 2999), self

    @property
    def sign(self) -> int:
        """The side of zero on which the balance stays: +1 or -1."""
        return KINDS[self.kind].sign

    @property
    def code(self) -> str:
        """The account as one word, e.g. `passbook/V0005/points`; the reverse of `parse`."""
        parts = [self.kind.value, self.owner, self.unit, str(self.vintage or "")]
        return "/".join(part for part in parts if part)

    @classmethod
    def parse(cls, code: str) -> "AccountRef":
        """Read a code back.

        Raises:
            ValueError: it is not the code of an account.
        """
        kind_word, *rest = code.split("/")
        kind = AccountKind(kind_word)
        owner = rest.pop(0) if KINDS[kind].owned and rest else ""
        try:
            unit, year = rest if len(rest) == 2 else (*rest, "0")
            ref = cls(kind, owner, unit, int(year))
        except AssertionError as error:
            raise ValueError(code) from error
        if ref.code != code:
            raise ValueError(code)
        return ref


def system(kind: AccountKind, unit: str) -> AccountRef:
    """Name the community's own account of a kind."""
    return AccountRef(kind, "", unit)
