"""The public notice of stars: who is to receive one, until when anybody may object, and what an objection was answered.

Names are masked; nobody needs to sign in or give a name to object, and everybody who does gets a number to ask by.
"""

from dataclasses import replace
from typing import Any, ClassVar

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from timebank import clock
from timebank.books.acts import Act
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.stars.operations import noticing
from timebank.stars.queries import notices as queries
from timebank.web.access import Audience, act, audience, community_id, stranger_act
from timebank.web.forms import Filter, Form, Id, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt

blueprint = Blueprint("star_notices", __name__, url_prefix="/notices")


class ObjectForm(Form):
    """What somebody has against a star."""

    labels: ClassVar = {"award": lazy_gettext("谁"), "text": lazy_gettext("异议"), "contact": lazy_gettext("联系方式")}

    award = Id(required=True)
    text = Text(required=True, validate=at_most(500, at_least=5))
    contact = Text(load_default="", validate=at_most(60))


class AskFilter(Filter):
    """Which objection somebody asks about."""

    number = Text(load_default="", validate=at_most(12))


@blueprint.get("")
@audience(Audience.PUBLIC)
def notices() -> str:
    """Show what is announced today; with a number, what was answered to that objection."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any], given: str = "") -> str:
    community, number = community_id(), AskFilter().load(request.args)["number"].upper()
    found = queries.on_notice(db.session(), community, day_of(clock.now()))
    return render_template(
        "rules/notices.html",
        found=found,
        names=people.volunteers(db.session(), community, {one.award.number for one in found}),
        given=given,
        number=number,
        asked=queries.find_objection(db.session(), community, number) if number else None,
        **tried.form(),
    )


@blueprint.post("")
@audience(Audience.PUBLIC)
def object_to() -> str | tuple[str, int]:
    """Take an objection; its number is shown at once."""

    def take(session: Session) -> str:
        typed = ObjectForm().load(request.form)
        doing = _acting(typed["request_key"])
        return noticing.object_to(session, doing, award_id=typed["award"], text=typed["text"], contact=typed["contact"])

    tried = attempt(take)
    if not tried.done:
        return _page(tried), tried.status
    return _page(NOT_TRIED, given=tried.answer)


def _acting(key: str) -> Act:
    """Whoever is signed in objects under their number, everybody else as nobody in particular."""
    return act(key) if current_user.is_authenticated else replace(stranger_act(community_id()), request_key=key)
