"""Checkpoints, and what witnesses add to them (C2SP tlog-checkpoint, tlog-cosignature).

A checkpoint is a note in which the log says: so many entries, this root. A cosignature is a witness's word that it saw
this checkpoint at this moment, and that it continues the one it saw before.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from timebank.ledger.merkle import EMPTY_ROOT, HASH_BYTES, SIZE_MAX, TreeHead
from timebank.ledger.note import (
    SIGNATURE_BYTES,
    Note,
    Sign,
    Signature,
    SignatureMismatch,
    VerifierKey,
    Verify,
    to_base64,
    verify_signature,
)
from timebank.ledger.proofs import WrongProofLength, verify_consistency
from timebank.refusal import Refusal

COSIGNATURE_HEADER: Final = "cosignature/v1"
SECONDS_BYTES: Final = 8
# The end of the year 9999, the last second that a date here can hold.
SECONDS_MAX: Final = 253_402_300_799

DECIMAL: Final = "(0|[1-9][0-9]{0,18})"
HASH: Final = "[A-Za-z0-9+/]{43}="
_CHECKPOINT: Final = re.compile(rf"([^\n]+)\n{DECIMAL}\n({HASH})\n((?:[^\n]+\n)*)")


class MalformedCheckpoint(Refusal):
    """The text is not a checkpoint: origin, size and root in three lines, in the one form they have."""

    code = "malformed_checkpoint"


class ForeignLog(Refusal):
    """The checkpoint is of another log than the one that is asked about."""

    code = "foreign_log"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log says of itself at one moment.

    origin: the log's name, one line. size: entries so far, 0 to SIZE_MAX. root: 32 bytes. extensions: further lines,
    none of them empty; this log writes none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be written and read back as the same checkpoint, and an empty log with a root."""
        lines = (self.origin, *self.extensions)
        possible = (
            all(line and "\n" not in line for line in lines)
            and 0 <= self.size <= SIZE_MAX
            and len(self.root) == HASH_BYTES
            and (self.size > 0 or self.root == EMPTY_ROOT)
        )
        if not possible:
            raise MalformedCheckpoint

    @property
    def head(self) -> TreeHead:
        """Size and root, for verifying proofs."""
        return TreeHead(self.size, self.root)

    @property
    def text(self) -> str:
        """The text that the log and the witnesses sign."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class TrustedLog:
    """The log that a verifier has decided to believe: its origin, its key, and how to verify with that key."""

    origin: str
    key: VerifierKey
    verify: Verify


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; the signatures are another question (`open_checkpoint`).

    Raises:
        MalformedCheckpoint: it is none, or not in its one form (a size with a leading zero, for example).

    Source: C2SP tlog-checkpoint, Note text.
    """
    matched = _CHECKPOINT.fullmatch(text)
    if matched is None:
        raise MalformedCheckpoint
    origin, size, root, extensions = matched.groups()
    checkpoint = Checkpoint(origin, int(size), base64.b64decode(root), tuple(extensions.split("\n")[:-1]))
    if checkpoint.text != text:
        raise MalformedCheckpoint
    return checkpoint


def open_checkpoint(note: Note, log: TrustedLog) -> Checkpoint:
    """Return the checkpoint in a note, if the trusted log signed it and it is about that log.

    Raises:
        NotSignedBy, SignatureMismatch: the log did not sign this text.
        MalformedCheckpoint: the text is no checkpoint.
        ForeignLog: the checkpoint names another log.
    """
    verify_signature(note, log.key, log.verify)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != log.origin:
        raise ForeignLog(expected=log.origin, found=checkpoint.origin)
    return checkpoint


def verify_continues(older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes]) -> None:
    """Verify that the newer checkpoint keeps everything that the older one stood for.

    The proof is a consistency proof; it is empty when the older log is empty or both have the same size.

    Raises:
        ForeignLog: they are of two logs.
        HeadWentBack, WrongProofLength, HistoryNotProven, NotAHash: see `verify_consistency`.
    """
    if older.origin != newer.origin:
        raise ForeignLog(expected=older.origin, found=newer.origin)
    if older.size:
        verify_consistency(older.head, newer.head, proof)
    elif proof:
        raise WrongProofLength(found=len(proof), expected=0)


def cosign(checkpoint: Checkpoint, key: VerifierKey, at: datetime, sign: Sign) -> Signature:
    """Sign, as a witness, that this checkpoint was seen at this moment (aware; whole seconds are kept).

    Source: C2SP tlog-cosignature, Ed25519 signed message.
    """
    assert at.tzinfo is not None, at
    seconds = int(at.timestamp())
    value = seconds.to_bytes(SECONDS_BYTES, "big") + sign(_cosigned_message(checkpoint.text, seconds))
    return Signature(key.name, key.key_id, value)


def verify_cosignature(note: Note, key: VerifierKey, verify: Verify) -> datetime:
    """Verify that the witness with this key cosigned the note, and return when it last did (UTC).

    Raises:
        NotSignedBy: the witness did not cosign.
        SignatureMismatch: a cosignature in its name does not belong to the text and the moment.
    """
    seen = []
    for signature in note.signatures_by(key):
        seconds = int.from_bytes(signature.value[:SECONDS_BYTES], "big")
        possible = len(signature.value) == SECONDS_BYTES + SIGNATURE_BYTES and seconds <= SECONDS_MAX
        if not possible or not verify(signature.value[SECONDS_BYTES:], _cosigned_message(note.text, seconds)):
            raise SignatureMismatch(name=key.name)
        seen.append(seconds)
    return datetime.fromtimestamp(max(seen), UTC)


def _cosigned_message(text: str, seconds: int) -> bytes:
    return f"{COSIGNATURE_HEADER}\ntime {seconds}\n{text}".encode()
