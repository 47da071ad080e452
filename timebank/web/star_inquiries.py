"""Inquiries into stars: opened with evidence, the volunteer heard, decided by another person; and hours taken back.

The volunteer reads the same lines on the own page of stars, says something to them there, and objects there.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books.acts import Act
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.rulebook.queries import rules_on
from timebank.rulebook.rules import Inquiries
from timebank.stars import operations, queries
from timebank.stars.operations import inquiring
from timebank.stars.queries import inquiries
from timebank.stars.queries.inquiries import Inquiry
from timebank.stars.rules import REASON_MAX
from timebank.stars.rules.inquiries import (
    TEXT_MAX,
    Heard,
    HearingKind,
    InquiryOutcome,
    InquiryState,
    Verdict,
    last_day_to_object,
    months_later,
)
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Choice, Day, Digits, Form, Id, Text, at_most
from timebank.web.inquiry_words import HEARINGS, STATES, Line, lines_of
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("star_inquiries", __name__)


class OpenForm(Form):
    """Against whose star there is something, what, and what shows it."""

    labels: ClassVar = {
        "volunteer": lazy_gettext("志愿者编号"),
        "reason": lazy_gettext("原因"),
        "evidence": lazy_gettext("依据"),
    }

    volunteer = Text(required=True, validate=at_most(32))
    reason = Text(required=True, validate=at_most(REASON_MAX))
    evidence = Text(required=True, validate=at_most(TEXT_MAX))


class HearingForm(Form):
    """What the volunteer said, or that they did not."""

    labels: ClassVar = {
        "kind": lazy_gettext("听取结果"),
        "heard_on": lazy_gettext("日期"),
        "said": lazy_gettext("说了什么"),
    }

    kind = Choice(HearingKind, required=True)
    heard_on = Day(required=True)
    said = Text(load_default="", validate=at_most(TEXT_MAX))


class DecisionForm(Form):
    """What becomes of the star."""

    labels: ClassVar = {
        "outcome": lazy_gettext("决定"),
        "level_after": lazy_gettext("降到几星"),
        "until_on": lazy_gettext("到哪一天"),
        "why": lazy_gettext("理由"),
        "document": lazy_gettext("上级文号"),
    }

    outcome = Choice(InquiryOutcome, required=True)
    level_after = Digits(load_default=None)
    until_on = Day(load_default=None)
    why = Text(required=True, validate=at_most(REASON_MAX))
    document = Text(load_default="", validate=at_most(60))


class StatementForm(Form):
    """What the volunteer says, or objects."""

    labels: ClassVar = {"said": lazy_gettext("您的说明"), "objection": lazy_gettext("您的异议")}

    said = Text(load_default="", validate=at_most(TEXT_MAX))
    objection = Text(load_default="", validate=at_most(TEXT_MAX))


class KeepForm(Form):
    """Which star whose hours were taken back is kept, and why."""

    labels: ClassVar = {"review": lazy_gettext("谁"), "kept_because": lazy_gettext("理由")}

    review = Id(required=True)
    kept_because = Text(required=True, validate=[at_most(REASON_MAX), validate.Length(min=2)])


@blueprint.get("/coord/star-inquiries")
@audience(Audience.COORDINATOR)
def overview() -> str:
    """Show what waits for a hearing or a decision, the stars whose hours were taken back, and what was decided."""
    return _overview(NOT_TRIED)


def _overview(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = inquiries.inquiries(db.session(), community)
    reviews = queries.open_reviews(db.session(), community)
    numbers = {one.volunteer_number for one in found} | {one.award.number for one in reviews}
    return render_template(
        "coordinator/star_inquiries.html",
        found=found,
        reviews=reviews,
        states=STATES,
        names=people.volunteers(db.session(), community, numbers),
        **tried.form(),
    )


@blueprint.post("/coord/star-inquiries")
@audience(Audience.COORDINATOR)
def open_one() -> Response | tuple[str, int]:
    """Open an inquiry."""

    def begin(session: Session) -> str:
        typed = OpenForm().load(request.form)
        return inquiring.open_inquiry(
            session,
            act(typed["request_key"]),
            volunteer_number=typed["volunteer"],
            reason=typed["reason"],
            evidence=typed["evidence"],
        )

    tried = attempt(begin)
    if not tried.done:
        return _overview(tried), tried.status
    flash(_("复核 %(number)s 已开始，本人看得到。请先听取本人意见。", number=tried.answer), "good")
    return redirect(url_for("star_inquiries.one", number=tried.answer))


@blueprint.post("/coord/star-reviews/kept")
@audience(Audience.COORDINATOR)
def keep() -> Response | tuple[str, int]:
    """Keep a star although hours were taken back."""

    def keep_it(session: Session) -> None:
        typed = KeepForm().load(request.form)
        operations.keep(session, act(typed["request_key"]), review_id=typed["review"], reason=typed["kept_because"])

    tried = attempt(keep_it)
    if not tried.done:
        return _overview(tried), tried.status
    flash(_("星级保留，理由已记下。"), "good")
    return redirect(url_for("star_inquiries.overview"))


@blueprint.get("/coord/star-inquiries/<number>")
@audience(Audience.COORDINATOR)
def one(number: str) -> str:
    """Show an inquiry, line by line, and what can be done about it."""
    return _one(number, NOT_TRIED)


def _one(number: str, tried: Attempt[Any]) -> str:
    community, today = current_user.community_id, day_of(clock.now())
    found = inquiries.inquiry(db.session(), community, number)
    rules = rules_on(db.session(), community, today).document.inquiries
    return render_template(
        "coordinator/star_inquiry.html",
        found=found,
        lines=lines_of(found),
        states=STATES,
        hearings=HEARINGS,
        person=people.volunteer(db.session(), community, found.volunteer_number),
        staff=people.staff_names(db.session(), community),
        body=queries.award(db.session(), community, found.award_id).body,
        today=today,
        latest=months_later(today, rules.lowered_months_max),
        **tried.form(),
    )


@blueprint.post("/coord/star-inquiries/<number>/hearings")
@audience(Audience.COORDINATOR)
def hear(number: str) -> Response | tuple[str, int]:
    """Write down what came of asking the volunteer."""

    def write_down(session: Session) -> None:
        typed = HearingForm().load(request.form)
        heard = Heard(typed["kind"], typed["heard_on"], typed["said"])
        inquiring.hear(session, act(typed["request_key"]), number=number, heard=heard)

    tried = attempt(write_down)
    if not tried.done:
        return _one(number, tried), tried.status
    flash(_("已记下。现在可以由另一位决定。"), "good")
    return redirect(url_for("star_inquiries.one", number=number))


@blueprint.post("/coord/star-inquiries/<number>/decisions")
@audience(Audience.COORDINATOR)
def decide(number: str) -> Response | tuple[str, int]:
    """Decide what becomes of the star."""

    def decide_it(session: Session) -> bool:
        typed = DecisionForm().load(request.form)
        found = inquiries.inquiry(session, current_user.community_id, number)
        verdict = verdict_of(typed["outcome"], typed["level_after"], typed["until_on"], level=found.level)
        whole = replace(verdict, reason=typed["why"], document=typed["document"])
        inquiring.decide_inquiry(session, act(typed["request_key"]), number=number, verdict=whole)
        return not found.decisions and whole.outcome is not InquiryOutcome.KEPT

    tried = attempt(decide_it)
    if not tried.done:
        return _one(number, tried), tried.status
    open_to_objection = _("决定已记入账册，本人看得到，可以提异议。")
    flash(open_to_objection if tried.answer else _("决定已记入账册，本人看得到。"), "good")
    return redirect(url_for("star_inquiries.one", number=number))


def verdict_of(outcome: InquiryOutcome, level_after: int | None, until_on: date | None, *, level: int) -> Verdict:
    """Make a verdict of what was typed: a kept star keeps its level and has no last day, one withdrawn has level 0."""
    after = {InquiryOutcome.KEPT: level, InquiryOutcome.WITHDRAWN: 0}.get(outcome, level_after or 0)
    return Verdict(outcome, after, None if outcome is InquiryOutcome.KEPT else until_on, reason="")


@dataclass(frozen=True, slots=True)
class OwnInquiry:
    """An inquiry as the volunteer sees it: its lines, and until when an objection is possible, or None."""

    inquiry: Inquiry
    lines: tuple[Line, ...]
    object_until: date | None


def _own_inquiries(community_id: str, volunteer_number: str) -> tuple[OwnInquiry, ...]:
    today = day_of(clock.now())
    rules = rules_on(db.session(), community_id, today).document.inquiries
    found = inquiries.inquiries_about(db.session(), community_id, volunteer_number)
    return tuple(OwnInquiry(one, lines_of(one), _object_until(one, rules, today)) for one in found)


def _object_until(found: Inquiry, rules: Inquiries, today: date) -> date | None:
    if found.state is not InquiryState.DECIDED or found.decisions[0].outcome is InquiryOutcome.KEPT:
        return None
    last_on = last_day_to_object(rules, day_of(found.decisions[0].decided_at))
    return last_on if today <= last_on else None


@blueprint.get("/me/stars/inquiries")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show the volunteer what is said about their star, and what they may do."""
    return _own_page(NOT_TRIED)


