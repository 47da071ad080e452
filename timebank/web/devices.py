"""Where somebody is signed in: every device with its last use, and a way to end each of them from here."""

from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books.requests import Secret
from timebank.database import db
from timebank.people.operations import devices as operations
from timebank.people.queries.sessions import secret_digest, working_sessions
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Form, Text
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("devices", __name__, url_prefix="/devices")


class DeviceForm(Form):
    """Which session, by the digest of its secret."""

    labels: ClassVar = {"device": lazy_gettext("设备")}

    device = Text(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z", error=lazy_gettext("请从列表里选")))


@blueprint.get("")
@audience(Audience.SIGNED_IN)
def own() -> str:
    """Show where the visitor is signed in."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    on_staff = current_user.staff_number is not None
    return render_template(
        "devices/devices.html",
        sessions=working_sessions(
            db.session(), current_user.community_id, current_user.person_id, at=clock.now(), on_staff=on_staff
        ),
        this=secret_digest(current_user.session_secret),
        on_staff=on_staff,
        **tried.form(),
    )


@blueprint.post("/end")
@audience(Audience.SIGNED_IN)
def end() -> Response | tuple[str, int]:
    """End one session; if it is this one, the next page asks to sign in."""

    def do(session: Session) -> None:
        typed = DeviceForm().load(request.form)
        operations.end_session(session, act(typed["request_key"]), digest=bytes.fromhex(typed["device"]))

    tried = attempt(do)
    if not tried.done:
        return _page(tried), tried.status
    flash(_("那台设备已经退出。"), "good")
    return redirect(url_for("devices.own"))


@blueprint.post("/end-others")
@audience(Audience.SIGNED_IN)
def end_others() -> Response | tuple[str, int]:
    """End every session but this one."""

    def do(session: Session) -> None:
        key = Form().load(request.form)["request_key"]
        operations.end_other_sessions(session, act(key), session_secret=Secret(current_user.session_secret))

    tried = attempt(do)
    if not tried.done:
        return _page(tried), tried.status
    flash(_("别的设备都已经退出。"), "good")
    return redirect(url_for("devices.own"))
