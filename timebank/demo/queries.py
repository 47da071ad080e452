"""Questions about the demo: is this database the demo's own, and how much is in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from timebank.books.journal import entry_at
from timebank.demo.stage import COMMUNITY, KEY_PREFIX
from timebank.market import queries as market
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.service import queries as service

ALL = 100_000


class DemoFindsAnother(Refusal):
    """There is a community in this database that the demo did not make; the demo never mixes with it."""

    code = "demo_finds_another"


@dataclass(frozen=True, slots=True)
class Figures:
    """How much is in the demo. activities: those that are over; records: the approved ones."""

    volunteers: int
    activities: int
    records: int
    redemptions: int


def is_there(session: Session) -> bool:
    """Tell whether the demo is in this database, or nothing yet.

    Raises:
        DemoFindsAnother: a community is in it that the demo did not make.
    """
    known = [community.id for community in people.communities(session)]
    for code in known:
        if code != COMMUNITY or not entry_at(session, code, 1).event_id.startswith(KEY_PREFIX):
            raise DemoFindsAnother(community=code)
    return bool(known)


def figures(session: Session, at: datetime) -> Figures:
    """Count what is in the demo."""
    return Figures(
        volunteers=people.volunteer_count(session, COMMUNITY),
        activities=len(service.activities_past(session, COMMUNITY, at, limit=ALL)),
        records=service.totals(session, COMMUNITY).approved.records,
        redemptions=sum(1 for _ in market.redemption_stream(session, COMMUNITY)),
    )
