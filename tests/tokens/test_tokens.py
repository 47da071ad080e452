"""Tokens: everybody on the staff issues their own; a token never outlives its owner's roles."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.people.builders import XFL, a_staff_member, acting_as, an_admin_act, open_the_community, with_defaults
from timebank.books.requests import Secret
from timebank.people import operations as people
from timebank.people.queries import NotAllowed
from timebank.people.queries.sessions import secret_digest
from timebank.people.roles import Role
from timebank.tokens import operations, queries
from timebank.tokens.operations import TokenEnded
from timebank.tokens.queries import NoSuchToken
from timebank.tokens.rules import Scope, TokenDaysWrong, TokenNameWrong, TokenWithoutScope, read, written
from timebank.tokens.tables import ApiTokenRow

SECRET = "a-secret-of-a-token"


@pytest.fixture
def li(session):
    """A coordinator of an open community."""
    open_the_community(session)
    return a_staff_member(session, Role.COORDINATOR)


def issued(session, act, **changes):
    """Issue a token for reading, for a day, unless the test says otherwise."""
    asked = with_defaults(changes, name="街道报表", scopes=(Scope.READ,), days=1, secret=Secret(SECRET))
    return operations.issue(session, act, **asked)


def caller(session, secret=SECRET, at=NOON):
    """Who comes with a token at noon, unless the test says otherwise."""
    return queries.find_caller(session, XFL, secret=secret, at=at)


class TestIssuing:
    """experience.md 4.2: bearer tokens with scopes and expiry, shown once; trust.md A13."""

    def test_its_owner_comes_with_it_and_may_what_their_role_allows(self, session, li):
        issued(session, acting_as(li), scopes=(Scope.READ, Scope.HOURS))

        found = caller(session)

        assert found is not None
        assert (li.person_id, frozenset({Role.COORDINATOR})) == (found.token.owner_id, found.roles)
        assert {Scope.READ, Scope.HOURS} == set(found.token.scopes)

    def test_only_its_digest_is_kept(self, session, li):
        issued(session, acting_as(li))

        assert [secret_digest(SECRET)] == session.scalars(sa.select(ApiTokenRow.digest)).all()

    def test_it_works_until_its_last_moment_and_not_longer(self, session, li):
        issued(session, acting_as(li), days=1)

        assert caller(session, at=NOON + timedelta(days=1, microseconds=-1)) is not None
        assert caller(session, at=NOON + timedelta(days=1)) is None

    def test_another_secret_is_nobody(self, session, li):
        issued(session, acting_as(li))

        assert caller(session, secret="another") is None
        assert queries.find_caller(session, "yfl", secret=SECRET, at=NOON) is None

    def test_a_request_made_twice_keeps_the_first_secret(self, session, li):
        act = acting_as(li)

        first, again = issued(session, act), issued(session, act, secret=Secret("made for the retry"))

        assert first == again
        assert caller(session, secret="made for the retry") is None

    @pytest.mark.parametrize("days", [0, 367])
    def test_it_lasts_at_least_a_day_and_at_most_a_year(self, session, li, days):
        with pytest.raises(TokenDaysWrong):
            issued(session, acting_as(li), days=days)

    @pytest.mark.parametrize("days", [1, 366])
    def test_a_day_and_a_year_are_allowed(self, session, li, days):
        assert issued(session, acting_as(li), days=days)

    @pytest.mark.parametrize("name", ["", "  ", "长" * 61, "看不见\u202e"])
    def test_it_has_a_name_that_can_be_read(self, session, li, name):
        with pytest.raises(TokenNameWrong):
            issued(session, acting_as(li), name=name)

    def test_it_is_for_something(self, session, li):
        with pytest.raises(TokenWithoutScope):
            issued(session, acting_as(li), scopes=())

    def test_somebody_without_a_role_gets_none(self, session, li):
        people.disable_staff(session, an_admin_act(), number=li.number)

        with pytest.raises(NotAllowed):
            issued(session, acting_as(li))


class TestEnding:
    """trust.md A13, Z6: an end holds at once, and nobody ends somebody else's."""

    def test_it_works_no_more(self, session, li):
        token = issued(session, acting_as(li))

        operations.end(session, acting_as(li), token_id=queries.tokens(session, XFL)[0].id)

        assert caller(session) is None
        (ended,) = queries.tokens(session, XFL, owner_id=li.person_id)
        assert (token["id"], li.number) == (str(ended.id), ended.ended_by)

    def test_an_admin_ends_anybodys(self, session, li):
        issued(session, acting_as(li))

        operations.end(session, an_admin_act(), token_id=queries.tokens(session, XFL)[0].id)

        assert caller(session) is None

    def test_to_somebody_else_it_is_not_there(self, session, li):
        issued(session, acting_as(li))
        chen = a_staff_member(session, Role.COORDINATOR)

        with pytest.raises(NoSuchToken):
            operations.end(session, acting_as(chen), token_id=queries.tokens(session, XFL)[0].id)

    def test_it_is_ended_once(self, session, li):
        issued(session, acting_as(li))
        token_id = queries.tokens(session, XFL)[0].id
        operations.end(session, acting_as(li), token_id=token_id)

        with pytest.raises(TokenEnded):
            operations.end(session, acting_as(li), token_id=token_id)

    def test_it_ends_with_its_owner(self, session, li):
        issued(session, acting_as(li))

        people.disable_staff(session, an_admin_act(), number=li.number)

        assert caller(session) is None

    def test_a_role_that_is_taken_is_taken_from_it_at_once(self, session, li):
        issued(session, acting_as(li))

        people.revoke_role(session, an_admin_act(), number=li.number, role=Role.COORDINATOR)

        assert frozenset() == caller(session).roles


class TestHowItIsWritten:
    """A token that was written down somewhere can be found by its beginning; it names its community."""

    def test_it_is_read_as_it_was_written(self):
        assert ("xfl", "a_b-c") == read(written("xfl", "a_b-c"))

    @pytest.mark.parametrize("text", ["", "tbk", "tbk_xfl", "tbk_xfl_", "tbk__a", "abc_xfl_a", "tbk_xfl_\u202ea"])
    def test_what_is_written_otherwise_is_none(self, text):
        assert read(text) is None
