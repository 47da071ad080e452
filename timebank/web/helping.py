"""Family helpers of a volunteer: who may act for them, named and ended at the desk."""

from datetime import timedelta
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
from timebank.people import queries as people
from timebank.people.operations import helping as operations
from timebank.people.queries import helping as queries
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Day, Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.who import one_meant

blueprint = Blueprint("helping", __name__, url_prefix="/people")

YEAR = timedelta(days=365)


class HelperForm(Form):
    """Who may act for the person, in which relation, until when."""

    labels: ClassVar = {
        "helper": lazy_gettext("家人的编号或姓名"),
        "relation": lazy_gettext("关系"),
        "until": lazy_gettext("到哪一天"),
    }

    helper = Text(required=True, validate=at_most(60))
    relation = Text(required=True, validate=at_most(20))
    until = Day(required=True)


class EndForm(Form):
    """Whose help ends."""

    helper = Text(required=True, validate=at_most(40))


@blueprint.get("/<number>/helpers")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def helpers(number: str) -> str:
    """Show who may act for a volunteer."""
    return _page(number, NOT_TRIED)


def _page(number: str, tried: Attempt[Any]) -> str:
    community, today = current_user.community_id, day_of(clock.now())
    person = people.volunteer(db.session(), community, number)
    found = queries.helpers_of(db.session(), community, person.person_id, today)
    return render_template("people/helpers.html", person=person, found=found, in_a_year=today + YEAR, **tried.form())


@blueprint.post("/<number>/helpers")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def name(number: str) -> Response | tuple[str, int]:
    """Name a helper."""

    def name_it(session: Session) -> None:
        typed = HelperForm().load(request.form)
        helper = one_meant(session, current_user.community_id, typed["helper"])
        operations.name_helper(
            session,
            act(typed["request_key"]),
            number=number,
            helper_number=helper.number,
            relation=typed["relation"],
            until_on=typed["until"],
        )

    return _after(number, attempt(name_it), _("已登记。办的事两个人的名字都会记下。"))


@blueprint.post("/<number>/helpers/end")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def end(number: str) -> Response | tuple[str, int]:
    """End somebody's help."""

    def end_it(session: Session) -> None:
        typed = EndForm().load(request.form)
        operations.end_helper(session, act(typed["request_key"]), number=number, helper_number=typed["helper"])

    return _after(number, attempt(end_it), _("已取消代办。"))


def _after(number: str, tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _page(number, tried), tried.status
    flash(said, "good")
    return redirect(url_for("helping.helpers", number=number))
