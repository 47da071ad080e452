"""The short numbers that people read aloud: V0001, S001, P001, TD0001. The next one is the largest plus one.

Asked under the community's lock, so that no two get the same.
"""

import re
from string import ascii_uppercase
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from timebank.ledger.accounts import GROUP_PREFIX
from timebank.people.tables import PartnerRow, StaffRow, VolunteerRow

SHAPE: Final = re.compile(r"[A-Z0-9-]{1,32}")
"""Whatever is not made like this is nobody's number, and no database is asked for it (a NUL would be an error)."""

DIGITS: Final = {"V": 4, "S": 3, "P": 3, GROUP_PREFIX: 4}
"""How many digits a number has at least."""

_COLUMNS: Final[dict[str, InstrumentedAttribute[str]]] = {
    "V": VolunteerRow.number,
    GROUP_PREFIX: VolunteerRow.number,
    "S": StaffRow.number,
    "P": PartnerRow.code,
}


def could_be(text: str) -> bool:
    """Tell whether something could be a number of somebody or something here."""
    return SHAPE.fullmatch(text) is not None


def number(letter: str, count: int) -> str:
    """Write a number: V and 7 are V0007."""
    return f"{letter}{count:0{DIGITS[letter]}}"


def largest(session: Session, community_id: str, letter: str) -> int:
    """Return the largest number given so far, 0 where there is none."""
    column = _COLUMNS[letter]
    table: Any = column.class_
    query = (
        sa.select(column)
        .where(table.community_id == community_id, column.startswith(letter))
        .order_by(sa.func.length(column).desc(), column.desc())
        .limit(1)
    )
    return counted(session.scalar(query))


def counted(text: str | None) -> int:
    """Return the count in a number: V0007 is 7, None is 0."""
    return 0 if text is None else int(text.lstrip(ascii_uppercase))
