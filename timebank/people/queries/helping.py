"""Who may act for whom: family helpers named at the desk, until a day (domain.md section 3, V9)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.orm import InstrumentedAttribute, Session

from timebank.people.tables import FamilyHelperRow, PersonRow, VolunteerRow


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody who may act for somebody: the other one's number and name, in which relation, until when."""

    person_id: UUID
    number: str
    name: str
    relation: str
    named_on: date
    until_on: date


def helpers_of(session: Session, community_id: str, person_id: UUID, today: date) -> tuple[Help, ...]:
    """Return who may act for a volunteer."""
    row = FamilyHelperRow
    return _found(session, community_id, row.helper_id, row.person_id == person_id, row.until_on >= today)


def helped_by(session: Session, community_id: str, helper_id: UUID, today: date) -> tuple[Help, ...]:
    """Return for whom a volunteer may act."""
    row = FamilyHelperRow
    return _found(session, community_id, row.person_id, row.helper_id == helper_id, row.until_on >= today)


def authority(session: Session, community_id: str, *, helper_number: str, number: str, on: date) -> Help | None:
    """Return by what somebody could act for a volunteer on a day, ended since or not; None where by nothing."""
    row, helper, person = FamilyHelperRow, sa.orm.aliased(VolunteerRow), sa.orm.aliased(VolunteerRow)
    query = (
        sa.select(row.helper_id, helper.number, PersonRow.name, row.relation, row.named_on, row.until_on)
        .join(helper, sa.and_(helper.community_id == row.community_id, helper.person_id == row.helper_id))
        .join(person, sa.and_(person.community_id == row.community_id, person.person_id == row.person_id))
        .join(PersonRow, sa.and_(PersonRow.community_id == row.community_id, PersonRow.id == row.helper_id))
        .where(row.community_id == community_id, helper.number == helper_number, person.number == number)
        .where(row.named_on <= on, row.until_on >= on)
        .order_by(row.named_on.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    return None if found is None else Help(*found)


def _found(
    session: Session, community_id: str, other: InstrumentedAttribute[UUID], *wanted: sa.ColumnElement[bool]
) -> tuple[Help, ...]:
    row = FamilyHelperRow
    query = (
        sa.select(other, VolunteerRow.number, PersonRow.name, row.relation, row.named_on, row.until_on)
        .join(VolunteerRow, sa.and_(VolunteerRow.community_id == row.community_id, VolunteerRow.person_id == other))
        .join(PersonRow, sa.and_(PersonRow.community_id == row.community_id, PersonRow.id == other))
        .where(row.community_id == community_id, row.state == "open", *wanted)
        .order_by(VolunteerRow.number)
    )
    return tuple(Help(*found) for found in session.execute(query))
