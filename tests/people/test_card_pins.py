"""A volunteer's card and six digits: another way to sign in for whoever remembers no password."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.builders import NOON, an_act
from tests.people.builders import (
    PASSWORD,
    XFL,
    a_password,
    a_staff_member,
    a_volunteer,
    acting_as,
    open_the_community,
    signed_in,
)
from timebank.books.requests import Secret
from timebank.people import operations
from timebank.people.operations.card_pins import CardPinLocked, CardPinWrongShape, NoCardInUse, set_card_pin
from timebank.people.operations.logins import CurrentPasswordWrong
from timebank.people.operations.signing_in import SignInFailed, open_session, sign_in
from timebank.people.operations.throttling import TooManySignIns
from timebank.people.queries import find_card
from timebank.people.roles import Role

PIN = "258036"


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


@pytest.fixture
def desk(session):
    return a_staff_member(session)


@pytest.fixture
def wang(session, desk):
    """A volunteer with a card and a password."""
    wang = a_volunteer(session)
    a_password(session, wang.number)
    operations.issue_card(session, acting_as(desk), number=wang.number)
    return wang


def choose(session, person, pin=PIN, current=PASSWORD):
    act = an_act(person_id=person.person_id, number=person.number)
    set_card_pin(session, act, pin=Secret(pin), current=Secret(current), session_secret=None)


def code_of(session, person):
    card = find_card(session, XFL, person.number)
    assert card is not None, person.number
    return card.grouped


def enter(session, code, pin=PIN, at=NOON, source="10.0.0.1"):
    """Scan a card on the page of sign-in and type the digits."""

    @contextmanager
    def transaction():
        yield session

    return sign_in(
        transaction,
        an_act(community_id=XFL, number="nobody", at=at),
        login=code,
        password=Secret(pin),
        session_secret=Secret(f"session at {at} of {code} {pin}"),
        source=source,
    )


class TestSigningIn:
    """trust.md T10: volunteers sign in by a card with six digits; throttled as passwords are."""

    def test_card_and_digits_let_their_owner_in(self, session, wang):
        choose(session, wang)

        assert wang.number == enter(session, code_of(session, wang))

    def test_wrong_digits_a_card_without_any_and_no_card_at_all_are_told_alike(self, session, desk, wang):
        without = a_volunteer(session, name="张桂芳")
        operations.issue_card(session, acting_as(desk), number=without.number)
        choose(session, wang)
        nobodys = "98 " + code_of(session, wang)[3:]

        for code, pin in ((code_of(session, wang), "000000"), (code_of(session, without), PIN), (nobodys, PIN)):
            with pytest.raises(SignInFailed) as refused:
                enter(session, code, pin)
            assert {} == refused.value.facts

    def test_the_digits_are_no_password_and_the_password_no_digits(self, session, wang):
        choose(session, wang)

        with pytest.raises(SignInFailed):
            enter(session, wang.number, PIN)
        with pytest.raises(SignInFailed):
            enter(session, code_of(session, wang), PASSWORD)

    def test_a_card_that_was_lost_lets_nobody_in_and_a_new_one_has_no_digits(self, session, desk, wang):
        choose(session, wang)
        lost = code_of(session, wang)
        operations.revoke_card(session, acting_as(desk), number=wang.number)
        operations.issue_card(session, acting_as(desk), number=wang.number)

        for code in (lost, code_of(session, wang)):
            with pytest.raises(SignInFailed):
                enter(session, code)

    def test_whoever_works_here_does_not_enter_by_a_card(self, session, wang):
        choose(session, wang)
        a_staff_member(session, Role.CLERK, volunteer_number=wang.number)

        with pytest.raises(SignInFailed):
            enter(session, code_of(session, wang))


class TestGuessing:
    """trust.md G21, T21: a finder of the card guesses ten times a day; its owner still enters by password."""

    @pytest.fixture
    def guessed(self, session, wang):
        """Ten wrong digits, from many places."""
        choose(session, wang)
        for count in range(10):
            with pytest.raises(SignInFailed):
                enter(session, code_of(session, wang), f"{count:06}", source=f"10.0.0.{count}")
        return code_of(session, wang)

    def test_the_right_digits_do_not_help_meanwhile(self, session, guessed):
        with pytest.raises(CardPinLocked):
            enter(session, guessed, source="10.0.9.9")

    def test_the_password_still_does(self, session, wang, guessed):
        assert wang.number == enter(session, wang.number, PASSWORD)

    def test_on_the_next_day_they_do(self, session, wang, guessed):
        assert wang.number == enter(session, guessed, at=NOON + timedelta(days=1, minutes=1))

    def test_ten_from_one_source_are_throttled_first(self, session, wang):
        choose(session, wang)
        for count in range(10):
            with pytest.raises(SignInFailed):
                enter(session, code_of(session, wang), f"{count:06}")

        with pytest.raises(TooManySignIns):
            enter(session, code_of(session, wang))


class TestChoosing:
    """Only the owner chooses them, with the password; nobody at the desk ever knows them."""

    @pytest.mark.parametrize(
        "pin", ["", "12345", "1234567", "123456", "654321", "888888", "121212", "258258", "２５８０３６", "25803a"]
    )
    def test_what_anybody_would_try_is_refused(self, session, wang, pin):
        with pytest.raises(CardPinWrongShape):
            choose(session, wang, pin)

    def test_without_the_password_they_are_not_changed(self, session, wang):
        with pytest.raises(CurrentPasswordWrong):
            choose(session, wang, current="something else")

    def test_without_a_card_there_are_none(self, session):
        without = a_volunteer(session)
        a_password(session, without.number)

        with pytest.raises(NoCardInUse):
            choose(session, without)

    def test_other_sessions_end(self, session, wang):
        act = an_act(person_id=wang.person_id, number=wang.number)
        open_session(session, act, wang.person_id, Secret("cookie"), "10.0.0.1")

        choose(session, wang)

        assert signed_in(session) is None
