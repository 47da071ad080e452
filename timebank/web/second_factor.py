"""The second step: giving a code, setting up an authenticator, recovery codes, and the desk's help after a loss.

The secret of an authenticator that is being set up travels through its own form, signed and for ten minutes: nothing is
written before it has shown that it works, and nobody chooses their own.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user, login_user
from itsdangerous import BadData, URLSafeTimedSerializer
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance
from timebank.books.requests import Secret
from timebank.database import db, writing
from timebank.people import queries as people
from timebank.people.one_time_codes import RECOVERY_CODES, address_for, grouped
from timebank.people.operations import second_factor as operations
from timebank.people.queries.factors import second_factor
from timebank.refusal import Refusal
from timebank.web import refusals, texts
from timebank.web.access import Audience, act, act_of, audience, here, sharp, visitor_of
from timebank.web.addresses import safe_path
from timebank.web.forms import Form, Text, at_most
from timebank.web.passkey_asking import asked_to_give
from timebank.web.persons import vault
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt, malformed

blueprint = Blueprint("second", __name__, url_prefix="/second")

SET_UP_SECONDS: Final = 600
"""How long a secret that was shown may still be taken into use."""


class CodeForm(Form):
    """What the authenticator shows, or a recovery code."""

    labels: ClassVar = {"code": lazy_gettext("动态码")}

    code = Text(required=True, validate=at_most(40))
    next = Text(load_default="", validate=at_most(2000))


class SetUpForm(Form):
    """What the authenticator shows for the secret on the page."""

    labels: ClassVar = {"code": lazy_gettext("动态码")}

    code = Text(required=True, validate=at_most(40))
    signed = Text(required=True, validate=at_most(400))


@dataclass(frozen=True, slots=True)
class Offered:
    """A secret that is offered. signed: as it travels; grouped: as it is typed; address: as it is scanned."""

    signed: str
    grouped: str
    address: str


@blueprint.get("")
@audience(Audience.SECOND_STEP)
def ask() -> str | Response:
    """Ask for the code; whoever has no second factor yet is sent to set one up."""
    if not here().has_second:
        return redirect(url_for("second.set_up"))
    return ask_page(NOT_TRIED, request.args.get("next", ""))


def ask_page(tried: Attempt[Any], next_page: str) -> str:
    """Draw the page of the second step; whoever has passkeys is asked for one of them too."""
    return render_template(
        "second/ask.html", next_page=next_page, half_way=here().is_half_way, given=asked_to_give(), **tried.form()
    )


@blueprint.post("")
@audience(Audience.SECOND_STEP)
def give() -> Response | tuple[str, int]:
    """Take the code in; the session goes on under another secret."""
    try:
        typed = CodeForm().load(request.form)
        return _enter(typed["request_key"], typed["code"], typed["next"])
    except ValidationError as error:
        return ask_page(malformed(error), request.form.get("next", "")), 400
    except Refusal as refusal:
        tried: Attempt[Any] = Attempt(done=False, refused=(texts.sentence(refusal),))
        return ask_page(tried, request.form.get("next", "")), refusals.status_of(refusal)


def _enter(request_key: str, code: str, next_page: str) -> Response:
    visitor, secret = here(), chance.fresh_secret()
    with writing() as writer:
        operations.give_second_factor(
            writer,
            act_of(visitor, request_key),
            typed=Secret(code),
            session_secret=Secret(visitor.session_secret),
            next_secret=Secret(secret),
            vault=vault(),
            source=request.remote_addr or "",
        )
    return go_on(visitor.community_id, secret, next_page)


def go_on(community: str, secret: str, next_page: str) -> Response:
    """Let the browser's cookie name the session that goes on, and go to where its owner wanted to be."""
    visitor = visitor_of(f"{community}.{secret}")
    if visitor is None:
        abort(500)
    login_user(visitor)
    return redirect(safe_path(next_page) or url_for(visitor.home))


@blueprint.get("/set-up")
@audience(Audience.SECOND_STEP)
def set_up() -> str:
    """Show the secret of a new authenticator, to be scanned or typed."""
    return _set_up_page(NOT_TRIED, _offered(chance.fresh_totp_secret()))


