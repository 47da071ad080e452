"""Looking: what a text means that was scanned or typed at the till: a customer, a good, several people, or nothing.

By its grammar first: payment codes of other apps, our twenty digits, bar codes of goods; the rest is somebody's number
or name.
"""

import re
from typing import Any, Final

from flask import Blueprint, jsonify, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.codes import CODE_DIGITS, CodeKind, CodeMistyped, NotACode, read_code
from timebank.market import queries
from timebank.market.barcodes import is_barcode
from timebank.people import queries as people
from timebank.people.plain_text import half_width
from timebank.people.queries import Volunteer
from timebank.refusal import Refusal
from timebank.web import refusals, texts
from timebank.web.access import Audience, audience
from timebank.web.forms import Filter, Text, at_most

blueprint = Blueprint("looking", __name__, url_prefix="/till")

VOLUNTEER_NUMBER: Final = re.compile(r"[Vv][0-9]{4,8}")
DIGITS: Final = re.compile(r"[0-9]{6,40}")
"""More digits than anybody types to find a person: a code that was read wrongly, or is none of ours."""
PHONE: Final = re.compile(r"1[3-9][0-9]{9}")
PAYMENT_CODES: Final = (
    (re.compile(r"1[0-6][0-9]{16}"), lazy_gettext("微信")),
    (re.compile(r"(2[5-9]|30)[0-9]{14,22}"), lazy_gettext("支付宝")),
    (re.compile(r"62[0-9]{17}"), lazy_gettext("银联")),
)
"""Codes of payment apps that people hold out by mistake, and whose they are."""


class LookFilter(Filter):
    """What was scanned or typed."""

    text = Text(required=True, validate=at_most(60))


@blueprint.get("/look")
@audience(Audience.CLERK)
def look() -> Response | tuple[Response, int]:
    """Say what a scanned or typed text means: a customer, a good, several people, or nothing that we know."""
    text = half_width(LookFilter().load(request.args)["text"])
    try:
        return jsonify(_meaning(text))
    except Refusal as refusal:
        return jsonify(_unknown(texts.sentence(refusal))), refusals.status_of(refusal)


def _unknown(said: str) -> dict[str, Any]:
    return {"kind": "unknown", "said": said}


def _meaning(text: str) -> dict[str, Any]:
    for pattern, whose in PAYMENT_CODES:
        if pattern.fullmatch(text):
            return _unknown(_("这是%(whose)s付款码，不能换积分。请出示爱心存折码。没有扣钱。", whose=whose))
    if is_barcode(text):
        return _good(text)
    if VOLUNTEER_NUMBER.fullmatch(text):
        return _customer(text.upper())
    if DIGITS.fullmatch(text) and not PHONE.fullmatch(text):
        return _by_code(text)
    return _people(text)


def _by_code(text: str) -> dict[str, Any]:
    try:
        code = read_code(text)
    except (NotACode, CodeMistyped):
        if len(text) == CODE_DIGITS:
            return _unknown(_("没有读准这个码，请再扫一次。没有加入：%(code)s", code=text))
        return _unknown(_("没有这个条码：%(code)s。没有加入", code=text))
    if code.kind is CodeKind.RESERVATION:
        found = queries.reservation_of_code(db.session(), current_user.community_id, code.payload, clock.now())
        return {"kind": "reservation", "address": url_for("reservations.one", number=found.number)}
    if code.kind is not CodeKind.CARD:
        return _unknown(_("这不是存折卡的码。没有加入：%(code)s", code=text))
    return _customer(people.number_on_card(db.session(), current_user.community_id, code.payload))


def _good(barcode: str) -> dict[str, Any]:
    community, now = current_user.community_id, clock.now()
    found = queries.good_by_barcode(db.session(), community, barcode)
    offered = {one.good.number: one for one in queries.goods_on_sale(db.session(), community, now)}
    one = offered.get(found.number)
    if one is None:
        return _unknown(_("%(name)s还没有定积分，或已经下架。没有加入。", name=found.name))
    return {
        "kind": "good",
        "good": found.number,
        "name": found.name,
        "unit": found.unit_word,
        "price_e2": one.price_points_e2,
        "free": one.free_pieces,
    }


def _people(text: str) -> dict[str, Any]:
    found = people.search_volunteers(db.session(), current_user.community_id, text)
    if not found:
        return _unknown(_("没有找到“%(text)s”。可以试拼音首字母、编号或手机尾号。", text=text))
    return {"kind": "people", "people": [_person(one) for one in found]}


def _person(one: Volunteer) -> dict[str, Any]:
    where = " ".join(filter(None, (one.area, one.building)))
    return {"number": one.number, "name": one.name, "where": where, "phone": one.masked_phone}


def _customer(number: str) -> dict[str, Any]:
    view = queries.till_view(db.session(), current_user.community_id, number, clock.now())
    return {
        "kind": "customer",
        **_person(view.volunteer),
        "available_e2": view.passbook.available_e2,
        "today": view.today_redemptions,
        "left": view.redemptions_left,
    }
