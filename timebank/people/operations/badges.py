"""Badges of the staff: twenty digits that a scanner reads, and four that only their owner knows.

A badge opens the till with its four digits; a till that its clerk has locked it opens alone (experience.md T1, T10).
Whoever loses one makes a new one, and the old one works no more.

Source: experience.md section 0.3 (codes); trust.md T22.
"""

import re
from typing import Final

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.ledger.codes import PAYLOAD_MAX, Code, CodeKind
from timebank.people.operations.logins import SALT_BYTES
from timebank.people.passwords import password_hash
from timebank.people.queries import check_may
from timebank.people.queries.cards import badge_in_use
from timebank.people.roles import Permission
from timebank.people.tables import StaffBadgeRow
from timebank.refusal import Refusal

PIN: Final = re.compile(r"[0-9]{4}")
EASY_PINS: Final = frozenset({"1234", "4321", *(digit * 4 for digit in "0123456789")})


class PinWrongShape(Refusal):
    """The four digits of a badge are not four digits, or the first that anybody would try."""

    code = "pin_wrong_shape"


@once("people.issue_badge")
def issue_badge(session: Session, act: Act, *, pin: Secret) -> dict[str, str]:
    """Make the actor's own badge; an earlier one works no more.

    Args:
        pin: four digits, not the first ones that anybody would try.

    Returns:
        `code`: its twenty digits.

    Raises:
        NotAllowed: the actor does not serve at the till.
        PinWrongShape
    """
    check_may(session, act, Permission.REDEEM)
    if PIN.fullmatch(pin.value) is None or pin.value in EASY_PINS:
        raise PinWrongShape()
    earlier = badge_in_use(session, act.community_id, act.person_id)
    if earlier is not None:
        earlier.revoked_at = act.at
        session.flush()
    payload = int.from_bytes(act.salt_for("badge"), "big") % (PAYLOAD_MAX + 1)
    session.add(
        StaffBadgeRow(
            community_id=act.community_id,
            payload=payload,
            person_id=act.person_id,
            pin_hash=password_hash(pin, salt=act.salt_for("pin")[:SALT_BYTES]),
            issued_at=act.at,
        )
    )
    return {"code": Code(CodeKind.BADGE, payload).digits}
