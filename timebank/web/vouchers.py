"""Service vouchers: the volunteer's page on the phone, the till for who has none, and what the units offer."""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import NewOffer
from timebank.market.queries.honouring import settlements, voucher_desk, voucher_desks
from timebank.market.queries.vouchers import voucher, voucher_offers, vouchers_newest, vouchers_of
from timebank.market.rules.vouchers import OfferTerms
from timebank.people import queries as people
from timebank.web import sights
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Digits, Form, Hundredths, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("vouchers", __name__)

OFFICE: Final = (Audience.COORDINATOR, Audience.ADMIN)
WHO: Final = (Audience.COORDINATOR, Audience.ADMIN, Audience.CLERK, Audience.AUDITOR)
STATES: Final = {
    "open": lazy_gettext("没用"),
    "honoured": lazy_gettext("用了"),
    "released": lazy_gettext("退了，积分退回了"),
    "expired": lazy_gettext("过期了，积分退回了"),
}


class TakeForm(Form):
    """Of which offer; for whom, at the till."""

    labels: ClassVar = {"number": lazy_gettext("志愿者编号"), "offer": lazy_gettext("服务")}

    offer = Text(required=True, validate=at_most(16))
    number = Text(load_default="", validate=at_most(16))


class OfferForm(Form):
    """What a unit offers, and on what terms."""

    labels: ClassVar = {
        "partner": lazy_gettext("单位"),
        "good": lazy_gettext("服务"),
        "quota": lazy_gettext("每月几张"),
        "person": lazy_gettext("每人每月几张"),
        "days": lazy_gettext("有效几天"),
        "value": lazy_gettext("每次值多少元"),
    }

    partner = Text(required=True, validate=at_most(16))
    good = Text(required=True, validate=at_most(16))
    quota = Digits(required=True)
    person = Digits(required=True)
    days = Digits(required=True)
    value = Hundredths(load_default=0)


class NumberForm(Form):
    """Which offer, or which desk."""

    number = Text(required=True, validate=at_most(16))


class DeskForm(Form):
    """Who honours vouchers where."""

    labels: ClassVar = {"partner": lazy_gettext("单位"), "keeper": lazy_gettext("核销人")}

    partner = Text(required=True, validate=at_most(16))
    keeper = Text(required=True, validate=at_most(40))


@blueprint.get("/me/vouchers")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show the own vouchers with their codes, and what can be taken."""
    return _own_page(NOT_TRIED)


def _shared() -> dict[str, Any]:
    """What every page of vouchers names: services and units."""
    community = current_user.community_id
    return {
        "goods": {good.number: good for good in queries.goods(db.session(), community)},
        "units": {one.code: one.name for one in people.partners(db.session(), community)},
        "offers": voucher_offers(db.session(), community, day_of(clock.now())),
        "states": STATES,
    }


def _own_page(tried: Attempt[Any]) -> str:
    community, number, now = current_user.community_id, current_user.volunteer_number, clock.now()
    return render_template(
        "vouchers/own.html",
        vouchers=vouchers_of(db.session(), community, number, now),
        passbook=queries.passbook(db.session(), community, number, now),
        **_shared(),
        **tried.form(),
    )


@blueprint.post("/me/vouchers")
@audience(Audience.VOLUNTEER)
def take_own() -> str | Response | tuple[str, int]:
    """Take a voucher from the own passbook."""

    def take(session: Session) -> dict[str, Any]:
        typed = TakeForm().load(request.form)
        number = current_user.volunteer_number
        doing = act(typed["request_key"])
        return operations.take_voucher(session, doing, volunteer_number=number, offer_number=typed["offer"])

    tried = attempt(take)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("领到了，积分先留着。到单位出示下面的券码，用了才扣分。"), "good")
    return redirect(url_for("vouchers.own"))


@blueprint.post("/me/vouchers/<number>/back")
@audience(Audience.VOLUNTEER)
def give_own_back(number: str) -> str | Response | tuple[str, int]:
    """Give the own voucher back."""

    def give_back(session: Session) -> dict[str, Any]:
        typed = Form().load(request.form)
        return operations.give_voucher_back(session, act(typed["request_key"]), voucher_number=number)

    tried = attempt(give_back)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("券退了，积分退回来了。"), "good")
    return redirect(url_for("vouchers.own"))


@blueprint.get("/vouchers")
@audience(*WHO)
def overview() -> str:
    """Show what the units offer, who honours it, and the statements."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = vouchers_newest(db.session(), community, clock.now()) if _serves() else ()
    return render_template(
        "vouchers/overview.html",
        desks=voucher_desks(db.session(), community),
        settlements=settlements(db.session(), community),
        vouchers=found,
        names=people.volunteers(db.session(), community, {one.volunteer_number for one in found}),
        decides=bool(current_user.audiences & set(OFFICE)),
        serves=_serves(),
        **_shared(),
        **tried.form(),
    )


