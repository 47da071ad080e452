"""Throttles: attempts are counted before they are looked at: per account, per source and overall, for a day.

An outsider who fails on purpose locks out nobody but themselves: what counts is account *and* source; an account that
is tried from everywhere stays open to those places from which it was entered before, and so does every account while
everything is tried at once.

Source: trust.md G21, T10, T21, A1 to A3, A10; ASVS 5.0, 6.3.1.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.people.tables import CommunityRow, LoginSessionRow, SignInAttemptRow
from timebank.refusal import Refusal

WINDOW: Final = timedelta(minutes=5)
FAILURES_PER_ACCOUNT_AND_SOURCE: Final = 10
FAILURES_PER_SOURCE: Final = 50
"""More than one account's, because a whole station may stand behind one address."""
FAILURES_PER_ACCOUNT: Final = 100
"""From everywhere together; does not count where the account was entered before."""
FAILURES_OVERALL: Final = 1000
"""Of everybody from everywhere; does not count where the account was entered before."""
FAILURES_PER_BADGE: Final = 10
KNOWN_SOURCE_FOR: Final = timedelta(days=90)
ATTEMPTS_KEPT: Final = timedelta(days=1)
SOURCE_LENGTH_MAX: Final = 64


class TooManySignIns(Refusal):
    """Too many failures lately; even the right password is not looked at now."""

    code = "too_many_sign_ins"


def check_throttle(session: Session, act: Act, digest: bytes, source: str, person_id: UUID | None) -> None:
    """Make sure that an account may be tried from a source now.

    Raises:
        TooManySignIns: too much failed lately.
    """
    of_account, of_source = SignInAttemptRow.login_digest == digest, SignInAttemptRow.source == source
    if (
        failures(session, act, of_account, of_source) >= FAILURES_PER_ACCOUNT_AND_SOURCE
        or failures(session, act, of_source) >= FAILURES_PER_SOURCE
        or (
            (failures(session, act, of_account) >= FAILURES_PER_ACCOUNT or failures(session, act) >= FAILURES_OVERALL)
            and not _entered_before(session, act, person_id, source)
        )
    ):
        raise TooManySignIns(minutes=int(WINDOW.total_seconds()) // 60)


def failures(session: Session, act: Act, *which: sa.ColumnElement[bool], within: timedelta = WINDOW) -> int:
    """Count what failed lately, of which account or source."""
    query = sa.select(sa.func.count()).where(
        SignInAttemptRow.community_id == act.community_id,
        SignInAttemptRow.at > act.at - within,
        SignInAttemptRow.succeeded.is_(False),
        *which,
    )
    return session.scalar(query) or 0


def _entered_before(session: Session, act: Act, person_id: UUID | None, source: str) -> bool:
    query = sa.select(LoginSessionRow.digest).where(
        LoginSessionRow.community_id == act.community_id,
        LoginSessionRow.person_id == person_id,
        LoginSessionRow.source == source,
        LoginSessionRow.started_at > act.at - KNOWN_SOURCE_FOR,
    )
    return person_id is not None and session.execute(query.limit(1)).first() is not None


def one_by_one(session: Session, act: Act) -> None:
    """Let one attempt follow the other within a community, so that parallel ones are counted too."""
    mutex = sa.select(CommunityRow.community_id).where(CommunityRow.community_id == act.community_id)
    session.execute(mutex.with_for_update(key_share=True))


def count_attempt(session: Session, act: Act, digest: bytes, source: str) -> UUID:
    """Count an attempt as failed before it is looked at; return its id, under which it is marked if it was right."""
    attempt_id = act.new_id("sign-in")
    session.execute(
        sa.insert(SignInAttemptRow),
        {
            "community_id": act.community_id,
            "id": attempt_id,
            "login_digest": digest,
            "source": source,
            "at": act.at,
            "succeeded": False,
        },
    )
    return attempt_id


def forget_old_attempts(session: Session, act: Act) -> None:
    """Delete the attempts of other days."""
    session.execute(
        sa.delete(SignInAttemptRow).where(
            SignInAttemptRow.community_id == act.community_id, SignInAttemptRow.at < act.at - ATTEMPTS_KEPT
        )
    )
