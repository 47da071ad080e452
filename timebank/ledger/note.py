"""Signed notes: a short text and below it one line for each signature (C2SP signed-note).

The keys' arithmetic is not here: signing and verifying take a function, so that this module needs no library and works
the same for the log, a witness and a receipt. Every reader here is strict: what it accepts, it would write again byte
for byte, so that one note has one form and nothing can hide in another.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from timebank.refusal import Refusal

NOTE_BYTES_MAX: Final = 128 * 1024
SIGNATURES_MAX: Final = 64
KEY_ID_BYTES: Final = 4
PUBLIC_KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

Sign = Callable[[bytes], bytes]
"""Makes the 64 bytes of an Ed25519 signature over a message."""

Verify = Callable[[bytes, bytes], bool]
"""Whether a signature (first) is one key's Ed25519 signature over a message (second)."""

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
# Beside spaces and plus signs, nothing that could not be written as UTF-8 lines.
_NAME: Final = r"([^\s+\x00-\x1f\ud800-\udfff]+)"
_SIGNATURE_LINE: Final = re.compile(rf"— {_NAME} ([A-Za-z0-9+/]+={{0,2}})\n")
_KEY: Final = re.compile(rf"{_NAME}\+([0-9a-f]{{8}})\+([A-Za-z0-9+/]+={{0,2}})")


class NoteTooLarge(Refusal):
    """The file is larger, or has more signatures, than any honest one."""

    code = "note_too_large"


class NoteNotText(Refusal):
    """The file is not UTF-8 text, or has a control character in it."""

    code = "note_not_text"


class NoteCutOff(Refusal):
    """The file does not end with a newline: its end is missing."""

    code = "note_cut_off"


class NoteNotSigned(Refusal):
    """There are no signature lines, set off by an empty line, at the end of the file."""

    code = "note_not_signed"


class MalformedSignature(Refusal):
    """A signature line does not have the form «— name signature»."""

    code = "malformed_signature"


class MalformedKey(Refusal):
    """The text is not the public key of a log or a witness."""

    code = "malformed_key"


class NotSignedBy(Refusal):
    """No signature in the note is by the key that is asked for."""

    code = "not_signed_by"


class SignatureMismatch(Refusal):
    """A signature in the name of the key does not belong to this text."""

    code = "signature_mismatch"


class KeyKind(IntEnum):
    """What a key signs: the type byte of C2SP signed-note. Only Ed25519 is used here."""

    TEXT = 0x01
    """The text of a note: the log's own key."""
    COSIGNATURE = 0x04
    """A checkpoint and the moment it was seen: a witness's key."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and whose it is.

    name: not empty, without spaces and plus signs. public: 32 bytes of Ed25519.
    """

    name: str
    kind: KeyKind
    public: bytes

    def __post_init__(self) -> None:
        """Refuse a name that cannot stand in a signature line, and a key of another length."""
        if not re.fullmatch(_NAME, self.name) or len(self.public) != PUBLIC_KEY_BYTES:
            raise MalformedKey

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; they are no protection against a forger."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._typed).digest()[:KEY_ID_BYTES]

    @property
    def _typed(self) -> bytes:
        return bytes([self.kind]) + self.public

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(self._typed)}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a note: by the key of this name and id (4 bytes)."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line below the note, with its newline."""
        return f"— {self.name} {to_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a newline, and its signatures (at least one).

    A signature that is listed here has the right form; whether it is true is asked with `verify_signature`.
    """

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        """Refuse a text that cannot be read back, and a note without signatures."""
        _check_text(self.text)
        if not self.signatures:
            raise NoteNotSigned

    def signatures_by(self, key: VerifierKey) -> tuple[Signature, ...]:
        """Return the signatures in the name of this key, unverified; refuse if there are none (`NotSignedBy`)."""
        found = tuple(each for each in self.signatures if (each.name, each.key_id) == (key.name, key.key_id))
        if not found:
            raise NotSignedBy(name=key.name)
        return found

    def with_signature(self, signature: Signature) -> "Note":
        """Return the note with one more signature, such as a witness's."""
        return Note(self.text, (*self.signatures, signature))

    def to_bytes(self) -> bytes:
        """Write the note as a file."""
        return (self.text + "\n" + "".join(signature.line for signature in self.signatures)).encode()


