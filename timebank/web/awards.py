"""Deciding about stars: the open cases with what they rest on; announced, granted or refused by a second person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.certificates.operations import certify_after
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.stars import operations, queries
from timebank.stars.operations import noticing
from timebank.stars.queries import notices
from timebank.stars.rules.conditions import Condition
from timebank.stars.rules.noticing import Noticed, Stage
from timebank.web import condition_words, presenting
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Form, Id, Many, Text, at_least_one, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.star_list import XLSX, star_list

blueprint = Blueprint("awards", __name__, url_prefix="/coord/stars")


class GrantForm(Form):
    """The ticked cases."""

    labels: ClassVar = {"award": lazy_gettext("授予")}

    award = Many(Id(), required=True, validate=at_least_one(500))


class NoticeForm(Form):
    """The cases ticked for a notice."""

    labels: ClassVar = {"announced": lazy_gettext("公示")}

    announced = Many(Id(), required=True, validate=at_least_one(500))


class AnswerForm(Form):
    """One objection, and what is answered."""

    labels: ClassVar = {"objection": lazy_gettext("异议"), "answer": lazy_gettext("答复")}

    objection = Id(required=True)
    answer = Text(required=True, validate=at_most(500, at_least=5))


class RefuseForm(Form):
    """One case, and why not."""

    labels: ClassVar = {"refused_award": lazy_gettext("谁"), "reason": lazy_gettext("原因")}

    refused_award = Id(required=True)
    reason = Text(required=True, validate=at_most(500, at_least=2))


@blueprint.get("")
@audience(Audience.COORDINATOR)
def cases() -> str:
    """Show the open cases, the longest waiting first."""
    return page(NOT_TRIED)


def page(tried: Attempt[Any]) -> str:
    """Draw the page, with what came of a form that was sent from it."""
    community = current_user.community_id
    found = notices.open_cases_noticed(db.session(), community, day_of(clock.now()))
    return render_template(
        "coordinator/stars.html",
        cases=found,
        conditions={key: condition_words.told(every) for key, every in _conditions(found).items()},
        stages={stage: [one for one in found if one.stage is stage] for stage in Stage},
        names=people.volunteers(db.session(), community, {one.award.number for one in found}),
        staff=people.staff_names(db.session(), community),
        ticked=request.form.getlist("award"),
        **tried.form(),
    )


def _conditions(found: Sequence[Noticed]) -> Mapping[UUID, tuple[Condition, ...]]:
    awards = [one.award for one in found]
    return queries.conditions_of(db.session(), current_user.community_id, awards, day_of(clock.now()))


@blueprint.get("/list.xlsx")
@audience(Audience.COORDINATOR)
def round_list() -> Response:
    """Give the open cases as an Excel file, for the meeting or the level above."""
    community = current_user.community_id
    found = notices.open_cases_noticed(db.session(), community, day_of(clock.now()))
    names = people.volunteers(db.session(), community, {one.award.number for one in found})
    answer = Response(star_list(found, names), mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename="stars.xlsx")
    return answer


@blueprint.post("/notice")
@audience(Audience.COORDINATOR)
def announce() -> Response | tuple[str, int]:
    """Put the ticked cases on notice, all or none."""

    def announce_all(session: Session) -> dict[str, Any]:
        typed = NoticeForm().load(request.form)
        return noticing.put_on_notice(session, act(typed["request_key"]), award_ids=tuple(typed["announced"]))

    tried = attempt(announce_all)
    if not tried.done:
        return page(tried), tried.status
    last_on = date.fromisoformat(str(tried.answer["last_on"]))
    flash(_("已公示，到 %(day)s。没有异议的话，第二天起可以授予。", day=presenting.day(last_on)), "good")
    return redirect(url_for("awards.cases"))


@blueprint.post("/answer")
@audience(Audience.COORDINATOR)
def answer() -> Response | tuple[str, int]:
    """Answer an objection."""

    def answer_one(session: Session) -> None:
        typed = AnswerForm().load(request.form)
        doing = act(typed["request_key"])
        noticing.answer_objection(session, doing, objection_id=typed["objection"], answer=typed["answer"])

    tried = attempt(answer_one)
    if not tried.done:
        return page(tried), tried.status
    flash(_("答复已记下，凭异议编号可以查到。"), "good")
    return redirect(url_for("awards.cases"))


@blueprint.post("/grant")
@audience(Audience.COORDINATOR)
def grant() -> Response | tuple[str, int]:
    """Grant the ticked cases, all or none."""

    def grant_all(session: Session) -> dict[str, Any]:
        typed = GrantForm().load(request.form)
        doing, award_ids = act(typed["request_key"]), tuple(typed["award"])
        told = operations.grant_many(session, doing, award_ids=award_ids)
        certify_after(session, doing, award_ids)
        return told

    tried = attempt(grant_all)
    if not tried.done:
        return page(tried), tried.status
    flash(_("已授予 %(count)s 个星级。", count=len(tried.answer["entries"])), "good")
    return redirect(url_for("awards.cases"))


@blueprint.post("/refuse")
@audience(Audience.COORDINATOR)
def refuse() -> Response | tuple[str, int]:
    """Refuse one case with a reason."""

    def refuse_one(session: Session) -> int:
        typed = RefuseForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.refuse(session, doing, award_id=typed["refused_award"], reason=typed["reason"])

    tried = attempt(refuse_one)
    if not tried.done:
        return page(tried), tried.status
    flash(_("已记为未通过，原因写给了志愿者。"), "good")
    return redirect(url_for("awards.cases"))
