"""Flows of goods: which of them moved, and how many pieces went from some owners to accounts of another kind."""

from collections.abc import Collection
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from timebank.books.tables import AccountRow, EntryRow, TransferRow
from timebank.ledger.accounts import GOODS_PREFIX, AccountKind

_KEPT: Final = frozenset({AccountKind.SHELF.value, AccountKind.RESERVED.value})


def goods_gone(
    session: Session, community_id: str, lots: Collection[str], first_on: date, last_on: date
) -> dict[tuple[str, AccountKind], int]:
    """Sum what left the shelf of some lots between two days, both counted, by unit and kind of the other account.

    Returns:
        Pieces; below zero for what came, e.g. from a donor. What went between the lots themselves is no flow, and what
        was taken back is taken off.
    """
    giver, taker = aliased(AccountRow), aliased(AccountRow)
    of_entry = sa.and_(EntryRow.community_id == TransferRow.community_id, EntryRow.seq == TransferRow.seq)
    query = (
        sa.select(TransferRow.unit, giver.kind, giver.owner, taker.kind, taker.owner, sa.func.sum(TransferRow.amount))
        .select_from(TransferRow)
        .join(EntryRow, of_entry)
        .join(giver, sa.and_(giver.community_id == TransferRow.community_id, giver.id == TransferRow.debit))
        .join(taker, sa.and_(taker.community_id == TransferRow.community_id, taker.id == TransferRow.credit))
        .where(TransferRow.community_id == community_id, EntryRow.effective_on.between(first_on, last_on))
        .where(sa.or_(giver.owner.in_(lots), taker.owner.in_(lots)))
        .group_by(TransferRow.unit, giver.kind, giver.owner, taker.kind, taker.owner)
    )
    gone: dict[tuple[str, AccountKind], int] = {}
    for unit, from_kind, from_owner, to_kind, to_owner, pieces in session.execute(query):
        ours_gives = from_kind in _KEPT and from_owner in lots
        ours_takes = to_kind in _KEPT and to_owner in lots
        if ours_gives != ours_takes:
            other = (unit, AccountKind(to_kind if ours_gives else from_kind))
            gone[other] = gone.get(other, 0) + (int(pieces) if ours_gives else -int(pieces))
    return gone


def goods_moved_since(session: Session, community_id: str, after_seq: int) -> frozenset[str]:
    """Return the units of goods that came, went or changed their place after an entry.

    What was put aside for somebody, or given back, still stands on the shelf and has not moved.
    """
    giver, taker = aliased(AccountRow), aliased(AccountRow)
    stayed = sa.and_(giver.kind.in_(_KEPT), taker.kind.in_(_KEPT), giver.owner == taker.owner)
    query = (
        sa.select(TransferRow.unit)
        .join(giver, sa.and_(giver.community_id == TransferRow.community_id, giver.id == TransferRow.debit))
        .join(taker, sa.and_(taker.community_id == TransferRow.community_id, taker.id == TransferRow.credit))
        .where(TransferRow.community_id == community_id, TransferRow.seq > after_seq, ~stayed)
        .where(TransferRow.unit.startswith(GOODS_PREFIX))
    )
    return frozenset(session.scalars(query.distinct()))
