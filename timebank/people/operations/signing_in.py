"""Signing in and out.

Whoever tries is told the same, and waits as long, whether the name is unknown, the password wrong or the person
disabled. Attempts are counted before the password is looked at (`throttling`).

A password alone opens a session that knows of no second factor; whether that is enough is decided by whoever asks for
the session. A badge with its digits is two factors.

None of this goes through request keys: a stranger must not fill the books. Attempts are forgotten after a day; every
success and every failure that was looked at leaves its line in the trail.

Source: trust.md G21, T10, T21, A1 to A5; ASVS 5.0, 6.3.1.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import trail
from timebank.books.acts import Act
from timebank.books.requests import Secret
from timebank.people.identity import is_phone, normalised_phone
from timebank.people.names import login_key
from timebank.people.operations.card_pins import CardPinLocked, card_payload, find_card_owner
from timebank.people.operations.logins import end_sessions, number_of, use_up, write_password
from timebank.people.operations.throttling import (
    ATTEMPTS_KEPT,
    FAILURES_PER_BADGE,
    SOURCE_LENGTH_MAX,
    check_throttle,
    count_attempt,
    failures,
    forget_old_attempts,
    one_by_one,
)
from timebank.people.passwords import fits
from timebank.people.plain_text import find_text_fault
from timebank.people.queries.cards import find_badge_owner
from timebank.people.queries.sessions import SEEN_EVERY, active_roles, secret_digest
from timebank.people.roles import Role
from timebank.people.tables import (
    CredentialRow,
    LoginSessionRow,
    PersonRow,
    SignInAttemptRow,
    StaffRow,
    VolunteerRow,
)
from timebank.refusal import Refusal

VERB: Final = "people.sign_in"

Transaction = Callable[[], AbstractContextManager[Session]]


class SignInFailed(Refusal):
    """Name and password do not belong together; which of them is wrong is not told."""

    code = "sign_in_failed"


class BadgePinLocked(Refusal):
    """The digits of this badge were wrong too often today; its owner signs in with the password."""

    code = "badge_pin_locked"


class NoSuchPerson(Refusal):
    """Nobody signs in with this name."""

    code = "no_such_person"


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An attempt that was counted. number: who is named, None if nobody; password_hash: theirs, or None."""

    id: UUID
    person_id: UUID | None
    number: str | None
    password_hash: str | None


def sign_in(
    transaction: Transaction, act: Act, *, login: str, password: Secret, session_secret: Secret, source: str
) -> str:
    """Sign somebody in by password and return their number.

    Args:
        transaction: `writing`. It is opened twice, and not while the password is checked: that is slow on purpose, and
            nobody waits for the database meanwhile.
        act: of a stranger; its number is not used.
        login: a login name, a staff number, a volunteer number, a mobile phone that one person alone has, or the code
            of a volunteer's card; then the password is the six digits that belong to it.
        session_secret: a new one, made by the shell; it names the session from now on (A5).
        source: the address from which it is tried.

    Raises:
        TooManySignIns, CardPinLocked: nothing was looked at.
        SignInFailed: name and password do not belong together.
    """
    where = source[:SOURCE_LENGTH_MAX]
    with transaction() as session:
        attempt = _begin(session, act, login, where)
    right = fits(password, attempt.password_hash)
    with transaction() as session:
        return _end(session, act, attempt, session_secret, where, right=right)


def sign_in_by_badge(
    transaction: Transaction, act: Act, *, payload: int, pin: Secret | None, session_secret: Secret, source: str
) -> str:
    """Sign a clerk in by their badge and return their number; see `sign_in`.

    Args:
        payload: of the code on the badge.
        pin: the four digits that belong to it; None at a till that a clerk has locked, which the shell makes sure of.

    Raises:
        TooManySignIns, BadgePinLocked: nothing was looked at.
        SignInFailed: it is no badge (any more), not of a clerk, or the digits are not its own.
    """
    where = source[:SOURCE_LENGTH_MAX]
    with transaction() as session:
        attempt = _begin_by_badge(session, act, payload, where)
    known = attempt.password_hash is not None
    right = known if pin is None else fits(pin, attempt.password_hash)
    with transaction() as session:
        return _end(session, act, attempt, session_secret, where, right=right, second_at=act.at)


