"""Settling: the statement of what a partner unit honoured in a month, by two persons, to be printed and downloaded."""

from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as Download
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.queries.honouring import find_settlement, honoured_in, months_honoured
from timebank.market.rules.vouchers import month_number
from timebank.people import queries as people
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Digits, Filter, Form, between
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.spreadsheets import hundredths, spreadsheet
from timebank.web.staff_words import names_by_person

blueprint = Blueprint("settling", __name__, url_prefix="/vouchers/partners")

WHO = (Audience.COORDINATOR, Audience.ADMIN, Audience.AUDITOR)
OFFICE = (Audience.COORDINATOR, Audience.ADMIN)
MIN_MONTH = 200001
MONTHS = between(MIN_MONTH, 299912)


class MonthFilter(Filter):
    """Of which month, as 202611; empty is this one."""

    labels: ClassVar = {"month": lazy_gettext("月份")}

    month = Digits(load_default=None, validate=MONTHS)


class MonthForm(Form):
    """Of which month the statement is."""

    month = Digits(required=True, validate=MONTHS)


def _month() -> int:
    """Return the month that is asked for; what is no month of a year is this one."""
    return _or_this_one(MonthFilter().load(request.args)["month"])


def _or_this_one(month: int | None) -> int:
    if month is not None and month >= MIN_MONTH and 1 <= month % 100 <= 12:
        return month
    return month_number(day_of(clock.now()))


@blueprint.get("/<code>")
@audience(*WHO)
def statement(code: str) -> str:
    """Show what one unit honoured in a month."""
    return _page(code, _month(), NOT_TRIED)


def _page(code: str, month: int, tried: Attempt[Any]) -> str:
    community = current_user.community_id
    unit = people.partner(db.session(), community, code)
    return render_template(
        "vouchers/statement.html",
        partner=unit,
        month=month,
        is_over=month < month_number(day_of(clock.now())),
        months=months_honoured(db.session(), community, unit.code),
        honoured=honoured_in(db.session(), community, unit.code, month),
        settlement=find_settlement(db.session(), community, unit.code, month),
        staff=names_by_person(),
        goods={good.number: good for good in queries.goods(db.session(), community)},
        decides=bool(current_user.audiences & set(OFFICE)),
        **tried.form(),
    )


@blueprint.post("/<code>/draw-up")
@audience(*OFFICE)
def draw_up(code: str) -> str | Response | tuple[str, int]:
    """Draw the statement of a month up."""

    def total(session: Session) -> dict[str, Any]:
        typed = MonthForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.draw_up_settlement(session, doing, partner_code=code, month=typed["month"])

    return _after(code, attempt(total), _("对账单出好了，等另一位确认。"))


@blueprint.post("/<code>/confirm")
@audience(*OFFICE)
def confirm(code: str) -> str | Response | tuple[str, int]:
    """Confirm the statement of a month as another person."""

    def agree(session: Session) -> None:
        typed = MonthForm().load(request.form)
        doing = act(typed["request_key"])
        operations.confirm_settlement(session, doing, partner_code=code, month=typed["month"])

    return _after(code, attempt(agree), _("对账单确认了，可以打印请单位盖章。"))


def _after(code: str, tried: Attempt[Any], said: str) -> str | Response | tuple[str, int]:
    typed = request.form.get("month", "")
    month = _or_this_one(int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 6 else None)
    if not tried.done:
        return _page(code, month, tried), tried.status
    flash(said, "good")
    return redirect(url_for("settling.statement", code=code, month=month))


@blueprint.get("/<code>/vouchers.csv")
@audience(*WHO)
def table(code: str) -> Download:
    """Give the statement as a CSV file that spreadsheets open rightly and never run."""
    community, month = current_user.community_id, _month()
    unit = people.partner(db.session(), community, code)
    names = {good.number: good.name for good in queries.goods(db.session(), community)}
    rows: list[list[object]] = [[_("服务"), _("核销张数"), _("积分"), _("价值（元）")]]
    for one in honoured_in(db.session(), community, unit.code, month):
        rows.append([names[one.good_number], one.vouchers, hundredths(one.points_e2), hundredths(one.value_fen)])
    return spreadsheet(f"vouchers-{unit.code}-{month}.csv", rows)
