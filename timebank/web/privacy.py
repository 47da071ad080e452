"""One's own data: the notice with the table of retention, consents, requests, and leaving; and the staff's answers.

Source: PIPL 7, 14 to 17, 29, 44 to 50.
"""

from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.leaving import close_passbook
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.people.consents import CURRENT, Consent
from timebank.people.operations import privacy as operations
from timebank.people.queries.privacy import Agreed, consents_of, data_requests_of, data_requests_waiting
from timebank.people.retention import RETENTION, Kind
from timebank.web import sights
from timebank.web.access import Audience, act, audience, sharp
from timebank.web.forms import Choice, Digits, Form, Text, at_most
from timebank.web.persons import find_masked, person_page
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("privacy", __name__)

KEPT_WORDS: Final = {
    Kind.ATTEMPTS: (lazy_gettext("登录的尝试"), lazy_gettext("防人猜密码")),
    Kind.SESSIONS: (lazy_gettext("登录的设备和时间"), lazy_gettext("查是不是本人登录")),
    Kind.LINKS: (lazy_gettext("一次性链接"), lazy_gettext("查是谁发的")),
    Kind.LOOKS: (lazy_gettext("谁看过谁的资料"), lazy_gettext("让本人和审计查得到")),
    Kind.WORDS: (lazy_gettext("更正和销户申请里写的话"), lazy_gettext("答复申请")),
    Kind.GUARDIANS: (lazy_gettext("监护人"), lazy_gettext("未成年人由监护人同意")),
    Kind.IDENTITY: (
        lazy_gettext("姓名、手机、出生日期、住处、证件号码、密码"),
        lazy_gettext("认出本人、联系本人、本人登录"),
    ),
    Kind.BOOKS: (
        lazy_gettext("编号、时长、积分、物品、服务记录和证书"),
        lazy_gettext("服务记录要长期保存，账要人人能核对"),
    ),
}
"""What is kept and what for, in words."""
UNTIL: Final = {
    Kind.GUARDIANS: lazy_gettext("到满十八周岁"),
    Kind.IDENTITY: lazy_gettext("到销户"),
    Kind.BOOKS: lazy_gettext("长期；销户以后只剩编号"),
}


class ConsentForm(Form):
    """To what, in which version."""

    what = Choice(Consent, required=True)
    version = Digits(required=True)


class WithdrawForm(Form):
    """Which consent."""

    what = Choice(Consent, required=True)


class WordsForm(Form):
    """A request in words."""

    labels: ClassVar = {"words": lazy_gettext("要说的话")}

    words = Text(required=True, validate=at_most(500, at_least=2))


class Outcome(StrEnum):
    """What became of a request."""

    DONE = "done"
    DECLINED = "declined"


class AnswerForm(WordsForm):
    """An answer in words, and whether it was put right."""

    outcome = Choice(Outcome, required=True)


@blueprint.get("/privacy")
@audience(Audience.PUBLIC)
def notice() -> str:
    """Show what is known of people, what for, how long, and what they can do about it."""
    rows = [(*KEPT_WORDS[kept.kind], _until(kept.kind, kept.days)) for kept in RETENTION]
    return render_template("privacy/notice.html", rows=rows, version=CURRENT[Consent.NOTICE])


def _until(kind: Kind, days: int | None) -> str:
    if kind is Kind.LOOKS:
        days = current_app.config["SETTINGS"].reads_kept_days
    return str(UNTIL[kind]) if days is None else _("%(days)s 天", days=days)


@blueprint.get("/me/data")
@audience(Audience.VOLUNTEER)
def own() -> str:
    """Show the visitor what is known of them, what they agreed to, and what they asked for."""
    return _own_page(NOT_TRIED)


def _own_page(tried: Attempt[Any]) -> str:
    community, number = current_user.community_id, current_user.volunteer_number
    found = consents_of(db.session(), community, current_user.person_id)
    return render_template(
        "privacy/own.html",
        person=people.volunteer(db.session(), community, number),
        document=find_masked(number),
        consents=[(what, CURRENT[what], _held(found, what)) for what in Consent],
        earlier=[one for one in found if not one.holds],
        requests=data_requests_of(db.session(), community, current_user.person_id),
        **tried.form(),
    )


def _held(found: tuple[Agreed, ...], what: Consent) -> Agreed | None:
    return next((one for one in found if one.what is what and one.holds), None)


@blueprint.post("/me/data/consent")
@audience(Audience.VOLUNTEER)
def agree() -> Response | tuple[str, int]:
    """Agree to a text in the version that was shown."""

    def give(session: Session) -> None:
        typed = ConsentForm().load(request.form)
        operations.give_consent(
            session, act(typed["request_key"]), number=_own(), what=typed["what"], version=typed["version"]
        )

    return _after_own(attempt(give), _("已经记下您的同意。"))


