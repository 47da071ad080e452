"""Pages of the coordinator: what is to be done today, the activities, a new one like the last."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import ZONE, day_of, moment_of
from timebank.people import queries as people
from timebank.people.queries.training import trainings_waiting
from timebank.pool.queries import grants_waiting
from timebank.rulebook.expiring import expiring_points
from timebank.rulebook.queries import proposals_waiting, rules_on, rules_on_days
from timebank.rulebook.rules import entry_deadline_for
from timebank.service import operations, queries
from timebank.service.asked import NewActivity
from timebank.service.operations import offering
from timebank.service.queries import Activity
from timebank.stars import queries as stars
from timebank.stars.queries.inquiries import inquiries
from timebank.web.access import Audience, act, audience
from timebank.web.forms import ClockTime, Day, Digits, Filter, Form, Id, Many, Text, at_least_one, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("coordinator", __name__, url_prefix="/coord")

COUNTED_ON_HOME: Final = 99
"""Up to so many are counted on the first page; more are many."""


class ActivityForm(Form):
    """What an activity is; the day and the two clock times are in the community's time."""

    labels: ClassVar = {
        "title": lazy_gettext("活动名称"),
        "service_class": lazy_gettext("服务类型"),
        "place": lazy_gettext("地点"),
        "leader": lazy_gettext("负责人姓名"),
        "day": lazy_gettext("日期"),
        "begins": lazy_gettext("开始"),
        "ends": lazy_gettext("结束"),
        "capacity": lazy_gettext("最多几人"),
        "area": lazy_gettext("范围"),
        "needs": lazy_gettext("要求"),
        "age_min": lazy_gettext("最低年龄"),
        "risk": lazy_gettext("风险"),
        "insurance": lazy_gettext("保险名称或保单号"),
        "course": lazy_gettext("要先参加过的培训"),
        "partner": lazy_gettext("共建单位"),
    }

    title = Text(required=True, validate=at_most(100))
    service_class = Text(required=True, validate=at_most(60))
    place = Text(required=True, validate=at_most(100))
    leader = Text(required=True, validate=at_most(60))
    day = Day(required=True)
    begins = ClockTime(required=True)
    ends = ClockTime(required=True)
    capacity = Digits(load_default=None)
    area = Id(load_default=None)
    needs = Text(load_default="", validate=at_most(200))
    age_min = Digits(load_default=None)
    risk = Text(load_default="", validate=at_most(300))
    insurance = Text(load_default="", validate=at_most(100))
    course = Text(load_default="", validate=at_most(60))
    partner = Text(load_default="", validate=at_most(32))


class ApproveForm(Form):
    """Which proposed activity is approved."""

    number = Text(required=True, validate=at_most(40))


class ApproveAllForm(Form):
    """Which proposed activities are approved."""

    number = Many(Text(validate=at_most(40)), required=True, validate=at_least_one(500))


class LikeFilter(Filter):
    """Like which activity the new one shall be."""

    like = Text(load_default=None, validate=at_most(40))


class PastFilter(Filter):
    """Which page of the past: activities before this one."""

    before = Text(load_default=None, validate=at_most(40))


PAST_ON_A_PAGE = 50


@blueprint.get("")
@audience(Audience.COORDINATOR)
def home() -> str:
    """Show what waits: hours to record, records to approve, stars to decide, activities to approve."""
    community, now = current_user.community_id, clock.now()
    return render_template(
        "coordinator/home.html",
        needing_hours=_with_deadlines(queries.activities_needing_hours(db.session(), community, now)),
        today=day_of(now),
        objections=queries.objections_open(db.session(), community),
        waiting=queries.totals(db.session(), community).waiting,
        cases=stars.open_cases(db.session(), community),
        star_reviews=_star_reviews(community),
        rule_proposals=proposals_waiting(db.session(), community),
        pool_grants=grants_waiting(db.session(), community),
        expiring=expiring_points(db.session(), community, day_of(now)),
        unconfirmed=queries.to_confirm(db.session(), community, day_of(now), limit=COUNTED_ON_HOME),
        proposed=queries.activities_proposed(db.session(), community),
        trainings=trainings_waiting(db.session(), community),
        to_come=queries.activities_to_come(db.session(), community, now),
    )


def _star_reviews(community: str) -> int:
    """Count the stars that somebody must look at: inquiries that wait, and hours taken back."""
    waiting = sum(one.waits for one in inquiries(db.session(), community))
    return waiting + len(stars.open_reviews(db.session(), community))


def _with_deadlines(activities: tuple[Activity, ...]) -> list[tuple[Activity, date]]:
    """Put beside each activity the last day on which its hours can be recorded, the first due at the top."""
    days = {activity.span.served_on for activity in activities}
    rules = rules_on_days(db.session(), current_user.community_id, days)
    found = [
        (activity, entry_deadline_for(rules[activity.span.served_on].document, activity.span.served_on))
        for activity in activities
    ]
    return sorted(found, key=lambda one: one[1])


@blueprint.get("/activities")
@audience(Audience.COORDINATOR)
def activities() -> str:
    """Show the activities: proposed, to come, past."""
    return _activities_page(NOT_TRIED)


