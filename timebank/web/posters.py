"""The poster of an activity for the group chat: one picture with what, when, where and a code, and the words beside it.

The picture is an SVG of our own, so it prints sharply and needs no library. Group chats take no SVG, so a small script
turns it into a PNG where there is one; without it the page prints.
"""

from collections.abc import Iterator
from typing import Final

import segno
from flask import Blueprint, Response, abort, render_template, url_for

from timebank.database import db
from timebank.people import queries as people
from timebank.service import queries
from timebank.service.queries import Activity, Terms
from timebank.web.access import Audience, audience, community_id

blueprint = Blueprint("posters", __name__, url_prefix="/activities")

WIDTH, HEIGHT = 720, 1080
TITLE_SIGNS: Final = 10
"""So many Chinese characters of the title fit on one line; a Latin one takes half as much."""
LINE_SIGNS: Final = 19


@blueprint.get("/<number>/poster")
@audience(Audience.PUBLIC)
def page(number: str) -> str:
    """Show the poster and the words for the group chat."""
    activity = _published(number)
    return render_template(
        "activities/poster.html",
        activity=activity,
        terms=queries.terms_of(db.session(), community_id(), [activity.id])[activity.id],
        width=WIDTH,
        height=HEIGHT,
    )


@blueprint.get("/<number>/poster.svg")
@audience(Audience.PUBLIC)
def picture(number: str) -> Response:
    """Draw the poster."""
    activity = _published(number)
    community = people.community(db.session(), community_id())
    address = url_for("activities.one", number=activity.number, community=community.id, _external=True)
    drawn = render_template(
        "activities/_poster_picture.html",
        activity=activity,
        community=community,
        title=tuple(wrapped(activity.title, TITLE_SIGNS))[:3],
        lines=tuple(_lines(activity, queries.terms_of(db.session(), community_id(), [activity.id])[activity.id])),
        code=segno.make(address, error="m", micro=False).svg_data_uri(scale=8, border=2, xmldecl=False),
        width=WIDTH,
        height=HEIGHT,
    )
    return Response(drawn, mimetype="image/svg+xml")


def _published(number: str) -> Activity:
    """Return an activity that takes place; a poster of what is only proposed or called off is of no use."""
    found = queries.activity(db.session(), community_id(), number)
    if found.approver is None or found.state != "approved":
        abort(404)
    return found


def _lines(activity: Activity, terms: Terms) -> Iterator[str]:
    for told in (activity.place, terms.needs):
        yield from tuple(wrapped(told, LINE_SIGNS))[:2]


def wrapped(text: str, signs: int) -> Iterator[str]:
    """Break a text into lines of so many Chinese characters; a Latin letter or digit is half as wide."""
    line, width = "", 0
    for sign in text:
        wide = 1 if sign.isascii() else 2
        if width + wide > 2 * signs and line:
            yield line
            line, width = "", 0
        line, width = line + sign, width + wide
    if line:
        yield line
