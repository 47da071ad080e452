"""Using up a code on a phone: it says once who stands at the counter, and then never again."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.people.phone_codes import TURNS_MAX, PhoneCodes, minutes_that_count
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.people.tables import PhoneCodeUseRow, VolunteerRow
from timebank.refusal import Refusal


class PhoneCodeExpired(Refusal):
    """Its minute is over, or it never was anybody's."""

    code = "phone_code_expired"


class PhoneCodeUsed(Refusal):
    """It was used up a moment ago, at this till or another."""

    code = "phone_code_used"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A code that may be shown now: whose, of which minute, which one of it, and whether it was used up."""

    person_id: UUID
    number: str
    minute: int
    turn: int
    payload: int
    used: bool


@once("people.use_phone_code")
def use_phone_code(session: Session, act: Act, *, payload: int, codes: PhoneCodes) -> dict[str, str]:
    """Use a code up that somebody showed at the till; return whose it is, as `number`.

    Raises:
        NotAllowed: the actor does not serve at the till.
        PhoneCodeExpired, PhoneCodeUsed: it says nothing (any more).
    """
    check_may(session, act, Permission.REDEEM)
    found = next((one for one in _shown(session, act, codes) if one.payload == payload), None)
    if found is None:
        raise PhoneCodeExpired()
    if found.used or found.turn >= TURNS_MAX:
        raise PhoneCodeUsed()
    session.add(
        PhoneCodeUseRow(
            community_id=act.community_id,
            person_id=found.person_id,
            minute=found.minute,
            turn=found.turn,
            used_at=act.at,
            used_by_id=act.person_id,
        )
    )
    return {"number": found.number}


def _shown(session: Session, act: Act, codes: PhoneCodes) -> Iterator[_Shown]:
    """Go through every code that could be shown: a community is small, and a code says nothing of its owner."""
    community, minutes = act.community_id, minutes_that_count(act.at)
    uses = PhoneCodeUseRow.__table__.c
    counted = session.execute(
        sa.select(uses.person_id, uses.minute, sa.func.count())
        .where(uses.community_id == community, uses.minute.in_(minutes))
        .group_by(uses.person_id, uses.minute)
    )
    used = {(person_id, minute): count for person_id, minute, count in counted}
    query = sa.select(VolunteerRow.person_id, VolunteerRow.number)
    everybody = session.execute(query.where(VolunteerRow.community_id == community, VolunteerRow.closed_on.is_(None)))
    for person_id, number in everybody:
        for minute in minutes:
            turns = used.get((person_id, minute), 0)
            for turn in range(turns + 1):
                payload = codes.code(community, number, minute=minute, turn=turn).payload
                yield _Shown(person_id, number, minute, turn, payload, used=turn < turns)