@blueprint.post("/me/data/withdraw-consent")
@audience(Audience.VOLUNTEER)
def withdraw_consent() -> Response | tuple[str, int]:
    """Withdraw a consent; what follows from it is told."""

    def withdraw(session: Session) -> str:
        typed = WithdrawForm().load(request.form)
        return operations.withdraw_consent(session, act(typed["request_key"]), number=_own(), what=typed["what"])

    tried = attempt(withdraw)
    said = {
        "document_deleted": _("已经撤回，证件号码已经删掉。"),
        "closing_asked": _("已经撤回，并替您提出了销户。不想销户，可以再同意一次并撤回申请。"),
    }
    return _after_own(tried, said.get(tried.answer, _("已经撤回。")) if tried.done else "")


@blueprint.post("/me/data/correction")
@audience(Audience.VOLUNTEER)
def ask_correction() -> Response | tuple[str, int]:
    """Ask that what is known be put right."""

    def ask(session: Session) -> str:
        typed = WordsForm().load(request.form)
        return operations.ask_correction(session, act(typed["request_key"]), number=_own(), words=typed["words"])

    return _after_own(attempt(ask), _("已经提出，三十天内答复，在这一页看得到。"))


@blueprint.post("/me/data/closing")
@audience(Audience.VOLUNTEER)
@sharp
def ask_closing() -> Response | tuple[str, int]:
    """Ask that the own passbook be closed."""

    def ask(session: Session) -> str:
        typed = WordsForm().load(request.form)
        return operations.ask_closing(session, act(typed["request_key"]), number=_own(), words=typed["words"])

    return _after_own(attempt(ask), _("已经提出销户。由工作人员办理，办好以后不能恢复；没办之前可以撤回。"))


@blueprint.post("/me/data/requests/<uuid:request_id>/withdraw")
@audience(Audience.VOLUNTEER)
def withdraw_own(request_id: UUID) -> Response | tuple[str, int]:
    """Take an own request back."""
    return _after_own(_withdrawn(request_id), _("已经撤回。"))


def _withdrawn(request_id: UUID) -> Attempt[None]:
    def withdraw(session: Session) -> None:
        key = Form().load(request.form)["request_key"]
        operations.withdraw_data_request(session, act(key), request_id=request_id)

    return attempt(withdraw)


def _own() -> str:
    return str(current_user.volunteer_number)


def _after_own(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _own_page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("privacy.own"))


@blueprint.get("/people/requests")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def waiting() -> str:
    """Show the requests about data that wait, the most urgent first."""
    return _waiting_page(NOT_TRIED)


def _waiting_page(tried: Attempt[Any]) -> str:
    found = data_requests_waiting(db.session(), current_user.community_id)
    sights.counted(len(found))
    return render_template("privacy/waiting.html", found=found, today=day_of(clock.now()), **tried.form())


@blueprint.post("/people/requests/<uuid:request_id>/answer")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def answer(request_id: UUID) -> Response | tuple[str, int]:
    """Answer a request: put right, or not, and why."""

    def say(session: Session) -> None:
        typed = AnswerForm().load(request.form)
        operations.answer_correction(
            session,
            act(typed["request_key"]),
            request_id=request_id,
            done=typed["outcome"] is Outcome.DONE,
            words=typed["words"],
        )

    return _after_waiting(attempt(say), _("已经答复，本人在自己的页上看得到。"))


@blueprint.post("/people/requests/<uuid:request_id>/close")
@audience(Audience.ADMIN, Audience.COORDINATOR)
@sharp
def close(request_id: UUID) -> Response | tuple[str, int]:
    """Close the passbook for which somebody else asked; it cannot be undone."""

    def close_it(session: Session) -> str:
        key = Form().load(request.form)["request_key"]
        return close_passbook(session, act(key), request_id=request_id)

    tried = attempt(close_it)
    return _after_waiting(tried, _("%(number)s 已经销户，身份已经删掉，账还在。", number=tried.given or ""))


@blueprint.post("/people/requests/<uuid:request_id>/withdraw")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def withdraw_asked(request_id: UUID) -> Response | tuple[str, int]:
    """Take a request back that was asked at the desk."""
    return _after_waiting(_withdrawn(request_id), _("已经撤回。"))


def _after_waiting(tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return _waiting_page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("privacy.waiting"))


@blueprint.post("/people/<number>/requests")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def ask_at_desk(number: str) -> Response | tuple[str, int]:
    """Ask in somebody's name, who came to the desk, that their passbook be closed."""

    def ask(session: Session) -> str:
        typed = WordsForm().load(request.form)
        return operations.ask_closing(session, act(typed["request_key"]), number=number, words=typed["words"])

    return _after_desk(number, attempt(ask), _("已经提出销户，由另一位同事在「资料申请」里办理。"))


@blueprint.post("/people/<number>/consent")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def agree_at_desk(number: str) -> Response | tuple[str, int]:
    """Write down what somebody, or a child's guardian, signed on paper."""

    def give(session: Session) -> None:
        typed = ConsentForm().load(request.form)
        operations.give_consent(
            session, act(typed["request_key"]), number=number, what=typed["what"], version=typed["version"]
        )

    return _after_desk(number, attempt(give), _("已经记下纸上的同意。"))


def _after_desk(number: str, tried: Attempt[Any], said: str) -> Response | tuple[str, int]:
    if not tried.done:
        return person_page(number, tried), tried.status
    flash(said, "good")
    return redirect(url_for("persons.person", number=number))
