"""Reservations: the volunteer's page on the phone, and the clerk's list at the till."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import fields
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.codes import CodeKind, read_code
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import BasketLine
from timebank.market.queries import Reservation
from timebank.people import queries as people
from timebank.rulebook.queries import rules_on
from timebank.web import sights
from timebank.web.access import Audience, act, audience
from timebank.web.forms import ByName, Digits, Filter, Form, Text, at_most, between
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("reservations", __name__)


class BasketForm(Form):
    """How many pieces of which goods, and the price of a piece that was shown beside them; an empty field is none."""

    labels: ClassVar = {"pieces": lazy_gettext("件数"), "slot": lazy_gettext("什么时候来取")}

    pieces = ByName(keys=fields.String(), values=Digits(validate=between(0, 99)), load_default=dict)
    shown = ByName(keys=fields.String(), values=Digits(), load_default=dict)
    slot = Text(load_default=None, validate=at_most(60))


class CodeFilter(Filter):
    """What was scanned or typed to find a reservation."""

    labels: ClassVar = {"code": lazy_gettext("预约码")}

    code = Text(load_default="", validate=at_most(40))


def _basket(typed: dict[str, Any]) -> tuple[BasketLine, ...]:
    shown = typed["shown"]
    return tuple(BasketLine(good, count, shown.get(good)) for good, count in typed["pieces"].items() if count)


@blueprint.get("/me/reservations")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show what is reserved with its code, and what can be reserved."""
    return _own_page(NOT_TRIED)


def _own_page(tried: Attempt[Any]) -> str:
    community, number, now = current_user.community_id, current_user.volunteer_number, clock.now()
    reservations = queries.reservations_of(db.session(), community, number, now)
    return render_template(
        "reservations/own.html",
        reservations=reservations,
        chosen=_chosen(reservations),
        times=queries.pick_up_times(db.session(), community, now),
        goods={good.number: good for good in queries.goods(db.session(), community)},
        offered=[one for one in queries.goods_on_sale(db.session(), community, now) if one.free_pieces],
        passbook=queries.passbook(db.session(), community, number, now),
        hours=rules_on(db.session(), community, day_of(now)).document.limits.hold_hours,
        **tried.form(),
    )


def _chosen(reservations: Iterable[Reservation]) -> dict[str, tuple[datetime, datetime] | None]:
    """Return from when until when each open reservation is fetched, where a time was chosen."""
    waiting = (one for one in reservations if one.state == queries.OPEN)
    return {one.number: queries.pick_up_time_of(db.session(), current_user.community_id, one.id) for one in waiting}


@blueprint.post("/me/reservations")
@audience(Audience.VOLUNTEER)
def reserve() -> str | Response | tuple[str, int]:
    """Put the chosen goods and their points aside."""

    def put_aside(session: Session) -> Any:  # the answer of the operation
        typed = BasketForm().load(request.form)
        return operations.reserve(
            session,
            act(typed["request_key"]),
            volunteer_number=current_user.volunteer_number,
            basket=_basket(typed),
            pick_up_time=typed["slot"],
        )

    tried = attempt(put_aside)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("已预约，积分先留着。取货时出示下面的预约码。"), "good")
    return redirect(url_for("reservations.own"))


@blueprint.post("/me/reservations/<number>/release")
@audience(Audience.VOLUNTEER)
def release(number: str) -> str | Response | tuple[str, int]:
    """Give the own reservation back."""

    def give_back(session: Session) -> Any:  # the answer of the operation
        typed = Form().load(request.form)
        return operations.release_reservation(session, act(typed["request_key"]), reservation_number=number)

    tried = attempt(give_back)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("预约已取消，积分退回来了。"), "good")
    return redirect(url_for("reservations.own"))


@blueprint.get("/till/reservations")
@audience(Audience.CLERK)
def waiting() -> str | Response:
    """Show what waits to be fetched; a scanned code leads to its reservation."""
    code = CodeFilter().load(request.args)["code"]
    if code:
        return redirect(url_for("reservations.one", number=_number_of(code)))
    community, now = current_user.community_id, clock.now()
    found = queries.open_reservations(db.session(), community, now)
    return render_template(
        "reservations/waiting.html",
        reservations=found,
        chosen=_chosen(found),
        goods={good.number: good for good in queries.goods(db.session(), community)},
        names=people.volunteers(db.session(), community, {one.volunteer_number for one in found}),
    )


def _number_of(code: str) -> str:
    """Read a scanned code, or take what was typed for the number of a reservation."""
    if len(code) < 16:
        return code.upper()
    read = read_code(code)
    if read.kind is not CodeKind.RESERVATION:
        raise queries.NoSuchReservation()
    return queries.reservation_of_code(db.session(), current_user.community_id, read.payload, clock.now()).number


@blueprint.get("/till/reservations/<number>")
@audience(Audience.CLERK)
def one(number: str) -> str:
    """Show one reservation to hand it out."""
    return _one_page(number, NOT_TRIED)


def _one_page(number: str, tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = queries.reservation(db.session(), community, number, clock.now())
    sights.about(found.volunteer_number)
    return render_template(
        "reservations/one.html",
        reservation=found,
        goods={good.number: good for good in queries.goods(db.session(), community)},
        volunteer=people.volunteer(db.session(), community, found.volunteer_number),
        **tried.form(),
    )


@blueprint.post("/till/reservations/<number>")
@audience(Audience.CLERK)
def pick_up(number: str) -> str | Response | tuple[str, int]:
    """Hand out what was reserved, or part of it; the slip follows."""

    def hand_out(session: Session) -> Any:  # the answer of the operation
        typed = BasketForm().load(request.form)
        return operations.pick_up(session, act(typed["request_key"]), reservation_number=number, basket=_basket(typed))

    tried = attempt(hand_out)
    if not tried.done:
        return _one_page(number, tried), tried.status
    return redirect(url_for("till.slip", number=tried.answer["number"]))


@blueprint.post("/till/reservations/<number>/release")
@audience(Audience.CLERK)
def give_back(number: str) -> str | Response | tuple[str, int]:
    """Give a reservation back at the counter."""

    def release_it(session: Session) -> Any:  # the answer of the operation
        typed = Form().load(request.form)
        return operations.release_reservation(session, act(typed["request_key"]), reservation_number=number)

    tried = attempt(release_it)
    if not tried.done:
        return _one_page(number, tried), tried.status
    flash(_("预约已取消，积分和物品都退回了。"), "good")
    return redirect(url_for("reservations.waiting"))