def _set_up_page(tried: Attempt[Any], offered: Offered) -> str:
    visitor = here()
    return render_template(
        "second/set_up.html",
        offered=offered,
        half_way=visitor.is_half_way,
        has_second=visitor.has_second,
        **tried.form(),
    )


def _offered(secret: str) -> Offered:
    visitor = here()
    community = people.community(db.session(), visitor.community_id)
    account = f"{visitor.staff_number or visitor.volunteer_number}@{visitor.community_id}"
    address = address_for(secret, account=account, issuer=f"{community.name}爱心存折")
    return Offered(_signer().dumps([secret, visitor.session_secret]), grouped(secret), address)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="second factor")


def _secret_of(signed: str) -> str | None:
    """Return the secret that was shown to this session a while ago, or None."""
    try:
        secret, session_secret = _signer().loads(signed, max_age=SET_UP_SECONDS)
    except BadData:
        return None
    return str(secret) if session_secret == here().session_secret else None


@blueprint.post("/set-up")
@audience(Audience.SECOND_STEP)
def set_up_now() -> str | Response | tuple[str, int]:
    """Take the authenticator into use, and show the recovery codes once."""
    secret = _secret_of(request.form.get("signed", ""))
    if secret is None:
        flash(_("这个二维码放得太久了，没有开通。请扫新的。"), "bad")
        return _set_up_page(NOT_TRIED, _offered(chance.fresh_totp_secret())), NOT_TRIED.status
    visitor, codes = here(), fresh_codes()

    def take(writer: Session) -> dict[str, Any]:
        typed = SetUpForm().load(request.form)
        return operations.set_up_totp(
            writer,
            act_of(visitor, typed["request_key"]),
            secret=Secret(secret),
            typed=Secret(typed["code"]),
            recovery_codes=codes,
            session_secret=Secret(visitor.session_secret),
            vault=vault(),
        )

    tried = attempt(take)
    if not tried.done:
        return _set_up_page(tried, _offered(secret)), tried.status
    return codes_page(tried.answer, codes)


def fresh_codes() -> tuple[Secret, ...]:
    """Make recovery codes."""
    return tuple(Secret(chance.fresh_recovery_code()) for _place in range(RECOVERY_CODES))


def codes_page(answer: dict[str, Any], codes: tuple[Secret, ...]) -> str | Response:
    """Show the codes, once; the form pressed twice has none, for they were shown before."""
    if answer["codes_digest"] != operations.codes_digest(codes):
        flash(_("恢复码刚才已经给过一次，不再显示。需要的话请换一组。"), "bad")
        return redirect(url_for("second.own"))
    visitor = here()
    refreshed = visitor_of(visitor.get_id())
    if refreshed is not None:
        login_user(refreshed)
    return render_template("second/codes.html", codes=[grouped(code.value) for code in codes])


@blueprint.get("/own")
@audience(Audience.SIGNED_IN)
def own() -> str:
    """Show whether the visitor has a second factor, and how many recovery codes are left."""
    return own_page(NOT_TRIED)


def own_page(tried: Attempt[Any]) -> str:
    """Draw the page of the visitor's own second factors."""
    found = second_factor(db.session(), current_user.community_id, current_user.person_id)
    return render_template("second/own.html", found=found, needs=current_user.needs_second, **tried.form())


@blueprint.post("/codes")
@audience(Audience.SIGNED_IN)
@sharp
def renew_codes() -> str | Response | tuple[str, int]:
    """Make new recovery codes, shown once; the old ones work no more."""
    codes = fresh_codes()

    def renew(writer: Session) -> dict[str, Any]:
        key = Form().load(request.form)["request_key"]
        return operations.renew_recovery_codes(
            writer, act(key), recovery_codes=codes, session_secret=Secret(current_user.session_secret)
        )

    tried = attempt(renew)
    if not tried.done:
        return own_page(tried), tried.status
    return codes_page(tried.answer, codes)
