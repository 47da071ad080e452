"""Members' cards as a scanner reads them: whose card it is, and which card somebody has."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.codes import Code, CodeKind
from timebank.people.queries.volunteers import volunteer
from timebank.people.tables import MemberCardRow, StaffBadgeRow, StaffRow, VolunteerRow
from timebank.refusal import Refusal


@dataclass(frozen=True, slots=True)
class BadgeOwner:
    """Whose badge it is; pin_hash: of the digits that belong to it."""

    person_id: UUID
    number: str
    pin_hash: str


class CardUnknown(Refusal):
    """The card was revoked, or was never given out by this community."""

    code = "card_unknown"


def number_on_card(session: Session, community_id: str, payload: int) -> str:
    """Return the number of the volunteer whose card this is.

    Args:
        payload: of the code on the card, 0 to 10^16 - 1.

    Raises:
        CardUnknown: it is nobody's (any more).
    """
    query = (
        sa.select(VolunteerRow.number)
        .join(
            MemberCardRow,
            sa.and_(
                MemberCardRow.community_id == VolunteerRow.community_id,
                MemberCardRow.person_id == VolunteerRow.person_id,
            ),
        )
        .where(
            MemberCardRow.community_id == community_id,
            MemberCardRow.payload == payload,
            MemberCardRow.revoked_at.is_(None),
        )
    )
    number = session.scalar(query)
    if number is None:
        raise CardUnknown()
    return number


def find_card(session: Session, community_id: str, number: str) -> Code | None:
    """Return the code on a volunteer's card, or None where none is in use.

    Raises:
        NoSuchVolunteer: there is none of this number.
    """
    row = card_in_use(session, community_id, number)
    return None if row is None else Code(CodeKind.CARD, row.payload)


def card_in_use(session: Session, community_id: str, number: str) -> MemberCardRow | None:
    """Return the row of the card that a volunteer uses; for this room only.

    Raises:
        NoSuchVolunteer: there is none of this number.
    """
    return session.scalar(
        sa.select(MemberCardRow).where(
            MemberCardRow.community_id == community_id,
            MemberCardRow.person_id == volunteer(session, community_id, number).person_id,
            MemberCardRow.revoked_at.is_(None),
        )
    )


def find_badge(session: Session, community_id: str, person_id: UUID) -> Code | None:
    """Return the code on the badge of a member of the staff, or None where none is in use."""
    row = badge_in_use(session, community_id, person_id)
    return None if row is None else Code(CodeKind.BADGE, row.payload)


def badge_in_use(session: Session, community_id: str, person_id: UUID) -> StaffBadgeRow | None:
    """Return the row of the badge that a member of the staff uses; for this room only."""
    return session.scalar(
        sa.select(StaffBadgeRow).where(
            StaffBadgeRow.community_id == community_id,
            StaffBadgeRow.person_id == person_id,
            StaffBadgeRow.revoked_at.is_(None),
        )
    )


def find_badge_owner(session: Session, community_id: str, payload: int) -> BadgeOwner | None:
    """Return whose badge it is, or None where it is nobody's (any more)."""
    of_badge = sa.and_(
        StaffRow.community_id == StaffBadgeRow.community_id, StaffRow.person_id == StaffBadgeRow.person_id
    )
    query = (
        sa.select(StaffBadgeRow.person_id, StaffRow.number, StaffBadgeRow.pin_hash)
        .join(StaffRow, of_badge)
        .where(
            StaffBadgeRow.community_id == community_id,
            StaffBadgeRow.payload == payload,
            StaffBadgeRow.revoked_at.is_(None),
            StaffRow.disabled_at.is_(None),
        )
    )
    row = session.execute(query).one_or_none()
    return None if row is None else BadgeOwner(row.person_id, row.number, row.pin_hash)
