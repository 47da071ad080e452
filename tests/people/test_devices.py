"""A device that was lost is signed out from another one; nobody ends somebody else's session."""

from datetime import timedelta

import pytest

from tests.builders import NOON, an_act
from tests.people.builders import XFL, a_staff_member, acting_as, an_admin_act, open_the_community, signed_in
from timebank.books.requests import Secret
from timebank.people.operations.devices import NoSuchSession, end_other_sessions, end_session, end_sessions_of
from timebank.people.operations.signing_in import open_demo_session
from timebank.people.queries.rights import NotAllowed
from timebank.people.queries.sessions import STAFF_IDLE_MAX, secret_digest, working_sessions


@pytest.fixture
def li(session):
    """A coordinator who is signed in on a phone and on a computer."""
    open_the_community(session)
    li = a_staff_member(session, login="li")
    for device in ("phone", "computer"):
        open_demo_session(session, an_act(number="nobody"), login="li", session_secret=Secret(device))
    return li


def devices(session, who, at=NOON):
    """On how many devices somebody of the staff is signed in."""
    return len(working_sessions(session, XFL, who.person_id, at=at, on_staff=True))


class TestEnding:
    """trust.md A8, T22: a device list with remote end."""

    def test_one_ends_and_the_other_goes_on(self, session, li):
        end_session(session, acting_as(li), digest=secret_digest("phone"))

        assert signed_in(session, "phone") is None
        assert signed_in(session, "computer") is not None
        assert 1 == devices(session, li)

    def test_it_ends_once(self, session, li):
        end_session(session, acting_as(li), digest=secret_digest("phone"))

        with pytest.raises(NoSuchSession):
            end_session(session, acting_as(li), digest=secret_digest("phone"))

    def test_nobody_ends_somebody_elses(self, session, li):
        chen = a_staff_member(session)

        with pytest.raises(NoSuchSession):
            end_session(session, acting_as(chen), digest=secret_digest("phone"))

        assert 2 == devices(session, li)

    def test_all_others_end_at_once(self, session, li):
        end_other_sessions(session, acting_as(li), session_secret=Secret("computer"))

        assert signed_in(session, "phone") is None
        assert signed_in(session, "computer") is not None

    def test_what_has_grown_old_is_no_device_any_more(self, session, li):
        assert 2 == devices(session, li, at=NOON + STAFF_IDLE_MAX)
        assert 0 == devices(session, li, at=NOON + STAFF_IDLE_MAX + timedelta(seconds=1))

    def test_whoever_manages_the_staff_ends_all_of_somebodys(self, session, li):
        end_sessions_of(session, an_admin_act(), number=li.number)

        assert 0 == devices(session, li)

    def test_nobody_else_does(self, session, li):
        chen = a_staff_member(session)

        with pytest.raises(NotAllowed):
            end_sessions_of(session, acting_as(chen), number=li.number)

        assert 2 == devices(session, li)
