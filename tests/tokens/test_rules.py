"""Tokens: what one may be for, and that no program gives away more than it has."""

import base64
import hashlib
import hmac

import pytest

from tests.builders import NOON
from timebank.tokens.rules import (
    Bounds,
    Scope,
    TokenBeyondOwn,
    TokenNameWrong,
    check_token,
    check_within,
    derived_secret,
    read,
    written,
)

OWN = Bounds(scopes=(Scope.READ, Scope.HOURS), until=NOON)


class TestWhatAProgramGivesAway:
    """trust.md A13: a token never gives more than who made it has."""

    @pytest.mark.parametrize("scopes", [(), (Scope.READ,), (Scope.HOURS, Scope.READ)])
    def test_is_what_it_has_or_less(self, scopes):
        check_within(scopes, OWN)

    def test_is_never_more_and_what_is_too_much_is_told_in_order(self):
        with pytest.raises(TokenBeyondOwn) as refused:
            check_within((Scope.STARS, Scope.READ, Scope.MARKET, Scope.BOOKS), OWN)

        assert ["books:write", "market:write", "stars:write"] == refused.value.facts["scopes"]


class TestNames:
    """From one character to sixty, spaces around them not counted."""

    @pytest.mark.parametrize("name", ["报", " 报 ", "报" * 60])
    def test_of_one_to_sixty_characters_are_taken(self, name):
        check_token(name, (Scope.READ,), 1)

    @pytest.mark.parametrize("name", ["", "  ", "报" * 61])
    def test_of_none_or_more_are_refused(self, name):
        with pytest.raises(TokenNameWrong):
            check_token(name, (Scope.READ,), 1)


class TestSecrets:
    """A retry is given the same secret, and nobody keeps it."""

    def test_of_a_program_follow_from_its_own_and_from_the_request(self):
        digest = hmac.new(b"key", b"token\0maker\0request", hashlib.sha256).digest()

        assert base64.urlsafe_b64encode(digest[:24]).decode() == derived_secret(
            b"key", maker="maker", request_key="request"
        )

    def test_are_found_where_they_were_written_down(self):
        """Programs out there hold tokens that begin so; scanners look for it."""
        assert "tbk_xfl_secret" == written("xfl", "secret")
        assert ("xfl", "secret") == read("tbk_xfl_secret")


def test_the_words_for_what_a_token_is_for_stay_as_they_are():
    """They are stored with every token, and programs send them."""
    words = ["read", "people:write", "hours:write", "stars:write", "market:write", "rules:write", "books:write"]

    assert [*words, "tokens:write", "webhooks:write"] == [scope.value for scope in Scope]
