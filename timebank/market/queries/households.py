"""What all who live together have had this month: it counts against the limits of a household."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.asking import ask_all
from timebank.ledger.days import day_of
from timebank.market.queries.month import MonthUse, redeemed_by_many_question
from timebank.market.queries.reservations import reserved_by_many_question
from timebank.people.queries import household_numbers


def household_use(session: Session, community_id: str, person_id: UUID, at: datetime) -> MonthUse | None:
    """Return what a household has redeemed this month or put aside; None of who lives in none that is known."""
    numbers = household_numbers(session, community_id, person_id)
    if not numbers:
        return None
    redeemed = redeemed_by_many_question(community_id, numbers, day_of(at))
    reserved = reserved_by_many_question(community_id, numbers, at)
    told = ask_all(session, redeemed, reserved)
    return told[redeemed].and_also(told[reserved])
