"""Sessions on the server: how long they last, and how they end."""

from datetime import timedelta

import pytest

from tests.builders import NOON, an_act
from tests.people.builders import a_staff_member, a_volunteer, an_admin_act, open_the_community, signed_in
from timebank.books import trail
from timebank.books.requests import Secret
from timebank.books.trail import TrailFilter
from timebank.people import operations, queries
from timebank.people.roles import Role

COOKIE = Secret("cookie")
SECOND = timedelta(seconds=1)


@pytest.fixture
def session(session):
    """A session of the database in which V0001 and the clerk S002 are there."""
    open_the_community(session)
    a_volunteer(session)
    a_staff_member(session, Role.CLERK)
    return session


def begin(session, login, cookie=COOKIE):
    """Begin a session without a password."""
    operations.open_demo_session(session, an_act(number="nobody"), login=login, session_secret=cookie)


def lasts(session, after):
    """Tell whether the session is still there after a while."""
    return signed_in(session, at=NOON + after) is not None


def seen(session, after):
    """Let the owner look at a page after a while."""
    operations.note_seen(session, "xfl", session_secret=COOKIE, at=NOON + after)


class TestLasting:
    """trust.md A8, T22: staff who go away are out after an hour; volunteers on their own phone stay ninety days."""

    @pytest.mark.parametrize(("login", "idle"), [("S002", timedelta(hours=1)), ("V0001", timedelta(days=90))])
    def test_ends_when_nobody_was_seen_for_so_long(self, session, login, idle):
        begin(session, login)

        assert lasts(session, idle)
        assert not lasts(session, idle + SECOND)

    @pytest.mark.parametrize(
        ("login", "idle", "life"),
        [("S002", timedelta(hours=1), timedelta(hours=12)), ("V0001", timedelta(days=90), timedelta(days=90))],
    )
    def test_ends_after_its_whole_life_however_often_somebody_was_seen(self, session, login, idle, life):
        begin(session, login)
        seen(session, life - idle / 2)

        assert lasts(session, life)
        assert not lasts(session, life + SECOND)

    def test_being_seen_keeps_it(self, session):
        begin(session, "S002")

        seen(session, timedelta(minutes=50))

        assert lasts(session, timedelta(minutes=110))

    @pytest.mark.parametrize(
        ("after", "written"), [(timedelta(minutes=5), False), (timedelta(minutes=5) + SECOND, True)]
    )
    def test_being_seen_is_written_every_five_minutes(self, session, after, written):
        begin(session, "S002")

        seen(session, after)

        found = signed_in(session, at=NOON + after)
        assert (NOON + after if written else NOON) == found.last_seen_at


class TestEnding:
    """trust.md section 0, finding 9: a copied cookie is worth nothing after the end."""

    def test_signing_out_ends_it(self, session):
        begin(session, "V0001")

        operations.sign_out(session, an_act(number="nobody"), session_secret=COOKIE)

        assert not lasts(session, timedelta())
        line = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.sign_out"))[0]
        assert ("V0001", "done") == (line.actor, line.outcome)

    def test_signing_out_twice_or_without_a_session_does_nothing(self, session):
        begin(session, "V0001")
        for cookie in (COOKIE, COOKIE, Secret("never was")):
            operations.sign_out(session, an_act(number="nobody"), session_secret=cookie)

        assert 1 == len(trail.lines(session, "xfl", wanted=TrailFilter(verb="people.sign_out")))

    def test_an_ended_session_is_not_seen(self, session):
        begin(session, "V0001")
        operations.sign_out(session, an_act(number="nobody"), session_secret=COOKIE)

        seen(session, timedelta(minutes=10))

        assert not lasts(session, timedelta(minutes=10))

    def test_disabling_ends_all(self, session):
        begin(session, "S002")

        operations.disable_staff(session, an_admin_act(), number="S002")

        assert not lasts(session, timedelta())

    def test_a_secret_that_nobody_was_given_finds_nobody(self, session):
        assert queries.find_session(session, "xfl", secret="guessed", at=NOON) is None

    def test_with_a_role_that_was_taken_every_session_ends(self, session):
        begin(session, "S002")

        operations.revoke_role(session, an_admin_act(), number="S002", role=Role.CLERK)

        assert not lasts(session, timedelta())

    def test_the_list_of_devices_shows_what_is_open(self, session):
        begin(session, "V0001")
        begin(session, "V0001", Secret("phone"))
        operations.sign_out(session, an_act(number="nobody"), session_secret=COOKIE)

        person_id = queries.volunteer(session, "xfl", "V0001").person_id
        assert [("demo", NOON)] == [
            (each.source, each.started_at) for each in queries.open_sessions(session, "xfl", person_id)
        ]
