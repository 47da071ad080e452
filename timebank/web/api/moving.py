"""Stock moves: pieces of a lot to another place, and back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank.database import db
from timebank.market import operations, queries
from timebank.market.queries import StockMove
from timebank.people.roles import Permission
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family
from timebank.web.api.fields import Number, Sent, Text, Whole
from timebank.web.api.keys import by_number, number_in
from timebank.web.api.lists import Key, Order
from timebank.web.api.shapes import shape, shape_of

family = Family("moving", "移库 · Stock moves")

MOVE: Final = shape_of(StockMove)
READERS: Final = (Permission.RECEIVE_GOODS, Permission.READ_BOOKS)
MOVED: Final = shape("MovedStock", {"number": fields.String(), "lot": fields.String(), "seq": fields.Integer()})


class MoveSent(Sent):
    """Which lot, how many pieces, and where to."""

    lot_number = Number(required=True)
    pieces = Whole(1, 1_000_000, required=True)
    to_place = Text(40, required=True)
    note = Text(200, shortest=0, load_default="")


@family.lists("/stock-moves", MOVE, *READERS, order=Order(by_number, newest=True))
def stock_moves(seen: Key | None, limit: int, **_words: Any) -> Sequence[StockMove]:
    """List what went from place to place, the newest first."""
    return queries.stock_moves(db.session(), community_id(), limit + 1, before=number_in(seen))


@family.shows("/stock-moves/<number>", MOVE, *READERS)
def stock_move(number: str) -> StockMove:
    """Show one move."""
    return queries.stock_move(db.session(), community_id(), number)


@family.does(
    "/stock-moves", Scope.MARKET, Permission.RECEIVE_GOODS, reads=MoveSent, answers=MOVED, at="/stock-moves/{number}"
)
def move(typed: Mapping[str, Any]) -> Work:
    """Bring pieces to another place; one entry, and nothing leaves the shelf."""
    return lambda session, act: operations.move_stock(session, act, **typed)


@family.does("/stock-moves/<number>/returns", Scope.MARKET, Permission.RECEIVE_GOODS, reads=None, answers=MOVED)
def move_back(number: str) -> Work:
    """Take a move back by one in the other direction."""
    return lambda session, act: operations.move_back(session, act, move_number=number)
