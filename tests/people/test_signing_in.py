"""Signing in, and what a stranger cannot do."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters

from tests.builders import NOON, an_act
from tests.people.builders import (
    PASSWORD,
    a_password,
    a_staff_member,
    a_volunteer,
    an_admin_act,
    open_the_community,
    signed_in,
)
from timebank.books import trail
from timebank.books.requests import Secret
from timebank.books.trail import TrailFilter
from timebank.database import reading, writing
from timebank.people import operations, passwords, queries
from timebank.people.operations.signing_in import NoSuchPerson, SignInFailed
from timebank.people.operations.throttling import TooManySignIns
from timebank.people.tables import SignInAttemptRow

HOME, AWAY = "192.0.2.7", "203.0.113.9"


@pytest.fixture
def session(session):
    """A session in which V0001 has a password."""
    open_the_community(session)
    a_volunteer(session, name="王秀英")
    a_password(session, "V0001")
    return session


def sign_in(session, login="V0001", password=PASSWORD, cookie="cookie", source=HOME, **changes):
    """Sign in as a stranger, in the test's own transaction."""
    act = an_act(**({"number": "nobody"} | changes))
    return operations.sign_in(
        lambda: nullcontext(session),
        act,
        login=login,
        password=Secret(password),
        session_secret=Secret(cookie),
        source=source,
    )


def fail(session, times, **changes):
    """Sign in with a wrong password so many times."""
    for _ in range(times):
        with pytest.raises(SignInFailed):
            sign_in(session, password="falsch geraten", **changes)


def pretend(session, times, *, login="v0001", source=HOME):
    """Write failures down without the cost of looking at passwords."""
    rows = [
        {
            "community_id": "xfl",
            "id": an_act().new_id("sign-in"),
            "login_digest": hashlib.sha256(login.encode()).digest(),
            "source": source,
            "at": NOON,
            "succeeded": False,
        }
        for _ in range(times)
    ]
    session.execute(sa.insert(SignInAttemptRow), rows)


class TestSigningIn:
    """By login name, staff number or volunteer number, and the password."""

    @pytest.mark.parametrize("login", ["V0001", "v0001", " V0001 ", "Ｖ０００１"])
    def test_a_volunteer_enters_by_number(self, session, login):
        assert "V0001" == sign_in(session, login)

        found = signed_in(session)
        assert ("王秀英", None, "V0001", frozenset()) == (
            found.name,
            found.staff_number,
            found.volunteer_number,
            found.roles,
        )

    @pytest.mark.parametrize("login", ["zhaomin", "ZhaoMin", "S002", "s002"])
    def test_the_staff_enter_by_name_or_number(self, session, login):
        staff = a_staff_member(session, login="zhaomin")
        a_password(session, staff.number)

        assert "S002" == sign_in(session, login)

        assert staff.roles == signed_in(session).roles

    def test_who_is_both_is_one_person_with_both_numbers(self, session):
        staff = a_staff_member(session, volunteer_number="V0001")

        sign_in(session)

        found = signed_in(session)
        assert (staff.number, "V0001", staff.number) == (found.staff_number, found.volunteer_number, found.number)

    def test_leaves_a_line_in_their_own_name(self, session):
        sign_in(session)

        line = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.sign_in"))[0]
        assert ("V0001", "V0001", "done", {"source": HOME}) == (line.actor, line.subject, line.outcome, line.facts)

    def test_a_long_source_is_cut(self, session):
        sign_in(session, source="x" * 500)

        person_id = queries.volunteer(session, "xfl", "V0001").person_id
        assert ["x" * 64] == [each.source for each in queries.open_sessions(session, "xfl", person_id)]


class TestFailing:
    """trust.md A4: unknown, wrong and disabled are told the same, and take as long."""

    @pytest.mark.parametrize(
        ("login", "password"),
        [("V0001", "falsch geraten"), ("V0009", PASSWORD), ("", PASSWORD), ("V0001", ""), ("x" * 10_000, PASSWORD)],
    )
    def test_nothing_is_told_but_that_it_failed(self, session, login, password):
        with pytest.raises(SignInFailed) as refused:
            sign_in(session, login, password)

        assert {} == refused.value.facts

    def test_who_has_no_password_yet_fails_alike(self, session):
        a_volunteer(session)

        with pytest.raises(SignInFailed):
            sign_in(session, "V0002", "")

    def test_who_is_disabled_fails_alike(self, session):
        staff = a_staff_member(session)
        a_password(session, staff.number)
        operations.disable_staff(session, an_admin_act(), number=staff.number)

        with pytest.raises(SignInFailed):
            sign_in(session, staff.number)

    def test_a_disabled_member_of_the_staff_enters_as_the_volunteer_they_are(self, session):
        staff = a_staff_member(session, volunteer_number="V0001")
        operations.disable_staff(session, an_admin_act(), number=staff.number)

        sign_in(session)

        found = signed_in(session)
        assert (None, frozenset()) == (found.staff_number, found.roles)

    def test_a_failure_leaves_a_line_and_what_was_typed_is_not_in_it(self, session):
        with pytest.raises(SignInFailed):
            sign_in(session, "mein-passwort-im-falschen-feld")

        lines = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.sign_in"))
        assert [("nobody", None, "refused")] == [(line.actor, line.subject, line.outcome) for line in lines]
        assert "mein-passwort" not in str(lines)

    def test_whoever_is_named_the_same_work_is_done(self, session, monkeypatch):
        gone, without = a_staff_member(session, login="gone"), a_volunteer(session, name="张桂芳")
        operations.disable_staff(session, an_admin_act(), number=gone.number)
        counting = CountingHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        monkeypatch.setattr(passwords, "HASHER", counting)

        for login in ("V0001", "V0009", "gone", without.number, "'; --"):
            with pytest.raises(SignInFailed):
                sign_in(session, login, "falsch geraten")

        assert 5 == len(counting.looked_at)
        assert all(one == counting.looked_at[0] for one in counting.looked_at)