def _begin_by_badge(session: Session, act: Act, payload: int, source: str) -> _Attempt:
    """Count an attempt with a badge; ten wrong ones in a day are all that four digits can bear."""
    one_by_one(session, act)
    owner = find_badge_owner(session, act.community_id, payload)
    owner_id = owner.person_id if owner else None
    attempt_id = _count_code(session, act, f"badge {payload}", source=source, owner=owner_id, locked=BadgePinLocked())
    if owner is None or Role.CLERK not in active_roles(session, act.community_id, owner.person_id):
        return _Attempt(attempt_id, None, None, None)
    return _Attempt(attempt_id, owner.person_id, owner.number, owner.pin_hash)


def _count_code(session: Session, act: Act, code: str, *, source: str, owner: UUID | None, locked: Refusal) -> UUID:
    digest = hashlib.sha256(code.encode()).digest()
    check_throttle(session, act, digest, source, owner)
    of_code = SignInAttemptRow.login_digest == digest
    if failures(session, act, of_code, within=ATTEMPTS_KEPT) >= FAILURES_PER_BADGE:
        raise locked
    return count_attempt(session, act, digest, source)


def _begin_by_card(session: Session, act: Act, payload: int, source: str) -> _Attempt:
    """Count an attempt with a card; nobody can lock it who has not its sixteen random digits before them."""
    owner = find_card_owner(session, act.community_id, payload)
    owner_id = owner[0] if owner else None
    attempt_id = _count_code(session, act, f"card {payload}", source=source, owner=owner_id, locked=CardPinLocked())
    return _Attempt(attempt_id, *owner) if owner else _Attempt(attempt_id, None, None, None)


def _end(
    session: Session,
    act: Act,
    attempt: _Attempt,
    session_secret: Secret,
    source: str,
    *,
    right: bool,
    second_at: datetime | None = None,
) -> str:
    forget_old_attempts(session, act)
    if not right:
        trail.note(session, act, VERB, subject=attempt.number, outcome="refused", facts={"source": source})
        raise SignInFailed().keep()
    return _enter(session, act, attempt, session_secret, source=source, second_at=second_at)


def _begin(session: Session, act: Act, login: str, source: str) -> _Attempt:
    """Count an attempt before it is looked at; one after the other within a community."""
    one_by_one(session, act)
    card = card_payload(login)
    if card is not None:
        return _begin_by_card(session, act, card, source)
    found = _find_person(session, act.community_id, login)
    digest = hashlib.sha256(login_key(login).encode(errors="surrogatepass")).digest()
    check_throttle(session, act, digest, source, found[0] if found else None)
    attempt_id = count_attempt(session, act, digest, source)
    if found is None:
        return _Attempt(attempt_id, None, None, None)
    credential = session.get(CredentialRow, (act.community_id, found[0]))
    return _Attempt(attempt_id, *found, None if credential is None else credential.password_hash)


def _find_person(session: Session, community_id: str, login: str) -> tuple[UUID, str] | None:
    """Return who is named by a login, and by which number: staff (unless disabled) before volunteers."""
    key = login_key(login)
    if find_text_fault(key, multiline=False):
        return None
    staff = session.execute(
        sa.select(StaffRow.person_id, StaffRow.number).where(
            StaffRow.community_id == community_id,
            sa.or_(StaffRow.login == key, StaffRow.number == key.upper()),
            StaffRow.disabled_at.is_(None),
        )
    ).first()
    volunteer = session.execute(
        sa.select(VolunteerRow.person_id, VolunteerRow.number).where(
            VolunteerRow.community_id == community_id,
            VolunteerRow.number == key.upper(),
            VolunteerRow.closed_on.is_(None),
        )
    ).first()
    found = staff or volunteer or _find_by_phone(session, community_id, key)
    return None if found is None else (found.person_id, found.number)


def _find_by_phone(session: Session, community_id: str, login: str) -> sa.Row[UUID, str] | None:
    """Return the volunteer who alone has this phone; where a family shares one, everybody says their number."""
    phone = normalised_phone(login)
    if not is_phone(phone):
        return None
    query = (
        sa.select(VolunteerRow.person_id, VolunteerRow.number)
        .join(
            PersonRow,
            sa.and_(PersonRow.community_id == VolunteerRow.community_id, PersonRow.id == VolunteerRow.person_id),
        )
        .where(VolunteerRow.community_id == community_id, VolunteerRow.closed_on.is_(None), PersonRow.phone == phone)
        .limit(2)
    )
    found = session.execute(query).all()
    return found[0] if len(found) == 1 else None


