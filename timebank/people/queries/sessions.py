"""Who is signed in: server-side sessions, named by the digest of the secret in the cookie.

A copied cookie is worth nothing once its session has ended, and a stolen database shows no cookie that works.

Source: trust.md section 0, finding 9; A5, A8, T22.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, ask
from timebank.people.numbers import could_be
from timebank.people.roles import Role
from timebank.people.tables import (
    CredentialRow,
    LoginSessionRow,
    OneTimeLoginRow,
    PasskeyRow,
    PersonRow,
    RoleGrantRow,
    StaffRow,
    TotpFactorRow,
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
        has_second: they have a second factor; second_at: when one was given last in this session, or None.
    """

    person_id: UUID
    name: str
    staff_number: str | None
    volunteer_number: str | None
    roles: frozenset[Role]
    started_at: datetime
    last_seen_at: datetime
    has_second: bool
    second_at: datetime | None

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


_SESSION: Final = LoginSessionRow.__table__.c
_STAFF: Final = StaffRow.__table__.c
_VOLUNTEER: Final = VolunteerRow.__table__.c
_PERSON: Final = PersonRow.__table__.c
_GRANT: Final = RoleGrantRow.__table__.c
_TOTP: Final = TotpFactorRow.__table__.c
_PASSKEY: Final = PasskeyRow.__table__.c


def _of_session(columns: Any) -> sa.ColumnElement[bool]:  # columns of any table that has a person
    same: sa.ColumnElement[bool] = sa.and_(
        columns.community_id == _SESSION.community_id, columns.person_id == _SESSION.person_id
    )
    return same


_FOUND: Final = (
    sa.select(
        _SESSION.person_id,
        _SESSION.started_at,
        _SESSION.last_seen_at,
        _SESSION.second_at,
        sa.or_(_TOTP.person_id.is_not(None), sa.exists().where(_of_session(_PASSKEY))).label("has_second"),
        _PERSON.name,
        _STAFF.number.label("staff_number"),
        _VOLUNTEER.number.label("volunteer_number"),
        _GRANT.role,
    )
    .select_from(LoginSessionRow.__table__)
    .join(
        PersonRow.__table__,
        sa.and_(_PERSON.community_id == _SESSION.community_id, _PERSON.id == _SESSION.person_id),
    )
    .outerjoin(StaffRow.__table__, sa.and_(_of_session(_STAFF), _STAFF.disabled_at.is_(None)))
    .outerjoin(VolunteerRow.__table__, sa.and_(_of_session(_VOLUNTEER), _VOLUNTEER.closed_on.is_(None)))
    .outerjoin(TotpFactorRow.__table__, _of_session(_TOTP))
    .outerjoin(RoleGrantRow.__table__, sa.and_(_of_session(_GRANT), _GRANT.revoked_at.is_(None)))
    .where(
        _SESSION.community_id == sa.bindparam("community"),
        _SESSION.digest == sa.bindparam("digest"),
        _SESSION.ended_at.is_(None),
    )
)
"""One row for each role; one without a role for whoever has none. Asked by every page, so it is built once."""


def find_session(session: Session, community_id: str, *, secret: str, at: datetime) -> SignedIn | None:
    """Return who is signed in under a secret at a moment, or None where that session never was or has ended."""
    rows = ask(session, Question(_FOUND, {"community": community_id, "digest": secret_digest(secret)}, tuple))
    if not rows:
        return None
    found = _signed_in(rows)
    over = _is_over(found, at, on_staff=found.staff_number is not None)
    return None if found.number is None or over else found


def _signed_in(rows: Sequence[Any]) -> SignedIn:
    row = rows[0]
    roles = () if row.staff_number is None else (Role(each.role) for each in rows if each.role is not None)
    return SignedIn(
        person_id=row.person_id,
        name=row.name,
        staff_number=row.staff_number,
        volunteer_number=row.volunteer_number,
        roles=frozenset(roles),
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        has_second=bool(row.has_second),
        second_at=row.second_at,
    )


def _is_over(found: SignedIn | OpenSession, at: datetime, *, on_staff: bool) -> bool:
    """The sessions of staff are short, for they can do more and use common devices."""
    idle_max, life_max = (STAFF_IDLE_MAX, STAFF_LIFE_MAX) if on_staff else (VOLUNTEER_IDLE_MAX, VOLUNTEER_LIFE_MAX)
    return at - found.last_seen_at > idle_max or at - found.started_at > life_max


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


def working_sessions(
    session: Session, community_id: str, person_id: UUID, *, at: datetime, on_staff: bool
) -> tuple[OpenSession, ...]:
    """Return the sessions of a person that still work at a moment, the latest first."""
    found = open_sessions(session, community_id, person_id)
    return tuple(one for one in found if not _is_over(one, at, on_staff=on_staff))


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


def has_password(session: Session, community_id: str, person_id: UUID) -> bool:
    """Tell whether a person has a password."""
    return session.get(CredentialRow, (community_id, person_id)) is not None


def with_password(session: Session, community_id: str) -> frozenset[UUID]:
    """Return the persons on the staff who have a password."""
    same = sa.and_(StaffRow.community_id == CredentialRow.community_id, StaffRow.person_id == CredentialRow.person_id)
    query = sa.select(CredentialRow.person_id).join(StaffRow, same).where(CredentialRow.community_id == community_id)
    return frozenset(session.scalars(query))
