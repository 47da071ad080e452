"""The second factor: setting up an authenticator, giving its code (or a recovery code), and making new recovery codes.

A session that was begun by a password goes on under a new secret once the second factor is given, and knows when that
was. Codes are counted before they are looked at, per person: whoever tries them knows the password already.

Source: trust.md A10; ASVS 5.0, 6.3.3, 6.5, 7.2.4, 7.5.3.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import trail
from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people.one_time_codes import find_step, recovery_digest
from timebank.people.operations.logins import end_sessions
from timebank.people.operations.signing_in import open_session
from timebank.people.operations.throttling import count_attempt, failures, forget_old_attempts, one_by_one
from timebank.people.queries.factors import second_factor
from timebank.people.queries.sessions import secret_digest
from timebank.people.tables import LoginSessionRow, RecoveryCodeRow, SignInAttemptRow, TotpFactorRow
from timebank.people.vault import NONCE_BYTES, IdentityVault, Sealed
from timebank.refusal import Refusal

VERB: Final = "people.give_second_factor"
STEP_UP_FOR: Final = timedelta(minutes=10)
"""How long a second factor that was given is fresh enough for what is sharp: roles, logins, other people's factors."""
FAILURES_MAX: Final = ((timedelta(minutes=5), 5), (timedelta(hours=1), 20), (timedelta(days=1), 50))
"""How many wrong codes a person may give within which time."""


class SecondFactorWrong(Refusal):
    """The code is wrong, too old, or was used already; which of these is not told."""

    code = "second_factor_wrong"


class TooManyCodes(Refusal):
    """Too many wrong codes lately; even the right one is not looked at now."""

    code = "too_many_codes"


class StepUpNeeded(Refusal):
    """This asks for a second factor that was given in the last minutes."""

    code = "step_up_needed"


class NoSecondFactor(Refusal):
    """This person has no second factor."""

    code = "no_second_factor"


@once("people.set_up_totp")
def set_up_totp(
    session: Session,
    act: Act,
    *,
    secret: Secret,
    typed: Secret,
    recovery_codes: tuple[Secret, ...],
    session_secret: Secret,
    vault: IdentityVault,
) -> dict[str, Any]:
    """Set up the actor's authenticator, once it has shown that it knows the secret; an earlier one works no more.

    Every other session of the actor ends. The session in which they ask has given a second factor from now on.

    Args:
        secret: in base32, made by the shell.
        typed: what the authenticator shows.
        recovery_codes: made by the shell, shown once, kept as digests only.

    Returns:
        `codes_digest` in hex: a retried request gets the first answer, and only the codes with this digest work.

    Raises:
        StepUpNeeded: there is a factor already, and it was not given lately.
        SecondFactorWrong: the code does not belong to the secret.
    """
    own = own_session(session, act, session_secret)
    if second_factor(session, act.community_id, act.person_id).there:
        check_fresh(own.second_at, act.at)
    step = find_step(secret.value, typed.value, at=act.at, after=0)
    if step is None:
        raise SecondFactorWrong()
    sealed = vault.seal(_place(act.community_id), act.person_id, secret.value, nonce=_nonce(act))
    session.merge(
        TotpFactorRow(
            community_id=act.community_id,
            person_id=act.person_id,
            key_id=sealed.key_id,
            nonce=sealed.nonce,
            ciphertext=sealed.ciphertext,
            last_step=step,
            set_up_at=act.at,
        )
    )
    own.second_at = act.at
    session.flush()
    end_sessions(session, act, act.person_id, keep=own.digest)
    return {"codes_digest": write_recovery_codes(session, act, recovery_codes)}


@once("people.renew_recovery_codes")
def renew_recovery_codes(
    session: Session, act: Act, *, recovery_codes: tuple[Secret, ...], session_secret: Secret
) -> dict[str, Any]:
    """Give the actor new recovery codes; the old ones work no more.

    Returns:
        `codes_digest`, see `set_up_totp`.

    Raises:
        NoSecondFactor: there is nothing to recover.
        StepUpNeeded: the second factor was not given lately.
    """
    if not second_factor(session, act.community_id, act.person_id).there:
        raise NoSecondFactor()
    check_fresh(own_session(session, act, session_secret).second_at, act.at)
    return {"codes_digest": write_recovery_codes(session, act, recovery_codes)}


def codes_digest(recovery_codes: Iterable[Secret]) -> str:
    """Name recovery codes without showing them."""
    return hashlib.sha256("\n".join(code.value for code in recovery_codes).encode()).hexdigest()


