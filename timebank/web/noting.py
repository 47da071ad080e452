"""What the counter writes down: what was asked for in vain (one key at the till), and paper forms for a power cut."""

from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.web.access import Audience, act, audience
from timebank.web.forms import REQUEST_KEY, Digits, Filter, Form, Text, at_most, between
from timebank.web.sent_json import sent_json
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.stock import DEMAND_LOOKS_BACK, demand_chart
from timebank.web.till import NUMBER
from timebank.web.told_json import told

blueprint = Blueprint("noting", __name__)


class TillDemandForm(Schema):
    """What the till could not serve: a good that has run out, or a bar code that is none of ours."""

    request_key = fields.String(required=True, validate=REQUEST_KEY)
    good = fields.String(load_default=None, allow_none=True, validate=NUMBER)
    words = fields.String(load_default="", validate=validate.Length(max=40))


class DemandForm(Form):
    """A good of the list, or what it is called."""

    labels: ClassVar = {"good": lazy_gettext("物品"), "words": lazy_gettext("我们没有的东西")}

    good = Text(load_default="", validate=at_most(20))
    words = Text(load_default="", validate=at_most(40))


class PrintForm(Form):
    """How many forms."""

    labels: ClassVar = {"count": lazy_gettext("张数")}

    count = Digits(required=True)


class FileForm(Form):
    """Which form, and its redemption or why it is void."""

    labels: ClassVar = {
        "form": lazy_gettext("纸单号"),
        "redemption": lazy_gettext("小票号"),
        "reason": lazy_gettext("作废原因"),
    }

    form = Digits(required=True, validate=between(1, 1_000_000))
    redemption = Text(load_default="", validate=at_most(20))
    reason = Text(load_default="", validate=at_most(200))


class SheetFilter(Filter):
    """Which forms are printed."""

    first = Digits(required=True, validate=between(1, 1_000_000))


@blueprint.post("/till/demand")
@audience(Audience.CLERK)
def from_the_till() -> Response | tuple[Response, int]:
    """Write down what the till was asked for in vain."""

    def note(session: Session) -> dict[str, Any]:
        sent = TillDemandForm().load(sent_json())
        doing, good, words = act(sent["request_key"]), sent["good"], sent["words"]
        operations.note_demand(session, doing, good_number=good, words=words)
        return {"said": _("已记下有人要，货架上没有。没有扣分。")}

    return told(note)


@blueprint.get("/stock/demand")
@audience(Audience.CLERK, Audience.COORDINATOR, Audience.ADMIN)
def demand() -> str:
    """Show what was asked for in vain."""
    return _demand_page(NOT_TRIED)


def _demand_page(tried: Attempt[Any]) -> str:
    community, now = current_user.community_id, clock.now()
    goods = {good.number: good for good in queries.goods(db.session(), community)}
    found = queries.unmet_demand(db.session(), community, day_of(now) - DEMAND_LOOKS_BACK)
    return render_template(
        "stock/demand.html",
        demand=found,
        chart=demand_chart(community, day_of(now)),
        goods=goods,
        free={one.good.number: one.free_pieces for one in queries.goods_on_sale(db.session(), community, now)},
        notes=Audience.CLERK in current_user.audiences,
        **tried.form(),
    )


@blueprint.post("/stock/demand")
@audience(Audience.CLERK)
def note() -> Response | tuple[str, int]:
    """Write down what somebody asked for in vain."""

    def write_down(session: Session) -> dict[str, Any]:
        typed = DemandForm().load(request.form)
        doing, good = act(typed["request_key"]), typed["good"] or None
        return operations.note_demand(session, doing, good_number=good, words=typed["words"])

    tried = attempt(write_down)
    if not tried.done:
        return _demand_page(tried), tried.status
    flash(_("已记下有人要，货架上没有。没有扣分。"), "good")
    return redirect(url_for("noting.demand"))


@blueprint.get("/till/forms")
@audience(Audience.CLERK, Audience.COORDINATOR, Audience.AUDITOR)
def forms() -> str:
    """Show the paper forms that are out, and the numbers that are missing."""
    return _forms_page(NOT_TRIED)


def _forms_page(tried: Attempt[Any]) -> str:
    found = queries.paper_forms(db.session(), current_user.community_id)
    return render_template(
        "till/forms.html",
        missing=queries.missing_forms(found),
        out=[one for one in found if one.filed_at is None],
        filed=[one for one in reversed(found) if one.filed_at is not None][:100],
        serves=Audience.CLERK in current_user.audiences,
        **tried.form(),
    )


@blueprint.post("/till/forms/print")
@audience(Audience.CLERK)
def print_forms() -> Response | tuple[str, int]:
    """Give out numbers, and show the forms to be printed."""

    def give_out(session: Session) -> dict[str, Any]:
        typed = PrintForm().load(request.form)
        return operations.print_forms(session, act(typed["request_key"]), count=typed["count"])

    tried = attempt(give_out)
    if not tried.done:
        return _forms_page(tried), tried.status
    return redirect(url_for("noting.sheet", first=tried.answer["first"]))


@blueprint.get("/till/forms/sheet")
@audience(Audience.CLERK)
def sheet() -> str:
    """Show the forms from a number on that were not filed yet, to be printed."""
    first = SheetFilter().load(request.args)["first"]
    found = queries.paper_forms(db.session(), current_user.community_id)
    return render_template(
        "till/form_sheet.html", forms=[one for one in found if one.form >= first and one.filed_at is None]
    )


@blueprint.post("/till/forms/file")
@audience(Audience.CLERK)
def file_form() -> Response | tuple[str, int]:
    """File a form with its redemption, or as void."""

    def file(session: Session) -> None:
        typed = FileForm().load(request.form)
        doing, form = act(typed["request_key"]), typed["form"]
        if typed["redemption"]:
            operations.enter_form(session, doing, form=form, redemption_number=typed["redemption"].upper())
        else:
            operations.void_form(session, doing, form=form, reason=typed["reason"])

    tried = attempt(file)
    if not tried.done:
        return _forms_page(tried), tried.status
    flash(_("纸单已归档。"), "good")
    return redirect(url_for("noting.forms"))