def _enter(
    session: Session, act: Act, attempt: _Attempt, session_secret: Secret, *, source: str, second_at: datetime | None
) -> str:
    assert attempt.person_id is not None, "a password fits nobody"
    assert attempt.number is not None, "a person without a number"
    session.get_one(SignInAttemptRow, (act.community_id, attempt.id)).succeeded = True
    open_session(session, act, attempt.person_id, session_secret, source, second_at=second_at)
    _note(session, act, VERB, (attempt.person_id, attempt.number), {"source": source})
    return attempt.number


def open_session(
    session: Session,
    act: Act,
    person_id: UUID,
    session_secret: Secret,
    source: str,
    *,
    second_at: datetime | None = None,
    started_at: datetime | None = None,
) -> None:
    """Write a session that begins; who may have one is decided by the caller.

    Args:
        second_at: when a second factor was given, None if none was.
        started_at: None is now; a session that goes on under another secret keeps its beginning.
    """
    session.add(
        LoginSessionRow(
            community_id=act.community_id,
            digest=secret_digest(session_secret.value),
            person_id=person_id,
            started_at=started_at or act.at,
            last_seen_at=act.at,
            source=source,
            second_at=second_at,
        )
    )
    session.flush()


def use_one_time_login(
    session: Session, act: Act, *, token: Secret, password: Secret, session_secret: Secret, source: str
) -> None:
    """Let the owner of a one-time login choose a password, and sign them in; every earlier session of theirs ends.

    A password that is refused does not use the login up.

    Raises:
        OneTimeLoginSpent, PasswordTooShort, PasswordTooLong, PasswordTooCommon
    """
    owner = use_up(session, act, token)
    write_password(session, act, owner, password)
    end_sessions(session, act, owner)
    open_session(session, act, owner, session_secret, source[:SOURCE_LENGTH_MAX])
    person = (owner, number_of(session, act.community_id, owner))
    _note(session, act, "people.use_one_time_login", person, {"source": source[:SOURCE_LENGTH_MAX]})


def open_demo_session(session: Session, act: Act, *, login: str, session_secret: Secret) -> str:
    """Sign somebody in without any factor and return their number: the one-click logins of the demo, nothing else.

    The shell makes sure that this is the demo, and on this machine.

    Raises:
        NoSuchPerson: nobody signs in with this name.
    """
    found = _find_person(session, act.community_id, login)
    if found is None:
        raise NoSuchPerson(login=login[:40])
    open_session(session, act, found[0], session_secret, "demo", second_at=act.at)
    _note(session, act, "people.open_demo_session", found, {})
    return found[1]


def sign_out(session: Session, act: Act, *, session_secret: Secret) -> None:
    """End a session; one that has ended, or never was, stays as it is."""
    row = session.get(LoginSessionRow, (act.community_id, secret_digest(session_secret.value)))
    if row is None or row.ended_at is not None:
        return
    row.ended_at = max(act.at, row.started_at)
    session.flush()
    person = (row.person_id, number_of(session, act.community_id, row.person_id))
    _note(session, act, "people.sign_out", person, {"source": row.source})


def note_seen(session: Session, community_id: str, *, session_secret: Secret, at: datetime) -> None:
    """Keep a session from idling out; written at most every five minutes, so it may be called with every page."""
    session.execute(
        sa.update(LoginSessionRow)
        .where(
            LoginSessionRow.community_id == community_id,
            LoginSessionRow.digest == secret_digest(session_secret.value),
            LoginSessionRow.ended_at.is_(None),
            LoginSessionRow.last_seen_at < at - SEEN_EVERY,
        )
        .values(last_seen_at=at)
    )


def _note(session: Session, act: Act, verb: str, person: tuple[UUID, str], facts: Mapping[str, object]) -> None:
    """Write the line of somebody who is known by now, in their own name."""
    own = replace(act, person_id=person[0], number=person[1])
    trail.note(session, own, verb, subject=person[1], outcome="done", facts=facts)
