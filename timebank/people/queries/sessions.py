"""Who is signed in: server-side sessions, named by the digest of the secret in the cookie.

A copied cookie is worth nothing once its session has ended, and a stolen database shows no cookie that works.

Source: trust.md section 0, finding 9; A5, A8, T22.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people.numbers import could_be
from timebank.people.roles import Role
from timebank.people.tables import (
    LoginSessionRow,
    OneTimeLoginRow,
    PersonRow,
    RoleGrantRow,
    StaffRow,
    VolunteerRow,
)
from timebank.refusal import Refusal

STAFF_IDLE_MAX: Final = timedelta(hours=1)
STAFF_LIFE_MAX: Final = timedelta(hours=12)
VOLUNTEER_IDLE_MAX: Final = timedelta(days=90)
VOLUNTEER_LIFE_MAX: Final = timedelta(days=90)
SEEN_EVERY: Final = timedelta(minutes=5)
"""How exact `last_seen_at` is: a page that only looks need not write each time."""


class OneTimeLoginSpent(Refusal):
    """The one-time login was used, is too old, was replaced by a later one, or never was."""

    code = "one_time_login_spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is signed in, by one session.

    Attributes:
        staff_number, volunteer_number: the person's numbers, None where they are not (or no longer) that.
        number: the one that stands in the books when they act: the staff number before the volunteer number.
        roles: what they may do now, wherever; empty for volunteers.
        last_seen_at: exact to `SEEN_EVERY`.
    """

    person_id: UUID
    name: str
    staff_number: str | None
    volunteer_number: str | None
    roles: frozenset[Role]
    started_at: datetime
    last_seen_at: datetime

    @property
    def number(self) -> str | None:
        """The number under which they act."""
        return self.staff_number or self.volunteer_number


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as its owner sees it in the list of devices. source: where it was begun."""

    digest: bytes
    started_at: datetime
    last_seen_at: datetime
    source: str


def secret_digest(secret: str) -> bytes:
    """Return the digest of a session's or one-time login's secret, 32 bytes; only this is kept."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def active_roles(session: Session, community_id: str, person_id: UUID) -> frozenset[Role]:
    """Return the roles that a person has now, in whichever part of the tree; a disabled staff member has none."""
    query = (
        sa.select(RoleGrantRow.role)
        .join(
            StaffRow,
            sa.and_(StaffRow.community_id == RoleGrantRow.community_id, StaffRow.person_id == RoleGrantRow.person_id),
        )
        .where(
            RoleGrantRow.community_id == community_id,
            RoleGrantRow.person_id == person_id,
            RoleGrantRow.revoked_at.is_(None),
            StaffRow.disabled_at.is_(None),
        )
    )
    return frozenset(Role(role) for role in session.scalars(query))


def find_session(session: Session, community_id: str, *, secret: str, at: datetime) -> SignedIn | None:
    """Return who is signed in under a secret at a moment, or None where that session never was or has ended."""
    row = session.get(LoginSessionRow, (community_id, secret_digest(secret)))
    if row is None or row.ended_at is not None:
        return None
    found = _signed_in(session, row)
    if found.number is None or _is_over(found, at):
        return None
    return found


def _signed_in(session: Session, row: LoginSessionRow) -> SignedIn:
    same = {"community_id": row.community_id, "person_id": row.person_id}
    person = session.get_one(PersonRow, (row.community_id, row.person_id))
    staff = session.get(StaffRow, same)
    volunteer = session.get(VolunteerRow, same)
    return SignedIn(
        person_id=row.person_id,
        name=person.name,
        staff_number=staff.number if staff is not None and staff.disabled_at is None else None,
        volunteer_number=volunteer.number if volunteer is not None and volunteer.closed_on is None else None,
        roles=active_roles(session, row.community_id, row.person_id),
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
    )


def _is_over(found: SignedIn, at: datetime) -> bool:
    """The sessions of staff are short, for they can do more and use common devices."""
    if found.staff_number is not None:
        return at - found.last_seen_at > STAFF_IDLE_MAX or at - found.started_at > STAFF_LIFE_MAX
    return at - found.last_seen_at > VOLUNTEER_IDLE_MAX or at - found.started_at > VOLUNTEER_LIFE_MAX


def open_sessions(session: Session, community_id: str, person_id: UUID) -> tuple[OpenSession, ...]:
    """Return the sessions of a person that nobody has ended, the latest first."""
    query = sa.select(LoginSessionRow).where(
        LoginSessionRow.community_id == community_id,
        LoginSessionRow.person_id == person_id,
        LoginSessionRow.ended_at.is_(None),
    )
    return tuple(
        OpenSession(digest=row.digest, started_at=row.started_at, last_seen_at=row.last_seen_at, source=row.source)
        for row in session.scalars(query.order_by(LoginSessionRow.started_at.desc()))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeLogin:
    """A one-time login that works. name: of its owner."""

    person_id: UUID
    name: str
    expires_at: datetime


def one_time_login(session: Session, community_id: str, *, secret: str, at: datetime) -> OneTimeLogin:
    """Return whose a one-time login is, without using it up.

    Raises:
        OneTimeLoginSpent: it does not work (any more).
    """
    known = could_be(community_id.upper())
    row = session.get(OneTimeLoginRow, (community_id, secret_digest(secret))) if known else None
    if row is None or row.used_at is not None or row.withdrawn_at is not None or at >= row.expires_at:
        raise OneTimeLoginSpent()
    person = session.get_one(PersonRow, (community_id, row.person_id))
    return OneTimeLogin(person_id=row.person_id, name=person.name, expires_at=row.expires_at)
