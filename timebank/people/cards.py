"""Members' cards: twenty digits that a scanner reads, random, and worth nothing once they are revoked.

A card says who stands at the counter; it does not say that it is they. The clerk sees name and building and asks.

Source: experience.md section 0.3 (codes); trust.md T2, T22.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.codes import PAYLOAD_MAX, Code, CodeKind
from timebank.people.rights import check_may_for
from timebank.people.roles import Permission
from timebank.people.tables import MemberCardRow, VolunteerRow
from timebank.people.volunteers import volunteer
from timebank.refusal import Refusal


class CardUnknown(Refusal):
    """The card was revoked, or was never given out by this community."""

    code = "card_unknown"


class NoCard(Refusal):
    """The volunteer has no card in use."""

    code = "no_card"


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
    row = _in_use(session, community_id, number)
    return None if row is None else Code(CodeKind.CARD, row.payload)


def _in_use(session: Session, community_id: str, number: str) -> MemberCardRow | None:
    return session.scalar(
        sa.select(MemberCardRow).where(
            MemberCardRow.community_id == community_id,
            MemberCardRow.person_id == volunteer(session, community_id, number).person_id,
            MemberCardRow.revoked_at.is_(None),
        )
    )


@once("people.issue_card", subject="number")
def issue_card(session: Session, act: Act, *, number: str) -> dict[str, str]:
    """Give a volunteer a new card; an earlier one works no more.

    Returns:
        `code`: its twenty digits.

    Raises:
        NotAllowed, NoSuchVolunteer
    """
    person_id = volunteer(session, act.community_id, number).person_id
    check_may_for(session, act, Permission.REGISTER_PEOPLE, person_id)
    earlier = _in_use(session, act.community_id, number)
    if earlier is not None:
        earlier.revoked_at = act.at
        session.flush()
    payload = int.from_bytes(act.salt_for("card"), "big") % (PAYLOAD_MAX + 1)
    session.add(
        MemberCardRow(
            community_id=act.community_id,
            payload=payload,
            person_id=person_id,
            issued_at=act.at,
            issued_by=act.number,
        )
    )
    return {"code": Code(CodeKind.CARD, payload).digits}


@once("people.revoke_card", subject="number")
def revoke_card(session: Session, act: Act, *, number: str) -> None:
    """Let a lost card work no more.

    Raises:
        NotAllowed, NoSuchVolunteer, NoCard
    """
    check_may_for(session, act, Permission.REGISTER_PEOPLE, volunteer(session, act.community_id, number).person_id)
    row = _in_use(session, act.community_id, number)
    if row is None:
        raise NoCard(number=number)
    row.revoked_at = act.at
