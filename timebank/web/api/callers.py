"""Who calls: every request brings a token, and is judged by its scopes and by what its owner may do now.

A cookie is worth nothing here, and a token nothing on the pages; so no page of elsewhere can make a browser call.
"""

from datetime import datetime
from typing import Final, NoReturn

from flask import Response, current_app, g, request

from timebank import chance, clock
from timebank.books import trail
from timebank.books.acts import Act
from timebank.database import db, writing
from timebank.people.queries import NotAllowed, allowed_to
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.tokens.queries import Caller, find_caller
from timebank.tokens.rules import Scope, read
from timebank.web.api.rate import Meter, RateExceeded

CHANNEL: Final = "api"
METER: Final = "timebank meter"
"""Under which name the application keeps the meter of its callers."""


class TokenMissing(Refusal):
    """The request brings no token that works."""

    code = "token_missing"


class ScopeMissing(Refusal):
    """The token was not issued for this."""

    code = "scope_missing"


def let_in(scope: Scope, needed: tuple[Permission, ...]) -> None:
    """Find out who calls, and turn them away where the request is not for them.

    Args:
        needed: permissions of which the caller's roles must give one; none: everybody on the staff.

    Raises:
        TokenMissing, RateExceeded, ScopeMissing, NotAllowed
    """
    found = read(_bearer())
    if found is None:
        raise TokenMissing()
    community_id, secret = found
    caller = find_caller(db.session(), community_id, secret=secret, at=clock.now())
    if caller is None:
        raise TokenMissing()
    g.api_caller, g.api_community, g.api_act = caller, community_id, act
    g.api_secret = secret
    meter: Meter = current_app.extensions[METER]
    g.api_left = meter.count(caller.token.id, clock.now())
    if g.api_left.requests < 0:
        raise RateExceeded(seconds=g.api_left.seconds)
    if scope not in caller.token.scopes:
        _turn_away(ScopeMissing(scope=scope.value))
    allowed = allowed_to(db.session(), community_id, caller.roles)
    if not caller.roles or (needed and allowed.isdisjoint(needed)):
        _turn_away(NotAllowed(permission=needed[0].value if needed else "staff"))


def _bearer() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _turn_away(refusal: Refusal) -> NoReturn:
    """Whoever tries doors leaves a trace, as on the pages."""
    with writing() as session:
        line = act(chance.fresh_key(), clock.now())
        trail.note(session, line, "web.door", subject=request.endpoint, outcome="refused", facts={"code": refusal.code})
    raise refusal


def caller() -> Caller:
    """Return who calls."""
    found: Caller = g.api_caller
    return found


def secret_of_caller() -> str:
    """Return the secret of the token with which the caller came."""
    return str(g.api_secret)


def community_id() -> str:
    """Return the community of the caller; there is no way to ask for another one's."""
    return str(g.api_community)


def act(request_key: str, at: datetime) -> Act:
    """Make the act of the caller's request."""
    return Act(
        community_id=community_id(),
        person_id=caller().token.owner_id,
        number=caller().token.owner,
        at=at,
        request_key=request_key,
        channel=CHANNEL,
        salt=chance.fresh_salt(),
    )


def tell_what_is_left(answer: Response) -> Response:
    """Tell a caller how much they may still ask in this minute."""
    if "api_left" in g:
        answer.headers.update(g.api_left.headers())
    return answer
