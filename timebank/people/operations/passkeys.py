"""Passkeys: adding one, giving one as the second factor, and removing one.

What a passkey signed is good for one session and one challenge; the session goes on under another secret afterwards, so
nothing that was sent can be sent again. Wrong ones are counted with wrong codes.

Source: ASVS 5.0, 6.3.3, 6.5.1, 7.2.4, 7.5.1.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import trail
from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people.operations.logins import end_sessions
from timebank.people.operations.second_factor import (
    VERB,
    SecondFactorWrong,
    check_fresh,
    codes_digest,
    count_code,
    go_on,
    own_session,
    write_recovery_codes,
)
from timebank.people.passkeys import Answer, find_id, find_new, find_sign_count
from timebank.people.plain_text import composed, find_text_fault
from timebank.people.queries.factors import second_factor
from timebank.people.tables import PasskeyRow, SignInAttemptRow
from timebank.refusal import Refusal

NAME_LENGTH_MAX = 40


class PasskeyNotMade(Refusal):
    """The browser's answer does not belong to what was asked, or took too long."""

    code = "passkey_not_made"


class PasskeyNameMissing(Refusal):
    """A passkey has a name by which its owner knows it: 1 to 40 characters."""

    code = "passkey_name_missing"


class NoSuchPasskey(Refusal):
    """The actor has no such passkey."""

    code = "no_such_passkey"


@once("people.add_passkey")
def add_passkey(
    session: Session,
    act: Act,
    *,
    answer: Answer,
    name: str,
    recovery_codes: tuple[Secret, ...],
    session_secret: Secret,
) -> dict[str, Any]:
    """Add a passkey to the actor's second factors; every other session of theirs ends.

    Args:
        recovery_codes: taken where this is the first second factor.

    Returns:
        `codes_digest` in hex, or None where there was a second factor already.

    Raises:
        StepUpNeeded: there is a second factor already, and it was not given lately.
        PasskeyNotMade, PasskeyNameMissing
    """
    own, held = own_session(session, act, session_secret), second_factor(session, act.community_id, act.person_id)
    if held.there:
        check_fresh(own.second_at, act.at)
    clean = composed(name).strip()
    if not 1 <= len(clean) <= NAME_LENGTH_MAX or find_text_fault(clean, multiline=False):
        raise PasskeyNameMissing(length_max=NAME_LENGTH_MAX)
    made = find_new(answer)
    if made is None or session.get(PasskeyRow, (act.community_id, made.credential_id)) is not None:
        raise PasskeyNotMade()
    session.add(
        PasskeyRow(
            community_id=act.community_id,
            credential_id=made.credential_id,
            person_id=act.person_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=clean,
            added_at=act.at,
        )
    )
    own.second_at = act.at
    session.flush()
    end_sessions(session, act, act.person_id, keep=own.digest)
    if held.there:
        return {"codes_digest": None}
    write_recovery_codes(session, act, recovery_codes)
    return {"codes_digest": codes_digest(recovery_codes)}


def give_passkey(
    session: Session, act: Act, *, answer: Answer, session_secret: Secret, next_secret: Secret, source: str
) -> None:
    """Take a passkey of the actor in as their second factor; their session goes on under another secret.

    Args:
        next_secret: names the session from now on.

    Raises:
        TooManyCodes: nothing was looked at.
        SecondFactorWrong: it is none of theirs, or did not sign what was asked.
    """
    attempt = count_code(session, act, source)
    row = _find_own(session, act, find_id(answer.text))
    used = None if row is None else find_sign_count(answer, public_key=row.public_key, sign_count=row.sign_count)
    if row is None or used is None:
        trail.note(session, act, VERB, subject=act.number, outcome="refused", facts={"source": source})
        raise SecondFactorWrong().keep()
    row.sign_count, row.used_at = used, act.at
    session.get_one(SignInAttemptRow, (act.community_id, attempt)).succeeded = True
    go_on(session, act, session_secret, next_secret)
    trail.note(session, act, VERB, subject=act.number, outcome="done", facts={"source": source})


def _find_own(session: Session, act: Act, credential_id: bytes | None) -> PasskeyRow | None:
    row = session.get(PasskeyRow, (act.community_id, credential_id)) if credential_id else None
    return row if row is not None and row.person_id == act.person_id else None


@once("people.remove_passkey")
def remove_passkey(session: Session, act: Act, *, credential_id: bytes, session_secret: Secret) -> None:
    """Remove a passkey of the actor, which was lost or is not wanted any more.

    Raises:
        StepUpNeeded, NoSuchPasskey
    """
    check_fresh(own_session(session, act, session_secret).second_at, act.at)
    gone = session.execute(
        sa.delete(PasskeyRow)
        .where(
            PasskeyRow.community_id == act.community_id,
            PasskeyRow.credential_id == credential_id,
            PasskeyRow.person_id == act.person_id,
        )
        .returning(PasskeyRow.credential_id)
    )
    if gone.first() is None:
        raise NoSuchPasskey()
