"""The shelf: what is there and what it takes, and what waits for a second person: deliveries and prices."""

from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books.by_month import points_by_month
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.people import queries as people
from timebank.rulebook.queries import rules_on
from timebank.web.access import Audience, act, audience
from timebank.web.charts import Bar, bar_chart
from timebank.web.forms import Digits, Form, Text, at_most
from timebank.web.presenting import points
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("stock", __name__, url_prefix="/stock")

DEMAND_LOOKS_BACK: Final = timedelta(days=90)
DEMAND_CHARTED: Final = 10
"""How far back the chart of what was asked for in vain looks, and how much it draws."""


class DeliveryForm(Form):
    """Which delivery."""

    number = Text(required=True, validate=at_most(20))


class VersionForm(Form):
    """Which version of the prices."""

    number = Digits(required=True)


@blueprint.get("")
@audience(Audience.CLERK, Audience.COORDINATOR, Audience.ADMIN)
def shelf() -> str:
    """Show what waits for a second person, what is urgent, and what is on the shelf."""
    return _shelf_page(NOT_TRIED)


@blueprint.get("/backing")
@audience(Audience.COORDINATOR, Audience.ADMIN)
def backing() -> str:
    """Show what the shelf backs of all points, and what became of points month by month."""
    community, now = current_user.community_id, clock.now()
    today = day_of(now)
    found = queries.backing(db.session(), community, now)
    both = (
        (_("货架上的物品值"), found.shelf_points_e2),
        (_("大家存折里还有"), found.outstanding_points_e2),
    )
    bars = [Bar(name, amount, _("%(points)s 分", points=points(amount))) for name, amount in both]
    return render_template(
        "stock/backing.html",
        backing=found,
        least=_percent_least(),
        demand_chart=demand_chart(community, today),
        chart=bar_chart("backing", _("货架上的物品值多少分，大家存折里有多少分"), bars),
        months=points_by_month(db.session(), community, today - timedelta(days=365)),
    )


def demand_chart(community: str, today: date) -> Markup | str:
    """Draw what was asked for in vain beside what is there; nothing where everything was."""
    found = queries.unmet_demand(db.session(), community, today - DEMAND_LOOKS_BACK)[:DEMAND_CHARTED]
    names = {good.number: good.name for good in queries.goods(db.session(), community)}
    bars = [Bar(names.get(one.good_number or "", one.words), one.asked, str(one.asked)) for one in found]
    return bar_chart("demand", _("九十天里要了没有的，按次数"), bars) if bars else ""


def _percent_least() -> int | None:
    rules = rules_on(db.session(), current_user.community_id, day_of(clock.now()))
    return rules.document.market.backing_percent_least


def _shelf_page(tried: Attempt[Any]) -> str:
    community, now = current_user.community_id, clock.now()
    waiting = queries.waiting_donations(db.session(), community)
    return render_template(
        "stock/shelf.html",
        lots=queries.stock(db.session(), community, now),
        urgent=queries.near_expiry(db.session(), community, now),
        scarce=queries.low_stock(db.session(), community, now),
        waiting=[(one, queries.donation_lots(db.session(), community, one.number)) for one in waiting],
        proposals=queries.waiting_prices(db.session(), community),
        goods={good.number: good for good in queries.goods(db.session(), community)},
        prices=queries.prices_on(db.session(), community, day_of(now)),
        partners={one.code: one.name for one in people.partners(db.session(), community)},
        backing=queries.backing(db.session(), community, now),
        least=_percent_least(),
        handles_goods=bool(current_user.audiences & {Audience.CLERK, Audience.COORDINATOR}),
        sets_prices=bool(current_user.audiences & {Audience.COORDINATOR, Audience.ADMIN}),
        **tried.form(),
    )


def _after(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _shelf_page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("stock.shelf"))


@blueprint.post("/deliveries/check-in")
@audience(Audience.CLERK, Audience.COORDINATOR)
def check_in() -> Response | tuple[str, int]:
    """Check a delivery in as the second person."""

    def check(session: Session) -> dict[str, Any]:
        typed = DeliveryForm().load(request.form)
        return operations.check_in(session, act(typed["request_key"]), donation_number=typed["number"])

    return _after(attempt(check), _("已验收上架。"))


@blueprint.post("/deliveries/withdraw")
@audience(Audience.CLERK, Audience.COORDINATOR)
def withdraw_delivery() -> Response | tuple[str, int]:
    """Withdraw a delivery that waits: it was written down wrongly."""

    def withdraw(session: Session) -> None:
        typed = DeliveryForm().load(request.form)
        operations.withdraw_donation(session, act(typed["request_key"]), donation_number=typed["number"])

    return _after(attempt(withdraw), _("已撤回这张入库单。货架没有变动，可以重新登记。"))


@blueprint.post("/prices/confirm")
@audience(Audience.COORDINATOR, Audience.ADMIN)
def confirm_prices() -> Response | tuple[str, int]:
    """Confirm proposed prices as the second person."""

    def confirm(session: Session) -> dict[str, Any]:
        typed = VersionForm().load(request.form)
        return operations.confirm_prices(session, act(typed["request_key"]), version=typed["number"])

    return _after(attempt(confirm), _("已确认。第一次定的积分今天生效，改的明天起生效。"))


@blueprint.post("/prices/withdraw")
@audience(Audience.COORDINATOR, Audience.ADMIN)
def withdraw_prices() -> Response | tuple[str, int]:
    """Withdraw proposed prices; they then never hold."""

    def withdraw(session: Session) -> None:
        typed = VersionForm().load(request.form)
        operations.withdraw_prices(session, act(typed["request_key"]), version=typed["number"])

    return _after(attempt(withdraw), _("已撤回这一版积分。现在的积分没有变动。"))
