"""Witness requests: what a log hands to a witness, by wire or on a USB stick (C2SP tlog-witness, add-checkpoint).

It says how many entries the witness saw last, gives the proof that they are unchanged, and carries the signed
checkpoint that is to be cosigned.
"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from timebank.ledger.checkpoint import DECIMAL, HASH
from timebank.ledger.note import NOTE_BYTES_MAX, Note, parse_note, read_text, to_base64
from timebank.refusal import Refusal

REQUEST_BYTES_MAX: Final = 2 * NOTE_BYTES_MAX
REQUEST_BEGINS: Final = b"old "

_REQUEST: Final = re.compile(rf"old {DECIMAL}\n((?:{HASH}\n){{0,63}})\n")


class MalformedWitnessRequest(Refusal):
    """The file is not a request to a witness in the one form that they have."""

    code = "malformed_witness_request"


@dataclass(frozen=True, slots=True)
class WitnessRequest:
    """What the file says; nothing of it is believed before it is verified.

    older_size: entries that the witness saw last, 0 for none. hashes: the consistency proof from there. note: the
    signed checkpoint.
    """

    older_size: int
    hashes: tuple[bytes, ...]
    note: Note

    def to_bytes(self) -> bytes:
        """Write the request as a file."""
        lines = (f"old {self.older_size}", *map(to_base64, self.hashes), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.note.to_bytes()


def parse_witness_request(raw: bytes) -> WitnessRequest:
    """Read a request from a file.

    Raises:
        NoteTooLarge, NoteNotText, NoteCutOff: the file is no text of this kind.
        MalformedWitnessRequest: the lines before the checkpoint are not those of a request.
        NoteNotSigned, MalformedSignature: the checkpoint in it is no signed note.

    Source: C2SP tlog-witness, add-checkpoint.
    """
    text = read_text(raw, bytes_max=REQUEST_BYTES_MAX)
    matched = _REQUEST.match(text)
    if matched is None:
        raise MalformedWitnessRequest
    older_size, hashes = matched.groups()
    note = parse_note(text[matched.end() :].encode())
    request = WitnessRequest(int(older_size), tuple(base64.b64decode(line) for line in hashes.split()), note)
    if request.to_bytes() != raw:
        raise MalformedWitnessRequest
    return request
