"""Texts and numbers that the market keeps: names, words, reasons, and the numbers that people read aloud."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from timebank.people.plain_text import composed, find_text_fault
from timebank.refusal import Refusal

NAME_LENGTH_MAX: Final = 100
UNIT_WORD_LENGTH_MAX: Final = 8
PLACE_LENGTH_MAX: Final = 40
SLIP_LENGTH_MAX: Final = 40
REASON_LENGTH_MAX: Final = 200


class MarketText(Refusal):
    """A text is missing, too long, or has characters that nobody can read (trust.md N9)."""

    code = "market_text"


def kept_text(field: str, text: str, *, length_max: int, required: bool = True) -> str:
    """Return a text in the form in which it is kept: composed, without blanks around it.

    Raises:
        MarketText: it cannot be kept; the facts name the field.
    """
    kept = composed(text).strip()
    fits = len(kept) <= length_max and (bool(kept) or not required)
    if not fits or find_text_fault(text, multiline=False) is not None:
        raise MarketText(field=field, length_max=length_max)
    return kept


def next_numbers(
    session: Session, community_id: str, column: InstrumentedAttribute[str], form: str, count: int
) -> tuple[str, ...]:
    """Return the next free numbers of a table, called under the community's lock.

    Args:
        column: where the numbers stand.
        form: how one is written, e.g. `L{:06d}`; a number that outgrows its width is written longer.
    """
    table: Any = column.class_
    newest = (
        sa.select(column)
        .where(table.community_id == community_id)
        .order_by(sa.func.length(column).desc(), column.desc())
        .limit(1)
    )
    last = session.scalar(newest)
    first = 1 if last is None else int(last[1:]) + 1
    return tuple(form.format(number) for number in range(first, first + count))
