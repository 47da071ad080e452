"""Badges: the clerk's own, the door that they open, and the lock of the till.

A till that is locked is signed out; only who locked it where is kept in the browser's signed cookie, so that for some
hours a badge alone opens it again, its owner's or another's. The basket lies in the page and is not touched.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user, logout_user
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.database import db, writing
from timebank.ledger.codes import CodeKind, read_code
from timebank.people import queries as people
from timebank.people.operations import signing_in
from timebank.people.operations.badges import issue_badge
from timebank.refusal import Refusal
from timebank.web import refusals, texts
from timebank.web.access import Audience, act, audience, community_id, stranger_act
from timebank.web.forms import REQUEST_KEY, Exactly, Form, Text, at_most
from timebank.web.sent_json import sent_json
from timebank.web.session import enter
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt, malformed

blueprint = Blueprint("badges", __name__, url_prefix="/till")

LOCKED_AT: Final = "till_locked_at"
LOCK_LIFE: Final = timedelta(hours=12)
"""How long a badge alone opens a locked till; the next day its four digits are asked too."""


class DoorForm(Form):
    """A badge, and the digits that belong to it where they are asked."""

    labels: ClassVar = {"badge": lazy_gettext("工牌"), "pin": lazy_gettext("四位数字")}

    badge = Text(required=True, validate=at_most(40))
    pin = Exactly(load_default="", validate=at_most(4))


class PinForm(Form):
    """The digits that belong to a badge."""

    labels: ClassVar = {"pin": lazy_gettext("四位数字")}

    pin = Exactly(required=True, validate=at_most(4))


class LockForm(Schema):
    """That the till is to be locked."""

    request_key = fields.String(required=True, validate=REQUEST_KEY)


@blueprint.get("/badge")
@audience(Audience.PUBLIC)
def door() -> str | Response:
    """Show where a badge is scanned."""
    community_id()
    if current_user.is_authenticated:
        return redirect(url_for(current_user.home))
    return _door_page(NOT_TRIED)


def _door_page(tried: Attempt[Any], *, asks_pin: bool = False) -> str:
    return render_template("session/badge.html", asks_pin=asks_pin, locked=_is_locked(), **tried.form())


def _is_locked() -> bool:
    """Tell whether a clerk has locked the till of this browser lately."""
    locked_at = session.get(LOCKED_AT)
    return locked_at is not None and clock.now() - datetime.fromisoformat(locked_at) < LOCK_LIFE


@blueprint.post("/badge")
@audience(Audience.PUBLIC)
def open_door() -> str | Response | tuple[str, int]:
    """Let the owner of a badge in."""
    try:
        typed = DoorForm().load(request.form)
        code = read_code(typed["badge"])
        if code.kind is not CodeKind.BADGE:
            raise signing_in.SignInFailed()
        if not typed["pin"] and not _is_locked():
            return _door_page(NOT_TRIED, asks_pin=True)
        return _enter(code.payload, typed["pin"])
    except ValidationError as error:
        return _door_page(malformed(error)), 400
    except Refusal as refusal:
        tried: Attempt[Any] = Attempt(done=False, refused=(texts.sentence(refusal),))
        return _door_page(tried, asks_pin=bool(request.form.get("pin"))), refusals.status_of(refusal)


def _enter(payload: int, pin: str) -> Response:
    secret, community = chance.fresh_secret(), community_id()
    signing_in.sign_in_by_badge(
        writing,
        stranger_act(community),
        payload=payload,
        pin=Secret(pin) if pin else None,
        session_secret=Secret(secret),
        source=request.remote_addr or "",
    )
    return enter(community, secret, url_for("till.home"))


@blueprint.post("/lock")
@audience(Audience.CLERK)
def lock() -> Response | tuple[Response, int]:
    """Lock the till: sign its clerk out, and let a badge open it again."""
    try:
        LockForm().load(sent_json())
    except ValidationError:
        return jsonify({"said": [_("没有锁上，请再试一次。")], "malformed": True}), 400
    community = current_user.community_id
    with writing() as writer:
        secret = Secret(current_user.session_secret)
        signing_in.sign_out(writer, stranger_act(community), session_secret=secret)
    logout_user()
    session.clear()
    session["community"] = community
    session[LOCKED_AT] = clock.now().isoformat()
    return jsonify({"locked": True})


@blueprint.get("/own-badge")
@audience(Audience.CLERK)
def own() -> str:
    """Show the clerk's own badge, to be printed."""
    return _own_page(NOT_TRIED)


def _own_page(tried: Attempt[Any]) -> str:
    code = people.find_badge(db.session(), current_user.community_id, current_user.person_id)
    return render_template("till/badge.html", code=code, **tried.form())


@blueprint.post("/own-badge")
@audience(Audience.CLERK)
def make() -> str | Response | tuple[str, int]:
    """Make the clerk's own badge anew."""

    def make_it(session: Session) -> dict[str, str]:
        typed = PinForm().load(request.form)
        return issue_badge(session, act(typed["request_key"]), pin=Secret(typed["pin"]))

    tried = attempt(make_it)
    if not tried.done:
        return _own_page(tried), tried.status
    flash(_("工牌做好了，请打印。以前的工牌不能再用。"), "good")
    return redirect(url_for("badges.own"))
