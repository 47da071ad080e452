"""What stands in the books before a batch and after it: minutes, points and pieces of the whole community."""

from typing import Final

from sqlalchemy.orm import Session

from timebank.books.statements import AccountFilter, balances
from timebank.ledger.accounts import AccountKind

_POINTS: Final = (AccountKind.PASSBOOK, AccountKind.HELD)
_PIECES: Final = (AccountKind.SHELF, AccountKind.RESERVED)


def minutes_and_points(session: Session, community_id: str, *, minutes: int, points_e2: int) -> dict[str, int]:
    """Return recognised minutes and points that passbooks hold, before and after so many come in."""
    minutes_before = _sum(session, community_id, AccountKind.RECOGNISED)
    points_before_e2 = _sum(session, community_id, *_POINTS)
    return {
        "minutes": minutes,
        "minutes_before": minutes_before,
        "minutes_after": minutes_before + minutes,
        "points_e2": points_e2,
        "points_before_e2": points_before_e2,
        "points_after_e2": points_before_e2 + points_e2,
    }


def pieces(session: Session, community_id: str, *, coming: int) -> dict[str, int]:
    """Return the pieces on the shelf, before and after so many come in."""
    before = _sum(session, community_id, *_PIECES)
    return {"pieces": coming, "pieces_before": before, "pieces_after": before + coming}


def _sum(session: Session, community_id: str, *kinds: AccountKind) -> int:
    found = (balances(session, community_id, AccountFilter(kind=kind)) for kind in kinds)
    return sum(item.balance for of_kind in found for item in of_kind)
