"""Partners: what became of the gifts of each unit in a year, to be printed and signed, and as a table. No names."""

from typing import ClassVar

from flask import Blueprint, render_template, request
from flask import Response as Download
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import queries
from timebank.market.queries import Gift
from timebank.people import queries as people
from timebank.web.access import Audience, audience
from timebank.web.forms import Digits, Filter, between
from timebank.web.spreadsheets import hundredths, spreadsheet

blueprint = Blueprint("partners", __name__, url_prefix="/partners")

WHO = (Audience.COORDINATOR, Audience.ADMIN, Audience.AUDITOR)


class YearFilter(Filter):
    """Of which year; empty is this one."""

    labels: ClassVar = {"year": lazy_gettext("年份")}

    year = Digits(load_default=None, validate=between(2000, 2999))


@blueprint.get("")
@audience(*WHO)
def overview() -> str:
    """Show the units that give."""
    found = people.partners(db.session(), current_user.community_id)
    return render_template("stock/partners.html", partners=found)


def _year() -> int:
    year: int | None = YearFilter().load(request.args)["year"]
    return year or day_of(clock.now()).year


@blueprint.get("/<code>")
@audience(*WHO)
def statement(code: str) -> str:
    """Show what became of one unit's gifts in a year."""
    community, year = current_user.community_id, _year()
    return render_template(
        "stock/gifts.html",
        partner=people.partner(db.session(), community, code),
        year=year,
        this_year=day_of(clock.now()).year,
        gifts=queries.gifts(db.session(), community, code, year),
        goods={good.number: good for good in queries.goods(db.session(), community)},
    )


@blueprint.get("/<code>/gifts.csv")
@audience(*WHO)
def table(code: str) -> Download:
    """Give the same as a CSV file that spreadsheets open rightly and never run."""
    community, year = current_user.community_id, _year()
    unit = people.partner(db.session(), community, code)
    names = {good.number: good.name for good in queries.goods(db.session(), community)}
    rows = [_cells(one, names) for one in queries.gifts(db.session(), community, unit.code, year)]
    headings = [
        *(_("物品"), _("上年结存"), _("今年收到"), _("价值（元）"), _("兑换件数"), _("兑换次数")),
        *(_("救助发放"), _("报损与盘亏"), _("年末结存")),
    ]
    return spreadsheet(f"gifts-{unit.code}-{year}.csv", (headings, *rows))


def _cells(one: Gift, names: dict[str, str]) -> list[object]:
    came = (one.before, one.received, hundredths(one.value_fen))
    return [names[one.good_number], *came, one.redeemed, one.redemptions, one.relief, one.written_off, one.left]
