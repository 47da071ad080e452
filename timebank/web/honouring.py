"""Honouring: the page of a partner unit, where its person scans their card once and then voucher after voucher.

Nobody signs in there. The card's twenty digits stay in the browser's signed cookie until the end of the day's work; the
page names the service and the volunteer's masked name, and shows nothing else of anybody.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books.requests import Secret
from timebank.database import db
from timebank.ledger.codes import CodeKind
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations.vouchers import payload_of
from timebank.market.queries.honouring import NoSuchVoucherDesk, VoucherDesk, desk_of_code, honoured_in
from timebank.market.queries.vouchers import NoSuchVoucher, Voucher, voucher_of_code
from timebank.market.rules.vouchers import month_number
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.web import refusals, texts
from timebank.web.access import Audience, audience, community_id, stranger_act
from timebank.web.forms import Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt, malformed
from timebank.web.vouchers import STATES

blueprint = Blueprint("honouring", __name__, url_prefix="/vouchers/desk")

CARD: Final = "voucher_desk"
OPENED_AT: Final = "voucher_desk_at"
CARD_LIFE: Final = timedelta(hours=12)
"""How long a card that was scanned once is remembered by its browser."""


class CardForm(Form):
    """The card of who honours vouchers."""

    labels: ClassVar = {"card": lazy_gettext("核销牌")}

    card = Text(required=True, validate=at_most(40))


class CodeForm(Form):
    """The code of a voucher."""

    labels: ClassVar = {"code": lazy_gettext("券码")}

    code = Text(required=True, validate=at_most(40))


@blueprint.get("")
@audience(Audience.PUBLIC)
def desk() -> str:
    """Ask for the card, or for the next voucher."""
    return _page(NOT_TRIED)


def _card() -> str | None:
    """Return the card that this browser has scanned lately."""
    scanned_at = session.get(OPENED_AT)
    fresh = scanned_at is not None and clock.now() - datetime.fromisoformat(scanned_at) < CARD_LIFE
    return session.get(CARD) if fresh else None


def _find_desk() -> VoucherDesk | None:
    card = _card()
    try:
        return None if card is None else _desk_of(card)
    except Refusal:
        return None


def _desk_of(card: str) -> VoucherDesk:
    payload = payload_of(card, CodeKind.BADGE, NoSuchVoucherDesk)
    return desk_of_code(db.session(), community_id(), payload)


def _page(tried: Attempt[Any], *, found: Voucher | None = None, said: str = "") -> str:
    community, at_desk = community_id(), _find_desk()
    shown: dict[str, Any] = {}
    if at_desk is not None:
        month = month_number(day_of(clock.now()))
        shown = {
            "unit": people.partner(db.session(), community, at_desk.partner_code),
            "month": month,
            "honoured": honoured_in(db.session(), community, at_desk.partner_code, month),
            "goods": {good.number: good for good in queries.goods(db.session(), community)},
        }
    if found is not None:
        shown["owner"] = people.volunteer(db.session(), community, found.volunteer_number).name
    return render_template(
        "vouchers/desk.html", desk=at_desk, voucher=found, said=said, states=STATES, **shown, **tried.form()
    )


def _refused(refusal: Refusal) -> tuple[str, int]:
    tried: Attempt[Any] = Attempt(done=False, refused=tuple(texts.reasons(refusal)))
    return _page(tried), refusals.status_of(refusal)


@blueprint.post("/card")
@audience(Audience.PUBLIC)
def open_desk() -> Response | tuple[str, int]:
    """Take the card of who honours vouchers here."""
    try:
        card = CardForm().load(request.form)["card"]
        _desk_of(card)
    except ValidationError as error:
        return _page(malformed(error)), 400
    except Refusal as refusal:
        return _refused(refusal)
    session[CARD], session[OPENED_AT] = card, clock.now().isoformat()
    return redirect(url_for("honouring.desk"))


@blueprint.post("/leave")
@audience(Audience.PUBLIC)
def leave() -> Response | tuple[str, int]:
    """Forget the card in this browser."""
    try:
        Form().load(request.form)
    except ValidationError as error:
        return _page(malformed(error)), 400
    session.pop(CARD, None)
    session.pop(OPENED_AT, None)
    return redirect(url_for("honouring.desk"))


@blueprint.post("/look")
@audience(Audience.PUBLIC)
def look() -> str | tuple[str, int]:
    """Show what a voucher is good for, before it is honoured."""
    try:
        code = CodeForm().load(request.form)["code"]
        found = _own_voucher(code)
    except ValidationError as error:
        return _page(malformed(error)), 400
    except Refusal as refusal:
        return _refused(refusal)
    return _page(Attempt(done=True), found=found)


def _own_voucher(code: str) -> Voucher:
    at_desk = _find_desk()
    if at_desk is None:
        raise NoSuchVoucherDesk()
    payload = payload_of(code, CodeKind.VOUCHER, NoSuchVoucher)
    found = voucher_of_code(db.session(), community_id(), payload, clock.now())
    if found.partner_code != at_desk.partner_code:
        raise NoSuchVoucher()
    return found


@blueprint.post("")
@audience(Audience.PUBLIC)
def honour() -> str | tuple[str, int]:
    """Honour a voucher, once."""

    def use(writer: Session) -> dict[str, Any]:
        typed = CodeForm().load(request.form)
        doing = replace(stranger_act(community_id()), request_key=typed["request_key"])
        card = Secret(_card() or "")
        return operations.honour_voucher(writer, doing, desk=card, code=Secret(typed["code"]))

    tried = attempt(use)
    if not tried.done:
        return _page(tried), tried.status
    return _page(NOT_TRIED, said=_("核销了：%(number)s。请为这位志愿者服务。", number=tried.answer["number"]))
