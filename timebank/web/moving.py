"""Stock moves: pieces of a lot to another place, and back."""

from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.market import operations, queries
from timebank.web.access import Audience, act, audience
from timebank.web.forms import Digits, Form, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.staff_words import names_by_person

blueprint = Blueprint("moving", __name__, url_prefix="/stock/moves")

WHO: Final = (Audience.CLERK, Audience.COORDINATOR)


class MoveForm(Form):
    """Which lot, how many pieces, and where to."""

    labels: ClassVar = {
        "lot": lazy_gettext("批次"),
        "pieces": lazy_gettext("件数"),
        "place": lazy_gettext("移到哪里"),
        "note": lazy_gettext("说明"),
    }

    lot = Text(required=True, validate=at_most(20))
    pieces = Digits(required=True)
    place = Text(required=True, validate=at_most(40))
    note = Text(load_default="", validate=at_most(200))


class BackForm(Form):
    """Which move is taken back."""

    number = Text(required=True, validate=at_most(20))


@blueprint.get("")
@audience(*WHO, Audience.ADMIN, Audience.AUDITOR)
def overview() -> str:
    """Show what can be moved, and the moves."""
    return _page(NOT_TRIED)


def _page(tried: Attempt[Any]) -> str:
    community = current_user.community_id
    lots = [one for one in queries.stock(db.session(), community, clock.now()) if one.free_pieces]
    return render_template(
        "stock/moves.html",
        lots=lots,
        places=sorted({one.lot.place for one in lots} - {""}),
        moves=queries.stock_moves(db.session(), community),
        goods={good.number: good for good in queries.goods(db.session(), community)},
        staff=names_by_person(),
        moves_goods=bool(current_user.audiences & frozenset(WHO)),
        **tried.form(),
    )


@blueprint.post("")
@audience(*WHO)
def move() -> Response | tuple[str, int]:
    """Bring pieces to another place."""

    def bring(session: Session) -> dict[str, Any]:
        typed = MoveForm().load(request.form)
        doing, lot, place = act(typed["request_key"]), typed["lot"], typed["place"]
        return operations.move_stock(
            session, doing, lot_number=lot, pieces=typed["pieces"], to_place=place, note=typed["note"]
        )

    return _after(attempt(bring))


@blueprint.post("/back")
@audience(*WHO)
def back() -> Response | tuple[str, int]:
    """Take a move back."""

    def bring(session: Session) -> dict[str, Any]:
        typed = BackForm().load(request.form)
        return operations.move_back(session, act(typed["request_key"]), move_number=typed["number"])

    return _after(attempt(bring))


def _after(tried: Attempt[Any]) -> Response | tuple[str, int]:
    if not tried.done:
        return _page(tried), tried.status
    flash(_("已移库，移库单 %(number)s。", number=tried.answer["number"]), "good")
    return redirect(url_for("moving.overview"))
