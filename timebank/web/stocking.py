"""What comes onto the shelf: goods that are new here, deliveries, who gives them, and what pieces take.

A delivery and a price wait for a second person (`stock`).
"""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import ValidationError, fields, post_load
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import NewDonation, NewGood, NewLot, NewPrice
from timebank.people import operations as people_operations
from timebank.people import queries as people
from timebank.web.access import Audience, act, audience
from timebank.web.forms import ByName, Day, Digits, Form, Hundredths, Many, Text, Typed, at_least_one, at_most
from timebank.web.labels import codes_of
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("stocking", __name__, url_prefix="/stock")

ROWS: Final = 8
"""Rows of the delivery form to begin with; a scanner adds further ones."""


class GoodForm(Form):
    """A good that is new here."""

    labels: ClassVar = {
        "barcode": lazy_gettext("条码"),
        "name": lazy_gettext("品名"),
        "unit_word": lazy_gettext("单位"),
        "month_pieces_max": lazy_gettext("每人每月最多几件"),
        "household_pieces_max": lazy_gettext("每户每月最多几件"),
    }

    barcode = Text(load_default=None, validate=at_most(20))
    name = Text(required=True, validate=at_most(100))
    unit_word = Text(load_default="件", validate=at_most(8))
    month_pieces_max = Digits(load_default=None)
    household_pieces_max = Digits(load_default=None)


class PartnerForm(Form):
    """A unit that gives."""

    labels: ClassVar = {"name": lazy_gettext("单位名称")}

    name = Text(required=True, validate=at_most(60))


class LotRow(Typed):
    """One row of a delivery; it is read as part of the whole."""

    labels: ClassVar = {
        "pieces": lazy_gettext("件数"),
        "unit_price": lazy_gettext("单价"),
        "expires_on": lazy_gettext("到期日"),
    }

    good = Text(required=True, validate=at_most(20))
    pieces = Digits(required=True)
    unit_price = Hundredths(load_default=None)
    expires_on = Day(load_default=None)