def _activities_page(tried: Attempt[Any]) -> str:
    community, now, before = current_user.community_id, clock.now(), PastFilter().load(request.args)["before"]
    past = queries.activities_past(db.session(), community, now, before=before, limit=PAST_ON_A_PAGE)
    return render_template(
        "coordinator/activities.html",
        proposed=queries.activities_proposed(db.session(), community),
        to_come=queries.activities_to_come(db.session(), community, now),
        past=past,
        older=past[-1].number if len(past) == PAST_ON_A_PAGE else None,
        **tried.form(),
    )


@blueprint.get("/activities/new")
@audience(Audience.COORDINATOR)
def new_activity() -> str:
    """Show the form; `like` fills it from an earlier activity, a week later."""
    like = LikeFilter().load(request.args)["like"]
    return _form_page(NOT_TRIED, _like(like) if like else {})


def _like(number: str) -> dict[str, str]:
    last = queries.activity(db.session(), current_user.community_id, number)
    terms = queries.terms_of(db.session(), current_user.community_id, [last.id])[last.id]
    ties = queries.ties_of(db.session(), current_user.community_id, [last.id])[last.id]
    held_on, today = day_of(last.starts_at), day_of(clock.now())
    weeks = max(1, (today - held_on).days // 7 + 1)
    return {
        "title": last.title,
        "service_class": last.service_class,
        "place": last.place,
        "leader": last.leader,
        "day": (held_on + timedelta(weeks=weeks)).isoformat(),
        "begins": last.starts_at.astimezone(ZONE).strftime("%H:%M"),
        "ends": last.ends_at.astimezone(ZONE).strftime("%H:%M"),
        "capacity": str(last.capacity or ""),
        "area": str(last.org_unit_id or ""),
        "needs": terms.needs,
        "age_min": str(terms.age_min or ""),
        "risk": terms.risk,
        "insurance": terms.insurance,
        "course": ties.course,
        "partner": ties.partner,
    }


def _form_page(tried: Attempt[Any], filled: Mapping[str, str]) -> str:
    community = current_user.community_id
    document = rules_on(db.session(), community, day_of(clock.now())).document
    return render_template(
        "coordinator/new_activity.html",
        classes=[(found.code, found.name) for found in document.service_classes],
        areas=[(str(unit.id), unit.name) for unit in people.org_units(db.session(), community)],
        partners=[(one.code, one.name) for one in people.partners(db.session(), community)],
        **tried.form() | {"typed": filled},
    )


@blueprint.post("/activities/new")
@audience(Audience.COORDINATOR)
def create_activity() -> Response | tuple[str, int]:
    """Propose the activity; a second person approves it before it starts."""

    def create(session: Session) -> str:
        typed = ActivityForm().load(request.form)
        return operations.create_activity(session, act(typed["request_key"]), new=_asked(typed))

    tried = attempt(create)
    if not tried.done:
        return _form_page(tried, request.form), tried.status
    flash(_("活动 %(number)s 已提交，等另一位负责人批准。", number=tried.answer), "good")
    return redirect(url_for("coordinator.activities"))


def _asked(typed: dict[str, Any]) -> NewActivity:
    starts_at = moment_of(typed["day"], typed["begins"])
    ends_at = moment_of(typed["day"], typed["ends"])
    return NewActivity(
        title=typed["title"],
        service_class=typed["service_class"],
        place=typed["place"],
        leader=typed["leader"],
        starts_at=starts_at,
        ends_at=ends_at if ends_at > starts_at else ends_at + timedelta(days=1),
        capacity=typed["capacity"],
        org_unit_id=typed["area"],
        needs=typed["needs"],
        age_min=typed["age_min"],
        risk=typed["risk"],
        insurance=typed["insurance"],
        course=typed["course"],
        partner=typed["partner"],
    )


@blueprint.post("/activity-approvals")
@audience(Audience.COORDINATOR)
def approve_activity() -> Response | tuple[str, int]:
    """Approve a proposed activity of somebody else."""

    def approve(session: Session) -> str:
        typed = ApproveForm().load(request.form)
        operations.approve_activity(session, act(typed["request_key"]), number=typed["number"])
        return str(typed["number"])

    tried = attempt(approve)
    if not tried.done:
        return _activities_page(tried), tried.status
    flash(_("活动 %(number)s 已批准。", number=tried.answer), "good")
    return redirect(url_for("coordinator.activities"))


@blueprint.post("/activity-approvals/all")
@audience(Audience.COORDINATOR)
def approve_activities() -> Response | tuple[str, int]:
    """Approve several proposed activities of somebody else, all or none."""

    def approve(session: Session) -> int:
        typed = ApproveAllForm().load(request.form)
        told = offering.approve_activities(session, act(typed["request_key"]), numbers=tuple(typed["number"]))
        return int(told["approved"])

    tried = attempt(approve)
    if not tried.done:
        return _activities_page(tried), tried.status
    flash(_("已批准 %(count)s 场活动。", count=tried.answer), "good")
    return redirect(url_for("coordinator.activities"))
