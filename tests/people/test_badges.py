"""Badges: a clerk opens the till with one and four digits; what is lost works no more."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.builders import NOON, an_act
from tests.people import builders
from tests.people.builders import XFL, acting_as, an_admin_act
from timebank.books.requests import Secret
from timebank.ledger.codes import CodeKind, read_code
from timebank.people import queries
from timebank.people.operations import revoke_role
from timebank.people.operations.badges import PinWrongShape, issue_badge
from timebank.people.operations.signing_in import BadgePinLocked, SignInFailed, sign_in_by_badge
from timebank.people.operations.throttling import FAILURES_PER_BADGE, TooManySignIns
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role

PIN = "2580"
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def clerk(session):
    builders.open_the_community(session)
    return builders.a_staff_member(session, Role.CLERK)


def a_badge(session, clerk, pin=PIN):
    """Make a clerk's badge; return its payload."""
    return read_code(issue_badge(session, acting_as(clerk), pin=Secret(pin))["code"]).payload


def enter(session, payload, pin=PIN, at=NOON, source="10.0.0.1"):
    """Scan a badge at the door."""

    @contextmanager
    def transaction():
        yield session

    return sign_in_by_badge(
        transaction,
        an_act(community_id=XFL, number="nobody", at=at),
        payload=payload,
        pin=None if pin is None else Secret(pin),
        session_secret=Secret(f"session at {at} from {source} of {payload} {pin}"),
        source=source,
    )


class TestBadges:
    """experience.md T1 and T10, trust.md T22."""

    def test_a_badge_and_its_digits_open_the_till(self, session, clerk):
        payload = a_badge(session, clerk)

        assert clerk.number == enter(session, payload)

    def test_at_a_locked_till_the_badge_alone(self, session, clerk):
        assert clerk.number == enter(session, a_badge(session, clerk), pin=None)

    def test_other_digits_do_not(self, session, clerk):
        with pytest.raises(SignInFailed):
            enter(session, a_badge(session, clerk), pin="2581")

    @pytest.mark.parametrize("pin", [None, PIN])
    def test_a_code_that_is_nobodys_does_not(self, session, clerk, pin):
        with pytest.raises(SignInFailed):
            enter(session, 12345, pin=pin)

    def test_a_new_badge_makes_the_old_one_worthless(self, session, clerk):
        lost, found = a_badge(session, clerk), a_badge(session, clerk)

        with pytest.raises(SignInFailed):
            enter(session, lost, pin=None)
        assert clerk.number == enter(session, found)
        shown = queries.find_badge(session, XFL, clerk.person_id)
        assert shown is not None
        assert (CodeKind.BADGE, found) == (shown.kind, shown.payload)

    def test_who_is_no_clerk_any_more_has_no_key(self, session, clerk):
        payload = a_badge(session, clerk)
        revoke_role(session, an_admin_act(), number=clerk.number, role=Role.CLERK)

        with pytest.raises(SignInFailed):
            enter(session, payload, pin=None)

    @pytest.mark.parametrize("pin", ["", "258", "25800", "２５８０", "abcd", "1234", "0000"])
    def test_four_digits_that_nobody_tries_first(self, session, clerk, pin):
        with pytest.raises(PinWrongShape):
            a_badge(session, clerk, pin)

    def test_only_who_serves_at_the_till_has_one(self, session, clerk):
        coordinator = builders.a_staff_member(session, Role.COORDINATOR)

        with pytest.raises(NotAllowed):
            a_badge(session, coordinator)

    def test_ten_wrong_digits_in_a_day_are_all(self, session, clerk):
        payload = a_badge(session, clerk)
        for hour in range(FAILURES_PER_BADGE):
            with pytest.raises(SignInFailed):
                enter(session, payload, pin="0852", at=NOON + hour * AN_HOUR)

        with pytest.raises(BadgePinLocked):
            enter(session, payload, at=NOON + FAILURES_PER_BADGE * AN_HOUR)
        assert clerk.number == enter(session, payload, at=NOON + 35 * AN_HOUR)

    def test_ten_at_once_close_the_door_first(self, session, clerk):
        payload = a_badge(session, clerk)
        for second in range(FAILURES_PER_BADGE):
            with pytest.raises(SignInFailed):
                enter(session, payload, pin="0852", at=NOON + timedelta(seconds=second))

        with pytest.raises(TooManySignIns):
            enter(session, payload, at=NOON + timedelta(seconds=30))
