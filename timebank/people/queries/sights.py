"""Who looked at whose data: for the auditor all of it, for everybody what concerns them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people.tables import SightRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was looked at. subject: whose it is, None for a list; shown: how many people a list showed, if counted."""

    what: str
    subject: str | None = None
    shown: int | None = None
    outcome: Literal["refused", "seen"] = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class SightLine:
    """One line of the trail of reads. actor: number of who looked."""

    id: UUID
    at: datetime
    actor: str
    channel: str
    what: str
    subject: str | None
    shown: int | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SightFilter:
    """Which lines: any of who looked, at whose data, at what (its beginning); None shows all."""

    actor: str | None = None
    subjects: tuple[str, ...] | None = None
    what: str | None = None


def sights(
    session: Session, community_id: str, *, wanted: SightFilter, before: UUID | None = None, limit: int = 50
) -> tuple[SightLine, ...]:
    """Return lines of the trail of reads, newest first, older than `before`."""
    query = sa.select(SightRow).where(SightRow.community_id == community_id).order_by(SightRow.id.desc()).limit(limit)
    if wanted.actor is not None:
        query = query.where(SightRow.actor == wanted.actor)
    if wanted.subjects is not None:
        query = query.where(SightRow.subject.in_(wanted.subjects))
    if wanted.what is not None:
        query = query.where(SightRow.what.startswith(wanted.what, autoescape=True))
    if before is not None:
        query = query.where(SightRow.id < before)
    return tuple(_line(row) for row in session.scalars(query))


def sights_since(session: Session, community_id: str, since: datetime, *, limit: int) -> tuple[SightLine, ...]:
    """Return lines of the trail of reads from a moment on, the oldest first."""
    query = sa.select(SightRow).where(SightRow.community_id == community_id, SightRow.at >= since)
    return tuple(_line(row) for row in session.scalars(query.order_by(SightRow.at, SightRow.id).limit(limit)))


def _line(row: SightRow) -> SightLine:
    return SightLine(
        id=row.id,
        at=row.at,
        actor=row.actor,
        channel=row.channel,
        what=row.what,
        subject=row.subject,
        shown=row.shown,
        outcome=row.outcome,
    )
