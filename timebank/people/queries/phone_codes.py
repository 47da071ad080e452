"""Codes on phones: the one that somebody shows now, which nobody has used."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.ledger.codes import Code
from timebank.people.phone_codes import PhoneCodes, minute_of
from timebank.people.queries.volunteers import volunteer
from timebank.people.tables import PhoneCodeUseRow


def phone_code(session: Session, codes: PhoneCodes, community_id: str, number: str, at: datetime) -> Code:
    """Return the code that a volunteer shows at a moment: one that nobody has used.

    Raises:
        NoSuchVolunteer: there is none of this number.
    """
    minute = minute_of(at)
    person_id = volunteer(session, community_id, number).person_id
    used = sa.select(sa.func.count()).where(
        PhoneCodeUseRow.community_id == community_id,
        PhoneCodeUseRow.person_id == person_id,
        PhoneCodeUseRow.minute == minute,
    )
    return codes.code(community_id, number, minute=minute, turn=session.scalar(used) or 0)
