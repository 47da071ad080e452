"""Text as people write it: what is kept exactly, what is refused, and the few marks that are made alike.

Every room that takes text (files, forms, the command line) asks here, so that a name that one way in accepts is
accepted by the others too. Pure functions; nothing is stored.

Rules, `trust.md` N6 and N9 in short: letters of every script, emoji, rare hanzi and the middle dot of 阿依古丽·买买提
are kept exactly; control characters, characters that turn the reading direction, halves of characters and text that
nobody can see are refused.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

# The full-width forms of the printable ASCII characters stand in the same order 0xFEE0 further up.
_HALF_WIDTH: Final = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x00A0: 0x20}

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_DIRECTION: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Unassigned characters count as seen: hanzi that are newer than this Python are names too.
_UNSEEN_CATEGORIES: Final = frozenset({"Cf", "Mn", "Zs"})

# Fillers that carry a letter's or a symbol's category and yet show nothing.
_UNSEEN_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")

_FORMULA_START: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED_FORMULA: Final = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


class TextFault(StrEnum):
    """Why a text is refused."""

    CONTROL = "control"
    DIRECTION = "direction"
    HALF_CHARACTER = "half_character"
    REPLACED = "replaced"
    UNSEEN = "unseen"


def find_text_fault(text: str, *, multiline: bool) -> TextFault | None:
    """Return why a text cannot be kept, or None when it can.

    Args:
        text: anything; the empty text has no fault, because «required» is another question.
        multiline: line feeds may stand in it (a note); in a name they may not.

    Source: `trust.md` N9. U+FFFD is refused as well: it is what is left of a character that some program before us
    could not read, and a name that contains it is already damaged.
    """
    searched = text.replace("\n", "") if multiline else text
    if _SURROGATE.search(searched):
        return TextFault.HALF_CHARACTER
    if _CONTROL.search(searched):
        return TextFault.CONTROL
    if _DIRECTION.search(searched):
        return TextFault.DIRECTION
    if "\ufffd" in searched:
        return TextFault.REPLACED
    if searched and not any(map(_is_seen, searched)):
        return TextFault.UNSEEN
    return None


def composed(text: str) -> str:
    """Return the text in NFC, so that the same name written in two ways is the same name (`trust.md` N11)."""
    return unicodedata.normalize("NFC", text)


def half_width(text: str) -> str:
    """Return the text with the full-width forms of ASCII (１２：３０, Ｘ) made narrow and wide blanks made plain.

    For numbers, dates, times and codes only, never for names and notes. Digits of other scripts (٣) and raised
    digits (²) are left as they are, so that the patterns of the callers refuse them (`trust.md` N6).
    """
    return text.translate(_HALF_WIDTH)


def formula_safe(text: str) -> str:
    """Return the text so that a spreadsheet shows it and never runs it: an apostrophe before `= + - @`, tab, line end.

    `without_formula_guard` takes exactly this back, so an exported file can be imported again unchanged.
    Source: OWASP ASVS 1.2.10, `trust.md` I8 and I21.
    """
    return f"'{text}" if _FORMULA_START.match(text) else text


def without_formula_guard(text: str) -> str:
    """Return the text without the one apostrophe that `formula_safe` put before it."""
    return text[1:] if _GUARDED_FORMULA.match(text) else text


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES and character not in _UNSEEN_LETTERS
