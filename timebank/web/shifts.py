"""Shifts of the till: open, take over, close with a blind count of what moved, and the slip to sign."""

from typing import Any, ClassVar

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import fields, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank.database import db
from timebank.market import operations, queries
from timebank.market.operations import CountedGood
from timebank.web import log_keeper
from timebank.web.access import Audience, act, audience
from timebank.web.forms import ByName, Digits, Form, Text, at_most
from timebank.web.labels import codes_of
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.staff_words import names_by_person

blueprint = Blueprint("shifts", __name__, url_prefix="/till/shifts")


class TillForm(Form):
    """At which till."""

    labels: ClassVar = {"till": lazy_gettext("收银台")}

    till = Text(required=True, validate=at_most(20))
    then = Text(load_default="", validate=validate.OneOf(["", "till"]))


class CountForm(Form):
    """How many pieces there are of what moved."""

    labels: ClassVar = {"pieces": lazy_gettext("件数")}

    pieces = ByName(keys=fields.String(), values=Digits(), load_default=dict)


@blueprint.get("")
@audience(Audience.CLERK, Audience.COORDINATOR)
def overview() -> str:
    """Show the open shifts and those of the last days."""
    return _overview_page(NOT_TRIED)


def _overview_page(tried: Attempt[Any]) -> str:
    return render_template(
        "shifts/overview.html",
        shifts=queries.shifts(db.session(), current_user.community_id),
        staff=names_by_person(),
        serves=Audience.CLERK in current_user.audiences,
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.CLERK)
def begin() -> str | Response | tuple[str, int]:
    """Open a shift."""

    def begin_it(session: Session) -> Any:  # the answer of the operation
        typed = TillForm().load(request.form)
        return operations.open_shift(session, act(typed["request_key"]), till=typed["till"])

    tried = attempt(begin_it)
    if not tried.done:
        return _overview_page(tried), tried.status
    if request.form.get("then") == "till":
        flash(_("已开班，请扫存折码。"), "good")
        return redirect(url_for("till.home"))
    return redirect(url_for("shifts.one", number=tried.answer["number"]))


@blueprint.get("/<number>")
@audience(Audience.CLERK, Audience.COORDINATOR)
def one(number: str) -> str:
    """Show a shift: what to count while it is open, and the slip to sign when it is closed."""
    return _shift_page(number, NOT_TRIED)


def _shift_page(number: str, tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = queries.shift(db.session(), community, number)
    return render_template(
        "shifts/shift.html",
        shift=found,
        moved=queries.moved_since(db.session(), community, found.after_seq) if found.closed_at is None else (),
        parked=queries.parked_baskets(db.session(), community, found.till) if found.closed_at is None else (),
        goods={good.number: good for good in queries.goods(db.session(), community)},
        codes_of=codes_of,
        staff=names_by_person(),
        serves=Audience.CLERK in current_user.audiences,
        **tried.form(),
    )


def _after(number: str, tried: Attempt[Any], said: str) -> str | Response | tuple[str, int]:
    if not tried.done:
        return _shift_page(number, tried), tried.status
    flash(said, "good")
    return redirect(url_for("shifts.one", number=number))


@blueprint.post("/<number>/take-over")
@audience(Audience.CLERK)
def take_over(number: str) -> str | Response | tuple[str, int]:
    """Take the till over from who has it."""

    def take_it(session: Session) -> Any:  # the answer of the operation
        typed = Form().load(request.form)
        operations.take_over_shift(session, act(typed["request_key"]), shift_number=number)

    return _after(number, attempt(take_it), _("已接班，挂单都还在。"))


@blueprint.post("/<number>/close")
@audience(Audience.CLERK)
def close(number: str) -> str | Response | tuple[str, int]:
    """Close the shift with what was counted."""

    def close_it(session: Session) -> Any:  # the answer of the operation
        typed = CountForm().load(request.form)
        counted = tuple(CountedGood(good, pieces) for good, pieces in typed["pieces"].items())
        return operations.close_shift(session, act(typed["request_key"]), shift_number=number, counted=counted)

    tried = attempt(close_it)
    if tried.done:
        log_keeper.sign_at_once(current_app.config["SETTINGS"], db.engine, current_user.community_id)
    return _after(number, tried, _("已结班，请打印签字。有差异的请开一次盘点。"))


@blueprint.post("/<number>/parked/<basket>")
@audience(Audience.CLERK)
def drop(number: str, basket: str) -> str | Response | tuple[str, int]:
    """Drop a basket that waits; nothing was deducted for it."""

    def drop_it(session: Session) -> Any:  # the answer of the operation
        typed = Form().load(request.form)
        return operations.unpark_basket(session, act(typed["request_key"]), parked_number=basket)

    return _after(number, attempt(drop_it), _("挂单已拿掉，没有扣分。"))
