"""Passkeys beside authenticators: made, given, removed; nothing of another place, session or person is taken."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.people.authenticator import Authenticator
from tests.people.builders import XFL, a_staff_member, acting_as, an_admin_act, open_the_community, signed_in
from timebank.books.requests import Secret
from timebank.people.one_time_codes import RECOVERY_CODES
from timebank.people.operations.factor_resets import ask_factor_reset, confirm_factor_reset
from timebank.people.operations.passkeys import (
    NoSuchPasskey,
    PasskeyNameMissing,
    PasskeyNotMade,
    add_passkey,
    give_passkey,
    remove_passkey,
)
from timebank.people.operations.second_factor import SecondFactorWrong, StepUpNeeded, TooManyCodes
from timebank.people.operations.signing_in import open_session
from timebank.people.passkeys import Place
from timebank.people.queries.factors import second_factor

CHALLENGE, ANOTHER = "11" * 32, "22" * 32
ELSEWHERE = Place(rp_id="evil.example", origin="https://evil.example")
CODES = tuple(Secret(f"{'abcdefghijklmno'}{letter}") for letter in "abcdefgh")[:RECOVERY_CODES]


@pytest.fixture
def li(session):
    """A coordinator who has given their password and nothing else."""
    open_the_community(session)
    li = a_staff_member(session, login="li")
    by_password(session, li, "half")
    return li


def by_password(session, person, secret):
    """Open a session as a password does."""
    open_session(session, acting_as(person), person.person_id, Secret(secret), "192.0.2.1")


def add(session, person, authenticator, *, answer=None, at=NOON, secret="half", **changes):
    """Add a passkey to somebody's second factors."""
    given = {"answer": answer or authenticator.make(CHALLENGE), "name": "办公室电脑"} | changes
    return add_passkey(session, acting_as(person, at=at), recovery_codes=CODES, session_secret=Secret(secret), **given)


def give(session, person, answer, *, secret="again", following="next"):
    """Give a passkey in a session that was begun by a password."""
    give_passkey(
        session,
        acting_as(person),
        answer=answer,
        session_secret=Secret(secret),
        next_secret=Secret(following),
        source="192.0.2.1",
    )


class TestAdding:
    """ASVS 6.3.3, 7.5.1: proved when it is made; with the first come recovery codes."""

    def test_it_is_a_second_factor_and_the_session_has_given_it(self, session, li):
        told = add(session, li, Authenticator())

        assert told["codes_digest"] is not None
        assert second_factor(session, XFL, li.person_id).there
        here = signed_in(session, "half")
        assert (True, NOON) == (here.has_second, here.second_at)

    def test_a_further_one_asks_for_a_fresh_factor_and_gives_no_codes(self, session, li):
        add(session, li, Authenticator())

        assert add(session, li, Authenticator())["codes_digest"] is None
        with pytest.raises(StepUpNeeded):
            add(session, li, Authenticator(), at=NOON + timedelta(minutes=11))

    def test_what_was_made_for_another_site_is_not_taken(self, session, li):
        key = Authenticator()

        with pytest.raises(PasskeyNotMade):
            add(session, li, key, answer=key.make(CHALLENGE, ELSEWHERE))

    def test_nor_what_answers_something_else(self, session, li):
        key = Authenticator()

        with pytest.raises(PasskeyNotMade):
            add(session, li, key, answer=replace(key.make(CHALLENGE), challenge=ANOTHER))

    @pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"id": 1}', "[" * 10_000, "不是"])
    def test_nor_nonsense(self, session, li, text):
        key = Authenticator()

        with pytest.raises(PasskeyNotMade):
            add(session, li, key, answer=replace(key.make(CHALLENGE), text=text))

    def test_nor_the_same_twice(self, session, li):
        key = Authenticator()
        add(session, li, key)

        with pytest.raises(PasskeyNotMade):
            add(session, li, key)

    @pytest.mark.parametrize("name", ["", " ", "长" * 41, "看\x00不见"])
    def test_it_has_a_name(self, session, li, name):
        with pytest.raises(PasskeyNameMissing):
            add(session, li, Authenticator(), name=name)


class TestGiving:
    """trust.md A10, ASVS 6.5.1 and 7.2.4: bound to this session, once; wrong ones are counted."""

    @pytest.fixture
    def key(self, session, li):
        """A passkey of the coordinator, who signs in once more."""
        key = Authenticator()
        add(session, li, key)
        by_password(session, li, "again")
        return key

    def test_the_session_goes_on_under_another_secret(self, session, li, key):
        give(session, li, key.give(CHALLENGE))

        assert signed_in(session, "again") is None
        assert NOON == signed_in(session, "next").second_at

    def test_what_was_signed_for_another_site_is_refused(self, session, li, key):
        with pytest.raises(SecondFactorWrong):
            give(session, li, key.give(CHALLENGE, ELSEWHERE))

    def test_so_is_what_answers_something_else(self, session, li, key):
        with pytest.raises(SecondFactorWrong):
            give(session, li, replace(key.give(CHALLENGE), challenge=ANOTHER))

    def test_so_is_what_was_sent_before(self, session, li, key):
        answer = key.give(CHALLENGE)
        give(session, li, answer)
        by_password(session, li, "third")

        with pytest.raises(SecondFactorWrong):
            give(session, li, answer, secret="third", following="fourth")

    def test_so_is_the_passkey_of_somebody_else(self, session, li, key):
        chen = a_staff_member(session)
        by_password(session, chen, "chen")

        with pytest.raises(SecondFactorWrong):
            give(session, chen, key.give(CHALLENGE), secret="chen")

    def test_after_five_wrong_ones_the_right_one_is_not_looked_at(self, session, li, key):
        for _ in range(5):
            with pytest.raises(SecondFactorWrong):
                give(session, li, Authenticator().give(CHALLENGE))

        with pytest.raises(TooManyCodes):
            give(session, li, key.give(CHALLENGE))


class TestRemoving:
    """ASVS 6.5.6: a key that was lost is removed by its owner, or all of them by two people at the desk."""

    def test_it_works_no_more(self, session, li):
        key = Authenticator()
        add(session, li, key)

        remove_passkey(session, acting_as(li), credential_id=key.credential_id, session_secret=Secret("half"))

        assert not second_factor(session, XFL, li.person_id).there

    def test_nobody_removes_somebody_elses(self, session, li):
        key, chen = Authenticator(), a_staff_member(session)
        add(session, li, key)
        by_password(session, chen, "chen")
        add(session, chen, Authenticator(), secret="chen")

        with pytest.raises(NoSuchPasskey):
            remove_passkey(session, acting_as(chen), credential_id=key.credential_id, session_secret=Secret("chen"))

    def test_a_reset_by_two_forgets_all(self, session, li):
        add(session, li, Authenticator())
        chen = a_staff_member(session)
        reset_id = ask_factor_reset(session, an_admin_act(), number=li.number, reason="钥匙丢了")

        confirm_factor_reset(session, acting_as(chen), reset_id=UUID(reset_id))

        assert not second_factor(session, XFL, li.person_id).there
