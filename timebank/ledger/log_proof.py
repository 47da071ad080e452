"""Log proofs: a small text file that proves one entry without a network; the heart of a receipt (C2SP tlog-proof).

It says where the entry stands, gives the hashes that lead from it to the root, and carries the signed checkpoint with
that root. The entry itself is not in it: whoever verifies brings the entry's bytes.
"""

import base64
import re
from dataclasses import dataclass
from typing import Final

from timebank.ledger.checkpoint import DECIMAL, HASH, Checkpoint, TrustedLog, open_checkpoint
from timebank.ledger.note import NOTE_BYTES_MAX, Note, parse_note, read_text, to_base64
from timebank.ledger.proofs import verify_inclusion
from timebank.refusal import Refusal

PROOF_HEADER: Final = "c2sp.org/tlog-proof@v1"
PROOF_BYTES_MAX: Final = 2 * NOTE_BYTES_MAX

_PROOF: Final = re.compile(
    rf"{re.escape(PROOF_HEADER)}\n"
    rf"(?:extra ([A-Za-z0-9+/]+={{0,2}})\n)?"
    rf"index {DECIMAL}\n"
    rf"((?:{HASH}\n){{0,63}})"
    r"\n"
)


class MalformedLogProof(Refusal):
    """The file is not a log proof in the one form that log proofs have."""

    code = "malformed_log_proof"


@dataclass(frozen=True, slots=True)
class LogProof:
    """What the file says: nothing of it is proven before `verify_log_proof`.

    index: the entry's leaf, from 0. hashes: the inclusion proof. note: the signed checkpoint. extra: whatever the
    writer added; it stays unproven.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes = b""

    def to_bytes(self) -> bytes:
        """Write the proof as a `.tlog-proof` file. Source: C2SP tlog-proof, Format."""
        extra = (f"extra {to_base64(self.extra)}",) if self.extra else ()
        lines = (PROOF_HEADER, *extra, f"index {self.index}", *map(to_base64, self.hashes), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.note.to_bytes()


def parse_log_proof(raw: bytes) -> LogProof:
    """Read a log proof from a file.

    Raises:
        NoteTooLarge, NoteNotText, NoteCutOff: the file is no text of this kind.
        MalformedLogProof: the lines before the checkpoint are not those of a log proof.
        NoteNotSigned, MalformedSignature: the checkpoint in it is no signed note.

    Source: C2SP tlog-proof, Format.
    """
    text = read_text(raw, bytes_max=PROOF_BYTES_MAX)
    matched = _PROOF.match(text)
    if matched is None:
        raise MalformedLogProof
    extra, index, hashes = matched.groups("")
    try:
        decoded = base64.b64decode(extra)
    except ValueError as error:
        raise MalformedLogProof from error
    note = parse_note(text[matched.end() :].encode())
    proof = LogProof(int(index), tuple(base64.b64decode(line) for line in hashes.split()), note, decoded)
    if proof.to_bytes() != raw:
        raise MalformedLogProof
    return proof


def verify_log_proof(proof: LogProof, leaf: bytes, log: TrustedLog) -> Checkpoint:
    """Verify that the entry with the leaf hash `leaf` is in the trusted log, and return the checkpoint that says so.

    Raises:
        NotSignedBy, SignatureMismatch, MalformedCheckpoint, ForeignLog: see `open_checkpoint`.
        NotAHash, EntryBeyondTree, WrongProofLength, EntryNotProven: see `verify_inclusion`.
    """
    checkpoint = open_checkpoint(proof.note, log)
    verify_inclusion(leaf, proof.index, proof.hashes, checkpoint.head)
    return checkpoint
