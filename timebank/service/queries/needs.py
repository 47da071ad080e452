"""What activities ask of those who come, beside what these people bring: their age and their trainings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.loading import in_chunks
from timebank.ledger.accounts import is_group
from timebank.people.queries import Volunteer
from timebank.people.queries.training import attended_since
from timebank.service.queries.entered import Entered
from timebank.service.rules import Needs
from timebank.service.tables import ActivityRow, ActivityTermsRow, ActivityTiesRow


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an activity asks for; age_min is None, and course empty, where it asks for none."""

    age_min: int | None
    course: str


def needs_of(
    session: Session, community_id: str, entered: Iterable[Entered], people: Mapping[str, Volunteer]
) -> list[Needs]:
    """Return what the activity of each of these records asks for and whether the person has it, in their order.

    A training counts from its own day on, whenever it was approved: what was learned in time is no breach.
    Of a group nobody knows who came, so nothing is asked of it.
    """
    records = tuple(entered)
    asked = _asked(session, community_id, sorted({one.activity_number for one in records}))
    courses = {one.course for one in asked.values() if one.course}
    since = attended_since(session, community_id, people, courses)
    return [_need(one, people[one.volunteer_number], asked.get(one.activity_number), since) for one in records]


def _asked(session: Session, community_id: str, numbers: list[str]) -> dict[str, _Asked]:
    found: dict[str, _Asked] = {}
    for chunk in in_chunks(numbers):
        query = (
            sa.select(ActivityRow.number, ActivityTermsRow.age_min, ActivityTiesRow.course)
            .outerjoin(ActivityTermsRow, _same(ActivityTermsRow))
            .outerjoin(ActivityTiesRow, _same(ActivityTiesRow))
            .where(ActivityRow.community_id == community_id, ActivityRow.number.in_(chunk))
            .where(sa.or_(ActivityTermsRow.age_min.is_not(None), ActivityTiesRow.course != ""))
        )
        found |= {row.number: _Asked(row.age_min, row.course or "") for row in session.execute(query)}
    return found


def _same(table: type[ActivityTermsRow] | type[ActivityTiesRow]) -> sa.ColumnElement[bool]:
    return sa.and_(table.community_id == ActivityRow.community_id, table.activity_id == ActivityRow.id)


def _need(one: Entered, person: Volunteer, asked: _Asked | None, since: Mapping[tuple[str, str], date]) -> Needs:
    if asked is None or is_group(person.number):
        return Needs()
    learned_on = since.get((person.number, asked.course))
    return Needs(
        age_min=asked.age_min,
        born_on=person.born_on,
        course=asked.course,
        trained=learned_on is not None and learned_on <= one.served_on,
    )
