"""The desk's help for whoever has lost their second factor: one person asks, another one confirms."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank.database import db
from timebank.people.operations import factor_resets as operations
from timebank.people.queries.factors import open_resets
from timebank.web.access import Audience, act, audience, is_stale, sharp
from timebank.web.forms import Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("factor_resets", __name__, url_prefix="/second/resets")


class AskForm(Form):
    """Whose second factor is lost, and how the desk knew them."""

    labels: ClassVar = {"number": lazy_gettext("编号"), "reason": lazy_gettext("原因")}

    number = Text(required=True, validate=at_most(20))
    reason = Text(required=True, validate=at_most(operations.REASON_LENGTH_MAX, at_least=2))


@blueprint.get("")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def waiting() -> str:
    """Show what waits for a second person, and the form to ask."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    return render_template(
        "second/resets.html",
        resets=open_resets(db.session(), current_user.community_id),
        stale=is_stale(current_user),
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.ADMIN, Audience.COORDINATOR)
@sharp
def ask() -> Response | tuple[str, int]:
    """Ask that somebody's second factor be forgotten."""

    def do(session: Session) -> str:
        typed = AskForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.ask_factor_reset(session, doing, number=typed["number"].upper(), reason=typed["reason"])

    return _answered(do, _("已提出。请另一位同事确认，确认前什么都不变。"))


@blueprint.post("/<uuid:reset_id>/confirm")
@audience(Audience.ADMIN, Audience.COORDINATOR)
@sharp
def confirm(reset_id: UUID) -> Response | tuple[str, int]:
    """Forget the factor for which another person asked."""

    def do(session: Session) -> None:
        key = Form().load(request.form)["request_key"]
        operations.confirm_factor_reset(session, act(key), reset_id=reset_id)

    return _answered(do, _("已确认。本人下次用密码登录，再重新开通。"))


@blueprint.post("/<uuid:reset_id>/withdraw")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def withdraw(reset_id: UUID) -> Response | tuple[str, int]:
    """Leave the factor as it is."""

    def do(session: Session) -> None:
        key = Form().load(request.form)["request_key"]
        operations.withdraw_factor_reset(session, act(key), reset_id=reset_id)

    return _answered(do, _("已撤回，什么都没有变。"))


def _answered(do: Callable[[Session], Any], said: str) -> Response | tuple[str, int]:
    tried = attempt(do)
    if not tried.done:
        return _page(tried), tried.status
    flash(said, "good")
    return redirect(url_for("factor_resets.waiting"))
