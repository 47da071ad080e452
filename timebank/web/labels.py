"""Labels: name, points and bar code of each good on sale, on A4 sheets of three by eight or on a roll of 40×30 mm."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user
from markupsafe import Markup

from timebank import clock
from timebank.database import db
from timebank.ledger.codes import Code, CodeKind
from timebank.market import queries
from timebank.market.barcodes import EAN_13, ean_13_modules
from timebank.market.queries import Good, GoodOnSale
from timebank.people import queries as people
from timebank.web.access import Audience, audience
from timebank.web.forms import Choice, Filter, Text, at_most
from timebank.web.presenting import points

blueprint = Blueprint("labels", __name__, url_prefix="/stock/labels")

QUIET = (11, 7)
"""Modules of white that a bar code needs on its left and right."""


class Paper(StrEnum):
    """On what labels are printed."""

    A4 = "a4"
    ROLL = "roll"


class Which(StrEnum):
    """Which labels: all, or those whose points the newest price list has changed."""

    ALL = "all"
    CHANGED = "changed"


class LabelFilter(Filter):
    """On what, and which; a delivery names its own goods only."""

    paper = Choice(Paper, load_default=Paper.A4)
    which = Choice(Which, load_default=Which.ALL)
    donation = Text(load_default="", validate=at_most(20))


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label. code: a bar code, or our own code where the good has another kind of bar code."""

    name: str
    unit_word: str
    points: str
    month_pieces_max: int | None
    donor: str
    bars: Markup | None
    code: str


@blueprint.get("")
@audience(Audience.CLERK, Audience.COORDINATOR, Audience.ADMIN)
def labels() -> str:
    """Show the labels, to be printed."""
    wanted = LabelFilter().load(request.args)
    found = _labels(wanted["which"], wanted["donation"])
    return render_template("stock/labels.html", labels=found, wanted=wanted, which=Which, paper=Paper)


def _labels(which: Which, donation: str) -> list[Label]:
    community, now = current_user.community_id, clock.now()
    offered = queries.goods_on_sale(db.session(), community, now)
    if donation:
        brought = {lot.good_number for lot in queries.donation_lots(db.session(), community, donation)}
        offered = tuple(one for one in offered if one.good.number in brought)
    newest = max((one.price_version for one in offered), default=0)
    donors = _donors()
    return [
        _label(one, donors.get(one.good.number, ""))
        for one in offered
        if which is Which.ALL or one.price_version == newest
    ]


def _donors() -> dict[str, str]:
    """Return who gave the pieces of each good that are on the shelf, the first lot's giver."""
    names = {one.code: one.name for one in people.partners(db.session(), current_user.community_id)}
    found: dict[str, str] = {}
    for item in queries.stock(db.session(), current_user.community_id, clock.now()):
        found.setdefault(item.lot.good_number, names.get(item.lot.partner_code, ""))
    return found


def _label(one: GoodOnSale, donor: str) -> Label:
    drawn: dict[str, Any] = {"bars": None, "code": _own_code(one.good)}
    if len(one.good.barcode) == EAN_13:
        drawn = {"bars": bars(one.good.barcode), "code": one.good.barcode}
    return Label(
        name=one.good.name,
        unit_word=one.good.unit_word,
        points=points(one.price_points_e2),
        month_pieces_max=one.good.month_pieces_max,
        donor=donor,
        **drawn,
    )


def codes_of(good: Good) -> tuple[str, ...]:
    """Return what a scanner may read on a good: its bar code, and our own code of the label."""
    return good.barcode, _own_code(good)


def _own_code(good: Good) -> str:
    return Code(CodeKind.LABEL, int(good.number[1:])).digits


def bars(code: str) -> Markup:
    """Draw an EAN-13 code as a picture inside the page, with its white on both sides."""
    left, right = QUIET
    modules = ean_13_modules(code)
    drawn = "".join(f"M{left + place} 0h1v1h-1z" for place, module in enumerate(modules) if module == "1")
    return Markup(
        '<svg class="bars" viewBox="0 0 {} 1" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path d="{}"/></svg>'
    ).format(left + len(modules) + right, code, drawn)
