"""The shape of what comes in, whichever way: how long a text may be, in which years a moment lies."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from timebank.people.plain_text import find_text_fault
from timebank.refusal import Refusal

LONGEST: Final[Mapping[str, int]] = {
    "title": 100,
    "place": 100,
    "leader": 60,
    "needs": 200,
    "risk": 300,
    "insurance": 100,
    "course": 60,
    "activity_number": 40,
    "sheet_number": 40,
    "sheet_recorder": 60,
    "content": 500,
    "late_reason": 500,
    "remark": 500,
    "reason": 500,
    "answer": 500,
    "objection": 500,
    "recipient": 60,
}
"""The most characters of each text."""
YEARS: Final = (1992, 2199)
"""Until 1991 China had summer time, when a clock time could mean two moments."""
_MULTILINE: Final = frozenset({"content", "late_reason", "remark", "reason", "answer", "objection"})


class TextUnclear(Refusal):
    """A text is too long, or has characters that nobody can see or that turn the reading direction."""

    code = "text_unclear"


class MomentOutOfRange(Refusal):
    """A moment lies so far away that it can only be a slip."""

    code = "moment_out_of_range"


def check_moments(moments: Iterable[datetime]) -> None:
    """Make sure that every moment lies between 1992 and 2199.

    Raises:
        MomentOutOfRange: one of them does not.
    """
    for moment in moments:
        if not YEARS[0] <= moment.year <= YEARS[1]:
            raise MomentOutOfRange(first_year=str(YEARS[0]), last_year=str(YEARS[1]))


def check_texts(texts: Mapping[str, str]) -> None:
    """Make sure that every text can be kept, by the name of its field; whether one may be blank is another question.

    Raises:
        TextUnclear: one of them cannot; the facts name the field and the most characters that it takes.
    """
    for field, text in texts.items():
        longest = LONGEST[field]
        if len(text) > longest or _is_unclear(text.strip(), field):
            raise TextUnclear(field=field, longest=longest)


def _is_unclear(text: str, field: str) -> bool:
    return find_text_fault(text, multiline=field in _MULTILINE) is not None
