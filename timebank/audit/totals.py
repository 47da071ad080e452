"""Totals: the few figures that everybody may see, read from the books and nowhere else."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from timebank.books.statements import balances
from timebank.ledger.accounts import GOODS_PREFIX, POINTS, AccountKind
from timebank.people import queries as people


@dataclass(frozen=True, slots=True)
class Totals:
    """What the community has given and received.

    Attributes:
        volunteers: registered volunteers.
        minutes: recognised service, with what was carried over from paper.
        issued_e2, redeemed_e2, outstanding_e2: hundredths of a point; issued − redeemed − expired − pool = outstanding.
        shelf_pieces, handed_out_pieces, relief_pieces: goods on the shelf, redeemed, and given to households in need.
    """

    volunteers: int
    minutes: int
    issued_e2: int
    redeemed_e2: int
    outstanding_e2: int
    shelf_pieces: int
    handed_out_pieces: int
    relief_pieces: int


def totals(session: Session, community_id: str) -> Totals:
    """Return the totals as they are now."""
    by_kind: defaultdict[tuple[AccountKind, str], int] = defaultdict(int)
    for item in balances(session, community_id):
        unit = GOODS_PREFIX if item.account.unit.startswith(GOODS_PREFIX) else item.account.unit
        by_kind[item.account.kind, unit] += item.balance
    return Totals(
        volunteers=people.volunteer_count(session, community_id),
        minutes=sum(amount for (kind, _unit), amount in by_kind.items() if kind is AccountKind.RECOGNISED),
        issued_e2=-by_kind[AccountKind.ISSUANCE, POINTS] - by_kind[AccountKind.OPENING, POINTS],
        redeemed_e2=by_kind[AccountKind.REDEEMED, POINTS],
        outstanding_e2=by_kind[AccountKind.PASSBOOK, POINTS] + by_kind[AccountKind.HELD, POINTS],
        shelf_pieces=by_kind[AccountKind.SHELF, GOODS_PREFIX] + by_kind[AccountKind.RESERVED, GOODS_PREFIX],
        handed_out_pieces=by_kind[AccountKind.HANDED_OUT, GOODS_PREFIX],
        relief_pieces=by_kind[AccountKind.RELIEF, GOODS_PREFIX],
    )
