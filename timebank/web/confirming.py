"""Confirming hours: one tap for who served, a list for the desk, a page by code for who was served, a public notice.

A volunteer answers on the home page. Who has no phone answers at the desk. Who was served signs in nowhere: a code and
the last four digits of a phone open their page; both travel in the body of a form, never in an address.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import ValidationError, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books.acts import Act
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.service import operations, queries
from timebank.service.queries import Unposted
from timebank.service.rules.confirming import Side
from timebank.web import texts
from timebank.web.access import Audience, act, audience, community_id, stranger_act
from timebank.web.approvals import SOURCE_WORDS
from timebank.web.forms import Digits, Filter, Form, Id, Many, Text, at_least_one, at_most, between
from timebank.web.objections import DENIALS
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt, malformed
from timebank.web.volunteer import act_as_volunteer

blueprint = Blueprint("confirming", __name__)

STARS: Final = (5, 4, 3, 2, 1)


class AnswerForm(Form):
    """A yes, or a no with what is wrong."""

    labels: ClassVar = {"answer": lazy_gettext("对不对"), "reason": lazy_gettext("哪里不对")}

    answer = Text(required=True, validate=validate.OneOf(["yes", *DENIALS]))


SIDES: Final = (Side.VOLUNTEER.value, Side.RECIPIENT.value)
"""Who can say yes at the desk."""


class DeskForm(Form):
    """For whom the desk confirms, all or none."""

    labels: ClassVar = {"record": lazy_gettext("确认")}

    record = Many(Id(), required=True, validate=at_least_one(500))
    side = Text(load_default=Side.VOLUNTEER.value, validate=validate.OneOf(SIDES))


class AfterFilter(Filter):
    """Which page of a list: what comes after this record."""

    after = Id(load_default=None)


class DenialForm(Form):
    """What somebody at the desk says is wrong."""

    labels: ClassVar = {"reason": lazy_gettext("哪里不对")}

    reason = Text(required=True, validate=at_most(400, at_least=2))


CODE: Final = re.compile("[0-9]{10}")
TAIL: Final = re.compile("[0-9]{4}")


class ServedForm(Form):
    """The code of a recipient and the end of their phone."""

    labels: ClassVar = {"code": lazy_gettext("编码"), "tail": lazy_gettext("手机尾号")}

    code = Text(required=True, validate=validate.Regexp(rf"{CODE.pattern}\Z", error=lazy_gettext("编码是十位数字")))
    tail = Text(required=True, validate=validate.Regexp(rf"{TAIL.pattern}\Z", error=lazy_gettext("请填最后四位数字")))


class ServedAnswerForm(ServedForm):
    """What the recipient says about one service."""

    answer = Text(required=True, validate=validate.OneOf(["yes", "no"]))
    reason = Text(load_default="", validate=at_most(400))


class StarsForm(ServedForm):
    """How the recipient rates one service."""

    labels: ClassVar = {**ServedForm.labels, "stars": lazy_gettext("评价"), "reason": lazy_gettext("原因")}

    stars = Digits(required=True, validate=between(1, 5))
    reason = Text(load_default="", validate=at_most(400))


class NoticeForm(Form):
    """What somebody has against hours on public notice."""

    labels: ClassVar = {"record": lazy_gettext("哪一条"), "text": lazy_gettext("哪里不对")}

    record = Id(required=True)
    text = Text(required=True, validate=at_most(400, at_least=5))


@blueprint.post("/me/confirmations/<uuid:record_id>")
@audience(Audience.VOLUNTEER)
def answer(record_id: UUID) -> Response:
    """Take a yes or a no of who served; what cannot be done is said on the home page, where the next one waits."""
    typed = AnswerForm().load(request.form)

    def take(session: Session) -> dict[str, Any]:
        doing = act_as_volunteer(typed["request_key"])
        if typed["answer"] == "yes":
            return operations.confirm_record(session, doing, record_id=record_id)
        return operations.deny_record(session, doing, record_id=record_id, reason=typed["answer"])

    tried = attempt(take)
    for said in tried.refused:
        flash(said, "bad")
    if tried.done:
        flash(_said(tried.answer), "good")
    return redirect(url_for("volunteer.home"))


def _said(told: dict[str, Any]) -> Any:  # a sentence
    if told["objection"]:
        return _("已停住，编号 %(number)s。社工会问清楚再答复您。", number=told["objection"])
    return _("已确认，已经入账。") if told["posted"] else _("已确认，到日子就入账。")


@blueprint.get("/desk/confirmations")
@audience(Audience.COORDINATOR, Audience.CLERK)
def desk() -> str:
    """Show whose hours wait for a yes, activity by activity, the oldest at the top."""
    return _desk_page(NOT_TRIED)


def _desk_page(tried: Attempt[Any]) -> str:
    community, today = current_user.community_id, day_of(clock.now())
    after = AfterFilter().load(request.args)["after"]
    page = queries.to_confirm(db.session(), community, today, after=after)
    stopped = queries.stopped(db.session(), community, today)
    found = (*page.all, *stopped)
    return render_template(
        "coordinator/confirmations.html",
        page=page,
        after=after,
        stopped=stopped,
        own={one.record.id for one in page.all if current_user.person_id in _apart_from(one)},
        names=people.volunteers(db.session(), community, {one.record.volunteer_number for one in found}),
        sources=SOURCE_WORDS,
        coordinates=Audience.COORDINATOR in current_user.audiences,
        ticked=request.form.getlist("record"),
        **tried.form(),
    )


def _apart_from(one: Unposted) -> set[UUID | None]:
    return {one.record.recorder_id, one.record.approver_id, one.record.person_id}


@blueprint.post("/desk/confirmations")
@audience(Audience.COORDINATOR, Audience.CLERK)
def confirm_at_desk() -> Response | tuple[str, int]:
    """Confirm what the people before the desk say yes to."""

    def confirm(session: Session) -> dict[str, Any]:
        typed = DeskForm().load(request.form)
        ids, side = tuple(typed["record"]), Side(typed["side"])
        return operations.confirm_many(session, act(typed["request_key"]), record_ids=ids, side=side)

    tried = attempt(confirm)
    if not tried.done:
        return _desk_page(tried), tried.status
    told = tried.answer
    flash(
        _("已代为确认 %(count)s 条，其中 %(posted)s 条已经入账。", count=told["confirmed"], posted=told["posted"]),
        "good",
    )
    return redirect(url_for("confirming.desk"))


@blueprint.post("/desk/confirmations/<uuid:record_id>/denial")
@audience(Audience.COORDINATOR, Audience.CLERK)
def deny_at_desk(record_id: UUID) -> Response | tuple[str, int]:
    """Take a no at the desk."""

    def deny(session: Session) -> dict[str, Any]:
        typed = DenialForm().load(request.form)
        return operations.deny_record(session, act(typed["request_key"]), record_id=record_id, reason=typed["reason"])

    tried = attempt(deny)
    if not tried.done:
        return _desk_page(tried), tried.status
    flash(_said(tried.answer), "good")
    return redirect(url_for("confirming.desk"))


@blueprint.get("/served")
@audience(Audience.PUBLIC)
def served() -> str:
    """Ask for the code and the end of the phone."""
    return render_template("public/served.html", activity=None, said="", **NOT_TRIED.form())


@blueprint.post("/served")
@audience(Audience.PUBLIC)
def look() -> str | tuple[str, int]:
    """Show what a code opens."""
    try:
        ServedForm().load(request.form)
    except ValidationError as error:
        return _served_page(malformed(error))
    return _served_page(Attempt(done=True))


@blueprint.post("/served/<uuid:record_id>/answer")
@audience(Audience.PUBLIC)
def answer_as_recipient(record_id: UUID) -> str | tuple[str, int]:
    """Take a yes or a no of who was served."""

    def take(session: Session) -> dict[str, Any]:
        typed = ServedAnswerForm().load(request.form)
        return operations.answer_as_recipient(
            session,
            _stranger(typed["request_key"]),
            code=typed["code"],
            phone_tail=typed["tail"],
            record_id=record_id,
            agrees=typed["answer"] == "yes",
            reason=typed["reason"],
        )

    return _served_page(attempt(take), _said)


@blueprint.post("/served/<uuid:record_id>/stars")
@audience(Audience.PUBLIC)
def rate_as_recipient(record_id: UUID) -> str | tuple[str, int]:
    """Take the stars of who was served."""

    def rate(session: Session) -> dict[str, Any]:
        typed = StarsForm().load(request.form)
        return operations.rate_as_recipient(
            session,
            _stranger(typed["request_key"]),
            code=typed["code"],
            phone_tail=typed["tail"],
            record_id=record_id,
            stars=typed["stars"],
            reason=typed["reason"],
        )

    return _served_page(attempt(rate), lambda _told: _("谢谢，评价已收下。志愿者看不到是谁评的。"))


def _stranger(key: str) -> Act:
    return replace(stranger_act(community_id()), request_key=key)


def _served_page(tried: Attempt[Any], said: Callable[[dict[str, Any]], Any] | None = None) -> str | tuple[str, int]:
    """Show what the code in the form opens, with what came of the form; the code must be right for that too."""
    shown: dict[str, Any] = {"activity": None}
    code, tail = request.form.get("code", ""), request.form.get("tail", "")
    try:
        if CODE.fullmatch(code) and TAIL.fullmatch(tail):
            shown = _opened(db.session(), code, tail)
    except Refusal as refusal:
        tried = tried if tried.errors else Attempt(done=False, refused=tuple(texts.reasons(refusal)))
    page = render_template(
        "public/served.html",
        **shown,
        said=said(tried.answer) if tried.done and said is not None else "",
        stars=STARS,
        **(tried.form() | {"typed": request.form}),
    )
    return page if tried.done else (page, tried.status)


def _opened(session: Session, code: str, tail: str) -> dict[str, Any]:
    community = community_id()
    activity, records = queries.served_by_code(session, community, code=code, phone_tail=tail)
    ids = [one.id for one in records]
    said = queries.answers_to(session, community, ids)
    return {
        "activity": activity,
        "records": records,
        "answered": {one for one, found in said.items() if any(each.side is Side.RECIPIENT for each in found)},
        "rated": set(queries.recipient_ratings(session, community, ids)),
        "names": people.volunteers(session, community, {one.volunteer_number for one in records}),
    }


@blueprint.get("/notices/hours")
@audience(Audience.PUBLIC)
def hours_notice() -> str:
    """Show the hours on public notice, names masked, until when, and where to object."""
    return _notice_page(NOT_TRIED)


def _notice_page(tried: Attempt[Any], given: str = "") -> str:
    community, today = community_id(), day_of(clock.now())
    page = queries.on_notice(db.session(), community, today, after=AfterFilter().load(request.args)["after"])
    found = page.all
    return render_template(
        "public/hours_notice.html",
        found=found,
        next_after=page.after,
        names=people.volunteers(db.session(), community, {one.record.volunteer_number for one in found}),
        given=given,
        **tried.form(),
    )


@blueprint.post("/notices/hours")
@audience(Audience.PUBLIC)
def object_to_hours() -> str | tuple[str, int]:
    """Take an objection to hours on notice; its line stops, and its number is shown at once."""

    def take(session: Session) -> dict[str, Any]:
        typed = NoticeForm().load(request.form)
        doing = act(typed["request_key"]) if current_user.is_authenticated else _stranger(typed["request_key"])
        return operations.object_to_hours(session, doing, record_id=typed["record"], reason=typed["text"])

    tried = attempt(take)
    if not tried.done:
        return _notice_page(tried), tried.status
    return _notice_page(NOT_TRIED, given=tried.answer["objection"])
