"""The mutual-aid pool: volunteers give points into it, the staff grant them to households in need, by two persons."""

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
from timebank.market import queries as market
from timebank.people import queries as people
from timebank.pool import operations, queries
from timebank.pool.rules import REASON_MAX
from timebank.rulebook.queries import rules_on
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Form, Hundredths, Id, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.volunteer import act_as_volunteer

blueprint = Blueprint("pool", __name__)


class DonateForm(Form):
    """How many points to give."""

    labels: ClassVar = {"points": lazy_gettext("捐多少分")}

    points = Hundredths(required=True)


class GrantForm(Form):
    """Whose household gets how much, and why."""

    labels: ClassVar = {
        "number": lazy_gettext("志愿者编号"),
        "points": lazy_gettext("积分"),
        "reason": lazy_gettext("原因"),
    }

    number = Text(required=True, validate=at_most(16))
    points = Hundredths(required=True)
    reason = Text(required=True, validate=at_most(REASON_MAX))


class DecideForm(Form):
    """Which grant."""

    grant = Id(required=True)


@blueprint.get("/me/pool")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show what the pool is, and let the volunteer give points into it."""
    return _own_page(NOT_TRIED)


def _own_page(tried: Attempt[Any]) -> str:
    community, number, now = current_user.community_id, current_user.volunteer_number, clock.now()
    return render_template(
        "pool/own.html",
        rules=rules_on(db.session(), community, day_of(now)).document.pool,
        pool_e2=queries.pool_e2(db.session(), community),
        passbook=market.passbook(db.session(), community, number, now),
        **tried.form(),
    )


@blueprint.post("/me/pool")
@audience(Audience.VOLUNTEER)
def donate() -> Response | tuple[str, int]:
    """Give points into the pool."""

    def give(session: Session) -> int:
        typed = DonateForm().load(request.form)
        return operations.donate(session, act_as_volunteer(typed["request_key"]), points_e2=typed["points"])

    tried = attempt(give)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("谢谢您！已捐进互助池，流水里可以看到。"), "good")
    return redirect(url_for("pool.own"))


@blueprint.get("/coord/pool")
@audience(Audience.COORDINATOR)
def grants() -> str:
    """Show what the pool holds, what waits for a second person, and what was granted."""
    return _grants_page(NOT_TRIED)


def _grants_page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = queries.grants(db.session(), community)
    return render_template(
        "pool/grants.html",
        rules=rules_on(db.session(), community, day_of(clock.now())).document.pool,
        pool_e2=queries.pool_e2(db.session(), community),
        waiting=[one for one in found if one.state == "open"],
        decided=[one for one in found if one.state != "open"],
        names=people.volunteers(db.session(), community, {one.number for one in found}),
        staff=people.staff_names(db.session(), community),
        **tried.form(),
    )


@blueprint.post("/coord/pool/propose")
@audience(Audience.COORDINATOR)
def propose() -> Response | tuple[str, int]:
    """Propose a grant."""

    def propose_one(session: Session) -> str:
        typed = GrantForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.propose_grant(
            session, doing, number=typed["number"].upper(), points_e2=typed["points"], reason=typed["reason"]
        )

    return _answer(attempt(propose_one), _("已提出，等另一位确认。"))


@blueprint.post("/coord/pool/confirm")
@audience(Audience.COORDINATOR)
def confirm() -> Response | tuple[str, int]:
    """Confirm a grant that somebody else proposed."""

    def confirm_one(session: Session) -> int:
        typed = DecideForm().load(request.form)
        return operations.confirm_grant(session, act(typed["request_key"]), grant_id=typed["grant"])

    return _answer(attempt(confirm_one), _("已发放，记在存折里。"))


@blueprint.post("/coord/pool/reject")
@audience(Audience.COORDINATOR)
def reject() -> Response | tuple[str, int]:
    """Turn a grant down, or take one's own proposal back."""

    def reject_one(session: Session) -> None:
        typed = DecideForm().load(request.form)
        operations.reject_grant(session, act(typed["request_key"]), grant_id=typed["grant"])

    return _answer(attempt(reject_one), _("没有发放，积分留在互助池。"))


def _answer(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _grants_page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("pool.grants"))
