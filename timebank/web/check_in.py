"""Checking in by the volunteer: scan or type the code that the activity shows, confirm, done."""

import hashlib
import hmac
from typing import Any, ClassVar, Final

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.database import db
from timebank.refusal import Refusal
from timebank.service import queries
from timebank.service.operations import attending
from timebank.web import texts
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Form, Text, at_most
from timebank.web.frame import YEAR_SECONDS
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("check_in", __name__, url_prefix="/in")

DEVICE_COOKIE: Final = "device"
"""By what a phone is known, so that a crowd at one phone is noticed; it says nothing of the person."""


class CodeForm(Form):
    """The code as it was scanned or typed."""

    labels: ClassVar = {"code": lazy_gettext("签到码")}

    code = Text(required=True, validate=at_most(40))


def codes_key() -> str:
    """Derive from the installation's key the one by which codes of activities are made."""
    secret = current_app.secret_key
    assert isinstance(secret, bytes), "the application has its key as bytes"
    return hmac.digest(secret, b"codes of activities", hashlib.sha256).hex()


@blueprint.get("")
@audience(Audience.VOLUNTEER)
def by_hand() -> str:
    """Ask for the digits."""
    return _page("", NOT_TRIED)


@blueprint.get("/<code>")
@audience(Audience.VOLUNTEER)
def scanned(code: str) -> str:
    """Show what a scanned code is for; nothing is noted before the volunteer confirms."""
    return _page(code, NOT_TRIED)


def _page(code: str, tried: Attempt[Any]) -> str:
    shown, refused = None, tried.refused
    if code and not refused:
        try:
            shown = queries.shown_by(db.session(), current_user.community_id, codes_key(), code, clock.now())
        except Refusal as refusal:
            refused = (texts.sentence(refusal),)
    form = tried.form() | {"refused": refused}
    return render_template("volunteer/check_in.html", code=code, shown=shown, **form)


@blueprint.post("")
@audience(Audience.VOLUNTEER)
def confirm() -> Response | tuple[str, int]:
    """Check the volunteer in or out."""
    device = request.cookies.get(DEVICE_COOKIE) or chance.fresh_key()

    def note(session: Session) -> dict[str, str]:
        typed = CodeForm().load(request.form)
        return attending.check_in(
            session,
            act(typed["request_key"]),
            volunteer_number=current_user.volunteer_number,
            code=typed["code"],
            key=Secret(codes_key()),
            device=Secret(device),
        )

    tried = attempt(note)
    if not tried.done:
        return _page("", tried), tried.status
    if tried.answer["direction"] == "in":
        flash(_("签到好了：%(title)s。走的时候请再扫一次签退。", title=tried.answer["title"]), "good")
    else:
        flash(_("签退好了：%(title)s。时长审批后记进存折。", title=tried.answer["title"]), "good")
    answer = make_response(redirect(url_for("volunteer.home")))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(DEVICE_COOKIE, device[:60], max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=secure)
    return answer
