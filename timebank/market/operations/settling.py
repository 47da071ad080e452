"""Settling: the statement of what a partner unit honoured in a month that is over, by two persons."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.market.queries.honouring import NoSuchSettlement, find_settlement, honoured_in
from timebank.market.rules.vouchers import month_number
from timebank.market.tables import VoucherSettledRow, VoucherSettlementRow
from timebank.people.queries import check_may, partner
from timebank.people.roles import Permission
from timebank.refusal import Refusal


class SettlementMonth(Refusal):
    """The month is not over yet, is none, or nothing was honoured in it."""

    code = "settlement_month"


class SettlementDone(Refusal):
    """The statement of this month is drawn up already, or confirmed already."""

    code = "settlement_done"


class SettlementNeedsAnother(Refusal):
    """Whoever drew the statement up does not confirm it (four eyes)."""

    code = "settlement_needs_another"


@once("market.draw_up_settlement", subject="partner_code")
def draw_up_settlement(session: Session, act: Act, *, partner_code: str, month: int) -> dict[str, Any]:
    """Draw up the statement of a unit's month; return its `vouchers`, `points_e2` and `value_fen`.

    Raises:
        NotAllowed: the actor sets no prices.
        NoSuchPartner, SettlementMonth, SettlementDone
    """
    check_may(session, act, Permission.SET_PRICES)
    unit = partner(session, act.community_id, partner_code)
    over = type(month) is int and 200001 <= month < month_number(act.today) and 1 <= month % 100 <= 12
    honoured = honoured_in(session, act.community_id, unit.code, month) if over else ()
    if not honoured:
        raise SettlementMonth(partner=unit.name, month=month)
    if find_settlement(session, act.community_id, unit.code, month) is not None:
        raise SettlementDone(partner=unit.name, month=month)
    totals = {
        "vouchers": sum(one.vouchers for one in honoured),
        "points_e2": sum(one.points_e2 for one in honoured),
        "value_fen": sum(one.value_fen for one in honoured),
    }
    row = {"partner_code": unit.code, "month": month, "drawn_up_by_id": act.person_id, "drawn_up_at": act.at}
    session.execute(sa.insert(VoucherSettlementRow), {"community_id": act.community_id} | row | totals)
    return totals


@once("market.confirm_settlement", subject="partner_code")
def confirm_settlement(session: Session, act: Act, *, partner_code: str, month: int) -> None:
    """Confirm the statement of a unit's month as another person.

    Raises:
        NotAllowed: the actor confirms no prices.
        NoSuchSettlement, SettlementDone, SettlementNeedsAnother
    """
    check_may(session, act, Permission.CONFIRM_PRICES)
    found = find_settlement(session, act.community_id, partner_code, month)
    if found is None:
        raise NoSuchSettlement()
    if found.confirmed_at is not None:
        raise SettlementDone(partner=partner_code, month=month)
    if found.drawn_up_by_id == act.person_id:
        raise SettlementNeedsAnother()
    row = {
        "community_id": act.community_id,
        "partner_code": found.partner_code,
        "month": found.month,
        "drawn_up_by_id": found.drawn_up_by_id,
        "confirmed_by_id": act.person_id,
        "confirmed_at": act.at,
    }
    session.execute(sa.insert(VoucherSettledRow), row)
