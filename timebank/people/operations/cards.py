"""Members' cards: twenty digits that a scanner reads, random, and worth nothing once they are revoked.

A card says who stands at the counter; it does not say that it is they. The clerk sees name and building and asks.

Source: experience.md section 0.3 (codes); trust.md T2, T22.
"""

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.codes import PAYLOAD_MAX, Code, CodeKind
from timebank.people.queries.cards import card_in_use
from timebank.people.queries.groups import check_no_group
from timebank.people.queries.rights import check_may_for
from timebank.people.queries.volunteers import volunteer
from timebank.people.roles import Permission
from timebank.people.tables import MemberCardRow
from timebank.refusal import Refusal


class NoCard(Refusal):
    """The volunteer has no card in use."""

    code = "no_card"


@once("people.issue_card", subject="number")
def issue_card(session: Session, act: Act, *, number: str) -> dict[str, str]:
    """Give a volunteer a new card; an earlier one works no more.

    Returns:
        `code`: its twenty digits.

    Raises:
        NotAllowed, NoSuchVolunteer, GroupOnlyGives
    """
    check_no_group(number)
    person_id = volunteer(session, act.community_id, number).person_id
    check_may_for(session, act, Permission.REGISTER_PEOPLE, person_id)
    earlier = card_in_use(session, act.community_id, number)
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
    row = card_in_use(session, act.community_id, number)
    if row is None:
        raise NoCard(number=number)
    row.revoked_at = act.at
