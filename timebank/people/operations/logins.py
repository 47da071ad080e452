"""What people sign in with: passwords, and logins that work once. Of both only digests are kept.

Nobody on the staff ever knows another's password: they hand out a one-time login, and its owner chooses one.

Source: trust.md A9; ASVS 5.0, 6.4 (a reset may be started by an admin, who never knows the password).
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.people import numbers
from timebank.people.passwords import fits, password_hash
from timebank.people.queries import NoSuchStaff, NoSuchVolunteer, check_may_for, check_no_group, has_password
from timebank.people.queries.sessions import OneTimeLoginSpent, one_time_login, secret_digest
from timebank.people.roles import Permission
from timebank.people.rules import check_password
from timebank.people.tables import (
    CredentialRow,
    LoginSessionRow,
    OneTimeLoginRow,
    PersonRow,
    StaffRow,
    VolunteerRow,
)
from timebank.refusal import Refusal

FIRST_LOGIN_LIFE: Final = timedelta(days=3)
"""How long the one-time login of somebody without a password lasts: they are told, and come in the next days."""
RESET_LIFE: Final = timedelta(minutes=10)
"""How long one lasts that replaces a password: both sit at the same desk."""

SALT_BYTES: Final = 16


class StaffDisabled(Refusal):
    """This staff member is disabled."""

    code = "staff_disabled"


class LinkNeedsTwo(Refusal):
    """Whoever has a password gets a link from two persons only (`recovering`)."""

    code = "link_needs_two"


class CurrentPasswordWrong(Refusal):
    """The present password is asked before it is changed, and this is not it."""

    code = "current_password_wrong"


def find_person(session: Session, community_id: str, number: str) -> UUID:
    """Return the person of a volunteer or staff number.

    Raises:
        NoSuchVolunteer, NoSuchStaff: nobody has it.
    """
    table, missing = (StaffRow, NoSuchStaff(staff=number)) if number[:1] == "S" else (VolunteerRow, None)
    query = sa.select(table.person_id).where(table.community_id == community_id, table.number == number)
    person_id = session.scalar(query) if numbers.could_be(number) else None
    if person_id is None:
        raise missing or NoSuchVolunteer(number=number)
    return person_id


def number_of(session: Session, community_id: str, person_id: UUID) -> str:
    """Return the number of a person: the staff number before the volunteer number."""
    row = session.get(StaffRow, (community_id, person_id)) or session.get_one(VolunteerRow, (community_id, person_id))
    return row.number


@once("people.issue_one_time_login", subject="number")
def issue_one_time_login(session: Session, act: Act, *, number: str, one_time_token: Secret) -> dict[str, Any]:
    """Give somebody who has no password yet a login that works once; earlier ones of theirs work no more.

    For a member of the staff only who manages the staff may do so, also where their volunteer number is named: else
    whoever registers volunteers could enter as an admin.

    Returns:
        `number`; `person_id`; `expires_at`; `token_digest` in hex: a retried request gets the first answer, and only
        the token with this digest works.

    Raises:
        NotAllowed, NoSuchStaff, NoSuchVolunteer, StaffDisabled, GroupOnlyGives
        LinkNeedsTwo: they have a password; one person asks for a new one, another gives it (`recovering`).
    """
    check_no_group(number)
    person_id = find_person(session, act.community_id, number)
    staff = session.get(StaffRow, (act.community_id, person_id))
    active = staff is not None and staff.disabled_at is None
    check_may_for(session, act, Permission.MANAGE_STAFF if active else Permission.REGISTER_PEOPLE, person_id)
    if staff is not None and not active and staff.number == number:
        raise StaffDisabled(number=number)
    if has_password(session, act.community_id, person_id):
        raise LinkNeedsTwo(number=number)
    return {"number": number, **write_one_time_login(session, act, person_id, one_time_token)}


def write_one_time_login(session: Session, act: Act, person_id: UUID, token: Secret) -> dict[str, Any]:
    """Write a one-time login in place of all earlier ones of the person; who may do that is decided by the caller."""
    withdraw_one_time_logins(session, act, person_id)
    known = has_password(session, act.community_id, person_id)
    digest = secret_digest(token.value)
    expires_at = act.at + (RESET_LIFE if known else FIRST_LOGIN_LIFE)
    session.add(
        OneTimeLoginRow(
            community_id=act.community_id,
            digest=digest,
            person_id=person_id,
            issued_at=act.at,
            issued_by=act.number,
            expires_at=expires_at,
        )
    )
    session.flush()
    return {"person_id": str(person_id), "expires_at": expires_at.isoformat(), "token_digest": digest.hex()}


def withdraw_one_time_logins(session: Session, act: Act, person_id: UUID) -> None:
    """Let every unused one-time login of a person work no more."""
    session.execute(
        sa.update(OneTimeLoginRow)
        .where(
            OneTimeLoginRow.community_id == act.community_id,
            OneTimeLoginRow.person_id == person_id,
            OneTimeLoginRow.used_at.is_(None),
            OneTimeLoginRow.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=act.at)
    )


def use_up(session: Session, act: Act, token: Secret) -> UUID:
    """Use a one-time login up and return its owner; of two at the same moment one is told that it is spent.

    Raises:
        OneTimeLoginSpent: it does not work (any more).
    """
    owner = one_time_login(session, act.community_id, secret=token.value, at=act.at).person_id
    used = session.execute(
        sa.update(OneTimeLoginRow)
        .where(
            OneTimeLoginRow.community_id == act.community_id,
            OneTimeLoginRow.digest == secret_digest(token.value),
            OneTimeLoginRow.used_at.is_(None),
            OneTimeLoginRow.withdrawn_at.is_(None),
        )
        .values(used_at=act.at)
        .returning(OneTimeLoginRow.person_id)
    )
    if used.first() is None:
        raise OneTimeLoginSpent()
    return owner


@once("people.set_password")
def set_password(
    session: Session, act: Act, *, password: Secret, current: Secret | None, session_secret: Secret | None
) -> None:
    """Change the actor's own password; their other sessions end.

    Args:
        current: the present password; None only where there is none yet.
        session_secret: of the session that goes on, or None.

    Raises:
        CurrentPasswordWrong, PasswordTooShort, PasswordTooLong, PasswordTooCommon
    """
    row = session.get(CredentialRow, (act.community_id, act.person_id))
    if row is not None and not (current is not None and fits(current, row.password_hash)):
        raise CurrentPasswordWrong()
    write_password(session, act, act.person_id, password)
    keep = None if session_secret is None else secret_digest(session_secret.value)
    end_sessions(session, act, act.person_id, keep=keep)
    withdraw_one_time_logins(session, act, act.person_id)


def write_password(session: Session, act: Act, person_id: UUID, password: Secret) -> None:
    """Check and store a person's password; who may do that is decided by the caller.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordTooCommon
    """
    check_password(password.value, own=_own_words(session, act.community_id, person_id))
    stored = password_hash(password, salt=act.salt_for("password")[:SALT_BYTES])
    row = CredentialRow(community_id=act.community_id, person_id=person_id, password_hash=stored, set_at=act.at)
    session.merge(row)
    session.flush()


def _own_words(session: Session, community_id: str, person_id: UUID) -> tuple[str, ...]:
    """Return what others know of a person and would try first."""
    key = (community_id, person_id)
    person, staff = session.get_one(PersonRow, key), session.get(StaffRow, key)
    volunteer = session.get(VolunteerRow, key)
    known = [person.name, person.name_key, person.initials, person.phone, community_id]
    known += [staff.login, staff.number] if staff else []
    known += [volunteer.number] if volunteer else []
    return tuple(word for word in known if word)


def end_sessions(session: Session, act: Act, person_id: UUID, *, keep: bytes | None = None) -> None:
    """End every session of a person, but the one whose digest is kept."""
    query = sa.update(LoginSessionRow).where(
        LoginSessionRow.community_id == act.community_id,
        LoginSessionRow.person_id == person_id,
        LoginSessionRow.ended_at.is_(None),
    )
    if keep is not None:
        query = query.where(LoginSessionRow.digest != keep)
    # A clock that was put back must keep nobody signed in.
    begun_later = LoginSessionRow.started_at > act.at
    session.execute(query.values(ended_at=sa.case((begun_later, LoginSessionRow.started_at), else_=act.at)))
