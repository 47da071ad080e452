"""The till: scan the card, scan the goods, confirm, print the slip. Keyboard and scanner only.

The page keeps the basket; the server decides everything. What a scanned or typed text means is asked in `looking`, and
a basket is redeemed in one request whose key the page keeps until it knows the answer: a network that drops between
the two never loses a basket and never takes points twice.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.evidence import queries as evidence
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import BasketLine, Identified, Restocked
from timebank.market.queries import Redemption
from timebank.people import queries as people
from timebank.people.queries import Volunteer
from timebank.web import sights
from timebank.web.access import Audience, act, audience
from timebank.web.commands import COMMANDS, names_by_code
from timebank.web.forms import REQUEST_KEY, ByName, Day, Digits, Filter, Form, Text, at_most, between
from timebank.web.presenting import points
from timebank.web.sent_json import sent_json
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.told_json import told

blueprint = Blueprint("till", __name__, url_prefix="/till")

NUMBER: Final = validate.Regexp(r"[A-Z0-9-]{1,20}\Z")
REASONS: Final = (
    lazy_gettext("扫错了物品"),
    lazy_gettext("认错了人"),
    lazy_gettext("志愿者改了主意"),
    lazy_gettext("物品有问题"),
)
"""Why a redemption is taken back, as the slip offers them."""


WITHOUT_CARD: Final = (
    (Identified.DOCUMENT_SEEN, lazy_gettext("看过证件或照片")),
    (Identified.KNOWN, lazy_gettext("我认识本人")),
    (Identified.FAMILY, lazy_gettext("家人代办，核对过")),
)
"""How a clerk may know somebody who shows neither card nor code, as the page offers it."""


class BasketEntry(Schema):
    """One good of the basket, and the price of a piece that the volunteer saw."""

    good = fields.String(required=True, validate=NUMBER)
    pieces = fields.Integer(required=True, strict=True, validate=validate.Range(1, 99))
    price_e2 = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000_000))


class BasketForm(Schema):
    """A basket as the page sends it; the key is the page's own and stays the same until an answer has come."""

    request_key = fields.String(required=True, validate=REQUEST_KEY)
    volunteer = fields.String(required=True, validate=NUMBER)
    basket = fields.List(fields.Nested(BasketEntry), required=True, validate=validate.Length(max=99))


class RedeemForm(BasketForm):
    """A basket to be redeemed, and how the clerk knew who stood there."""

    identified = fields.Enum(Identified, by_value=True, required=True)


class UndoLastForm(Schema):
    """Which redemption is taken back, and which of the reasons, counted from 1."""

    request_key = fields.String(required=True, validate=REQUEST_KEY)
    number = fields.String(required=True, validate=NUMBER)
    reason = fields.Integer(required=True, strict=True, validate=validate.Range(1, len(REASONS)))


class UndoForm(Form):
    """Why a redemption is taken back."""

    labels: ClassVar = {"reason": lazy_gettext("原因"), "restocked": lazy_gettext("退回件数")}

    reason = Text(required=True, validate=at_most(200, at_least=2))
    restocked = ByName(keys=fields.String(), values=Digits(validate=between(0, 99)), load_default=dict)


class DayFilter(Filter):
    """Of which day; empty is today."""

    labels: ClassVar = {"day": lazy_gettext("哪一天")}

    day = Day(load_default=None)


@blueprint.get("")
@audience(Audience.CLERK)
def home() -> str:
    """Show the till; the customer and the basket come by scanner."""
    community = current_user.community_id
    served = queries.redemptions_on(db.session(), community, day_of(clock.now()))
    last = _find_last()
    return render_template(
        "till/till.html",
        served=served,
        names=_names(served),
        last=None if last is None else last_one(last),
        shift=queries.find_shift_of(db.session(), community, current_user.person_id),
        reasons=REASONS,
        ways=WITHOUT_CARD,
        commands=COMMANDS,
        names_by_code=names_by_code(),
    )


@blueprint.get("/customer")
@audience(Audience.CLERK)
def customer() -> str:
    """Show the second window, which faces the customer: the goods and what is left; the till's own page fills it."""
    return render_template("till/customer.html")


@blueprint.get("/cards")
@audience(Audience.CLERK, Audience.COORDINATOR, Audience.ADMIN)
def cards() -> str:
    """Show the command cards, to be printed and laminated."""
    return render_template("till/cards.html", commands=COMMANDS)


def _names(found: Iterable[Redemption]) -> dict[str, Volunteer]:
    return people.volunteers(db.session(), current_user.community_id, {item.volunteer_number for item in found})


def _find_last() -> Redemption | None:
    """Return the clerk's own last redemption of today that stands: what «undo the last» means."""
    today = day_of(clock.now())
    return queries.find_last_served(db.session(), current_user.community_id, current_user.person_id, today)


