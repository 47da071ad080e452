"""The witness's side: somebody outside with one laptop and one file.

The file holds the witness's key and, for every log that it watches, the log's key and the last head that it saw. A new
head is cosigned only if it is proven to keep everything that the last one stood for. The file is written before the
cosignature is handed out, so that no crash can make a witness sign two histories.

Source: ledger.md section 5, witnesses; C2SP tlog-cosignature and tlog-witness.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from timebank.evidence.keys import trusted_log
from timebank.ledger.canonical import read_moment, written_moment
from timebank.ledger.checkpoint import Checkpoint, cosign, open_checkpoint, parse_checkpoint, verify_continues
from timebank.ledger.note import (
    PUBLIC_KEY_BYTES,
    KeyKind,
    MalformedKey,
    Note,
    Signature,
    VerifierKey,
    parse_key,
    to_base64,
)
from timebank.ledger.proofs import HeadWentBack
from timebank.ledger.witness_request import WitnessRequest
from timebank.refusal import Refusal

WITNESS_FILE: Final = "timebank-witness.json"


class WitnessFileWrong(Refusal):
    """The file is not a witness's file."""

    code = "witness_file_wrong"


class LogUnknown(Refusal):
    """The witness has not seen this log before and must be told its key, from the weekly notice."""

    code = "log_unknown"


class RequestOutdated(Refusal):
    """The request starts from another head than the one that the witness saw last; a new one is needed."""

    code = "request_outdated"


@dataclass(frozen=True, slots=True)
class WatchedLog:
    """A log that a witness watches.

    Attributes:
        key: under which its heads are signed, as the witness was told.
        seen: the last checkpoint that it cosigned; `seen_at` when.
    """

    key: VerifierKey
    seen: Checkpoint
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class WitnessFile:
    """Everything that a witness keeps.

    Attributes:
        name: of its key, e.g. `jiedao.example/w1`.
        private: 32 bytes.
        logs: what it watches, by the log's name.
    """

    name: str
    private: bytes
    logs: Mapping[str, WatchedLog]

    @property
    def key(self) -> VerifierKey:
        """The public key, to be registered with the community."""
        public = Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()
        return VerifierKey(self.name, KeyKind.COSIGNATURE, public)

    def size_seen(self, origin: str) -> int:
        """Return how many entries of a log it saw last, 0 where it never saw it."""
        watched = self.logs.get(origin)
        return watched.seen.size if watched else 0

    def without(self, origin: str) -> "WitnessFile":
        """Return the file without what was seen of one log: the witness begins anew there."""
        return replace(self, logs={name: log for name, log in self.logs.items() if name != origin})

    def sign(self, message: bytes) -> bytes:
        """Make the 64 bytes of a signature."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message)

    def as_text(self) -> str:
        """Write the file."""
        logs = {
            origin: {"key": str(log.key), "seen": log.seen.text, "seen_at": written_moment(log.seen_at)}
            for origin, log in self.logs.items()
        }
        document = {"name": self.name, "private": to_base64(self.private), "logs": logs}
        return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def new_witness(name: str, private: bytes) -> WitnessFile:
    """Make the file of a new witness from 32 random bytes.

    Raises:
        MalformedKey: the name is empty, or has a space or a plus sign in it.
    """
    witness = WitnessFile(name, private, {})
    str(witness.key)
    return witness


def read_witness(text: str, where: str) -> WitnessFile:
    """Read a witness's file.

    Raises:
        WitnessFileWrong: it is none; `where` is named.
    """
    try:
        document = json.loads(text)
        private = base64.b64decode(document["private"], validate=True)
        logs = {origin: _watched(written) for origin, written in document["logs"].items()}
        witness = WitnessFile(document["name"], private, logs)
        if len(private) != PUBLIC_KEY_BYTES:
            raise WitnessFileWrong(file=where)
        str(witness.key)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, Refusal) as error:
        raise WitnessFileWrong(file=where) from error
    return witness


def _watched(written: dict[str, str]) -> WatchedLog:
    return WatchedLog(parse_key(written["key"]), parse_checkpoint(written["seen"]), read_moment(written["seen_at"]))


@dataclass(frozen=True, slots=True)
class Cosigned:
    """What comes of cosigning.

    Attributes:
        witness: the file as it must be kept before anything is handed out.
        note: the checkpoint with the witness's line, to be handed back.
        checkpoint: what was signed.
    """

    witness: WitnessFile
    note: Note
    checkpoint: Checkpoint


def cosign_request(
    witness: WitnessFile, request: WitnessRequest, *, log_key: VerifierKey | None, at: datetime
) -> Cosigned:
    """Check a request against what the witness saw last, and cosign it.

    Args:
        log_key: the log's key where the witness does not know it yet or where it was changed; None takes the one in
            the file.

    Raises:
        LogUnknown: the log is new to this witness and no key is given.
        NotSignedBy, SignatureMismatch, MalformedCheckpoint, ForeignLog: the checkpoint is not this log's.
        HeadWentBack, HistoryNotProven, WrongProofLength: it does not keep what the witness saw.
        RequestOutdated: it starts from another head than the one that the witness saw last.
    """
    origin = parse_checkpoint(request.note.text).origin
    watched = witness.logs.get(origin)
    key = _key(origin, watched, log_key)
    checkpoint = open_checkpoint(request.note, trusted_log(key))
    if watched is not None:
        _check_continues(watched.seen, checkpoint, request)
    line = cosign(checkpoint, witness.key, at, witness.sign)
    logs = {**witness.logs, origin: WatchedLog(key, checkpoint, at)}
    return Cosigned(replace(witness, logs=logs), _own(request.note, key).with_signature(line), checkpoint)


def _key(origin: str, watched: WatchedLog | None, given: VerifierKey | None) -> VerifierKey:
    if given is not None:
        if given.kind is not KeyKind.TEXT:
            raise MalformedKey()
        return given
    if watched is None:
        raise LogUnknown(log=origin)
    return watched.key


def _check_continues(seen: Checkpoint, checkpoint: Checkpoint, request: WitnessRequest) -> None:
    if checkpoint.size < seen.size:
        raise HeadWentBack(older_size=seen.size, newer_size=checkpoint.size)
    if checkpoint.size == seen.size:
        # Nothing was added since: whatever the request starts from, the two must be one.
        verify_continues(seen, checkpoint, ())
        return
    if request.older_size != seen.size:
        raise RequestOutdated(seen_size=seen.size, request_size=request.older_size)
    verify_continues(seen, checkpoint, request.hashes)


def _own(note: Note, key: VerifierKey) -> Note:
    """Leave only the log's own signatures: what other witnesses signed was not checked here."""
    kept: tuple[Signature, ...] = note.signatures_by(key)
    return Note(note.text, kept)
