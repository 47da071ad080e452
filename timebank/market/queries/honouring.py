"""Honouring: who may honour vouchers at a partner unit, what it honoured in a month, and the statements."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.codes import Code, CodeKind
from timebank.market.queries.vouchers import HONOURED, VOUCHER_ENDED
from timebank.market.rules.vouchers import month_number
from timebank.market.tables import (
    VoucherDeskEndRow,
    VoucherDeskRow,
    VoucherEndRow,
    VoucherOfferRow,
    VoucherRow,
    VoucherSettledRow,
    VoucherSettlementRow,
)
from timebank.refusal import Refusal


class NoSuchVoucherDesk(Refusal):
    """There is no desk with this code, or it works no more."""

    code = "no_such_voucher_desk"


class NoSuchSettlement(Refusal):
    """Nobody has drawn up the statement of this partner and month."""

    code = "no_such_settlement"


@dataclass(frozen=True, slots=True)
class VoucherDesk:
    """Who may honour vouchers at a unit."""

    number: str
    partner_code: str
    keeper: str
    code: Code
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class HonouredService:
    """What a unit honoured of one offer in a month: so many vouchers, their points, and their value in fen."""

    offer_number: str
    good_number: str
    vouchers: int
    points_e2: int
    value_fen: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """The statement of a unit's month: who drew it up, and who confirmed it, None as long as nobody has."""

    partner_code: str
    month: int
    vouchers: int
    points_e2: int
    value_fen: int
    drawn_up_by_id: UUID
    drawn_up_at: datetime
    confirmed_by_id: UUID | None
    confirmed_at: datetime | None


def voucher_desks(session: Session, community_id: str) -> tuple[VoucherDesk, ...]:
    """Return the desks, by number, those that work no more too."""
    newest = (sa.func.length(VoucherDeskRow.number), VoucherDeskRow.number)
    return tuple(_desk(row) for row in session.execute(_desks(community_id).order_by(*newest)))


def voucher_desk(session: Session, community_id: str, number: str) -> VoucherDesk:
    """Return one desk.

    Raises:
        NoSuchVoucherDesk: there is none of this number.
    """
    return _one_desk(session, _desks(community_id).where(VoucherDeskRow.number == number))


def desk_of_code(session: Session, community_id: str, payload: int) -> VoucherDesk:
    """Return the desk with this code (its payload), which still works.

    Raises:
        NoSuchVoucherDesk: there is none.
    """
    wanted = _desks(community_id).where(VoucherDeskRow.code_payload == payload, VoucherDeskEndRow.ended_at.is_(None))
    return _one_desk(session, wanted)


def _one_desk(session: Session, query: sa.Select[*tuple[Any, ...]]) -> VoucherDesk:
    row = session.execute(query).one_or_none()
    if row is None:
        raise NoSuchVoucherDesk()
    return _desk(row)


def _desks(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    over = sa.and_(
        VoucherDeskEndRow.community_id == VoucherDeskRow.community_id,
        VoucherDeskEndRow.desk_number == VoucherDeskRow.number,
    )
    return (
        sa.select(*VoucherDeskRow.__table__.c, VoucherDeskEndRow.ended_at)
        .outerjoin(VoucherDeskEndRow, over)
        .where(VoucherDeskRow.community_id == community_id)
    )


def _desk(row: Any) -> VoucherDesk:  # a row of the query
    code = Code(CodeKind.BADGE, row.code_payload)
    return VoucherDesk(row.number, row.partner_code, row.keeper, code, row.made_at, row.ended_at)


def honoured_in(session: Session, community_id: str, partner_code: str, month: int) -> tuple[HonouredService, ...]:
    """Return what a unit honoured in a month, by offer; no names."""
    first = date(month // 100, month % 100, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    of_offer = sa.and_(
        VoucherOfferRow.community_id == VoucherRow.community_id, VoucherOfferRow.number == VoucherRow.offer_number
    )
    query = (
        sa.select(
            VoucherRow.offer_number,
            VoucherRow.good_number,
            sa.func.count(),
            sa.func.sum(VoucherRow.price_points_e2),
            sa.func.sum(VoucherOfferRow.unit_value_fen),
        )
        .select_from(VoucherRow)
        .join(VoucherEndRow, VOUCHER_ENDED)
        .join(VoucherOfferRow, of_offer)
        .where(VoucherRow.community_id == community_id, VoucherRow.partner_code == partner_code)
        .where(VoucherEndRow.outcome == HONOURED, VoucherEndRow.ended_on >= first, VoucherEndRow.ended_on < after)
        .group_by(VoucherRow.offer_number, VoucherRow.good_number)
        .order_by(VoucherRow.offer_number)
    )
    rows = session.execute(query)
    return tuple(HonouredService(offer, good, int(n), int(points), int(fen)) for offer, good, n, points, fen in rows)


def months_honoured(session: Session, community_id: str, partner_code: str) -> tuple[int, ...]:
    """Return in which months a unit has honoured vouchers, the newest first."""
    query = sa.select(VoucherEndRow.ended_on).where(
        VoucherEndRow.community_id == community_id,
        VoucherEndRow.partner_code == partner_code,
        VoucherEndRow.outcome == HONOURED,
    )
    return tuple(sorted({month_number(day) for day in session.scalars(query.distinct())}, reverse=True))


def settlements(session: Session, community_id: str) -> tuple[Settlement, ...]:
    """Return the statements, the newest month first."""
    query = _settlements(community_id).order_by(VoucherSettlementRow.month.desc(), VoucherSettlementRow.partner_code)
    return tuple(_settlement(row) for row in session.execute(query))


def find_settlement(session: Session, community_id: str, partner_code: str, month: int) -> Settlement | None:
    """Return the statement of a unit's month, or None where nobody has drawn it up."""
    wanted = _settlements(community_id).where(
        VoucherSettlementRow.partner_code == partner_code, VoucherSettlementRow.month == month
    )
    row = session.execute(wanted).one_or_none()
    return None if row is None else _settlement(row)


def _settlements(community_id: str) -> sa.Select[*tuple[Any, ...]]:
    own = VoucherSettlementRow
    confirmed = sa.and_(
        VoucherSettledRow.community_id == own.community_id,
        VoucherSettledRow.partner_code == own.partner_code,
        VoucherSettledRow.month == own.month,
    )
    return (
        sa.select(*own.__table__.c, VoucherSettledRow.confirmed_by_id, VoucherSettledRow.confirmed_at)
        .outerjoin(VoucherSettledRow, confirmed)
        .where(own.community_id == community_id)
    )


def _settlement(row: Any) -> Settlement:  # a row of the query
    return Settlement(
        partner_code=row.partner_code,
        month=row.month,
        vouchers=row.vouchers,
        points_e2=row.points_e2,
        value_fen=row.value_fen,
        drawn_up_by_id=row.drawn_up_by_id,
        drawn_up_at=row.drawn_up_at,
        confirmed_by_id=row.confirmed_by_id,
        confirmed_at=row.confirmed_at,
    )