class DeliveryForm(Form):
    """A delivery of one unit: rows without pieces are empty."""

    labels: ClassVar = {
        "partner": lazy_gettext("捐赠单位"),
        "slip": lazy_gettext("捐赠单号"),
        "place": lazy_gettext("放在哪里"),
    }

    partner = Text(required=True, validate=at_most(20))
    slip = Text(load_default="", validate=at_most(60))
    place = Text(load_default="", validate=at_most(40))
    good = Many(fields.String(), load_default=list)
    pieces = Many(fields.String(), load_default=list)
    unit_price = Many(fields.String(), load_default=list)
    expires_on = Many(fields.String(), load_default=list)

    @post_load
    def as_lots(self, typed: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Read the rows; what is wrong with one is said with its place."""
        names = ("good", "pieces", "unit_price", "expires_on")
        if len({len(typed[name]) for name in names}) > 1:
            raise ValidationError({"good": [str(lazy_gettext("这一页没有收完整，请刷新后再提交"))]})
        rows = [dict(zip(names, row, strict=True)) for row in zip(*(typed[name] for name in names), strict=True)]
        filled = [(number, row) for number, row in enumerate(rows, start=1) if row["pieces"].strip()]
        typed["lots"] = tuple(_lot(number, row, typed["place"]) for number, row in filled)
        return typed


def _lot(number: int, row: dict[str, str], place: str) -> NewLot:
    try:
        lot = LotRow().load(row)
    except ValidationError as error:
        said = [f"{number}. {sentence}" for found in error.normalized_messages().values() for sentence in found]
        raise ValidationError({"pieces": said}) from error
    return NewLot(
        good_number=lot["good"],
        pieces=lot["pieces"],
        unit_price_fen=lot["unit_price"],
        expires_on=lot["expires_on"],
        place=place,
    )


class PriceForm(Form):
    """What pieces of some goods will take, from a day on."""

    labels: ClassVar = {"wanted_from": lazy_gettext("从哪天起"), "price": lazy_gettext("积分")}

    wanted_from = Day(required=True)
    price = ByName(keys=fields.String(), values=Hundredths(), required=True, validate=at_least_one(500))


@blueprint.get("/goods/new")
@audience(Audience.CLERK, Audience.COORDINATOR)
def new_good() -> str:
    """Show the form for a good that is new here."""
    return _good_page(NOT_TRIED)


def _good_page(tried: Attempt[Any]) -> str:
    return render_template("stock/new_good.html", **tried.form())


@blueprint.post("/goods/new")
@audience(Audience.CLERK, Audience.COORDINATOR)
def add_good() -> Response | tuple[str, int]:
    """Add a good; without a bar code it gets one of our own."""

    def add(session: Session) -> dict[str, Any]:
        typed = GoodForm().load(request.form)
        good = NewGood(
            barcode=typed["barcode"],
            name=typed["name"],
            unit_word=typed["unit_word"],
            month_pieces_max=typed["month_pieces_max"],
            household_pieces_max=typed["household_pieces_max"],
        )
        return operations.add_goods(session, act(typed["request_key"]), goods=(good,))

    tried = attempt(add)
    if not tried.done:
        return _good_page(tried), tried.status
    flash(_("已加入物品目录。有货、有积分后才能兑换。"), "good")
    return redirect(url_for("stocking.new_good"))


@blueprint.get("/deliveries/new")
@audience(Audience.CLERK, Audience.COORDINATOR)
def new_delivery() -> str:
    """Show the form for a delivery."""
    return _delivery_page(NOT_TRIED)


def _delivery_page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    typed = request.form
    return render_template(
        "stock/new_delivery.html",
        goods=[good for good in queries.goods(db.session(), community) if good.active],
        partners=people.partners(db.session(), community),
        rows=[
            {name: _at(typed.getlist(name), place) for name in ("good", "pieces", "unit_price", "expires_on")}
            for place in range(max(ROWS, len(typed.getlist("good"))))
        ],
        codes_of=codes_of,
        **tried.form(),
    )


def _at(values: list[str], place: int) -> str:
    return values[place] if place < len(values) else ""


@blueprint.post("/deliveries/new")
@audience(Audience.CLERK, Audience.COORDINATOR)
def receive() -> Response | tuple[str, int]:
    """Write a delivery down; it is on the shelf when another person has checked it in."""

    def write_down(session: Session) -> dict[str, Any]:
        typed = DeliveryForm().load(request.form)
        donation = NewDonation(partner_code=typed["partner"], lots=typed["lots"], slip=typed["slip"])
        return operations.receive(session, act(typed["request_key"]), donation=donation)

    tried = attempt(write_down)
    if not tried.done:
        return _delivery_page(tried), tried.status
    flash(_("已记下入库单 %(number)s，等另一位验收后上架。", number=tried.answer["number"]), "good")
    return redirect(url_for("stock.shelf"))


@blueprint.post("/partners")
@audience(Audience.CLERK, Audience.COORDINATOR)
def add_partner() -> Response | tuple[str, int]:
    """Write down a unit that gives."""

    def add(session: Session) -> str:
        typed = PartnerForm().load(request.form)
        return people_operations.add_partner(session, act(typed["request_key"]), name=typed["name"])

    tried = attempt(add)
    if not tried.done:
        return _delivery_page(tried), tried.status
    flash(_("已登记捐赠单位 %(code)s。", code=tried.answer), "good")
    return redirect(url_for("stocking.new_delivery"))


@blueprint.get("/prices/new")
@audience(Audience.COORDINATOR, Audience.ADMIN)
def new_prices() -> str:
    """Show what goods take now, and the form for what they shall take."""
    return _prices_page(NOT_TRIED)


def _prices_page(tried: Attempt[Any]) -> str:
    community, today = current_user.community_id, day_of(clock.now())
    return render_template(
        "stock/new_prices.html",
        goods=[good for good in queries.goods(db.session(), community) if good.active],
        prices=queries.prices_on(db.session(), community, today),
        today=today.isoformat(),
        **tried.form(),
    )


@blueprint.post("/prices/new")
@audience(Audience.COORDINATOR, Audience.ADMIN)
def propose_prices() -> Response | tuple[str, int]:
    """Propose what goods will take; another person confirms."""

    def propose(session: Session) -> dict[str, Any]:
        typed = PriceForm().load(request.form)
        prices = tuple(NewPrice(good_number=good, price_points_e2=price) for good, price in typed["price"].items())
        return operations.propose_prices(
            session, act(typed["request_key"]), prices=prices, wanted_from=typed["wanted_from"]
        )

    tried = attempt(propose)
    if not tried.done:
        return _prices_page(tried), tried.status
    flash(_("已提交，等另一位确认。"), "good")
    return redirect(url_for("stock.shelf"))
