"""The activities as everybody sees them: what is on, what it asks for, whether there is a place, and a calendar of it.

A volunteer signs up on the same page, and cancels there.
"""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.people.queries import helping
from timebank.service import queries
from timebank.service.operations import signing_up
from timebank.service.queries import Activity
from timebank.service.rules import ActivityState
from timebank.web.access import Audience, act, audience, community_id
from timebank.web.calendar import calendar_of
from timebank.web.forms import Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("activities", __name__, url_prefix="/activities")


class WhomForm(Form):
    """For whom: oneself, or the number of somebody for whom one is a named helper."""

    whom = Text(load_default="", validate=at_most(40))


@blueprint.get("")
@audience(Audience.PUBLIC)
def to_come() -> str:
    """Show what is on next, and how many places are left."""
    found = queries.activities_to_come(db.session(), community_id(), clock.now())
    taken = queries.places_taken(db.session(), community_id(), [one.id for one in found])
    return render_template("activities/to_come.html", found=found, taken=taken)


@blueprint.get("/calendar.ics")
@audience(Audience.PUBLIC)
def calendar() -> Response:
    """Give the activities of the last month and those to come to a calendar program, the called off ones marked."""
    community = people.community(db.session(), community_id())
    found = queries.activities_published(db.session(), community.id, clock.now())
    text = calendar_of(
        community,
        found,
        lambda one: url_for("activities.one", number=one.number, community=community.id, _external=True),
    )
    return Response(text, mimetype="text/calendar")


@blueprint.get("/<number>")
@audience(Audience.PUBLIC)
def one(number: str) -> str:
    """Show one activity; a volunteer signs up here."""
    return _page(_published(number), NOT_TRIED)


def _published(number: str) -> Activity:
    """Return an activity that a second person has approved; what is only proposed is nobody else's business."""
    found = queries.activity(db.session(), community_id(), number)
    if found.approver is None:
        abort(404)
    return found


def _page(activity: Activity, tried: Attempt[Any]) -> str:
    listed = queries.sign_ups(db.session(), community_id(), activity)
    ties = queries.ties_of(db.session(), community_id(), [activity.id])[activity.id]
    by_person = {one.person_id: one for one in listed}
    own = None
    helped: tuple[helping.Help, ...] = ()
    if current_user.is_authenticated:
        own = by_person.get(current_user.person_id)
        today = day_of(clock.now())
        helped = helping.helped_by(db.session(), current_user.community_id, current_user.person_id, today)
    return render_template(
        "activities/one.html",
        activity=activity,
        terms=queries.terms_of(db.session(), community_id(), [activity.id])[activity.id],
        ties=ties,
        partner=people.partner(db.session(), community_id(), ties.partner) if ties.partner else None,
        listed=listed,
        own=own,
        helped=[(one, by_person.get(one.person_id)) for one in helped],
        is_open=activity.state is ActivityState.APPROVED and activity.starts_at > clock.now(),
        cancelled=queries.cancellation(db.session(), community_id(), activity.id),
        **tried.form(),
    )


@blueprint.post("/<number>/sign-up")
@audience(Audience.VOLUNTEER)
def sign_up(number: str) -> Answer | tuple[str, int]:
    """Sign the volunteer up."""

    def put_down(session: Session) -> dict[str, Any]:
        typed = WhomForm().load(request.form)
        volunteer = typed["whom"] or current_user.volunteer_number
        key = typed["request_key"]
        return signing_up.sign_up(session, act(key), activity_number=number, volunteer_number=volunteer)

    tried = attempt(put_down)
    if not tried.done:
        return _page(_published(number), tried), tried.status
    waits = tried.answer["waits"]
    flash(_("名额满了，排在候补第 %(place)s 位。", place=waits) if waits else _("报名好了，到时见。"), "good")
    return redirect(url_for("activities.one", number=number))


@blueprint.post("/<number>/sign-off")
@audience(Audience.VOLUNTEER)
def sign_off(number: str) -> Answer | tuple[str, int]:
    """Take the volunteer off the list."""

    def take_off(session: Session) -> None:
        typed = WhomForm().load(request.form)
        volunteer = typed["whom"] or current_user.volunteer_number
        key = typed["request_key"]
        signing_up.cancel_sign_up(session, act(key), activity_number=number, volunteer_number=volunteer)

    tried = attempt(take_off)
    if not tried.done:
        return _page(_published(number), tried), tried.status
    flash(_("已取消报名，名额让给下一位。"), "good")
    return redirect(url_for("activities.one", number=number))
