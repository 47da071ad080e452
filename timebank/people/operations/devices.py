"""Ending sessions from elsewhere: a phone that was lost, a computer at which somebody forgot to sign out.

Source: trust.md A8, T22; ASVS 5.0, 7.4 and 7.5.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people.operations.logins import end_sessions, find_person
from timebank.people.queries import check_may
from timebank.people.queries.sessions import secret_digest
from timebank.people.roles import Permission
from timebank.people.tables import LoginSessionRow
from timebank.refusal import Refusal


class NoSuchSession(Refusal):
    """There is no such session that goes on, or it is somebody else's."""

    code = "no_such_session"


@once("people.end_session")
def end_session(session: Session, act: Act, *, digest: bytes) -> None:
    """End one session of the actor; whoever uses it must sign in again.

    Raises:
        NoSuchSession: it has ended, never was, or is somebody else's.
    """
    ended = session.execute(
        sa.update(LoginSessionRow)
        .where(
            LoginSessionRow.community_id == act.community_id,
            LoginSessionRow.digest == digest,
            LoginSessionRow.person_id == act.person_id,
            LoginSessionRow.ended_at.is_(None),
        )
        .values(ended_at=sa.case((LoginSessionRow.started_at > act.at, LoginSessionRow.started_at), else_=act.at))
        .returning(LoginSessionRow.digest)
    )
    if ended.first() is None:
        raise NoSuchSession()


@once("people.end_other_sessions")
def end_other_sessions(session: Session, act: Act, *, session_secret: Secret) -> None:
    """End every session of the actor but the one in which they ask."""
    end_sessions(session, act, act.person_id, keep=secret_digest(session_secret.value))


@once("people.end_sessions_of", subject="number")
def end_sessions_of(session: Session, act: Act, *, number: str) -> None:
    """End every session of somebody, whose till or phone was lost; they sign in again as they always do.

    Raises:
        NotAllowed: the actor does not manage the staff.
        NoSuchStaff, NoSuchVolunteer
    """
    check_may(session, act, Permission.MANAGE_STAFF)
    end_sessions(session, act, find_person(session, act.community_id, number))
