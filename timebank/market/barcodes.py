"""Bar codes of goods: which digits can be one, and the one form in which a code is kept.

Pure functions on text. EAN-13, EAN-8 and UPC-A are taken; codes with the prefix 20 to 29 are in-house codes and have
the same check digit. Source: GS1 General Specifications, section 7.9 (check digit, modulo 10 with weights 3 and 1).
"""

import re
from enum import StrEnum
from typing import Final

_DIGITS: Final = re.compile(r"[0-9]+")
_EAN_8, _UPC_A, EAN_13 = 8, 12, 13


class BarcodeFault(StrEnum):
    """Why something scanned or typed cannot be the bar code of a good."""

    CHARACTERS = "characters"
    LENGTH = "length"
    CHECK_DIGIT = "check_digit"


def find_barcode_fault(code: str) -> BarcodeFault | None:
    """Return why this cannot be an EAN-13, EAN-8 or UPC-A code, or None when it can."""
    if not _DIGITS.fullmatch(code):
        return BarcodeFault.CHARACTERS
    if len(code) not in (_EAN_8, _UPC_A, EAN_13):
        return BarcodeFault.LENGTH
    if code[-1] != check_digit_for(code[:-1]):
        return BarcodeFault.CHECK_DIGIT
    return None


def is_barcode(code: str) -> bool:
    """Say whether this is an EAN-13, EAN-8 or UPC-A code with the right check digit."""
    return find_barcode_fault(code) is None


def check_digit_for(digits: str) -> str:
    """Compute the last digit from the ones before it; the digit beside it weighs 3, the next 1, and so on."""
    weighted = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def canonical_barcode(code: str) -> str:
    """Return the form in which a code is kept: a UPC-A code as the EAN-13 code with a leading zero, others as they are.

    Scanners send the one or the other for the same good, depending on how they are set.
    """
    return f"0{code}" if len(code) == _UPC_A else code


_LEFT: Final = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
"""Set A of GS1: the bars (1) and spaces (0) of each digit, seven modules wide, beginning with a space."""
_PARITY: Final = ("AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA")
"""Which set each of the six left digits is taken from; so the first digit of all is told without bars of its own."""


def ean_13_modules(code: str) -> str:
    """Return the 95 modules of an EAN-13 code, `1` for a bar and `0` for a space; the quiet zones are not in it.

    Source: GS1 General Specifications, section 5.2 (number sets A, B, C and guard bars).
    """
    assert len(code) == EAN_13, code
    assert is_barcode(code), code
    left = "".join(_in_set(kind, int(digit)) for kind, digit in zip(_PARITY[int(code[0])], code[1:7], strict=True))
    right = "".join(_in_set("C", int(digit)) for digit in code[7:])
    return f"101{left}01010{right}101"


def _in_set(kind: str, digit: int) -> str:
    """Set C is A with bars and spaces exchanged; B is C read backwards."""
    if kind == "A":
        return _LEFT[digit]
    exchanged = "".join("0" if module == "1" else "1" for module in _LEFT[digit])
    return exchanged if kind == "C" else exchanged[::-1]
