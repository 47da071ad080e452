"""What the desk does only with two persons, and waits for the second one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people.queries.staff import staff_names
from timebank.people.tables import DeskRequestRow, PersonRow, StaffRow
from timebank.people.two_persons import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRequest:
    """What somebody asked for. name: of the person whom it is about; asker: the name behind asked_by.

    of_staff: that person works here.
    """

    id: UUID
    case: Case
    person_id: UUID
    name: str
    of_staff: bool
    reason: str
    asked_at: datetime
    asked_by: str
    asker: str
    asker_id: UUID


def open_requests(session: Session, community_id: str) -> tuple[DeskRequest, ...]:
    """Return what waits for a second person, the oldest first."""
    query = (
        sa.select(DeskRequestRow, PersonRow.name, StaffRow.number)
        .join(
            PersonRow,
            sa.and_(PersonRow.community_id == DeskRequestRow.community_id, PersonRow.id == DeskRequestRow.person_id),
        )
        .outerjoin(
            StaffRow,
            sa.and_(
                StaffRow.community_id == DeskRequestRow.community_id,
                StaffRow.person_id == DeskRequestRow.person_id,
                StaffRow.disabled_at.is_(None),
            ),
        )
        .where(DeskRequestRow.community_id == community_id, DeskRequestRow.state == "open")
        .order_by(DeskRequestRow.asked_at, DeskRequestRow.id)
    )
    found = session.execute(query).all()
    names = staff_names(session, community_id)
    return tuple(_request(row, name, names, of_staff=staff is not None) for row, name, staff in found)


def _request(row: DeskRequestRow, name: str, names: dict[str, str], *, of_staff: bool) -> DeskRequest:
    return DeskRequest(
        id=row.id,
        case=Case(row.what),
        person_id=row.person_id,
        name=name,
        of_staff=of_staff,
        reason=row.reason,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        asker=names.get(row.asked_by, row.asked_by),
        asker_id=row.asker_id,
    )
