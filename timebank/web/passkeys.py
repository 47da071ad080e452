"""Passkeys on the pages: adding one, giving one as the second step, removing one.

Nothing is stored before it is answered (`passkey_asking`).
"""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from marshmallow import ValidationError, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance
from timebank.books.requests import Secret
from timebank.database import writing
from timebank.people.operations import passkeys as operations
from timebank.people.operations.second_factor import SecondFactorWrong
from timebank.people.passkeys import ANSWER_LENGTH_MAX, Answer
from timebank.refusal import Refusal
from timebank.web import refusals, texts
from timebank.web.access import Audience, act, act_of, audience, here, sharp
from timebank.web.forms import Form, Text, at_most
from timebank.web.passkey_asking import asked_to_make, challenge_of, place
from timebank.web.second_factor import ask_page, codes_page, fresh_codes, go_on, own_page
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt, malformed

blueprint = Blueprint("passkeys", __name__, url_prefix="/second/passkeys")

HEX: Final = validate.Regexp(r"([0-9a-f]{2}){1,1023}\Z", error=lazy_gettext("请从列表里选"))


class AnswerForm(Form):
    """What the browser answered."""

    answer = Text(required=True, validate=at_most(ANSWER_LENGTH_MAX))
    signed = Text(required=True, validate=at_most(600))
    next = Text(load_default="", validate=at_most(2000))


class NewForm(Form):
    """A new passkey, with the name by which its owner knows it."""

    labels: ClassVar = {"name": lazy_gettext("名字")}

    answer = Text(required=True, validate=at_most(ANSWER_LENGTH_MAX))
    signed = Text(required=True, validate=at_most(600))
    name = Text(required=True, validate=at_most(operations.NAME_LENGTH_MAX))


class RemoveForm(Form):
    """Which passkey, by its id."""

    passkey = Text(required=True, validate=HEX)


@blueprint.get("")
@audience(Audience.SECOND_STEP)
def new() -> str:
    """Show the form of a new passkey."""
    return _new_page(NOT_TRIED)


def _new_page(tried: Attempt[Any]) -> str:
    return render_template("second/passkey.html", made=asked_to_make(), half_way=here().is_half_way, **tried.form())


@blueprint.post("")
@audience(Audience.SECOND_STEP)
def add() -> str | Response | tuple[str, int]:
    """Take a new passkey into use; with the first second factor come recovery codes, shown once."""
    visitor, codes = here(), fresh_codes()

    def take(writer: Session) -> dict[str, Any]:
        typed = NewForm().load(request.form)
        challenge = challenge_of(typed["signed"])
        if challenge is None:
            raise operations.PasskeyNotMade()
        return operations.add_passkey(
            writer,
            act_of(visitor, typed["request_key"]),
            answer=Answer(typed["answer"], challenge, place()),
            name=typed["name"],
            recovery_codes=codes,
            session_secret=Secret(visitor.session_secret),
        )

    tried = attempt(take)
    if not tried.done:
        return _new_page(tried), tried.status
    if tried.answer["codes_digest"] is not None:
        return codes_page(tried.answer, codes)
    flash(_("通行密钥已经添加，别的设备都已经退出。"), "good")
    return redirect(url_for("second.own"))


@blueprint.post("/give")
@audience(Audience.SECOND_STEP)
def give() -> Response | tuple[str, int]:
    """Take a passkey in as the second step; the session goes on under another secret."""
    try:
        typed = AnswerForm().load(request.form)
        return _enter(typed)
    except ValidationError as error:
        return ask_page(malformed(error), request.form.get("next", "")), 400
    except Refusal as refusal:
        tried: Attempt[Any] = Attempt(done=False, refused=(texts.sentence(refusal),))
        return ask_page(tried, request.form.get("next", "")), refusals.status_of(refusal)


def _enter(typed: dict[str, Any]) -> Response:
    visitor, secret, challenge = here(), chance.fresh_secret(), challenge_of(typed["signed"])
    if challenge is None:
        raise SecondFactorWrong()
    with writing() as writer:
        operations.give_passkey(
            writer,
            act_of(visitor, typed["request_key"]),
            answer=Answer(typed["answer"], challenge, place()),
            session_secret=Secret(visitor.session_secret),
            next_secret=Secret(secret),
            source=request.remote_addr or "",
        )
    return go_on(visitor.community_id, secret, typed["next"])


@blueprint.post("/remove")
@audience(Audience.SIGNED_IN)
@sharp
def remove() -> Response | tuple[str, int]:
    """Remove a passkey that was lost."""

    def take_away(session: Session) -> None:
        typed = RemoveForm().load(request.form)
        operations.remove_passkey(
            session,
            act(typed["request_key"]),
            credential_id=bytes.fromhex(typed["passkey"]),
            session_secret=Secret(current_user.session_secret),
        )

    tried = attempt(take_away)
    if not tried.done:
        return own_page(tried), tried.status
    flash(_("这个通行密钥已经删除，不能再用。"), "good")
    return redirect(url_for("second.own"))
