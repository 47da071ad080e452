"""What a token may be for, how long it may last, and in which words a program shows it.

A token never gives more than its owner's roles do at the moment of use; its scopes only take away.

Source: trust.md A13; experience.md section 4.2 (read-only by default, shown once, expiry).
"""

import base64
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from timebank.refusal import Refusal

NAME_CHARACTERS_MAX: Final = 60
DAYS_MAX: Final = 366
DAYS_USUAL: Final = 90
PREFIX: Final = "tbk"
"""How every token begins, so that one which was written down somewhere can be found."""


class Scope(StrEnum):
    """What a token may be used for; `read` is all that one gets unless more is asked for."""

    READ = "read"
    PEOPLE = "people:write"
    HOURS = "hours:write"
    STARS = "stars:write"
    MARKET = "market:write"
    RULES = "rules:write"
    BOOKS = "books:write"
    TOKENS = "tokens:write"
    WEBHOOKS = "webhooks:write"


class TokenNameWrong(Refusal):
    """A token needs a name of 1 to 60 characters, so that its owner knows later what it was for."""

    code = "token_name_wrong"


class TokenDaysWrong(Refusal):
    """A token lasts from one day to one year."""

    code = "token_days_wrong"


class TokenWithoutScope(Refusal):
    """A token that may do nothing is none."""

    code = "token_without_scope"


class TokenBeyondOwn(Refusal):
    """A program gives away no more than it has itself."""

    code = "token_beyond_own"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a program that issues a token has itself: its scopes, and the moment until which it works."""

    scopes: tuple[Scope, ...]
    until: datetime


def check_within(scopes: Iterable[Scope], bounds: Bounds) -> None:
    """Make sure that a token may do nothing that its maker may not.

    Raises:
        TokenBeyondOwn
    """
    beyond = sorted(set(scopes) - set(bounds.scopes))
    if beyond:
        raise TokenBeyondOwn(scopes=[scope.value for scope in beyond])


def derived_secret(key: bytes, *, maker: str, request_key: str) -> str:
    """Derive the secret of a token that a program issues, so that a retry is given the same one and nobody keeps it.

    Args:
        key: of the installation, which stays.
        maker: the secret of the token that issues it; without that nobody derives it again.
    """
    digest = hmac.digest(key, f"token\0{maker}\0{request_key}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:24]).decode()


def check_token(name: str, scopes: Iterable[Scope], days: int) -> None:
    """Make sure that a token can be issued like this.

    Raises:
        TokenNameWrong, TokenDaysWrong, TokenWithoutScope
    """
    if not 1 <= len(name.strip()) <= NAME_CHARACTERS_MAX:
        raise TokenNameWrong(characters_max=NAME_CHARACTERS_MAX)
    if not 1 <= days <= DAYS_MAX:
        raise TokenDaysWrong(days=days, days_max=DAYS_MAX)
    if not set(scopes):
        raise TokenWithoutScope()


def written(community_id: str, secret: str) -> str:
    """Write a token as a program sends it; the community's code stands in it, for the API has no page to choose one."""
    return f"{PREFIX}_{community_id}_{secret}"


def read(text: str) -> tuple[str, str] | None:
    """Return the community and the secret of a token, or None where it is written like none of ours."""
    prefix, _, rest = text.partition("_")
    community_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not community_id or not secret or not text.isascii() or not text.isprintable():
        return None
    return community_id, secret
