"""What was answered to requests that name themselves by a prefix: the runs of the night, newest first."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.tables import RequestRow


@dataclass(frozen=True, slots=True)
class Answered:
    """One request and its answer.

    Attributes:
        key: the request key; operation: what it was used for; outcome: done or declined.
        answer: plain JSON, as it was given.
    """

    key: str
    operation: str
    outcome: str
    at: datetime
    answer: Any


def answered(session: Session, community_id: str, *, prefix: str, limit: int) -> tuple[Answered, ...]:
    """Return the newest requests whose key begins with a prefix."""
    query = (
        sa.select(RequestRow)
        .where(RequestRow.community_id == community_id, RequestRow.key.startswith(prefix, autoescape=True))
        .order_by(RequestRow.key.desc())
        .limit(limit)
    )
    return tuple(_answered(row) for row in session.scalars(query))


def find_answered(session: Session, community_id: str, key: str) -> Answered | None:
    """Return what was answered under one request key, or None where it was not used."""
    row = session.get(RequestRow, (community_id, key))
    return None if row is None else _answered(row)


def _answered(row: RequestRow) -> Answered:
    return Answered(row.key, row.operation, row.outcome, row.at, json.loads(row.answer))
