"""Codes: the twenty digits on cards, slips, shelves and papers, and what they stand for.

`9` · kind · payload of sixteen digits · two check digits (ISO 7064, MOD 97-10). Digits only, so that a scanner types
them rightly while a Chinese input method is on, and so that they fit the smallest QR code. No goods bar code and no
payment code begins with 9 and has twenty digits.

What a payload means is decided by whoever prints codes of that kind. Of a document it names an entry of the log and
repeats the beginning of its hash: paper that was handed out still tells when the entry behind it is no longer the same.

Source: experience.md section 0.3.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from timebank.ledger.merkle import check_hash
from timebank.refusal import Refusal

CODE_DIGITS: Final = 20
PAYLOAD_DIGITS: Final = 16
PAYLOAD_MAX: Final = 10**PAYLOAD_DIGITS - 1
FIRST: Final = "9"
GROUP: Final = 4

HASH_DIGITS: Final = 8
SEQ_MAX: Final = 10 ** (PAYLOAD_DIGITS - HASH_DIGITS) - 1
"""The last entry that a document's code can name: a hundred million are enough for one community."""

_SHAPE: Final = re.compile(r"9[1-9][0-9]{18}")
_SPACES: Final = re.compile(r"[ \u3000-]")


class NotACode(Refusal):
    """It is not one of our codes: other length, other beginning, or something else than digits."""

    code = "not_a_code"


class CodeMistyped(Refusal):
    """It looks like one of our codes, but the check digits do not fit: a digit is wrong or two are exchanged."""

    code = "code_mistyped"


class CodeKind(IntEnum):
    """What a code stands for: its second digit."""

    CARD = 1
    """A member's paper card."""
    PHONE = 2
    """A member's code on a phone, for a short time."""
    BADGE = 3
    """A badge of the staff, or of who honours vouchers at a partner unit."""
    COMMAND = 4
    """A laminated command at the till."""
    RESERVATION = 5
    ACTIVITY = 6
    LABEL = 7
    """A label for something without a bar code."""
    DOCUMENT = 8
    """A slip, a passbook page or a certificate, to be checked by anyone."""
    VOUCHER = 9
    """A service voucher, to be honoured once at its partner unit."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code: what kind, and its payload (0 to 10^16 - 1)."""

    kind: CodeKind
    payload: int

    def __post_init__(self) -> None:
        """Refuse a payload that does not fit; that is a fault of the program."""
        assert type(self.payload) is int, self.payload
        assert 0 <= self.payload <= PAYLOAD_MAX, self.payload

    @property
    def digits(self) -> str:
        """The twenty digits, as a scanner reads them."""
        body = f"{FIRST}{self.kind:d}{self.payload:0{PAYLOAD_DIGITS}d}"
        return f"{body}{98 - int(body) * 100 % 97:02d}"

    @property
    def grouped(self) -> str:
        """The twenty digits in fives of four, as a person reads them."""
        digits = self.digits
        return " ".join(digits[start : start + GROUP] for start in range(0, CODE_DIGITS, GROUP))


def read_code(text: str) -> Code:
    """Read what was scanned or typed; spaces and hyphens between the digits are passed over.

    Raises:
        NotACode: it is none of ours.
        CodeMistyped: its check digits do not fit.
    """
    digits = _SPACES.sub("", text)
    if _SHAPE.fullmatch(digits) is None:
        raise NotACode(digits=len(digits))
    code = Code(CodeKind(int(digits[1])), int(digits[2:-2]))
    # Compared as text: 00 and 01 have the remainders of 97 and 98, and one code has one form.
    if code.digits != digits:
        raise CodeMistyped()
    return code


@dataclass(frozen=True, slots=True)
class DocumentCode:
    """What the code on a document says: which entry is behind it, and how that entry's hash begins.

    seq: the entry's number, 1 to 99,999,999. mark: eight digits made of the leaf hash.
    """

    seq: int
    mark: int

    @property
    def code(self) -> Code:
        """The code to print."""
        assert 1 <= self.seq <= SEQ_MAX, self.seq
        return Code(CodeKind.DOCUMENT, self.seq * 10**HASH_DIGITS + self.mark)

    def stands_for(self, leaf_hash: bytes) -> bool:
        """Tell whether the entry with this leaf hash is the one that the paper was printed for."""
        return self.mark == _mark(leaf_hash)


def document_code(seq: int, leaf_hash: bytes) -> Code:
    """Return the code for a document of an entry: its number (from 1) and its leaf hash (32 bytes)."""
    check_hash(leaf_hash)
    return DocumentCode(seq, _mark(leaf_hash)).code


def read_document(code: Code) -> DocumentCode:
    """Read which entry a document's code names.

    Raises:
        NotACode: it is not the code of a document.
    """
    seq, mark = divmod(code.payload, 10**HASH_DIGITS)
    if code.kind is not CodeKind.DOCUMENT or not seq:
        raise NotACode(digits=CODE_DIGITS)
    return DocumentCode(seq, mark)


def _mark(leaf_hash: bytes) -> int:
    """Make eight digits of a hash; anyone who has the entry can make them again."""
    return int.from_bytes(leaf_hash[:8], "big") % 10**HASH_DIGITS