def _serves() -> bool:
    return Audience.CLERK in current_user.audiences


def _after(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("vouchers.overview"))


@blueprint.post("/vouchers/offers")
@audience(*OFFICE)
def offer() -> Response | tuple[str, int]:
    """Offer a unit's service."""

    def put_up(session: Session) -> dict[str, Any]:
        typed = OfferForm().load(request.form)
        terms = OfferTerms(typed["quota"], typed["person"], typed["days"], typed["value"])
        wanted = NewOffer(typed["partner"].upper(), typed["good"].upper(), terms)
        return operations.offer_vouchers(session, act(typed["request_key"]), offer=wanted)

    return _after(attempt(put_up), _("已提供。它的积分在兑换积分表里定，由两个人定。"))


@blueprint.post("/vouchers/offers/end")
@audience(*OFFICE)
def end_offer() -> Response | tuple[str, int]:
    """Give no further voucher of an offer."""

    def end(session: Session) -> None:
        typed = NumberForm().load(request.form)
        operations.end_voucher_offer(session, act(typed["request_key"]), offer_number=typed["number"])

    return _after(attempt(end), _("停发了。以前领的券还能用。"))


@blueprint.post("/vouchers/desks")
@audience(*OFFICE)
def make_desk() -> Response | tuple[str, int]:
    """Let somebody at a unit honour its vouchers; the card follows, to be printed."""

    def make(session: Session) -> dict[str, Any]:
        typed = DeskForm().load(request.form)
        doing, partner = act(typed["request_key"]), typed["partner"].upper()
        return operations.make_voucher_desk(session, doing, partner_code=partner, keeper=typed["keeper"])

    tried = attempt(make)
    if not tried.done:
        return _page(tried), tried.status
    return redirect(url_for("vouchers.desk", number=tried.answer["number"]))


@blueprint.get("/vouchers/desks/<number>")
@audience(*OFFICE)
def desk(number: str) -> str:
    """Show the card of who honours vouchers, to be printed."""
    found = voucher_desk(db.session(), current_user.community_id, number)
    return render_template("vouchers/desk_card.html", desk=found, **_shared())


@blueprint.post("/vouchers/ended-desks")
@audience(*OFFICE)
def end_desk() -> Response | tuple[str, int]:
    """Let a card work no more."""

    def end(session: Session) -> None:
        typed = NumberForm().load(request.form)
        operations.end_voucher_desk(session, act(typed["request_key"]), desk_number=typed["number"])

    return _after(attempt(end), _("这张核销牌停用了。"))


@blueprint.post("/vouchers/taken")
@audience(Audience.CLERK)
def take() -> Response | tuple[str, int]:
    """Take a voucher for somebody at the till; its slip follows."""

    def take_it(session: Session) -> dict[str, Any]:
        typed = TakeForm().load(request.form)
        number, doing = typed["number"].upper(), act(typed["request_key"])
        return operations.take_voucher(session, doing, volunteer_number=number, offer_number=typed["offer"])

    tried = attempt(take_it)
    if not tried.done:
        return _page(tried), tried.status
    return redirect(url_for("vouchers.slip", number=tried.answer["number"]))


@blueprint.get("/vouchers/slips/<number>")
@audience(Audience.CLERK)
def slip(number: str) -> str:
    """Show one voucher, to be printed for who has no phone."""
    return _slip_page(number, NOT_TRIED)


def _slip_page(number: str, tried: Attempt[Any]) -> str:
    found = voucher(db.session(), current_user.community_id, number, clock.now())
    sights.about(found.volunteer_number)
    who = people.volunteer(db.session(), current_user.community_id, found.volunteer_number)
    return render_template("vouchers/slip.html", voucher=found, volunteer=who, **_shared(), **tried.form())


@blueprint.post("/vouchers/slips/<number>/back")
@audience(Audience.CLERK)
def give_back(number: str) -> str | Response | tuple[str, int]:
    """Take a voucher back at the till."""

    def take_back(session: Session) -> dict[str, Any]:
        typed = Form().load(request.form)
        return operations.give_voucher_back(session, act(typed["request_key"]), voucher_number=number)

    tried = attempt(take_back)
    if not tried.done:
        return _slip_page(number, tried), tried.status
    flash(_("券退了，积分退回来了。"), "good")
    return redirect(url_for("vouchers.slip", number=number))
