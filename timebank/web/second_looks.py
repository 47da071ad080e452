"""Second looks: a passbook that nobody used for long is looked at by another person before it is served."""

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
from timebank.ledger.days import day_of
from timebank.market import operations, queries
from timebank.market.operations import Identified
from timebank.people import queries as people
from timebank.rulebook.queries import rules_on
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.till import WITHOUT_CARD

blueprint = Blueprint("second_looks", __name__, url_prefix="/till/checks")


class CheckForm(Form):
    """Whose passbook, and how the second person knew who stood there."""

    labels: ClassVar = {"number": lazy_gettext("志愿者编号"), "identified": lazy_gettext("怎么核对的")}

    number = Text(required=True, validate=at_most(16))
    identified = fields.Enum(Identified, by_value=True, required=True)


@blueprint.get("")
@audience(Audience.CLERK, Audience.COORDINATOR)
def checks() -> str:
    """Show whose passbooks were looked at today, and the form for a further one."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    community, today = current_user.community_id, day_of(clock.now())
    done = queries.checks_on(db.session(), community, today)
    return render_template(
        "till/checks.html",
        done=done,
        names=people.volunteers(db.session(), community, {number for number, _by in done}),
        staff=people.staff_names(db.session(), community),
        ways=WITHOUT_CARD,
        days=rules_on(db.session(), community, today).document.market.dormant_days,
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.CLERK, Audience.COORDINATOR)
def check() -> Response | tuple[str, int]:
    """Say that one has looked; another person may then serve."""

    def look(session: Session) -> dict[str, Any]:
        typed = CheckForm().load(request.form)
        doing, number = act(typed["request_key"]), typed["number"].upper()
        return operations.check_passbook(session, doing, volunteer_number=number, identified=typed["identified"])

    tried = attempt(look)
    if not tried.done:
        return _page(tried), tried.status
    flash(_("已核对，今天可以由另一位同事办兑换。"), "good")
    return redirect(url_for("second_looks.checks"))
