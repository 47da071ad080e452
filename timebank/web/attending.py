"""One activity at work, for the coordinator: who is on the list, who is there, its code, its door, calling it off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.database import db
from timebank.people import queries as people
from timebank.service import operations, queries
from timebank.service.operations import attending, signing_up
from timebank.service.queries import Activity
from timebank.service.rules import ActivityState
from timebank.service.rules.attendance_codes import code_shown, seconds_left
from timebank.service.rules.attending import Direction, direction_at, is_open
from timebank.web.access import Audience, act, audience
from timebank.web.check_in import codes_key
from timebank.web.forms import Filter, Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.who import one_meant

blueprint = Blueprint("attending", __name__, url_prefix="/coord/activities")


class WhoForm(Form):
    """Whom it is about: a card that is scanned, a number, or a name that only one person has."""

    labels: ClassVar = {"who": lazy_gettext("谁")}

    who = Text(required=True, validate=at_most(60))


class DoorForm(WhoForm):
    """A card at the door. way: empty where the first scan is in and a later one out."""

    way = Text(load_default="", validate=validate.OneOf(["", "in", "out"]))


class CancelForm(Form):
    """Why an activity does not take place."""

    labels: ClassVar = {"reason": lazy_gettext("原因")}

    reason = Text(required=True, validate=at_most(500, at_least=2))


class RecipientForm(Form):
    """For whom an activity is."""

    labels: ClassVar = {"name": lazy_gettext("称呼"), "tail": lazy_gettext("手机尾号")}

    name = Text(required=True, validate=at_most(60))
    tail = Text(required=True, validate=validate.Regexp("[0-9]{4}$", error=lazy_gettext("请填最后四位数字")))


class CodeFilter(Filter):
    """For what the code is shown."""

    way = Text(load_default="", validate=validate.OneOf(["", "in", "out"]))


@blueprint.get("/<number>")
@audience(Audience.COORDINATOR)
def one(number: str) -> str:
    """Show an activity: what it asks for, who is on the list, who came and went, and what can be done."""
    return _page(number, NOT_TRIED)


def _page(number: str, tried: Attempt[Any]) -> str:
    community, now = current_user.community_id, clock.now()
    activity = queries.activity(db.session(), community, number)
    listed = queries.sign_ups(db.session(), community, activity)
    there = queries.attendances(db.session(), community, activity.id)
    ties = queries.ties_of(db.session(), community, [activity.id])[activity.id]
    numbers = {one.volunteer_number for one in listed} | {one.volunteer_number for one in there}
    return render_template(
        "coordinator/activity.html",
        activity=activity,
        terms=queries.terms_of(db.session(), community, [activity.id])[activity.id],
        ties=ties,
        partner=people.partner(db.session(), community, ties.partner) if ties.partner else None,
        cancelled=queries.cancellation(db.session(), community, activity.id),
        recipient=queries.find_recipient(db.session(), community, activity.id),
        listed=listed,
        there=there,
        names=people.volunteers(db.session(), community, numbers),
        **_when(activity, now),
        **tried.form(),
    )


def _when(activity: Activity, now: datetime) -> Mapping[str, bool]:
    approved = activity.state is ActivityState.APPROVED
    return {
        "to_come": approved and now < activity.starts_at,
        "door_open": approved and is_open(activity.span, now),
        "is_over": approved and activity.ends_at <= now,
        "can_be_cancelled": activity.state is not ActivityState.CANCELLED and now < activity.starts_at,
    }


@blueprint.post("/<number>/recipient")
@audience(Audience.COORDINATOR)
def name_recipient(number: str) -> Response | tuple[str, int]:
    """Say for whom the activity is; the page then shows their code."""

    def name(session: Session) -> Any:  # a sentence
        typed = RecipientForm().load(request.form)
        operations.name_recipient(
            session,
            act(typed["request_key"]),
            activity_number=number,
            name=typed["name"],
            phone_tail=typed["tail"],
            code=Secret(chance.fresh_digits(10)),
        )
        return _("已记下服务对象。请把下面的编码告诉对方。")

    return _after(number, attempt(name))


@blueprint.post("/<number>/sign-up")
@audience(Audience.COORDINATOR)
def sign_up(number: str) -> Response | tuple[str, int]:
    """Sign somebody up at the desk."""

    def put_down(session: Session) -> Any:  # a sentence
        typed = WhoForm().load(request.form)
        person = one_meant(session, current_user.community_id, typed["who"])
        told = signing_up.sign_up(
            session, act(typed["request_key"]), activity_number=number, volunteer_number=person.number
        )
        if told["waits"]:
            return _("%(name)s 排在候补第 %(place)s 位。", name=person.name, place=told["waits"])
        return _("已给 %(name)s 报名。", name=person.name)

    return _after(number, attempt(put_down))


@blueprint.post("/<number>/sign-off")
@audience(Audience.COORDINATOR)
def sign_off(number: str) -> Response | tuple[str, int]:
    """Take somebody off the list at the desk."""

    def take_off(session: Session) -> Any:  # a sentence
        typed = WhoForm().load(request.form)
        signing_up.cancel_sign_up(
            session, act(typed["request_key"]), activity_number=number, volunteer_number=typed["who"]
        )
        return _("已取消 %(name)s 的报名。", name=typed["who"])

    return _after(number, attempt(take_off))


@blueprint.post("/<number>/cancel")
@audience(Audience.COORDINATOR)
def cancel(number: str) -> Response | tuple[str, int]:
    """Call the activity off."""

    def call_off(session: Session) -> Any:  # a sentence
        typed = CancelForm().load(request.form)
        operations.cancel_activity(session, act(typed["request_key"]), number=number, reason=typed["reason"])
        return _("活动已取消，报名的人在活动页看得到原因。")

    return _after(number, attempt(call_off))


def _after(number: str, tried: Attempt[str]) -> Response | tuple[str, int]:
    if not tried.done:
        return _page(number, tried), tried.status
    flash(tried.answer, "good")
    return redirect(url_for("attending.one", number=number))


@blueprint.get("/<number>/code")
@audience(Audience.COORDINATOR)
def code(number: str) -> str:
    """Show the code of this minute on a screen, for those who come or, near the end, for those who go."""
    now = clock.now()
    activity = queries.activity(db.session(), current_user.community_id, number)
    chosen = CodeFilter().load(request.args)["way"]
    way = Direction(chosen) if chosen else direction_at(activity.span, now)
    return render_template(
        "coordinator/code.html",
        activity=activity,
        way=way.value,
        chosen=chosen,
        open_now=activity.state is ActivityState.APPROVED and is_open(activity.span, now),
        code=code_shown(codes_key(), activity.id, way, now),
        seconds=seconds_left(now),
        there=len(queries.attendances(db.session(), current_user.community_id, activity.id)),
    )


@blueprint.get("/<number>/door")
@audience(Audience.COORDINATOR)
def door(number: str) -> str:
    """Wait for the next card."""
    return _door_page(number, NOT_TRIED)


def _door_page(number: str, tried: Attempt[Any]) -> str:
    community = current_user.community_id
    activity = queries.activity(db.session(), community, number)
    there = queries.attendances(db.session(), community, activity.id)
    return render_template(
        "coordinator/door.html",
        activity=activity,
        there=there[::-1],
        names=people.volunteers(db.session(), community, [one.volunteer_number for one in there]),
        way=request.form.get("way", ""),
        **tried.form() | {"typed": {}},
    )


@blueprint.post("/<number>/door")
@audience(Audience.COORDINATOR)
def scan(number: str) -> str | tuple[str, int]:
    """Note a card and wait for the next one; the same page again, so that nobody waits for a second request."""

    def note(session: Session) -> Any:  # a sentence
        typed = DoorForm().load(request.form)
        person = one_meant(session, current_user.community_id, typed["who"])
        leaving = {"": None, "in": False, "out": True}[typed["way"]]
        told = attending.mark_at_door(
            session,
            act(typed["request_key"]),
            activity_number=number,
            volunteer_number=person.number,
            leaving=leaving,
        )
        if told["direction"] == Direction.OUT:
            return _("%(name)s 签退", name=person.name)
        return _("%(name)s 签到", name=person.name)

    tried = attempt(note)
    if not tried.done:
        return _door_page(number, tried), tried.status
    flash(tried.answer, "good")
    return _door_page(number, NOT_TRIED)
