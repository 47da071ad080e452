"""Relief: households in need, what is proposed for them, approved by another person, and handed out against a name."""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import fields
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import ReliefLine
from timebank.people import queries as people
from timebank.rulebook.queries import rules_on
from timebank.web import sights
from timebank.web.access import Audience, act, audience
from timebank.web.forms import ByName, Day, Digits, Form, Text, at_most, between
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("relief", __name__, url_prefix="/relief")

STATES: Final = {
    "open": lazy_gettext("等批准"),
    "approved": lazy_gettext("等领取"),
    "rejected": lazy_gettext("没有批准"),
    "issued": lazy_gettext("已领取"),
}


class HouseholdForm(Form):
    """Which household, why, and until when."""

    labels: ClassVar = {
        "number": lazy_gettext("志愿者编号"),
        "reason": lazy_gettext("困难情况"),
        "until_on": lazy_gettext("登记到哪天"),
    }

    number = Text(required=True, validate=at_most(16))
    reason = Text(required=True, validate=at_most(200))
    until_on = Day(required=True)


class ProposeForm(Form):
    """What a household shall get."""

    labels: ClassVar = {
        "household": lazy_gettext("困难家庭"),
        "pieces": lazy_gettext("件数"),
        "note": lazy_gettext("说明"),
    }

    household = Text(required=True, validate=at_most(16))
    pieces = ByName(keys=fields.String(), values=Digits(validate=between(0, 99)), load_default=dict)
    note = Text(load_default="", validate=at_most(200))


class ReliefForm(Form):
    """Which relief."""

    relief = Text(required=True, validate=at_most(16))


class IssueForm(ReliefForm):
    """Which relief, and who signed for it."""

    labels: ClassVar = {"signed_by": lazy_gettext("领取人签名")}

    signed_by = Text(required=True, validate=at_most(40))


@blueprint.get("")
@audience(Audience.COORDINATOR, Audience.CLERK)
def overview() -> str:
    """Show the households, what waits for approval, what waits to be fetched, and what was given."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    community, now = current_user.community_id, clock.now()
    today = day_of(now)
    households = queries.needy_households(db.session(), community, today)
    found = queries.reliefs(db.session(), community)
    numbers = {one.volunteer_number for one in households} | {one.volunteer_number for one in found}
    return render_template(
        "relief/overview.html",
        households=households,
        reliefs=found,
        states=STATES,
        offered=[one for one in queries.goods_on_sale(db.session(), community, now) if one.free_pieces],
        goods={good.number: good for good in queries.goods(db.session(), community)},
        names=people.volunteers(db.session(), community, numbers),
        shop=rules_on(db.session(), community, today).document.market,
        decides=Audience.COORDINATOR in current_user.audiences,
        **tried.form(),
    )


@blueprint.post("/households")
@audience(Audience.COORDINATOR)
def register() -> Response | tuple[str, int]:
    """Register a household in need."""

    def write_down(session: Session) -> dict[str, Any]:
        typed = HouseholdForm().load(request.form)
        return operations.register_household(
            session,
            act(typed["request_key"]),
            volunteer_number=typed["number"].upper(),
            reason=typed["reason"],
            until_on=typed["until_on"],
        )

    return _after(attempt(write_down), _("已登记困难家庭。"))


@blueprint.post("/propose")
@audience(Audience.COORDINATOR)
def propose() -> Response | tuple[str, int]:
    """Propose goods for a household."""

    def put_forward(session: Session) -> dict[str, Any]:
        typed = ProposeForm().load(request.form)
        lines = tuple(ReliefLine(good, pieces) for good, pieces in typed["pieces"].items() if pieces)
        doing, household = act(typed["request_key"]), typed["household"]
        return operations.propose_relief(session, doing, household_number=household, lines=lines, note=typed["note"])

    return _after(attempt(put_forward), _("已提出，等另一位批准。"))


@blueprint.post("/approve")
@audience(Audience.COORDINATOR)
def approve() -> Response | tuple[str, int]:
    """Approve a relief as another person."""

    def agree(session: Session) -> None:
        typed = ReliefForm().load(request.form)
        operations.approve_relief(session, act(typed["request_key"]), relief_number=typed["relief"])

    return _after(attempt(agree), _("已批准，可以领取了。"))


@blueprint.post("/reject")
@audience(Audience.COORDINATOR)
def reject() -> Response | tuple[str, int]:
    """Turn a relief down."""

    def turn_down(session: Session) -> None:
        typed = ReliefForm().load(request.form)
        operations.reject_relief(session, act(typed["request_key"]), relief_number=typed["relief"])

    return _after(attempt(turn_down), _("没有批准。物品没有变动。"))


@blueprint.post("/issue")
@audience(Audience.COORDINATOR, Audience.CLERK)
def issue() -> Response | tuple[str, int]:
    """Hand an approved relief out to who signs for it."""

    def hand_out(session: Session) -> dict[str, Any]:
        typed = IssueForm().load(request.form)
        doing, number = act(typed["request_key"]), typed["relief"]
        return operations.issue_relief(session, doing, relief_number=number, signed_by=typed["signed_by"])

    return _after(attempt(hand_out), _("已发放，物品出库。请打印单子，请领取人签名。"))


@blueprint.get("/slips/<number>")
@audience(Audience.COORDINATOR, Audience.CLERK)
def slip(number: str) -> str:
    """Show the sheet of one relief, to be printed and signed."""
    community = current_user.community_id
    found = queries.relief(db.session(), community, number)
    staff = people.all_staff(db.session(), community)
    sights.about(found.volunteer_number)
    return render_template(
        "relief/slip.html",
        relief=found,
        states=STATES,
        goods={good.number: good for good in queries.goods(db.session(), community)},
        volunteer=people.volunteer(db.session(), community, found.volunteer_number),
        staff={one.person_id: one.name for one in staff},
    )


def _after(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("relief.overview"))
