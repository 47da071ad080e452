"""Groups: who is registered, registering one, and giving its points away; passbooks are with the volunteers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import fields

from timebank.database import db
from timebank.people import operations as people_operations
from timebank.people import queries
from timebank.people.operations import NewGroup
from timebank.people.queries import VolunteerGroup
from timebank.people.roles import Permission
from timebank.pool import operations
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family, named
from timebank.web.api.fields import Sent, Text, Whole
from timebank.web.api.keys import by_number
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("groups", "团队 · Groups")

GROUP: Final = shape_of(VolunteerGroup)


class GroupSent(Sent):
    """A group to be registered, and who speaks for it."""

    name = Text(60, required=True)
    contact = Text(60, required=True)
    phone = Text(20, load_default=None)
    area = Text(60, shortest=0, load_default="")
    building = Text(60, shortest=0, load_default="")


class PointsSent(Sent):
    """How much is given, in hundredths of a point."""

    points_e2 = Whole(1, 10_000_000_000, required=True)


@family.lists("/groups", GROUP, Permission.GRANT_FROM_POOL, Permission.READ_BOOKS, order=Order(by_number))
def groups(**_words: Any) -> Sequence[VolunteerGroup]:
    """List the groups; the passbook of each is at `/volunteers/{number}/passbook`."""
    return queries.groups(db.session(), community_id())


@family.does(
    "/groups",
    Scope.PEOPLE,
    Permission.REGISTER_PEOPLE,
    reads=GroupSent,
    answers=shape("RegisteredGroup", {"number": fields.String()}),
)
def register_group(typed: Mapping[str, Any]) -> Work:
    """Register a group."""
    group = NewGroup(**typed)
    return named("number", lambda session, act: people_operations.register_group(session, act, group=group))


@family.does(
    "/groups/<number>/donations",
    Scope.MARKET,
    Permission.GRANT_FROM_POOL,
    reads=PointsSent,
    answers=shape("GroupDonation", {"seq": fields.Integer()}),
)
def donate(typed: Mapping[str, Any], number: str) -> Work:
    """Give points of a group into the pool; nothing else can be done with them."""
    points_e2 = typed["points_e2"]
    return named(
        "seq", lambda session, act: operations.donate_for_group(session, act, number=number, points_e2=points_e2)
    )
