"""Where somebody is signed in: every device with its last use, and a way to end each of them from here.

Beside it stands what happened to their password, their second factor and their links lately, whoever did it; and the
page on which everybody changes their own password.
"""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books import trail
from timebank.books.requests import Secret
from timebank.books.trail import TrailFilter, TrailLine
from timebank.database import db
from timebank.people.operations import devices as operations
from timebank.people.operations.card_pins import set_card_pin
from timebank.people.operations.logins import set_password
from timebank.people.queries.sessions import secret_digest, working_sessions
from timebank.web.access import Audience, act, audience, sharp
from timebank.web.forms import Exactly, Form, NewPasswordForm, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("devices", __name__, url_prefix="/devices")


CHANGES: Final = frozenset(
    {
        "people.add_passkey",
        "people.add_staff",
        "people.ask_factor_reset",
        "people.ask_password_reset",
        "people.ask_security_admin",
        "people.confirm_factor_reset",
        "people.confirm_password_reset",
        "people.confirm_security_admin",
        "people.end_sessions_of",
        "people.give_second_factor",
        "people.grant_role",
        "people.issue_badge",
        "people.issue_one_time_login",
        "people.remove_passkey",
        "people.renew_recovery_codes",
        "people.rescue_staff",
        "people.revoke_role",
        "people.set_card_pin",
        "people.set_password",
        "people.set_up_totp",
        "people.sign_in",
        "people.use_one_time_login",
    }
)
"""What happens to how somebody signs in; its owner sees it whoever did it."""
USUAL: Final = frozenset({"people.give_second_factor", "people.sign_in"})
"""What its owner does every day; told only where it failed."""
LOOKED_THROUGH: Final = 200
CHANGES_SHOWN: Final = 10


class OwnPasswordForm(NewPasswordForm):
    """The present password, and a new one twice."""

    labels: ClassVar = {**NewPasswordForm.labels, "current": lazy_gettext("现在的密码")}

    current = Exactly(required=True, validate=at_most(200))


class CardPinForm(Form):
    """The present password, and six digits for the card."""

    labels: ClassVar = {"current": lazy_gettext("现在的密码"), "pin": lazy_gettext("六位数字")}

    current = Exactly(required=True, validate=at_most(200))
    pin = Exactly(required=True, validate=at_most(20))


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
        changes=_changes(),
        **tried.form(),
    )


def _changes() -> tuple[TrailLine, ...]:
    """Return what happened lately to how the visitor signs in, the latest first; plain sign-ins only where refused."""
    community = current_user.community_id
    found: list[TrailLine] = []
    for number in {current_user.staff_number, current_user.volunteer_number} - {None}:
        wanted = TrailFilter(subject=number, verb="people.")
        found += trail.lines(db.session(), community, wanted=wanted, limit=LOOKED_THROUGH)
        own = TrailFilter(actor=number, verb="people.")
        found += [
            line
            for line in trail.lines(db.session(), community, wanted=own, limit=LOOKED_THROUGH)
            if line.subject is None
        ]
    told = [line for line in found if line.verb in CHANGES and (line.verb not in USUAL or line.outcome == "refused")]
    return tuple(sorted(told, key=lambda line: line.id, reverse=True)[:CHANGES_SHOWN])


@blueprint.get("/password")
@audience(Audience.SIGNED_IN)
def password() -> str:
    """Show the form in which somebody changes their own password."""
    return _password_page(NOT_TRIED)


def _password_page(tried: Attempt[Any]) -> str:
    return render_template("devices/password.html", on_staff=current_user.staff_number is not None, **tried.form())


@blueprint.post("/password")
@audience(Audience.SIGNED_IN)
@sharp
def change_password() -> Response | tuple[str, int]:
    """Change the visitor's password; every other device of theirs is signed out."""

    def change(session: Session) -> None:
        typed = OwnPasswordForm().load(request.form)
        set_password(
            session,
            act(typed["request_key"]),
            password=Secret(typed["password"]),
            current=Secret(typed["current"]),
            session_secret=Secret(current_user.session_secret),
        )

    tried = attempt(change)
    if not tried.done:
        return _password_page(tried), tried.status
    flash(_("密码已经改好，别的设备都已经退出。"), "good")
    return redirect(url_for("devices.own"))


@blueprint.get("/card")
@audience(Audience.VOLUNTEER)
def card_pin() -> str:
    """Show the form."""
    return _card_page(NOT_TRIED)


def _card_page(tried: Attempt[Any]) -> str:
    return render_template("devices/card.html", **tried.form())


@blueprint.post("/card")
@audience(Audience.VOLUNTEER)
@sharp
def set_card_digits() -> Response | tuple[str, int]:
    """Choose the digits with which the visitor's card signs them in."""

    def change(session: Session) -> None:
        typed = CardPinForm().load(request.form)
        set_card_pin(
            session,
            act(typed["request_key"]),
            pin=Secret(typed["pin"]),
            current=Secret(typed["current"]),
            session_secret=Secret(current_user.session_secret),
        )

    tried = attempt(change)
    if not tried.done:
        return _card_page(tried), tried.status
    flash(_("设好了。登录时扫卡或输卡号，再输这六位数字。"), "good")
    return redirect(url_for("devices.own"))


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