@blueprint.get("/redemptions")
@audience(Audience.CLERK, Audience.COORDINATOR)
def redemptions() -> str:
    """Show what was redeemed on a day, to find a slip again."""
    day = DayFilter().load(request.args)["day"] or day_of(clock.now())
    served = queries.redemptions_on(db.session(), current_user.community_id, day)
    return render_template("till/redemptions.html", day=day, served=served, names=_names(served))


@blueprint.post("/redemptions")
@audience(Audience.CLERK)
def redeem() -> Response | tuple[Response, int]:
    """Redeem a basket; the answer says where the slip is, or every reason why nothing was done."""

    def redeem_it(session: Session) -> dict[str, Any]:
        typed = RedeemForm().load(sent_json())
        done = operations.redeem(
            session,
            act(typed["request_key"]),
            volunteer_number=typed["volunteer"],
            basket=basket_of(typed),
            identified=typed["identified"],
        )
        used, left = points(done["points_e2"]), points(done["available_e2"])
        said = _("兑换好了：用了 %(used)s 分，还剩 %(left)s 分", used=used, left=left)
        return _shown(done["number"], typed["volunteer"], done["points_e2"]) | {"said": said}

    return told(redeem_it)


def last_one(found: Redemption) -> dict[str, Any]:
    """Return what the page knows of a redemption that it may take back or print."""
    return _shown(found.number, found.volunteer_number, found.points_e2)


def _shown(number: str, volunteer_number: str, points_e2: int) -> dict[str, Any]:
    named = people.volunteer(db.session(), current_user.community_id, volunteer_number).name
    return {"number": number, "who": named, "points_e2": points_e2, "slip": url_for("till.slip", number=number)}


@blueprint.post("/undo")
@audience(Audience.CLERK)
def undo_last() -> Response | tuple[Response, int]:
    """Take a redemption back from the till itself: which one, and which of the reasons."""

    def undo_it(session: Session) -> dict[str, Any]:
        typed = UndoLastForm().load(sent_json())
        doing, why = act(typed["request_key"]), str(REASONS[typed["reason"] - 1])
        done = operations.undo(session, doing, redemption_number=typed["number"], reason=why)
        return {"said": _("已撤销，%(points)s 分已退回，货请放回货架", points=points(done["points_e2"]))}

    return told(undo_it)


def basket_of(typed: Mapping[str, Any]) -> tuple[BasketLine, ...]:
    """Return the basket of a `BasketForm`: each line with the price that the volunteer saw."""
    return tuple(
        BasketLine(entry["good"], entry["pieces"], shown_points_e2=entry["price_e2"]) for entry in typed["basket"]
    )


@blueprint.get("/slips/<number>")
@audience(Audience.CLERK, Audience.COORDINATOR)
def slip(number: str) -> str:
    """Show the slip; it prints on 80 mm paper."""
    return _slip_page(number, NOT_TRIED)


def _slip_page(number: str, tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = queries.slip(db.session(), community, number)
    sights.about(found.redemption.volunteer_number)
    return render_template(
        "till/slip.html",
        slip=found,
        paper_form=queries.find_form_of(db.session(), community, number),
        head=evidence.find_newest_head(db.session(), community),
        volunteer=people.volunteer(db.session(), community, found.redemption.volunteer_number),
        staff=people.staff_member(db.session(), community, found.redemption.served_by_id),
        reasons=REASONS,
        counts=_is_late(found.redemption),
        serves=Audience.CLERK in current_user.audiences,
        **tried.form(),
    )


def _is_late(found: Redemption) -> bool:
    """Whoever takes this back now counts what came back: its day or its shift is over."""
    over = queries.is_shift_over(db.session(), current_user.community_id, found)
    return over or found.redeemed_on != day_of(clock.now())


@blueprint.post("/slips/<number>/undo")
@audience(Audience.CLERK, Audience.COORDINATOR)
def undo(number: str) -> Response | tuple[str, int]:
    """Take a redemption back: points and goods return to where they came from."""

    def undo_it(session: Session) -> dict[str, Any]:
        typed = UndoForm().load(request.form)
        restocked = tuple(Restocked(good, pieces) for good, pieces in typed["restocked"].items())
        doing, reason = act(typed["request_key"]), typed["reason"]
        return operations.undo(session, doing, redemption_number=number, reason=reason, restocked=restocked)

    tried = attempt(undo_it)
    if not tried.done:
        return _slip_page(number, tried), tried.status
    flash(_("已撤销 %(number)s，分和货都退回了。", number=number), "good")
    return redirect(url_for("till.home" if Audience.CLERK in current_user.audiences else "till.redemptions"))
