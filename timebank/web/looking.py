"""Looking: what a text means that was scanned or typed at the till: a customer, a good, several people, or nothing.

By its grammar first: payment codes of other apps, our twenty digits, bar codes of goods; the rest is somebody's number
or name.
"""

import re
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, jsonify, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.codes import CODE_DIGITS, CodeKind, CodeMistyped, NotACode, read_code
from timebank.market import queries
from timebank.market.barcodes import is_barcode
from timebank.market.operations import Identified
from timebank.market.queries import Good
from timebank.people import queries as people
from timebank.people.plain_text import half_width
from timebank.people.queries import Volunteer
from timebank.people.queries.volunteers import SEARCH_RESULTS_MAX
from timebank.refusal import Refusal
from timebank.web import refusals, sights, texts
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


ELSEWHERE: Final = {
    CodeKind.PHONE: lazy_gettext("这是手机存折码"),
    CodeKind.BADGE: lazy_gettext("这是工牌"),
    CodeKind.COMMAND: lazy_gettext("这是收银台的口令卡"),
    CodeKind.ACTIVITY: lazy_gettext("这是活动签到码"),
    CodeKind.DOCUMENT: lazy_gettext("这是凭证的核对码"),
    CodeKind.VOUCHER: lazy_gettext("这是服务券，请到提供服务的单位出示"),
}
"""Codes of ours that mean no customer and no good here."""


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
        found = queries.good_by_barcode(db.session(), current_user.community_id, text)
        return _offered(db.session(), found.number)
    if VOLUNTEER_NUMBER.fullmatch(text):
        return customer_of(db.session(), text.upper(), clock.now())
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
    session, community = db.session(), current_user.community_id
    match code.kind:
        case CodeKind.RESERVATION:
            found = queries.reservation_of_code(session, community, code.payload, clock.now())
            return {"kind": "reservation", "address": url_for("reservations.one", number=found.number)}
        case CodeKind.CARD:
            number = people.number_on_card(session, community, code.payload)
            return customer_of(session, number, clock.now()) | {"by": Identified.CARD.value}
        case CodeKind.LABEL:
            return _offered(session, f"G{code.payload:04d}")
    return _unknown(_("%(what)s，不能在这里用。没有加入：%(code)s", what=ELSEWHERE[code.kind], code=text))


def good_of(session: Session, number: str) -> dict[str, Any]:
    """Return what the till shows of a good: its price of now, and how many pieces are free; neither where it has none.

    Raises:
        UnknownGood: there is none of this number.
    """
    found = queries.good(session, current_user.community_id, number)
    offered = queries.goods_on_sale(session, current_user.community_id, clock.now())
    one = next((one for one in offered if one.good.number == number), None)
    return _shown(found) | {"price_e2": one.price_points_e2 if one else 0, "free": one.free_pieces if one else 0}


def _shown(one: Good) -> dict[str, Any]:
    return {"kind": "good", "good": one.number, "name": one.name, "unit": one.unit_word}


def _offered(session: Session, number: str) -> dict[str, Any]:
    found = good_of(session, number)
    if not found["price_e2"]:
        return _unknown(_("%(name)s还没有定积分，或已经下架。没有加入。", name=found["name"]))
    return found


@blueprint.get("/goods")
@audience(Audience.CLERK)
def goods() -> Response:
    """Tell every good on sale by its bar code: what the page goes by while the network is cut."""
    offered = queries.goods_on_sale(db.session(), current_user.community_id, clock.now())
    return jsonify(
        {
            one.good.barcode: _shown(one.good) | {"price_e2": one.price_points_e2, "free": one.free_pieces}
            for one in offered
        }
    )


def _people(text: str) -> dict[str, Any]:
    found = people.search_volunteers(db.session(), current_user.community_id, text, limit=SEARCH_RESULTS_MAX)
    if not found:
        return _unknown(_("没有找到“%(text)s”。可以试拼音首字母、编号、手机尾号或楼栋。", text=text))
    sights.counted(len(found))
    return {"kind": "people", "people": [_person(one) for one in found]}


def _person(one: Volunteer) -> dict[str, Any]:
    where = " ".join(filter(None, (one.area, one.building)))
    return {"number": one.number, "name": one.name, "where": where, "phone": one.masked_phone}


def customer_of(session: Session, number: str, at: datetime) -> dict[str, Any]:
    """Return what the till shows of whoever is served; `by` says how the clerk knows them, None while nobody said.

    Raises:
        NoSuchVolunteer: there is none of this number.
    """
    view = queries.till_view(session, current_user.community_id, number, at)
    sights.about(view.volunteer.number)
    return {
        "kind": "customer",
        **_person(view.volunteer),
        "available_e2": view.passbook.available_e2,
        "today": view.today_redemptions,
        "left": view.redemptions_left,
        "by": None,
    }
