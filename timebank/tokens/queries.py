"""What can be asked about tokens: who comes with one, and which there are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people import queries as people
from timebank.people.queries.sessions import secret_digest
from timebank.people.roles import Role
from timebank.refusal import Refusal
from timebank.tokens.rules import Scope
from timebank.tokens.tables import ApiTokenEndRow, ApiTokenRow


class NoSuchToken(Refusal):
    """There is no such token, or it is somebody else's."""

    code = "no_such_token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token, without its secret.

    Attributes:
        owner_id, owner: the person in whose name it acts, and their staff number.
        ended_at, ended_by: when and by whom it was ended before its time, None where it was not.
    """

    id: UUID
    owner_id: UUID
    owner: str
    name: str
    scopes: tuple[Scope, ...]
    issued_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None

    def is_over(self, at: datetime) -> bool:
        """Tell whether it works no more."""
        return self.ended_at is not None or at >= self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who comes with a token: its owner as they are now. roles: none where they are disabled."""

    token: Token
    name: str
    roles: frozenset[Role]


def find_caller(session: Session, community_id: str, *, secret: str, at: datetime) -> Caller | None:
    """Return who comes with a token at a moment, or None where it never was, has ended, or its owner has left."""
    rows = session.execute(_all(community_id).where(ApiTokenRow.digest == secret_digest(secret))).one_or_none()
    if rows is None:
        return None
    member = people.staff_member(session, community_id, rows[0].person_id)
    token = _token(rows[0], rows[1], member.number)
    if member.disabled or token.is_over(at):
        return None
    return Caller(token=token, name=member.name, roles=member.roles)


def tokens(session: Session, community_id: str, *, owner_id: UUID | None = None) -> tuple[Token, ...]:
    """Return the tokens of a person, or of everybody, the newest first."""
    query = _all(community_id).order_by(ApiTokenRow.id.desc())
    if owner_id is not None:
        query = query.where(ApiTokenRow.person_id == owner_id)
    numbers = {member.person_id: member.number for member in people.all_staff(session, community_id)}
    return tuple(_token(row, end, numbers[row.person_id]) for row, end in session.execute(query))


def token(session: Session, community_id: str, token_id: UUID) -> Token:
    """Return one token.

    Raises:
        NoSuchToken: there is none of this id.
    """
    found = session.execute(_all(community_id).where(ApiTokenRow.id == token_id)).one_or_none()
    if found is None:
        raise NoSuchToken()
    return _token(found[0], found[1], people.staff_member(session, community_id, found[0].person_id).number)


def _all(community_id: str) -> sa.Select[ApiTokenRow, ApiTokenEndRow]:
    same = sa.and_(ApiTokenEndRow.community_id == ApiTokenRow.community_id, ApiTokenEndRow.token_id == ApiTokenRow.id)
    return (
        sa.select(ApiTokenRow, ApiTokenEndRow)
        .outerjoin(ApiTokenEndRow, same)
        .where(ApiTokenRow.community_id == community_id)
    )


def _token(row: ApiTokenRow, end: ApiTokenEndRow | None, owner: str) -> Token:
    return Token(
        id=row.id,
        owner_id=row.person_id,
        owner=owner,
        name=row.name,
        scopes=tuple(Scope(scope) for scope in row.scopes.split()),
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        ended_at=None if end is None else end.ended_at,
        ended_by=None if end is None else end.ended_by,
    )
