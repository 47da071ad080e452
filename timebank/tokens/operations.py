"""What can be done with tokens: everybody on the staff issues their own; its owner or an admin ends one.

Nobody issues a token in somebody else's name: whoever did could act as them.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people import queries as people
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries import NotAllowed
from timebank.people.queries.sessions import secret_digest
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.tokens.queries import NoSuchToken, token
from timebank.tokens.rules import (
    NAME_CHARACTERS_MAX,
    Bounds,
    Scope,
    TokenNameWrong,
    check_token,
    check_within,
)
from timebank.tokens.tables import ApiTokenEndRow, ApiTokenRow


class TokenEnded(Refusal):
    """The token was ended before."""

    code = "token_ended"


@once("tokens.issue", subject="name")
def issue(
    session: Session,
    act: Act,
    *,
    name: str,
    scopes: tuple[Scope, ...],
    days: int,
    secret: Secret,
    within: Bounds | None = None,
) -> dict[str, Any]:
    """Issue a token to the actor.

    Args:
        name: what it is for, in its owner's words.
        days: how long it works, 1 to 366.
        secret: made by the shell and shown once; only its digest is kept.
        within: where a program issues it, what that has itself; the new one ends when that does, if not before.

    Returns:
        `id`; `expires_at`; `digest` in hex: a repeated request gets the first answer, and only the secret with this
        digest works.

    Raises:
        NotAllowed: the actor is not on the staff, or has no role.
        TokenNameWrong, TokenDaysWrong, TokenWithoutScope, TokenBeyondOwn
    """
    if not people.active_roles(session, act.community_id, act.person_id):
        raise NotAllowed(permission="token")
    if find_text_fault(name, multiline=False) is not None:
        raise TokenNameWrong(characters_max=NAME_CHARACTERS_MAX)
    check_token(name, scopes, days)
    expires_at = act.at + timedelta(days=days)
    if within is not None:
        check_within(scopes, within)
        expires_at = min(expires_at, within.until)
    row = ApiTokenRow(
        community_id=act.community_id,
        id=act.new_id("token"),
        digest=secret_digest(secret.value),
        person_id=act.person_id,
        name=composed(name).strip(),
        scopes=" ".join(sorted(set(scopes))),
        issued_at=act.at,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return {"id": str(row.id), "expires_at": row.expires_at.isoformat(), "digest": row.digest.hex()}


@once("tokens.end", subject="token_id")
def end(session: Session, act: Act, *, token_id: UUID) -> None:
    """End a token at once: one's own, or, for whoever manages the staff, anybody's.

    Raises:
        NoSuchToken: there is none, or it is somebody else's.
        TokenEnded: it was ended before.
    """
    found = token(session, act.community_id, token_id)
    if found.owner_id != act.person_id and not people.may(session, act, Permission.MANAGE_STAFF):
        raise NoSuchToken()
    if found.ended_at is not None:
        raise TokenEnded(name=found.name)
    session.add(ApiTokenEndRow(community_id=act.community_id, token_id=token_id, ended_at=act.at, ended_by=act.number))
    session.flush()