class CountingHasher(PasswordHasher):
    """Hashes as ever, and keeps what each computation cost: how much memory, how many passes, how long a salt."""

    def __init__(self, **costs):
        super().__init__(**costs)
        self.looked_at = []

    def verify(self, *given):
        self.looked_at.append(extract_parameters(given[0]))
        return super().verify(*given)


class TestThrottling:
    """trust.md G21, A1 to A3: ten failures in five minutes per account and source."""

    def test_the_tenth_failure_is_looked_at_and_the_eleventh_is_not(self, session):
        fail(session, 10)

        with pytest.raises(TooManySignIns) as refused:
            sign_in(session, password="falsch geraten")

        assert {"minutes": 5} == refused.value.facts

    def test_even_the_right_password_is_not_looked_at(self, session):
        fail(session, 1)
        pretend(session, 9)

        with pytest.raises(TooManySignIns):
            sign_in(session)

    def test_after_nine_failures_the_right_password_is(self, session):
        fail(session, 1)
        pretend(session, 8)

        assert "V0001" == sign_in(session)

    def test_from_elsewhere_the_owner_still_enters(self, session):
        fail(session, 1, source=AWAY)
        pretend(session, 9, source=AWAY)

        assert "V0001" == sign_in(session, source=HOME)

    @pytest.mark.parametrize(
        ("later", "enters"), [(timedelta(minutes=5), True), (timedelta(minutes=4, seconds=59), False)]
    )
    def test_after_five_minutes_it_is_over(self, session, later, enters):
        fail(session, 1)
        pretend(session, 9)

        if enters:
            assert "V0001" == sign_in(session, at=NOON + later)
        else:
            with pytest.raises(TooManySignIns):
                sign_in(session, at=NOON + later)

    def test_a_name_that_nobody_has_is_throttled_alike(self, session):
        fail(session, 1, login="V0009")
        pretend(session, 9, login="v0009")

        with pytest.raises(TooManySignIns):
            sign_in(session, "V0009")

    def test_successes_do_not_count(self, session):
        for count in range(11):
            sign_in(session, cookie=f"cookie {count}")

    def test_one_source_that_tries_many_accounts_is_stopped_at_fifty(self, session):
        fail(session, 1, login="V0002")
        pretend(session, 48, login="v0004")
        fail(session, 1, login="V0003")

        with pytest.raises(TooManySignIns):
            sign_in(session)

    def test_an_account_that_is_tried_from_everywhere_stays_open_where_it_was_entered(self, session):
        sign_in(session, source=HOME, cookie="long ago")
        fail(session, 1, source="198.51.100.1")
        for number in range(11):
            pretend(session, 9, source=f"198.51.100.{number}")

        assert "V0001" == sign_in(session, source=HOME)
        with pytest.raises(TooManySignIns):
            sign_in(session, source=AWAY, cookie="away")

    def test_while_everything_is_tried_it_stays_open_where_it_was_entered(self, session):
        sign_in(session, source=HOME)
        for place in range(20):
            pretend(session, 50, login=f"guess {place}", source=f"198.51.100.{place}")

        with pytest.raises(TooManySignIns):
            sign_in(session, source=AWAY)
        assert "V0001" == sign_in(session, source=HOME, cookie="again")

    def test_attempts_are_forgotten_after_a_day(self, session):
        fail(session, 1)

        sign_in(session, at=NOON + timedelta(days=1, seconds=1))

        assert 1 == session.scalar(sa.text("SELECT COUNT(*) FROM sign_in_attempt"))

    def test_guesses_at_the_same_moment_are_counted_too(self, database):
        open_the_community(database.engine)
        a_volunteer(database.engine)
        a_password(database.engine, "V0001")

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(lambda count: self.guess(database, count), range(24)))

        assert 10 == outcomes.count(SignInFailed)
        assert 14 == outcomes.count(TooManySignIns)

    def guess(self, database, count):
        try:
            operations.sign_in(
                lambda: writing(database.engine),
                an_act(number="nobody", request_key=f"guess-{count:08}"),
                login="V0001",
                password=Secret("falsch geraten"),
                session_secret=Secret(f"cookie {count}"),
                source=AWAY,
            )
        except (SignInFailed, TooManySignIns) as refused:
            return type(refused)
        return None

    def test_what_failed_is_kept_and_what_was_not_looked_at_leaves_nothing(self, database):
        open_the_community(database.engine)
        for count in range(12):
            self.guess(database, count)

        with reading(database.engine) as session:
            lines = trail.lines(session, "xfl", wanted=TrailFilter(verb="people.sign_in"))
        assert 10 == len(lines)


class TestTheDemo:
    """The one-click logins: the shell makes sure that they are offered in the demo only."""

    def test_enters_without_a_password(self, session):
        number = operations.open_demo_session(
            session, an_act(number="nobody"), login="admin", session_secret=Secret("cookie")
        )

        assert "S001" == number == signed_in(session).number

    def test_as_somebody_whom_nobody_knows_it_does_not(self, session):
        with pytest.raises(NoSuchPerson) as refused:
            operations.open_demo_session(
                session, an_act(number="nobody"), login="x" * 50, session_secret=Secret("cookie")
            )

        assert {"login": "x" * 40} == refused.value.facts

    def test_one_of_each_is_offered(self, session):
        a_staff_member(session, login="zhaomin", name="赵敏")

        offered = queries.demo_people(session, "xfl")

        assert [("V0001", "volunteer"), ("zhaomin", "coordinator"), ("admin", "admin")] == [
            (person.login, person.role) for person in offered
        ]
