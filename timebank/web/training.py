"""Trainings: recorded for those who came, approved by another person."""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.people.operations import training as operations
from timebank.people.queries import training as queries
from timebank.people.training_rules import CONTENT_MAX, COURSE_MAX, REASON_MAX, VOLUNTEERS_MAX, NewTraining
from timebank.service.durations import find_minutes
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Day, Form, Id, Many, Text, at_least_one, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.who import one_meant

blueprint = Blueprint("training", __name__, url_prefix="/coord/trainings")

DECIDED_SHOWN: Final = 50


class Length(Text):
    """How long a training was, as people write it; kept in whole minutes by the view."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not find_minutes(text):
            raise ValidationError(_("请写成 1.5、1:30 或 90分"))
        return text


class TrainingForm(Form):
    """What the training was, and who came: one card, number or name a line."""

    labels: ClassVar = {
        "course": lazy_gettext("培训名称"),
        "organiser": lazy_gettext("主办单位"),
        "trained_on": lazy_gettext("日期"),
        "length": lazy_gettext("时长"),
        "content": lazy_gettext("主要内容"),
        "names": lazy_gettext("谁参加了"),
    }

    course = Text(required=True, validate=at_most(COURSE_MAX))
    organiser = Text(required=True, validate=at_most(COURSE_MAX))
    trained_on = Day(required=True)
    length = Length(required=True)
    content = Text(load_default="", validate=at_most(CONTENT_MAX))
    names = Text(required=True, lines=True, validate=at_most(VOLUNTEERS_MAX * 60))


class ApproveForm(Form):
    """Which attendances are approved."""

    training = Many(Id(), required=True, validate=at_least_one(VOLUNTEERS_MAX))


class RejectForm(Form):
    """Which attendance is rejected, and why."""

    labels: ClassVar = {"reason": lazy_gettext("原因")}

    training = Id(required=True)
    reason = Text(required=True, validate=at_most(REASON_MAX))


@blueprint.get("")
@audience(Audience.COORDINATOR)
def overview() -> str:
    """Show what waits for a second person, what was decided last, and the form for the next training."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    waiting = queries.trainings_waiting(db.session(), community)
    decided = queries.trainings_decided(db.session(), community, limit=DECIDED_SHOWN)
    return render_template(
        "training/overview.html",
        waiting=waiting,
        decided=decided,
        names=people.volunteers(db.session(), community, {one.number for one in (*waiting, *decided)}),
        staff=people.staff_names(db.session(), community),
        today=day_of(clock.now()),
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.COORDINATOR)
def record() -> Response | tuple[str, int]:
    """Record a training for everybody who came."""

    def record_it(session: Session) -> dict[str, Any]:
        typed = TrainingForm().load(request.form)
        lines = (line.strip() for line in typed["names"].splitlines())
        numbers = tuple(one_meant(session, current_user.community_id, line).number for line in lines if line)
        training = NewTraining(
            course=typed["course"],
            organiser=typed["organiser"],
            trained_on=typed["trained_on"],
            minutes=find_minutes(typed["length"]) or 0,
            content=typed["content"],
        )
        return operations.record_training(session, act(typed["request_key"]), training=training, numbers=numbers)

    return _after(attempt(record_it), _("已登记，等另一位通过。"))


@blueprint.post("/approve")
@audience(Audience.COORDINATOR)
def approve() -> Response | tuple[str, int]:
    """Approve what somebody else recorded."""

    def approve_them(session: Session) -> int:
        typed = ApproveForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.approve_trainings(session, doing, training_ids=tuple(typed["training"]))

    return _after(attempt(approve_them), _("已通过。"))


@blueprint.post("/reject")
@audience(Audience.COORDINATOR)
def reject() -> Response | tuple[str, int]:
    """Reject an attendance, or take one's own record back."""

    def reject_it(session: Session) -> None:
        typed = RejectForm().load(request.form)
        doing = act(typed["request_key"])
        operations.reject_training(session, doing, training_id=typed["training"], reason=typed["reason"])

    return _after(attempt(reject_it), _("已退回，不算数。"))


def _after(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("training.overview"))