def sign_text(text: str, key: VerifierKey, sign: Sign) -> Note:
    """Sign a text with the private half of `key` and return the note. Source: C2SP signed-note, Ed25519."""
    return Note(text, (Signature(key.name, key.key_id, sign(text.encode())),))


def verify_signature(note: Note, key: VerifierKey, verify: Verify) -> None:
    """Verify that the note is signed by this key, and that no signature in the key's name is false.

    Raises:
        NotSignedBy: the key has not signed.
        SignatureMismatch: a signature in its name does not belong to the text.

    Source: C2SP signed-note, Signatures.
    """
    for signature in note.signatures_by(key):
        if len(signature.value) != SIGNATURE_BYTES or not verify(signature.value, note.text.encode()):
            raise SignatureMismatch(name=key.name)


def parse_note(raw: bytes) -> Note:
    """Read a note from a file.

    Raises:
        NoteTooLarge, NoteNotText, NoteCutOff, NoteNotSigned, MalformedSignature: what is wrong with the file.

    Source: C2SP signed-note, Format.
    """
    text, blank, lines = read_text(raw, bytes_max=NOTE_BYTES_MAX).rpartition("\n\n")
    if not blank or not lines:
        raise NoteNotSigned
    numbered = enumerate(lines.removesuffix("\n").split("\n"), start=1)
    signatures = tuple(_parse_signature(f"{line}\n", number) for number, line in numbered)
    if len(signatures) > SIGNATURES_MAX:
        raise NoteTooLarge(bytes_max=NOTE_BYTES_MAX, signatures_max=SIGNATURES_MAX)
    return Note(text + "\n", signatures)


def parse_key(text: str) -> VerifierKey:
    """Read a public key written as `name+id+key`, such as `example.com/foo+530d903a+AekyeRrm…`.

    Raises:
        MalformedKey: the text has another form, the id is not the key's, or the kind of key is not used here.
    """
    matched = _KEY.fullmatch(text)
    if matched is None:
        raise MalformedKey
    try:
        kind, *public = base64.b64decode(matched[3])
        key = VerifierKey(matched[1], KeyKind(kind), bytes(public))
    except ValueError as error:
        raise MalformedKey from error
    if str(key) != text:
        raise MalformedKey
    return key


def read_text(raw: bytes, *, bytes_max: int) -> str:
    """Decode a file that must be UTF-8 lines without control characters, each ended by a newline.

    Raises:
        NoteTooLarge, NoteNotText, NoteCutOff: what is wrong with the file.
    """
    if len(raw) > bytes_max:
        raise NoteTooLarge(bytes_max=bytes_max, signatures_max=SIGNATURES_MAX)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise NoteNotText(line=raw.count(b"\n", 0, error.start) + 1) from error
    _check_text(text)
    return text


def to_base64(value: bytes) -> str:
    """Write bytes in standard base64 with padding."""
    return base64.b64encode(value).decode()


def _check_text(text: str) -> None:
    control = _CONTROL.search(text)
    if control:
        raise NoteNotText(line=text.count("\n", 0, control.start()) + 1)
    if not text.endswith("\n"):
        raise NoteCutOff


def _parse_signature(line: str, number: int) -> Signature:
    matched = _SIGNATURE_LINE.fullmatch(line)
    if matched is None:
        raise MalformedSignature(number=number)
    try:
        joined = base64.b64decode(matched[2])
    except ValueError as error:
        raise MalformedSignature(number=number) from error
    signature = Signature(matched[1], joined[:KEY_ID_BYTES], joined[KEY_ID_BYTES:])
    # Base64 has spellings that mean the same bytes; only the one that we would write ourselves is taken.
    if not signature.value or signature.line != line:
        raise MalformedSignature(number=number)
    return signature