def give_second_factor(
    session: Session,
    act: Act,
    *,
    typed: Secret,
    session_secret: Secret,
    next_secret: Secret,
    vault: IdentityVault,
    source: str,
) -> None:
    """Take the actor's second factor in; their session goes on under another secret.

    Like a sign-in it goes through no request key: whoever types a wrong code has not entered.

    Args:
        typed: six digits of the authenticator, or a recovery code.
        next_secret: names the session from now on.

    Raises:
        TooManyCodes: nothing was looked at.
        SecondFactorWrong: it is none of theirs, or was used.
    """
    attempt = count_code(session, act, source)
    if not _is_theirs(session, act, typed.value, vault):
        trail.note(session, act, VERB, subject=act.number, outcome="refused", facts={"source": source})
        raise SecondFactorWrong().keep()
    session.get_one(SignInAttemptRow, (act.community_id, attempt)).succeeded = True
    go_on(session, act, session_secret, next_secret)
    trail.note(session, act, VERB, subject=act.number, outcome="done", facts={"source": source})


def count_code(session: Session, act: Act, source: str) -> UUID:
    """Count an attempt at the second step before it is looked at; return its id.

    Raises:
        TooManyCodes: too many were wrong lately.
    """
    one_by_one(session, act)
    digest = hashlib.sha256(f"second factor {act.person_id}".encode()).digest()
    for within, most in FAILURES_MAX:
        if failures(session, act, SignInAttemptRow.login_digest == digest, within=within) >= most:
            raise TooManyCodes()
    forget_old_attempts(session, act)
    return count_attempt(session, act, digest, source)


def _is_theirs(session: Session, act: Act, typed: str, vault: IdentityVault) -> bool:
    recovery = recovery_digest(act.community_id, act.person_id, typed)
    if recovery is not None:
        return _use_recovery_code(session, act, recovery)
    row = session.get(TotpFactorRow, (act.community_id, act.person_id))
    if row is None:
        return False
    sealed = Sealed(row.key_id, row.nonce, row.ciphertext)
    secret = vault.open(_place(act.community_id), act.person_id, sealed)
    step = find_step(secret, typed, at=act.at, after=row.last_step)
    return step is not None and _use_step(session, act, step)


def _use_step(session: Session, act: Act, step: int) -> bool:
    """Use a code up; of two at the same moment one is told that it is used."""
    used = session.execute(
        sa.update(TotpFactorRow)
        .where(
            TotpFactorRow.community_id == act.community_id,
            TotpFactorRow.person_id == act.person_id,
            TotpFactorRow.last_step < step,
        )
        .values(last_step=step)
        .returning(TotpFactorRow.last_step)
    )
    return used.first() is not None


def _use_recovery_code(session: Session, act: Act, digest: bytes) -> bool:
    used = session.execute(
        sa.update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.community_id == act.community_id,
            RecoveryCodeRow.person_id == act.person_id,
            RecoveryCodeRow.digest == digest,
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=act.at)
        .returning(RecoveryCodeRow.digest)
    )
    return used.first() is not None


def go_on(session: Session, act: Act, session_secret: Secret, next_secret: Secret) -> None:
    """Let the actor's session go on under another secret, with a second factor given now; the old secret ends."""
    own = own_session(session, act, session_secret)
    own.ended_at = max(act.at, own.started_at)
    session.flush()
    open_session(
        session, act, act.person_id, next_secret, own.source, second_at=act.at, started_at=min(own.started_at, act.at)
    )


def own_session(session: Session, act: Act, session_secret: Secret) -> LoginSessionRow:
    """Return the session in which the actor asks."""
    own = session.get_one(LoginSessionRow, (act.community_id, secret_digest(session_secret.value)))
    assert own.person_id == act.person_id, "a session of somebody else"
    return own


def check_fresh(second_at: datetime | None, at: datetime) -> None:
    """Make sure that a second factor was given in the last minutes.

    Raises:
        StepUpNeeded: it was not.
    """
    if second_at is None or at - second_at > STEP_UP_FOR:
        raise StepUpNeeded(minutes=int(STEP_UP_FOR.total_seconds()) // 60)


def write_recovery_codes(session: Session, act: Act, recovery_codes: tuple[Secret, ...]) -> str:
    """Give the actor these recovery codes in place of earlier ones; return their digest."""
    forget_recovery_codes(session, act.community_id, act.person_id)
    digests = [recovery_digest(act.community_id, act.person_id, code.value) for code in recovery_codes]
    assert all(digests), "a recovery code that is none"
    session.add_all(
        RecoveryCodeRow(community_id=act.community_id, digest=digest, person_id=act.person_id, made_at=act.at)
        for digest in digests
    )
    session.flush()
    return codes_digest(recovery_codes)


def forget_recovery_codes(session: Session, community_id: str, person_id: UUID) -> None:
    """Delete a person's recovery codes."""
    session.execute(
        sa.delete(RecoveryCodeRow).where(
            RecoveryCodeRow.community_id == community_id, RecoveryCodeRow.person_id == person_id
        )
    )


def _place(community_id: str) -> str:
    """Where the secret is sealed for: never where an identity number is."""
    return f"{community_id} authenticator"


def _nonce(act: Act) -> bytes:
    return act.salt_for("authenticator")[:NONCE_BYTES]
