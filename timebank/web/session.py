"""Signing in and out, the one-time link, text size and language."""

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.database import db, writing
from timebank.people import queries as people
from timebank.people.operations import signing_in
from timebank.refusal import Refusal
from timebank.web import refusals, texts
from timebank.web.access import Audience, audience, community_id, stranger_act, visitor_here, visitor_of
from timebank.web.addresses import safe_path
from timebank.web.forms import Form, NewPasswordForm, SettingForm, SignInForm, Text, at_most
from timebank.web.frame import LANGUAGE_COOKIE, TEXT_COOKIE, YEAR_SECONDS
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt, malformed

blueprint = Blueprint("session", __name__)


class DemoForm(Form):
    """As whom to look around."""

    login = Text(required=True, validate=at_most(40))


@blueprint.get("/login")
@audience(Audience.PUBLIC)
def sign_in() -> str | Response:
    """Show the form."""
    community_id()
    if current_user.is_authenticated:
        return redirect(url_for(current_user.home))
    return _sign_in_page(NOT_TRIED, {"next": request.args.get("next", "")})


def _sign_in_page(tried: Attempt[Any], typed: Mapping[str, str]) -> str:
    return render_template("session/sign_in.html", typed=typed, errors=tried.errors, refused=tried.refused)


@blueprint.post("/login")
@audience(Audience.PUBLIC)
def sign_in_now() -> Response | tuple[str, int]:
    """Check the password and open a session."""
    try:
        typed = SignInForm().load(request.form)
        return _open_session(typed["login"], Secret(typed["password"]), typed["next"])
    except ValidationError as error:
        return _sign_in_page(malformed(error), request.form), 400
    except Refusal as refusal:
        tried: Attempt[Any] = Attempt(done=False, refused=(texts.sentence(refusal),))
        return _sign_in_page(tried, request.form), refusals.status_of(refusal)


def _open_session(login: str, password: Secret, next_page: str) -> Response:
    secret = chance.fresh_secret()
    community = community_id()
    signing_in.sign_in(
        writing,
        stranger_act(community),
        login=login,
        password=password,
        session_secret=Secret(secret),
        source=request.remote_addr or "",
    )
    return enter(community, secret, next_page)


def enter(community: str, secret: str, next_page: str) -> Response:
    """Begin a cookie of its own: nothing that a stranger put there goes on."""
    session.clear()
    session.permanent = True
    session["community"] = community
    visitor = visitor_of(f"{community}.{secret}")
    if visitor is None:
        abort(500)
    login_user(visitor)
    if visitor.is_half_way:
        return redirect(url_for("second.ask", next=safe_path(next_page)))
    return redirect(safe_path(next_page) or url_for(visitor.home))


@blueprint.post("/logout")
@audience(Audience.PUBLIC)
def sign_out() -> Response:
    """End the session in the database and in the browser."""
    community = session.get("community")
    visitor = visitor_here()
    if visitor is not None:
        with writing() as writer:
            signing_in.sign_out(
                writer, stranger_act(visitor.community_id), session_secret=Secret(visitor.session_secret)
            )
        logout_user()
    session.clear()
    if community:
        session["community"] = community
    flash(_("您已经退出。"), "good")
    response = redirect(url_for("public.home"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/first/<community>/<token>")
@audience(Audience.PUBLIC)
def first_time(community: str, token: str) -> str:
    """Show where the owner of a one-time link sets a password; looking does not use the link up."""
    owner = people.one_time_login(db.session(), community, secret=token, at=clock.now())
    return _new_password_page(owner.name, NOT_TRIED)


def _new_password_page(name: str, tried: Attempt[Any]) -> str:
    return render_template("session/new_password.html", name=name, errors=tried.errors, refused=tried.refused)


@blueprint.post("/first/<community>/<token>")
@audience(Audience.PUBLIC)
def first_time_now(community: str, token: str) -> Response | tuple[str, int]:
    """Set the password, use the link up, and open a session."""
    secret = chance.fresh_secret()
    owner = people.one_time_login(db.session(), community, secret=token, at=clock.now())

    def choose(writer: Session) -> None:
        typed = NewPasswordForm().load(request.form)
        signing_in.use_one_time_login(
            writer,
            stranger_act(community),
            token=Secret(token),
            password=Secret(typed["password"]),
            session_secret=Secret(secret),
            source=request.remote_addr or "",
        )

    tried = attempt(choose)
    if not tried.done:
        return _new_password_page(owner.name, tried), tried.status
    return enter(community, secret, "")


@blueprint.post("/login/demo")
@audience(Audience.PUBLIC)
def demo_sign_in() -> Response:
    """Enter the demo as one of its people with one click; only where the demo runs, only on this machine."""
    if not current_app.config["SETTINGS"].demo or request.remote_addr not in {"127.0.0.1", "::1"}:
        abort(404)
    typed, secret, community = DemoForm().load(request.form), chance.fresh_secret(), community_id()
    with writing() as writer:
        signing_in.open_demo_session(
            writer, stranger_act(community), login=typed["login"], session_secret=Secret(secret)
        )
    return enter(community, secret, "")


@blueprint.post("/settings")
@audience(Audience.PUBLIC)
def settings() -> Response:
    """Keep the text size and the language that somebody chose, and go back to the page."""
    typed = SettingForm().load(request.form)
    response = make_response(redirect(safe_path(typed["back"]) or url_for("public.home")))
    for name, cookie in (("text", TEXT_COOKIE), ("language", LANGUAGE_COOKIE)):
        if name in typed:
            response.set_cookie(cookie, typed[name], max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
