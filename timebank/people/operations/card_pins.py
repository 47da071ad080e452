"""Six digits of a volunteer's card, chosen by its owner: with both they sign in where no password is at hand.

They belong to that card: a new one has none until its owner chooses them. Whoever works here signs in by password and
second step, never by a card.

Source: trust.md G21, T10, T21.
"""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import Secret, once
from timebank.ledger.codes import CodeKind, CodeMistyped, NotACode, read_code
from timebank.people.operations.logins import SALT_BYTES, CurrentPasswordWrong, end_sessions
from timebank.people.passwords import fits, password_hash
from timebank.people.queries.sessions import secret_digest
from timebank.people.tables import CredentialRow, MemberCardRow, StaffRow, VolunteerRow
from timebank.refusal import Refusal

PIN_DIGITS: Final = 6
STRAIGHT: Final = "01234567890"


class CardPinWrongShape(Refusal):
    """The digits of a card are not six digits, or the first that anybody would try."""

    code = "card_pin_wrong_shape"


class CardPinLocked(Refusal):
    """The digits of this card were wrong too often today; its owner signs in with the password."""

    code = "card_pin_locked"


class NoCardInUse(Refusal):
    """There is no card to which digits could belong."""

    code = "no_card_in_use"


@once("people.set_card_pin")
def set_card_pin(session: Session, act: Act, *, pin: Secret, current: Secret, session_secret: Secret | None) -> None:
    """Choose the digits of the actor's own card; their other sessions end.

    Args:
        current: their password.
        session_secret: of the session that goes on, or None.

    Raises:
        CurrentPasswordWrong, CardPinWrongShape
        NoCardInUse: they have none, or it was revoked.
    """
    known = session.get(CredentialRow, (act.community_id, act.person_id))
    if known is None or not fits(current, known.password_hash):
        raise CurrentPasswordWrong()
    if is_easy(pin.value):
        raise CardPinWrongShape()
    row = session.scalar(
        sa.select(MemberCardRow).where(
            MemberCardRow.community_id == act.community_id,
            MemberCardRow.person_id == act.person_id,
            MemberCardRow.revoked_at.is_(None),
        )
    )
    if row is None:
        raise NoCardInUse()
    row.pin_hash = password_hash(pin, salt=act.salt_for("card pin")[:SALT_BYTES])
    session.flush()
    end_sessions(session, act, act.person_id, keep=secret_digest(session_secret.value) if session_secret else None)


def is_easy(pin: str) -> bool:
    """Tell whether these are no six digits, one digit, a row of digits, or a pair or triple that comes again."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        return True
    return pin in STRAIGHT or pin[::-1] in STRAIGHT or pin[:2] * 3 == pin or pin[:3] * 2 == pin


def card_payload(login: str) -> int | None:
    """Return what stands on the card that was scanned in place of a name, or None where it was a name."""
    try:
        code = read_code(login)
    except (NotACode, CodeMistyped):
        return None
    return code.payload if code.kind is CodeKind.CARD else None


def find_card_owner(session: Session, community_id: str, payload: int) -> tuple[UUID, str, str | None] | None:
    """Return person, number and the hash of the digits of whoever signs in with a card, or None.

    Nobody does who works here, has left, or whose card was revoked.
    """
    works = sa.exists().where(
        StaffRow.community_id == MemberCardRow.community_id,
        StaffRow.person_id == MemberCardRow.person_id,
        StaffRow.disabled_at.is_(None),
    )
    query = (
        sa.select(VolunteerRow.person_id, VolunteerRow.number, MemberCardRow.pin_hash)
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
            VolunteerRow.closed_on.is_(None),
            sa.not_(works),
        )
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row.person_id, row.number, row.pin_hash)
