"""The trail of reads: written after the answer, by this file alone, and forgotten after its time.

Source: trust.md X15, T25, G22; PIPL 51; 网络安全法 (logs of six months at least).
"""

from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.queries.sights import Sight
from timebank.people.tables import SightRow

KEPT_DAYS_MIN: Final = 190
"""Six calendar months are up to 184 days; the database keeps 190 whatever the setting says."""


def note_sight(session: Session, act: Act, sight: Sight) -> None:
    """Write one line of the trail of reads."""
    session.execute(
        sa.insert(SightRow),
        {
            "community_id": act.community_id,
            "id": act.new_id("sight"),
            "at": act.at,
            "actor": act.number,
            "channel": act.channel,
            "what": sight.what,
            "subject": sight.subject,
            "shown": sight.shown,
            "outcome": sight.outcome,
        },
    )


KEPT_DAYS_USUAL: Final = 400


@once("nightly.sights", subject="day")
def forget_sights(session: Session, act: Act, *, day: date, kept_days: int = KEPT_DAYS_USUAL) -> dict[str, Any]:
    """Delete the lines of the trail of reads that are older than the days for which they are kept.

    Returns:
        `forgotten`: how many.
    """
    assert kept_days >= KEPT_DAYS_MIN, kept_days
    gone = session.execute(
        sa.delete(SightRow)
        .where(SightRow.community_id == act.community_id, SightRow.at < act.at - timedelta(days=kept_days))
        .returning(SightRow.id)
    )
    return {"forgotten": len(gone.all())}
