"""What the desk does only with two persons: lost factors and passwords, and who becomes security admin."""

from collections.abc import Callable
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance
from timebank.books.acts import Act
from timebank.books.requests import Secret
from timebank.database import db
from timebank.people import queries as people
from timebank.people.operations.desk_requests import REASON_LENGTH_MAX
from timebank.people.operations.factor_resets import ask_factor_reset, confirm_factor_reset, withdraw_factor_reset
from timebank.people.operations.recovering import ask_password_reset, confirm_password_reset
from timebank.people.operations.security_admins import ask_security_admin, confirm_security_admin
from timebank.people.queries.desk_requests import open_requests
from timebank.people.roles import Permission
from timebank.people.two_persons import Case
from timebank.web.access import Audience, act, audience, fresh_act, is_stale, sharp
from timebank.web.admin import one_time_link
from timebank.web.forms import Choice, Filter, Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("desk_requests", __name__, url_prefix="/two-persons")

WHO: Final = (Audience.ADMIN, Audience.COORDINATOR, Audience.SECURITY)
ASKING: Final[dict[Case, Callable[..., str]]] = {
    Case.FIRST_FACTOR: ask_password_reset,
    Case.SECOND_FACTOR: ask_factor_reset,
    Case.SECURITY_ADMIN: ask_security_admin,
}
CASES: Final = {
    Case.FIRST_FACTOR: lazy_gettext("忘了密码"),
    Case.SECOND_FACTOR: lazy_gettext("丢了手机（第二步验证）"),
    Case.SECURITY_ADMIN: lazy_gettext("任命安全管理员"),
}
"""What is asked for, as the page calls it, the most frequent first."""


class AskForm(Form):
    """What is asked for, for whom, and how the desk knew them."""

    labels: ClassVar = {
        "what": lazy_gettext("办什么"),
        "number": lazy_gettext("编号"),
        "reason": lazy_gettext("原因"),
    }

    what = Choice(Case, required=True)
    number = Text(required=True, validate=at_most(20))
    reason = Text(required=True, validate=at_most(REASON_LENGTH_MAX, at_least=2))


class ForWhom(Filter):
    """Who is filled in already, where another page leads here."""

    number = Text(load_default="", validate=at_most(20))


@blueprint.get("")
@audience(*WHO)
def waiting() -> str:
    """Show what waits for a second person, and the form to ask."""
    return _page(NOT_TRIED, number=ForWhom().load(request.args)["number"])


def _page(tried: Attempt[Any], *, link: str = "", number: str = "") -> str:
    manages = people.may(db.session(), fresh_act(), Permission.MANAGE_STAFF)
    return render_template(
        "desk/requests.html",
        requests=open_requests(db.session(), current_user.community_id),
        cases=CASES,
        choices=[(case.value, words) for case, words in CASES.items() if manages or case is not Case.SECURITY_ADMIN],
        manages=manages,
        number=number,
        link=link,
        stale=is_stale(current_user),
        **tried.form(),
    )


@blueprint.post("")
@audience(*WHO)
@sharp
def ask() -> Response | tuple[str, int]:
    """Ask for something that another person confirms."""

    def do(session: Session) -> str:
        typed = AskForm().load(request.form)
        asking, doing = ASKING[typed["what"]], act(typed["request_key"])
        return asking(session, doing, number=typed["number"].upper(), reason=typed["reason"])

    return _answered(do, _("已提出。请另一位同事确认，确认前什么都不变。"))


@blueprint.post("/<uuid:reset_id>/factor")
@audience(*WHO)
@sharp
def confirm_factor(reset_id: UUID) -> Response | tuple[str, int]:
    """Forget the factor for which another person asked."""
    return _answered(
        lambda session: confirm_factor_reset(session, _doing(), reset_id=reset_id),
        _("已确认。本人下次用密码登录，再重新开通。"),
    )


@blueprint.post("/<uuid:reset_id>/password")
@audience(*WHO)
@sharp
def confirm_password(reset_id: UUID) -> str | tuple[str, int]:
    """Give the link for which another person asked; it is shown once and kept nowhere."""
    token = chance.fresh_secret()
    tried = attempt(
        lambda session: confirm_password_reset(session, _doing(), reset_id=reset_id, one_time_token=Secret(token))
    )
    if not tried.done:
        return _page(tried), tried.status
    return _page(tried, link=one_time_link(tried.answer, token))


@blueprint.post("/<uuid:reset_id>/security-admin")
@audience(*WHO)
@sharp
def confirm_security(reset_id: UUID) -> Response | tuple[str, int]:
    """Make somebody security admin as another person asked."""
    return _answered(
        lambda session: confirm_security_admin(session, _doing(), reset_id=reset_id),
        _("已任命。从现在起，账号、登录和账本的密钥由安全管理员管，管理员不再管。"),
    )


@blueprint.post("/<uuid:reset_id>/withdraw")
@audience(*WHO)
def withdraw(reset_id: UUID) -> Response | tuple[str, int]:
    """Leave everything as it is."""
    return _answered(
        lambda session: withdraw_factor_reset(session, _doing(), reset_id=reset_id), _("已撤回，什么都没有变。")
    )


def _doing() -> Act:
    return act(Form().load(request.form)["request_key"])


def _answered(do: Callable[[Session], Any], said: str) -> Response | tuple[str, int]:
    tried = attempt(do)
    if not tried.done:
        return _page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("desk_requests.waiting"))
