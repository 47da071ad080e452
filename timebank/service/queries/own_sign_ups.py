"""Every sign-up of one person, for the copy of what is known of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.service.tables import ActivityRow, SignUpRow


@dataclass(frozen=True, slots=True)
class OwnSignUp:
    """That somebody wanted to come. state: open, or why it ended; signer: number of who signed them up."""

    activity_number: str
    activity_title: str
    starts_at: datetime
    signed_at: datetime
    signer: str
    state: str
    ended_at: datetime | None


def sign_ups_of(session: Session, community_id: str, person_id: UUID) -> tuple[OwnSignUp, ...]:
    """Return every sign-up of a person, the latest first."""
    row, activity = SignUpRow, ActivityRow
    query = (
        sa.select(
            activity.number, activity.title, activity.starts_at, row.signed_at, row.signer, row.state, row.ended_at
        )
        .join(activity, sa.and_(activity.community_id == row.community_id, activity.id == row.activity_id))
        .where(row.community_id == community_id, row.person_id == person_id)
        .order_by(row.signed_at.desc(), row.id)
    )
    return tuple(OwnSignUp(*found) for found in session.execute(query))
