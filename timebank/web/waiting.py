"""Waiting for goods that have run out: the volunteer's page on the phone, and the list at the till."""

from typing import Any, ClassVar

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
from timebank.market.queries import GoodOnSale
from timebank.people import queries as people
from timebank.rulebook.queries import rules_on
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Digits, Form, Text, at_most, between
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("waiting", __name__)


class JoinForm(Form):
    """For which good, how many pieces."""

    labels: ClassVar = {"good": lazy_gettext("物品"), "pieces": lazy_gettext("件数")}

    good = Text(required=True, validate=at_most(20))
    pieces = Digits(load_default=1, validate=between(1, 99))


class DeskJoinForm(JoinForm):
    """The same for somebody at the counter."""

    labels: ClassVar = JoinForm.labels | {"number": lazy_gettext("志愿者编号")}

    number = Text(required=True, validate=at_most(16))


class LeaveForm(Form):
    """Which place in the line."""

    waiting = Text(required=True, validate=at_most(16))


def _gone() -> list[GoodOnSale]:
    on_sale = queries.goods_on_sale(db.session(), current_user.community_id, clock.now())
    return [one for one in on_sale if not one.free_pieces]


def _turn_hours() -> int:
    rules = rules_on(db.session(), current_user.community_id, day_of(clock.now()))
    return rules.document.market.turn_hours


@blueprint.get("/me/waiting")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show what has run out, what one waits for, and in which place."""
    return _own_page(NOT_TRIED)


def _own_page(tried: Attempt[Any]) -> str:
    community, number = current_user.community_id, current_user.volunteer_number
    return render_template(
        "waiting/own.html",
        mine=queries.waiting_of(db.session(), community, number),
        gone=_gone(),
        goods={good.number: good for good in queries.goods(db.session(), community)},
        hours=_turn_hours(),
        **tried.form(),
    )


@blueprint.post("/me/waiting")
@audience(Audience.VOLUNTEER)
def join() -> Response | tuple[str, int]:
    """Wait for a good."""

    def wait(session: Session) -> dict[str, Any]:
        typed = JoinForm().load(request.form)
        return operations.join_waiting(
            session,
            act(typed["request_key"]),
            volunteer_number=current_user.volunteer_number,
            good_number=typed["good"],
            pieces=typed["pieces"],
        )

    tried = attempt(wait)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("已排队，您排第 %(place)s 位。到货后按先后给您留。", place=tried.answer["place"]), "good")
    return redirect(url_for("waiting.own"))


@blueprint.post("/me/waiting/leave")
@audience(Audience.VOLUNTEER)
def leave() -> Response | tuple[str, int]:
    """Wait no more."""

    def stop(session: Session) -> None:
        typed = LeaveForm().load(request.form)
        operations.leave_waiting(session, act(typed["request_key"]), waiting_number=typed["waiting"])

    tried = attempt(stop)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("不再排队了。"), "good")
    return redirect(url_for("waiting.own"))


@blueprint.get("/till/waiting")
@audience(Audience.CLERK)
def line() -> str:
    """Show who waits for what, whose turn has come, and the form for somebody at the counter."""
    return _line_page(NOT_TRIED)


def _line_page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    waiting, came = queries.waiting_list(db.session(), community), queries.turns(db.session(), community)
    numbers = {one.volunteer_number for one in (*waiting, *came)}
    return render_template(
        "waiting/line.html",
        line=waiting,
        turns=came,
        open={one.number: one for one in queries.open_reservations(db.session(), community, clock.now())},
        gone=_gone(),
        goods={good.number: good for good in queries.goods(db.session(), community)},
        names=people.volunteers(db.session(), community, numbers),
        hours=_turn_hours(),
        **tried.form(),
    )


@blueprint.post("/till/waiting")
@audience(Audience.CLERK)
def join_for() -> Response | tuple[str, int]:
    """Put somebody down who stands at the counter."""

    def wait(session: Session) -> dict[str, Any]:
        typed = DeskJoinForm().load(request.form)
        return operations.join_waiting(
            session,
            act(typed["request_key"]),
            volunteer_number=typed["number"].upper(),
            good_number=typed["good"],
            pieces=typed["pieces"],
        )

    return _after(attempt(wait), _("已登记排队。"))


@blueprint.post("/till/waiting/leave")
@audience(Audience.CLERK)
def leave_for() -> Response | tuple[str, int]:
    """Take somebody off the list."""

    def stop(session: Session) -> None:
        typed = LeaveForm().load(request.form)
        operations.leave_waiting(session, act(typed["request_key"]), waiting_number=typed["waiting"])

    return _after(attempt(stop), _("已取消排队。"))


@blueprint.post("/till/waiting/turns")
@audience(Audience.CLERK)
def give_turns() -> Response | tuple[str, int]:
    """Put aside what has come for those who wait."""

    def give(session: Session) -> dict[str, Any]:
        return operations.give_turns(session, act(Form().load(request.form)["request_key"]))

    tried = attempt(give)
    given = len(tried.answer["reservations"]) if tried.done else 0
    return _after(tried, _("这次轮到 %(count)s 位，已给他们留好。", count=given))


def _after(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _line_page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("waiting.line"))
