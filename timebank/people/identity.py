"""Identity documents and phone numbers: made alike, checked, and masked for the screen.

Pure functions on text. Storing (encrypted, with a keyed hash for look-up) is the business of the people room's other
files; nothing here keeps or logs a number.

Sources: GB 11643-1999 (resident identity number and its check character, ISO 7064 MOD 11-2); the number shapes of the
documents that the Ministry of Public Security and the National Immigration Administration issue.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Final

from timebank.people.plain_text import half_width


class DocumentKind(StrEnum):
    """The documents by which a community knows a person."""

    RESIDENT_ID = "resident_id"
    RESIDENCE_PERMIT = "residence_permit"
    PASSPORT = "passport"
    HONGKONG_MACAO_PERMIT = "hongkong_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PERMANENT_RESIDENT_ID = "permanent_resident_id"
    OTHER = "other"


class DocumentFault(StrEnum):
    """Why a document number cannot be right."""

    LENGTH = "length"
    CHARACTERS = "characters"
    BIRTH_DATE = "birth_date"
    CHECK_CHARACTER = "check_character"


# The first name is the one that is shown; the others are found in registers.
DOCUMENT_NAMES: Final[dict[DocumentKind, tuple[str, ...]]] = {
    DocumentKind.RESIDENT_ID: ("居民身份证", "身份证", "二代身份证", "户口簿"),
    DocumentKind.RESIDENCE_PERMIT: ("港澳台居民居住证", "居住证"),
    DocumentKind.PASSPORT: ("护照", "普通护照"),
    DocumentKind.HONGKONG_MACAO_PERMIT: ("港澳居民来往内地通行证", "回乡证", "港澳通行证"),
    DocumentKind.TAIWAN_PERMIT: ("台湾居民来往大陆通行证", "台胞证"),
    DocumentKind.PERMANENT_RESIDENT_ID: ("外国人永久居留身份证", "永久居留证"),
    DocumentKind.OTHER: ("其他", "其他证件"),
}

# Lengths and shapes of the documents that have no check character.
_SHAPES: Final[dict[DocumentKind, tuple[range, re.Pattern[str]]]] = {
    DocumentKind.PASSPORT: (range(5, 16), re.compile(r"[A-Z0-9]*[0-9][A-Z0-9]*")),
    DocumentKind.HONGKONG_MACAO_PERMIT: (range(9, 12), re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})")),
    DocumentKind.TAIWAN_PERMIT: (range(8, 13), re.compile(r"[0-9]{8}|[0-9]{10}[A-Z0-9]{0,2}")),
    DocumentKind.OTHER: (range(2, 31), re.compile(r"[A-Z0-9()-]*")),
}
_OLD_PERMANENT_RESIDENT: Final = re.compile(r"[A-Z]{3}[0-9]{12}")

_IDENTITY: Final = re.compile(r"[0-9]{17}[0-9X]")
_IDENTITY_LENGTH: Final = 18
_IDENTITY_YEAR_MIN: Final = 1900
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS: Final = "10X98765432"

_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY_CODE: Final = re.compile(r"(?:\+86|0086|86(?=1[0-9]{10}$))")


def find_document_kind(name: str) -> DocumentKind | None:
    """Return the kind of document that a register calls by this name, or None when the name is not known."""
    wanted = name.strip()
    return next((kind for kind, names in DOCUMENT_NAMES.items() if wanted in (*names, kind.value)), None)


def normalised_document_number(text: str) -> str:
    """Return the number in capitals and half-width characters, without blanks; nothing else is changed."""
    return "".join(half_width(text).split()).upper()


def find_document_fault(kind: DocumentKind, number: str) -> DocumentFault | None:
    """Return why this cannot be the number of such a document, or None when it can.

    Args:
        kind: decides the rule; an identity number must have the right check character, a passport only the shape.
        number: as `normalised_document_number` gives it.
    """
    if kind in (DocumentKind.RESIDENT_ID, DocumentKind.RESIDENCE_PERMIT):
        return find_identity_fault(number)
    if kind is DocumentKind.PERMANENT_RESIDENT_ID:
        return None if _OLD_PERMANENT_RESIDENT.fullmatch(number) else find_identity_fault(number)
    lengths, shape = _SHAPES[kind]
    if len(number) not in lengths:
        return DocumentFault.LENGTH
    return None if shape.fullmatch(number) else DocumentFault.CHARACTERS


def find_identity_fault(number: str) -> DocumentFault | None:
    """Return why this cannot be a resident identity number, or None when it can.

    The region is not checked: the list of regions changes every year and people keep the number they were born with.
    Numbers of 15 digits (before 1999) have no check character and lost their validity in 2013; they are refused.
    """
    if len(number) != _IDENTITY_LENGTH:
        return DocumentFault.LENGTH
    if not _IDENTITY.fullmatch(number):
        return DocumentFault.CHARACTERS
    if _find_birth_date(number) is None:
        return DocumentFault.BIRTH_DATE
    if number[17] != identity_check_character(number[:17]):
        return DocumentFault.CHECK_CHARACTER
    return None


def identity_check_character(first_digits: str) -> str:
    """Compute the eighteenth character, `0` to `9` or `X`, from the first seventeen digits (GB 11643-1999)."""
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_digits, strict=True))
    return _CHECK_CHARACTERS[weighted % 11]


def birth_date_in(number: str) -> date:
    """Return the birth date that stands in a resident identity number without fault."""
    born_on = _find_birth_date(number)
    assert born_on is not None, "ask find_identity_fault first"
    return born_on


def normalised_phone(text: str) -> str:
    """Return a mainland mobile number as its bare digits: without +86, blanks and hyphens, in half-width digits."""
    bare = "".join(half_width(text).split()).replace("-", "")
    country_code = _COUNTRY_CODE.match(bare)
    return bare[country_code.end() :] if country_code else bare


def is_phone(text: str) -> bool:
    """Say whether this is a mainland mobile number of eleven digits, as `normalised_phone` gives it."""
    return _MOBILE.fullmatch(text) is not None


def mask_identity(number: str) -> str:
    """Return a document number for the screen: three characters before and four after, the rest as stars.

    Shorter numbers show only the last two, so that at least half of a number is always hidden.
    """
    if len(number) >= 14:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    shown = min(2, len(number) // 2)
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def mask_phone(phone: str) -> str:
    """Return a phone number for the screen: 199****1001; anything shorter than eleven shows its last two digits."""
    if len(phone) < 11:
        return mask_identity(phone)
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def mask_name(name: str) -> str:
    """Return a name for public pages: the first and the last character around one star, 王*英; 文杰 becomes 文*."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*{name[-1]}" if len(name) > 2 else f"{name[0]}*"


def _find_birth_date(number: str) -> date | None:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if year < _IDENTITY_YEAR_MIN:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