@blueprint.post("/me/stars/inquiries/<number>/statements")
@audience(Audience.VOLUNTEER)
def state(number: str) -> Response | tuple[str, int]:
    """Say something to an inquiry into one's own star."""

    def say(session: Session) -> None:
        typed = StatementForm().load(request.form)
        inquiring.state(session, _as_volunteer(typed["request_key"]), number=number, text=typed["said"])

    return _told(attempt(say), _("您的说明已经记下，决定的人看得到。"))


@blueprint.post("/me/stars/inquiries/<number>/objections")
@audience(Audience.VOLUNTEER)
def object_to(number: str) -> Response | tuple[str, int]:
    """Object to what was decided about one's own star."""

    def say(session: Session) -> None:
        typed = StatementForm().load(request.form)
        inquiring.object_to_decision(
            session, _as_volunteer(typed["request_key"]), number=number, text=typed["objection"]
        )

    return _told(attempt(say), _("异议已经收到，由第三位工作人员再决定。"))


def _as_volunteer(key: str) -> Act:
    return replace(act(key), number=current_user.volunteer_number)


def _told(tried: Attempt[None], done: str) -> Response | tuple[str, int]:
    if tried.done:
        flash(done, "good")
        return redirect(url_for("star_inquiries.own"))
    return _own_page(tried), tried.status


def _own_page(tried: Attempt[Any]) -> str:
    number = current_user.volunteer_number
    found = _own_inquiries(current_user.community_id, number)
    return render_template("volunteer/star_inquiries.html", own=found, states=STATES, **tried.form())
