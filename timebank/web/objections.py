"""Objections to lines: one tap from the line, a number and a day for the answer; the coordinator answers them."""

from datetime import date
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.service import queries
from timebank.service.operations import objecting
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Digits, Form, Text, at_most
from timebank.web.presenting import day
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("objections", __name__)

REASONS: Final = ("时长不对", "积分不对", "我没有参加", "不是我换的", "其他")
"""What is doubted most, so that nobody has to type; kept in the words in which it was picked."""
REASON_WORDS: Final = {
    "时长不对": lazy_gettext("时长不对"),
    "积分不对": lazy_gettext("积分不对"),
    "我没有参加": lazy_gettext("我没有参加"),
    "不是我换的": lazy_gettext("不是我换的"),
    "其他": lazy_gettext("其他"),
}

DENIALS: Final = ("我没有参加", "时长不对", "不是这一天", "其他")
"""What is wrong most often, so that nobody has to type; kept in the words in which it was picked."""
DENIAL_WORDS: Final = {
    "我没有参加": lazy_gettext("我没有参加"),
    "时长不对": lazy_gettext("时长不对"),
    "不是这一天": lazy_gettext("不是这一天"),
    "其他": lazy_gettext("其他"),
}


class ObjectForm(Form):
    """What is wrong with a line, or what is missing."""

    labels: ClassVar = {"reason": lazy_gettext("哪里不对"), "note": lazy_gettext("说明")}

    seq = Digits(load_default=None)
    reason = Text(load_default="", validate=validate.OneOf(["", *REASONS]))
    note = Text(load_default="", validate=at_most(400))


class AnswerForm(Form):
    """The answer to an objection, and whether the record was put right."""

    labels: ClassVar = {"answer": lazy_gettext("答复"), "outcome": lazy_gettext("结果")}

    answer = Text(required=True, validate=at_most(500, at_least=2))
    outcome = Text(required=True, validate=validate.OneOf(["kept", "corrected"]))


@blueprint.get("/me/objections")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show what the volunteer has doubted, and what was answered."""
    return _own_page(NOT_TRIED)


def _own_page(tried: Attempt[Any]) -> str:
    found = queries.objections_of(db.session(), current_user.community_id, current_user.person_id)
    staff = people.staff_names(db.session(), current_user.community_id)
    return render_template("volunteer/objections.html", found=found, staff=staff, **tried.form())


@blueprint.post("/me/objections")
@audience(Audience.VOLUNTEER)
def object_to_line() -> Response | tuple[str, int]:
    """Take an objection; its number and the day of the answer are shown at once."""

    def take(session: Session) -> dict[str, str]:
        typed = ObjectForm().load(request.form)
        said = "：".join(part for part in (typed["reason"], typed["note"]) if part)
        return objecting.object_to_line(
            session,
            act(typed["request_key"]),
            volunteer_number=current_user.volunteer_number,
            entry_seq=typed["seq"],
            text=said,
        )

    tried = attempt(take)
    if not tried.done:
        return _own_page(tried), tried.status
    number, due_on = tried.answer["number"], date.fromisoformat(tried.answer["due_on"])
    flash(_("已收到，编号 %(number)s，%(day)s前答复。", number=number, day=day(due_on)), "good")
    return redirect(url_for("objections.own"))


@blueprint.get("/coord/objections")
@audience(Audience.COORDINATOR)
def waiting() -> str:
    """Show what waits for an answer, the first due at the top."""
    return _waiting_page(NOT_TRIED)


def _waiting_page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    found = queries.objections_open(db.session(), community)
    seqs = [one.entry_seq for one in found if one.entry_seq is not None]
    return render_template(
        "coordinator/objections.html",
        found=found,
        names=people.volunteers(db.session(), community, [one.volunteer_number for one in found]),
        records=queries.records_by_entry(db.session(), community, seqs),
        denied=queries.denied_records(db.session(), community, [one.id for one in found]),
        today=day_of(clock.now()),
        **tried.form(),
    )


@blueprint.post("/coord/objections/<number>")
@audience(Audience.COORDINATOR)
def answer(number: str) -> Response | tuple[str, int]:
    """Answer an objection."""

    def give(session: Session) -> None:
        typed = AnswerForm().load(request.form)
        objecting.answer_line_objection(
            session,
            act(typed["request_key"]),
            number=number,
            answer=typed["answer"],
            corrected=typed["outcome"] == "corrected",
        )

    tried = attempt(give)
    if not tried.done:
        return _waiting_page(tried), tried.status
    flash(_("异议 %(number)s 已答复，本人在存折里看得到。", number=number), "good")
    return redirect(url_for("objections.waiting"))
