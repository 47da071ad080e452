"""A community with its first rules, for tests of what several persons do together."""

from datetime import timedelta
from uuid import UUID

from tests.builders import NOON, an_act
from tests.people.builders import GO_LIVE_ON, OPENED_AT, acting_as, open_the_community, within
from tests.rulebook.builders import a_document
from timebank.people.operations import FIRST_ADMIN_ID
from timebank.people.queries import staff_member
from timebank.rulebook.operations import propose, publish_first
from timebank.rulebook.rules import as_json

TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)


def the_system(**changes):
    """An act of nobody in particular, as at the beginning and at night."""
    return an_act(**({"number": "system", "person_id": FIRST_ADMIN_ID, "at": OPENED_AT} | changes))


def a_bare_community(where, community_id="xfl"):
    """Open a community that has no rules yet; return its first admin."""
    open_the_community(where, community_id=community_id)
    with within(where) as session:
        return staff_member(session, community_id, FIRST_ADMIN_ID)


def a_community(where, *, go_live_on=GO_LIVE_ON, community_id="xfl"):
    """Open a community with its first rules; return its first admin."""
    admin = a_bare_community(where, community_id)
    with within(where) as session:
        publish_first(session, the_system(community_id=community_id), go_live_on=go_live_on)
    return admin


def a_proposal(session, who, *, valid_from=TOMORROW, document=None, reason="居民议事会通过", **changes):
    """Propose rules that pay nine points an hour; return the proposal's id."""
    text = as_json(document or a_document(points_e2_per_hour=900))
    act = acting_as(who, **changes)
    return UUID(propose(session, act, document=text, valid_from=valid_from, reason=reason))
