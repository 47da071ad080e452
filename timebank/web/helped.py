"""Helping a relative: what a named helper confirms or denies for whom they help; both names stand on the act."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people.queries import helping
from timebank.service import operations, queries
from timebank.service.queries import Unposted
from timebank.web.access import Audience, audience
from timebank.web.confirming import AnswerForm
from timebank.web.objections import DENIAL_WORDS
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.volunteer import act_as_volunteer

blueprint = Blueprint("helped", __name__, url_prefix="/me/helped")


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody for whom the visitor may act, and the hours that wait for their word."""

    help: helping.Help
    waiting: tuple[Unposted, ...]


@blueprint.get("")
@audience(Audience.VOLUNTEER)
def everybody() -> str:
    """Show for whom the visitor may act, until when, and what they are asked about."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    today = day_of(clock.now())
    found = helping.helped_by(db.session(), current_user.community_id, current_user.person_id, today)
    helped = [Helped(one, _waiting(one)) for one in found]
    return render_template("volunteer/helped.html", helped=helped, denials=DENIAL_WORDS, **tried.form())


def _waiting(one: helping.Help) -> tuple[Unposted, ...]:
    found = queries.unposted_of(db.session(), current_user.community_id, one.number, day_of(clock.now()))
    return tuple(each for each in found if each.asks_volunteer and not each.waiting.denied)


@blueprint.post("/<number>/<uuid:record_id>")
@audience(Audience.VOLUNTEER)
def answer(number: str, record_id: UUID) -> Response | tuple[str, int]:
    """Take a yes or a no for somebody whom the visitor helps."""

    def take(session: Session) -> dict[str, Any]:
        typed = AnswerForm().load(request.form)
        doing = replace(act_as_volunteer(typed["request_key"]), on_behalf_of=number)
        if typed["answer"] == "yes":
            return operations.confirm_record(session, doing, record_id=record_id)
        return operations.deny_record(session, doing, record_id=record_id, reason=typed["answer"])

    tried = attempt(take)
    if not tried.done:
        return _page(tried), tried.status
    told = tried.answer
    if told["objection"]:
        said = _("已停住，编号 %(number)s。社工会问清楚再答复。", number=told["objection"])
    else:
        said = _("已代为确认，两个人的名字都记下了。")
    flash(said, "good")
    return redirect(url_for("helped.everybody"))
