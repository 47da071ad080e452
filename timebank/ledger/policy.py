"""Policy: the table of roads. Which kind of entry may move things between which kinds of account.

An entry that asks for another road is a fault of the program (`PolicyBreach`), never a refusal to a person. A reversal
may travel any road backwards, and no other.
"""

from typing import Final

from timebank.ledger.accounts import HOME, AccountKind, AccountRef, is_group
from timebank.ledger.entries import REVERSIBLE, EntryKind, Transfer

Road = tuple[AccountKind, AccountKind]

_SERVICE_ROADS: Final[frozenset[Road]] = frozenset(
    {
        (AccountKind.SERVICE, AccountKind.RECOGNISED),
        (AccountKind.ISSUANCE, AccountKind.PASSBOOK),
    }
)
_RELEASE_ROADS: Final[frozenset[Road]] = frozenset(
    {(AccountKind.HELD, AccountKind.PASSBOOK), (AccountKind.RESERVED, AccountKind.SHELF)}
)

ALLOWED: Final[dict[EntryKind, frozenset[Road]]] = {
    EntryKind.COMMUNITY_OPENED: frozenset(),
    EntryKind.OPENING_BALANCE: frozenset(
        {(AccountKind.OPENING, AccountKind.RECOGNISED), (AccountKind.OPENING, AccountKind.PASSBOOK)}
    ),
    EntryKind.SERVICE_APPROVED: _SERVICE_ROADS,
    EntryKind.STAR_GRANTED: frozenset(),
    EntryKind.STAR_REFUSED: frozenset(),
    EntryKind.CERTIFICATE_ISSUED: frozenset(),
    EntryKind.CERTIFICATE_ENDED: frozenset(),
    EntryKind.STAR_INQUIRY_DECIDED: frozenset(),
    EntryKind.RULES_PUBLISHED: frozenset(),
    EntryKind.GOODS_RECEIVED: frozenset({(AccountKind.DONOR, AccountKind.SHELF)}),
    EntryKind.PRICES_PUBLISHED: frozenset(),
    EntryKind.GOODS_REDEEMED: frozenset(
        {(AccountKind.PASSBOOK, AccountKind.REDEEMED), (AccountKind.SHELF, AccountKind.HANDED_OUT)}
    ),
    EntryKind.GOODS_WRITTEN_OFF: frozenset({(AccountKind.SHELF, AccountKind.WRITTEN_OFF)}),
    EntryKind.GOODS_COUNTED: frozenset(
        {(AccountKind.SHELF, AccountKind.WRITTEN_OFF), (AccountKind.SURPLUS, AccountKind.SHELF)}
    ),
    EntryKind.GOODS_MOVED: frozenset({(AccountKind.SHELF, AccountKind.SHELF)}),
    EntryKind.RELIEF_ISSUED: frozenset({(AccountKind.SHELF, AccountKind.RELIEF)}),
    EntryKind.POINTS_EXPIRED: frozenset({(AccountKind.PASSBOOK, AccountKind.EXPIRED)}),
    EntryKind.POINTS_DONATED: frozenset({(AccountKind.PASSBOOK, AccountKind.POOL)}),
    EntryKind.SURPLUS_DONATED: frozenset({(AccountKind.PASSBOOK, AccountKind.POOL)}),
    EntryKind.POOL_GRANTED: frozenset({(AccountKind.POOL, AccountKind.PASSBOOK)}),
    EntryKind.HOLD_PLACED: frozenset(
        {(AccountKind.PASSBOOK, AccountKind.HELD), (AccountKind.SHELF, AccountKind.RESERVED)}
    ),
    EntryKind.HOLD_CAPTURED: _RELEASE_ROADS
    | {(AccountKind.HELD, AccountKind.REDEEMED), (AccountKind.RESERVED, AccountKind.HANDED_OUT)},
    EntryKind.HOLD_RELEASED: _RELEASE_ROADS,
    EntryKind.HOLD_EXPIRED: _RELEASE_ROADS,
    EntryKind.ACCOUNT_CLOSED: frozenset(),
    EntryKind.PERIOD_CLOSED: frozenset(),
    EntryKind.LOG_KEY_SET: frozenset(),
    EntryKind.LOG_RESTORED: frozenset(),
    EntryKind.WITNESS_ADDED: frozenset(),
}
"""The roads of each kind of entry, as (debit kind, credit kind). Whatever flows into a passbook may settle its debt."""


def _settling(roads: frozenset[Road]) -> frozenset[Road]:
    into_passbook = {debit for debit, credit in roads if credit is AccountKind.PASSBOOK and debit not in HOME}
    debts = {(debit, AccountKind.DEBT) for debit in into_passbook - {AccountKind.DEBT}}
    return roads | debts


def _backwards(roads: frozenset[Road]) -> frozenset[Road]:
    back = {(credit, HOME.get(debit, debit)) for debit, credit in roads if credit is not HOME.get(debit)}
    owed = {(AccountKind.DEBT, target) for source, target in back if source is AccountKind.PASSBOOK}
    return _settling(frozenset(back | owed))


ROADS: Final[dict[EntryKind, frozenset[Road]]] = {
    **{kind: _settling(roads) for kind, roads in ALLOWED.items()},
    EntryKind.REVERSAL: frozenset().union(*(_backwards(_settling(ALLOWED[kind])) for kind in REVERSIBLE)),
}
"""All roads, with the settling of debts and the ways back."""


OUT_OF_A_GROUP: Final = frozenset({AccountKind.POOL, AccountKind.EXPIRED, AccountKind.ISSUANCE, AccountKind.OPENING})
"""Where the points of a group may go: given away, expired, or back where they came from. Nothing is bought with them.

Source: domain.md section 1.4 (the time of groups can only be given away) and 3, P4.
"""


class PolicyBreach(AssertionError):
    """The program asked for a road that does not exist: a fault, not a refusal."""


def check_roads(kind: EntryKind, transfers: tuple[Transfer, ...]) -> None:
    """Make sure that every transfer of an entry travels a road of its kind.

    Raises:
        PolicyBreach: one of them does not.
    """
    for transfer in transfers:
        road = (transfer.debit.kind, transfer.credit.kind)
        if road not in ROADS[kind]:
            raise PolicyBreach(f"{kind}: {transfer.debit.code} -> {transfer.credit.code}")
        _check_same_holder(transfer)
        _check_group(kind, transfer)


def _check_group(kind: EntryKind, transfer: Transfer) -> None:
    """A group gives and is given nothing: its points came from service, and go into the pool."""
    spent = _of_group(transfer.debit) and transfer.credit.kind not in OUT_OF_A_GROUP
    granted = _of_group(transfer.credit) and kind is EntryKind.POOL_GRANTED
    if spent or granted:
        raise PolicyBreach(f"{kind}: {transfer.debit.code} -> {transfer.credit.code}")


def _of_group(account: AccountRef) -> bool:
    return account.kind is AccountKind.PASSBOOK and is_group(account.owner)


def _check_same_holder(transfer: Transfer) -> None:
    """Between two owned accounts nothing may change hands: points are never passed from person to person.

    Goods do: a donor's come onto the shelf, and pieces of a lot go to another place, where they are a lot of their own.
    """
    if transfer.debit.owner and transfer.credit.owner and transfer.debit.owner != transfer.credit.owner:
        goods = {AccountKind.DONOR, AccountKind.SHELF}
        if not {transfer.debit.kind, transfer.credit.kind} <= goods:
            raise PolicyBreach(f"{transfer.debit.code} -> {transfer.credit.code}")
