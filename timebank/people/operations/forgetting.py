"""Forgetting what was kept long enough, every night: what the table of `retention` says, and nothing else.

Looks are forgotten by a job of their own (`sights`), since a setting says how long they are kept.
"""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.retention import DAYS, Kind
from timebank.people.rules import ADULT_FROM, age_on
from timebank.people.tables import (
    DataRequestRow,
    DataRequestWordsRow,
    GuardianRow,
    LoginSessionRow,
    OneTimeLoginRow,
    PersonRow,
    SignInAttemptRow,
)


@once("nightly.retention", subject="day")
def forget_what_is_due(session: Session, act: Act, *, day: date) -> dict[str, Any]:
    """Delete what was kept long enough; return how much of each kind.

    Returns:
        `attempts`, `sessions`, `links`, `words`, `guardians`.
    """
    return {
        "attempts": _gone(session, sa.delete(SignInAttemptRow).where(*_older(act, SignInAttemptRow.at, Kind.ATTEMPTS))),
        "sessions": _gone(
            session, sa.delete(LoginSessionRow).where(*_older(act, LoginSessionRow.last_seen_at, Kind.SESSIONS))
        ),
        "links": _gone(session, sa.delete(OneTimeLoginRow).where(*_older(act, OneTimeLoginRow.expires_at, Kind.LINKS))),
        "words": _words(session, act),
        "guardians": _guardians(session, act),
    }


def _older(act: Act, moment: sa.orm.InstrumentedAttribute[Any], kind: Kind) -> tuple[sa.ColumnElement[bool], ...]:
    community = moment.class_.community_id
    return community == act.community_id, moment < act.at - timedelta(days=DAYS[kind])


def _gone(session: Session, statement: sa.Delete) -> int:
    found = session.execute(statement.returning(sa.literal(1)), execution_options={"synchronize_session": False})
    return len(found.all())


def _words(session: Session, act: Act) -> int:
    answered = sa.select(DataRequestRow.id).where(*_older(act, DataRequestRow.decided_at, Kind.WORDS))
    words = DataRequestWordsRow
    return _gone(
        session,
        sa.delete(words).where(words.community_id == act.community_id, words.request_id.in_(answered)),
    )


def _guardians(session: Session, act: Act) -> int:
    """Delete the guardians of those who have come of age."""
    query = (
        sa.select(PersonRow.id, PersonRow.born_on)
        .join(
            GuardianRow,
            sa.and_(GuardianRow.community_id == PersonRow.community_id, GuardianRow.person_id == PersonRow.id),
        )
        .where(PersonRow.community_id == act.community_id, PersonRow.born_on.is_not(None))
    )
    grown = [row.id for row in session.execute(query) if age_on(row.born_on, act.today) >= ADULT_FROM]
    if not grown:
        return 0
    guardian = GuardianRow
    return _gone(
        session,
        sa.delete(guardian).where(guardian.community_id == act.community_id, guardian.person_id.in_(grown)),
    )
