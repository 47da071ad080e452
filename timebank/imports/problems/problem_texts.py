"""What a sentence about a problem consists of."""

from typing import NamedTuple


class ProblemTexts(NamedTuple):
    """What is wrong, and how to mend it, in both languages; `{label}` is the heading of the column."""

    what_zh: str
    mend_zh: str
    what_en: str
    mend_en: str
