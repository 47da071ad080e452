"""From a cell's text to a value, by exact rules; what does not fit becomes a problem, never an exception.

Every function takes the field's code and the text (not empty) and returns the value or a `CellProblem`, so that all
problems of a file are found in one reading. Full-width digits (１２) and blanks around a number are made plain first;
signs, underscores, exponents, thousands separators and digits of other scripts are refused (`trust.md` N6).
"""

import re
from collections.abc import Mapping
from typing import Final

from timebank.imports.problems import CellProblem, shown
from timebank.market.barcodes import canonical_barcode, find_barcode_fault
from timebank.people.identity import (
    DOCUMENT_NAMES,
    DocumentKind,
    find_document_fault,
    find_document_kind,
    is_phone,
    normalised_document_number,
    normalised_phone,
)
from timebank.people.plain_text import composed, find_text_fault, half_width

_WHOLE: Final = re.compile(r"[0-9]{1,12}")
_DECIMAL: Final = re.compile(r"([0-9]{1,12})(?:\.([0-9]+))?")
_NEGATIVE: Final = re.compile(r"-[0-9.]+")
_EXPONENT: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)

_HANZI: Final = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_LAYOUT_BLANK: Final = re.compile(rf"(?<={_HANZI})[ \u3000\u00a0]+(?={_HANZI})")


def whole_number(field: str, text: str, *, low: int, high: int) -> int | CellProblem:
    """Read a whole number from `low` to `high`."""
    plain = half_width(text).strip()
    if _NEGATIVE.fullmatch(plain):
        return CellProblem(field, "negative_number", {"written": shown(text)})
    if not _WHOLE.fullmatch(plain):
        return CellProblem(field, "not_whole_number", {"written": shown(text)})
    number = int(plain)
    if not low <= number <= high:
        return CellProblem(field, "out_of_range", {"written": shown(text), "low": low, "high": high})
    return number


def hundredths(field: str, text: str, *, low_e2: int, high_e2: int) -> int | CellProblem:
    """Read a number with at most two decimals as whole hundredths: points as `points_e2`, 2.5 is 250."""
    plain = half_width(text).strip()
    if _NEGATIVE.fullmatch(plain):
        return CellProblem(field, "negative_number", {"written": shown(text)})
    matched = _DECIMAL.fullmatch(plain)
    if matched is None:
        return CellProblem(field, "not_a_number", {"written": shown(text)})
    decimals = matched[2] or ""
    if len(decimals) > 2:
        return CellProblem(field, "too_many_decimals", {"written": shown(text)})
    number_e2 = int(matched[1]) * 100 + int(decimals.ljust(2, "0"))
    if not low_e2 <= number_e2 <= high_e2:
        facts = {"written": shown(text), "low": written_e2(low_e2), "high": written_e2(high_e2)}
        return CellProblem(field, "out_of_range", facts)
    return number_e2


def yuan_as_fen(field: str, text: str, *, high_fen: int) -> int | CellProblem:
    """Read an amount of money in yuan as whole fen, from 0; a ¥ before it or a 元 after it is passed over."""
    bare = half_width(text).strip().removeprefix("¥").removeprefix("￥").removesuffix("元")
    return hundredths(field, bare, low_e2=0, high_e2=high_fen)


def plain_text(field: str, text: str, *, limit: int, multiline: bool = False) -> str | CellProblem:
    """Read a text of at most `limit` characters, in NFC, without blanks around it, otherwise exactly as it is."""
    kept = composed(text).replace("\r\n", "\n").strip()
    fault = find_text_fault(kept, multiline=multiline)
    if fault is not None:
        return CellProblem(field, f"text_{fault.value}")
    if len(kept) > limit:
        return CellProblem(field, "text_too_long", {"length": len(kept), "limit": limit})
    return kept


def person_name(field: str, text: str) -> str | CellProblem:
    """Read a person's name, at most 60 characters.

    Blanks between two hanzi are taken out: registers stretch 文　杰 to the width of three hanzi. All other blanks
    belong to the name.
    """
    return plain_text(field, _LAYOUT_BLANK.sub("", text), limit=60)


def reference(field: str, text: str) -> str | CellProblem:
    """Read a number that is a name (of an activity, a volunteer, a sheet), at most 40 characters, in half width.

    A number that a spreadsheet has rounded (9.9E+17) is refused: its last digits are lost.
    """
    plain = half_width(text).strip()
    if _EXPONENT.fullmatch(plain):
        return CellProblem(field, "digits_lost", {"written": shown(plain)})
    return plain_text(field, plain, limit=40)


def choice(field: str, text: str, *, choices: Mapping[str, str]) -> str | CellProblem:
    """Read one of a few words and return what stands for it in code."""
    found = choices.get(half_width(text).strip().lower())
    if found is None:
        facts = {"written": shown(text), "choices": "、".join(choices)}
        return CellProblem(field, "unknown_choice", facts)
    return found


def phone(field: str, text: str) -> str | CellProblem:
    """Read a mainland mobile number as eleven digits; blanks, hyphens and +86 are passed over."""
    plain = normalised_phone(text)
    if _EXPONENT.fullmatch(plain):
        return CellProblem(field, "digits_lost", {"written": shown(plain)})
    return plain if is_phone(plain) else CellProblem(field, "not_a_phone")


def document_kind(field: str, text: str) -> DocumentKind | CellProblem:
    """Read the kind of an identity document."""
    found = find_document_kind(half_width(text))
    if found is None:
        choices = "、".join(names[0] for names in DOCUMENT_NAMES.values())
        return CellProblem(field, "unknown_document_kind", {"written": shown(text), "choices": choices})
    return found


def document_number(field: str, text: str, *, kind: DocumentKind) -> str | CellProblem:
    """Read the number of a document by the rule of its kind; the number itself never stands in a problem."""
    number = normalised_document_number(text)
    if _EXPONENT.fullmatch(number):
        return CellProblem(field, "digits_lost", {"written": shown(number)})
    fault = find_document_fault(kind, number)
    if fault is None:
        return number
    return CellProblem(field, f"document_{fault.value}", {"length": len(number)})


def barcode(field: str, text: str) -> str | CellProblem:
    """Read an EAN-13, EAN-8 or UPC-A code; UPC-A comes back as the EAN-13 it is part of."""
    plain = "".join(half_width(text).split())
    if _EXPONENT.fullmatch(plain):
        return CellProblem(field, "digits_lost", {"written": shown(plain)})
    fault = find_barcode_fault(plain)
    if fault is None:
        return canonical_barcode(plain)
    return CellProblem(field, f"barcode_{fault.value}", {"written": shown(text)})


def written_e2(number_e2: int) -> str:
    """Return hundredths as people write them: 250 is 2.5, 300 is 3."""
    return f"{number_e2 // 100}.{number_e2 % 100:02}".rstrip("0").rstrip(".")
