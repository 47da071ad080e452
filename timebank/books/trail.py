"""The trail: one line of who did or saw what. Only this file writes it.

A writing operation leaves its line by itself (`requests.once`); what only looks (a personal record opened, an identity
number unmasked, a login) is noted here by the shell.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import together
from timebank.books.acts import Act
from timebank.books.loading import in_chunks
from timebank.books.tables import TrailRow
from timebank.books.together import Rows

Outcome = Literal["done", "refused", "seen"]


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the trail, as it is shown.

    Attributes:
        actor: number of the person who did it.
        verb: the operation, e.g. `market.redeem`.
        subject: number or id of whom or what it was about.
        facts: what came of it, as plain JSON values.
    """

    id: UUID
    at: datetime
    actor: str
    channel: str
    verb: str
    subject: str | None
    outcome: str
    facts: Mapping[str, object]


def note(
    session: Session,
    act: Act,
    verb: str,
    *,
    subject: str | None,
    outcome: Outcome,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write one line of the trail in the caller's transaction."""
    together.write(session, [rows(act, verb, subject=subject, outcome=outcome, facts=facts)])


def rows(
    act: Act, verb: str, *, subject: str | None, outcome: Outcome, facts: Mapping[str, object] | None = None
) -> Rows:
    """Return one line of the trail, to be written together with what it tells of; for whom stands in it, too."""
    behalf = {} if act.on_behalf_of is None else {"on_behalf_of": act.on_behalf_of}
    line = {
        "community_id": act.community_id,
        "id": id_of(act, verb, subject=subject, outcome=outcome),
        "at": act.at,
        "actor": act.number,
        "channel": act.channel,
        "verb": verb,
        "subject": subject,
        "outcome": outcome,
        "facts": json.dumps({**(facts or {}), **behalf}, ensure_ascii=False, sort_keys=True, default=str),
    }
    return Rows(TrailRow, [line])


def id_of(act: Act, verb: str, *, subject: str | None, outcome: Outcome) -> UUID:
    """Return the id that the line of an act has, before or after it is written."""
    return act.new_id(f"trail {verb} {subject} {outcome}")


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What to show: any of actor, subject and the beginning of the verb; None shows all."""

    actor: str | None = None
    subject: str | None = None
    verb: str | None = None


def lines(
    session: Session, community_id: str, *, wanted: TrailFilter, before: UUID | None = None, limit: int = 50
) -> tuple[TrailLine, ...]:
    """Return lines of the trail, newest first, older than `before`."""
    query = sa.select(TrailRow).where(TrailRow.community_id == community_id).order_by(TrailRow.id.desc()).limit(limit)
    if wanted.actor is not None:
        query = query.where(TrailRow.actor == wanted.actor)
    if wanted.subject is not None:
        query = query.where(TrailRow.subject == wanted.subject)
    if wanted.verb is not None:
        query = query.where(TrailRow.verb.startswith(wanted.verb, autoescape=True))
    if before is not None:
        query = query.where(TrailRow.id < before)
    return tuple(_line(row) for row in session.scalars(query))


def lines_since(session: Session, community_id: str, since: datetime, *, limit: int) -> tuple[TrailLine, ...]:
    """Return lines of the trail from a moment on, the oldest first."""
    query = sa.select(TrailRow).where(TrailRow.community_id == community_id, TrailRow.at >= since)
    return tuple(_line(row) for row in session.scalars(query.order_by(TrailRow.at, TrailRow.id).limit(limit)))


def line_of(session: Session, community_id: str, line_id: UUID) -> TrailLine:
    """Return one line of the trail, which must be there."""
    return _line(session.get_one(TrailRow, (community_id, line_id)))


def lines_of(session: Session, community_id: str, line_ids: Collection[UUID]) -> dict[UUID, TrailLine]:
    """Return lines of the trail by id."""
    found: dict[UUID, TrailLine] = {}
    for chunk in in_chunks(tuple(line_ids)):
        query = sa.select(TrailRow).where(TrailRow.community_id == community_id, TrailRow.id.in_(chunk))
        found |= {row.id: _line(row) for row in session.scalars(query)}
    return found


def done_since(community_id: str, *, rooms: Sequence[str], since: datetime) -> sa.Subquery:
    """Select `id` and `at` of what the operations of some rooms have done since a moment, as part of a statement."""
    return (
        sa.select(TrailRow.id, TrailRow.at)
        .where(
            TrailRow.community_id == community_id,
            TrailRow.at >= since,
            TrailRow.outcome == "done",
            sa.or_(*(TrailRow.verb.startswith(f"{room}.", autoescape=True) for room in rooms)),
        )
        .subquery()
    )


def _line(row: TrailRow) -> TrailLine:
    return TrailLine(row.id, row.at, row.actor, row.channel, row.verb, row.subject, row.outcome, json.loads(row.facts))
