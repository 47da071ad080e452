"""What became of a partner's gifts in a year: by good, in pieces, and in how many redemptions; no names."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.flows import goods_gone
from timebank.books.statements import AccountFilter, balances_as_of
from timebank.ledger.accounts import GOODS_PREFIX, AccountKind
from timebank.ledger.days import day_of
from timebank.market.queries.shelf import delivered
from timebank.market.tables import (
    DonationDecisionRow,
    DonationRow,
    DonationUndoRow,
    LotRow,
    RedemptionLineRow,
    RedemptionRow,
    RedemptionUndoRow,
)


@dataclass(frozen=True, slots=True)
class Gift:
    """One good of a partner in a year, in pieces: what was there before + received = what went out + what is left.

    Attributes:
        before: on the shelf or put aside before the year.
        received: checked in this year; value_fen: their value in fen, as far as unit prices were told.
        redeemed: handed out for points, in so many `redemptions`.
        relief: given to households in need.
        written_off: spoilt, lost, or missing at a count; what a count found too many is taken off.
        left: on the shelf or put aside at the end of the year, or now.
    """

    good_number: str
    before: int
    received: int
    value_fen: int
    redeemed: int
    redemptions: int
    relief: int
    written_off: int
    left: int


def gifts(session: Session, community_id: str, partner_code: str, year: int) -> tuple[Gift, ...]:
    """Return what became of a partner's gifts in a calendar year, by good; of which nothing was there is left out."""
    first_on, last_on = date(year, 1, 1), date(year, 12, 31)
    lots = _lots(session, community_id, partner_code)
    gone = goods_gone(session, community_id, lots, first_on, last_on)
    before = _there(session, community_id, lots, date(year - 1, 12, 31))
    left = _there(session, community_id, lots, last_on)
    values = _values_fen(session, community_id, partner_code, year)
    times = _redemptions(session, community_id, lots, year)
    goods = sorted({unit.removeprefix(GOODS_PREFIX) for unit, _kind in gone} | before.keys() | left.keys())
    return tuple(
        Gift(
            good_number=good,
            before=before.get(good, 0),
            received=-_of(gone, good, AccountKind.DONOR),
            value_fen=values.get(good, 0),
            redeemed=_of(gone, good, AccountKind.HANDED_OUT),
            redemptions=times.get(good, 0),
            relief=_of(gone, good, AccountKind.RELIEF),
            written_off=_of(gone, good, AccountKind.WRITTEN_OFF) + _of(gone, good, AccountKind.SURPLUS),
            left=left.get(good, 0),
        )
        for good in goods
    )


def _of(gone: dict[tuple[str, AccountKind], int], good: str, kind: AccountKind) -> int:
    return gone.get((GOODS_PREFIX + good, kind), 0)


def _lots(session: Session, community_id: str, partner_code: str) -> frozenset[str]:
    query = sa.select(LotRow.number).join(DonationRow, _donation()).where(*_gave(community_id, partner_code))
    return frozenset(session.scalars(query))


def _donation() -> sa.ColumnElement[bool]:
    return sa.and_(DonationRow.community_id == LotRow.community_id, DonationRow.number == LotRow.donation_number)


def _gave(community_id: str, partner_code: str) -> tuple[sa.ColumnElement[bool], ...]:
    return LotRow.community_id == community_id, DonationRow.partner_code == partner_code


def _there(session: Session, community_id: str, lots: frozenset[str], day: date) -> dict[str, int]:
    """Count what was on the shelf or put aside at the end of a day, by good."""
    there: dict[str, int] = {}
    for item in balances_as_of(session, community_id, day, AccountFilter(owners=tuple(sorted(lots)))):
        if item.account.kind in {AccountKind.SHELF, AccountKind.RESERVED} and item.balance:
            good = item.account.unit.removeprefix(GOODS_PREFIX)
            there[good] = there.get(good, 0) + item.balance
    return there


def _values_fen(session: Session, community_id: str, partner_code: str, year: int) -> dict[str, int]:
    def of(row: Any) -> sa.ColumnElement[bool]:
        return sa.and_(row.community_id == DonationRow.community_id, row.donation_number == DonationRow.number)

    query = (
        sa.select(LotRow.good_number, LotRow.pieces, LotRow.unit_price_fen, DonationDecisionRow.decided_at)
        .join(DonationRow, _donation())
        .join(DonationDecisionRow, of(DonationDecisionRow))
        .outerjoin(DonationUndoRow, of(DonationUndoRow))
        .where(*_gave(community_id, partner_code), delivered())
        .where(DonationDecisionRow.entry_seq.is_not(None), DonationUndoRow.entry_seq.is_(None))
    )
    values: dict[str, int] = {}
    for good, pieces, price_fen, checked_in_at in session.execute(query):
        if day_of(checked_in_at).year == year:
            values[good] = values.get(good, 0) + pieces * (price_fen or 0)
    return values


def _redemptions(session: Session, community_id: str, lots: frozenset[str], year: int) -> dict[str, int]:
    def of(row: Any) -> sa.ColumnElement[bool]:
        return sa.and_(row.community_id == RedemptionRow.community_id, row.redemption_id == RedemptionRow.id)

    query = (
        sa.select(RedemptionLineRow.good_number, sa.func.count(sa.distinct(RedemptionRow.id)))
        .select_from(RedemptionRow)
        .join(RedemptionLineRow, of(RedemptionLineRow))
        .outerjoin(RedemptionUndoRow, of(RedemptionUndoRow))
        .where(RedemptionRow.community_id == community_id, RedemptionUndoRow.entry_seq.is_(None))
        .where(RedemptionRow.redeemed_on.between(date(year, 1, 1), date(year, 12, 31)))
        .where(RedemptionLineRow.lot_number.in_(lots))
        .group_by(RedemptionLineRow.good_number)
    )
    return {good: int(times) for good, times in session.execute(query)}
