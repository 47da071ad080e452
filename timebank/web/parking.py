"""Parking: baskets that wait at the till. The page asks with a key of its own, again and again until it is answered.

Nothing is deducted or put aside for a parked basket; its prices and pieces are asked anew when it is taken up.
"""

from typing import Any, Final

from flask import Blueprint, jsonify, request
from flask_login import current_user
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.database import db
from timebank.market import operations, queries
from timebank.market.queries import ParkedBasket
from timebank.people import queries as people
from timebank.web.access import Audience, act, audience
from timebank.web.forms import REQUEST_KEY, Filter, Text, at_most
from timebank.web.looking import customer_of, good_of
from timebank.web.presenting import clock_time
from timebank.web.sent_json import sent_json
from timebank.web.till import NUMBER, BasketEntry, BasketForm, basket_of
from timebank.web.told_json import told

blueprint = Blueprint("parking", __name__, url_prefix="/till/parked")

TILL: Final = at_most(20)


class TillFilter(Filter):
    """At which till."""

    till = Text(required=True, validate=TILL)


class ParkedEntry(BasketEntry):
    """One good of a basket that waits; its price is asked again when it is redeemed."""

    price_e2 = fields.Integer(load_default=None, strict=True)


class ParkForm(BasketForm):
    """A basket that waits: at which till, and for whom if that is known."""

    till = Text(required=True, validate=TILL)
    basket = fields.List(fields.Nested(ParkedEntry), required=True, validate=validate.Length(max=99))
    volunteer = fields.String(load_default=None, allow_none=True, validate=NUMBER)


class TakeForm(Schema):
    """The key under which a basket is taken up; the same key is given the same basket again."""

    request_key = fields.String(required=True, validate=REQUEST_KEY)


@blueprint.get("")
@audience(Audience.CLERK)
def waiting() -> Response:
    """Tell which baskets wait at a till, oldest first."""
    till = TillFilter().load(request.args)["till"]
    found = queries.parked_baskets(db.session(), current_user.community_id, till)
    numbers = {one.volunteer_number for one in found if one.volunteer_number}
    names = people.volunteers(db.session(), current_user.community_id, numbers)
    goods = {good.number: good.name for good in queries.goods(db.session(), current_user.community_id)}
    return jsonify({"baskets": [_shown(one, names, goods) for one in found]})


def _shown(one: ParkedBasket, names: dict[str, people.Volunteer], goods: dict[str, str]) -> dict[str, Any]:
    customer = names.get(one.volunteer_number or "")
    lines = "、".join(f"{goods[good]} ×{pieces}" for good, pieces in one.lines)
    whose = f"{customer.name} {customer.number}" if customer else ""
    return {"number": one.number, "words": " ".join(filter(None, (clock_time(one.parked_at), whose, lines)))}


@blueprint.post("")
@audience(Audience.CLERK)
def park() -> Response | tuple[Response, int]:
    """Let the basket of the page wait; what the page sends is what it sends to redeem, with the till's name."""

    def park_it(session: Session) -> dict[str, Any]:
        typed = ParkForm().load(sent_json())
        return operations.park_basket(
            session,
            act(typed["request_key"]),
            till=typed["till"],
            volunteer_number=typed["volunteer"],
            basket=basket_of(typed),
        )

    return told(park_it)


@blueprint.post("/<number>")
@audience(Audience.CLERK)
def take(number: str) -> Response | tuple[Response, int]:
    """Take a basket up again: whose it is and what lies in it, at the prices of now."""

    def take_it(session: Session) -> dict[str, Any]:
        typed = TakeForm().load(sent_json())
        taken = operations.unpark_basket(session, act(typed["request_key"]), parked_number=number)
        lines = [good_of(session, good) | {"pieces": pieces} for good, pieces in taken["lines"]]
        whose = taken["volunteer"]
        return {"customer": customer_of(session, whose, clock.now()) if whose else None, "basket": lines}

    return told(take_it)
