"""The log's own key: Ed25519, in a file of its own in the data folder, readable by its owner alone.

One key signs for all communities of an installation; the name of each log is the installation's name and the
community's code. The name was made of the first key and stays when the key is changed, so that a log keeps its name.
What an old key signed stays verifiable: the public halves of retired keys are kept.

Source: ledger.md section 5; C2SP signed-note.
"""

import base64
import binascii
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from timebank.evidence.files import write_private
from timebank.ledger.checkpoint import TrustedLog
from timebank.ledger.note import PUBLIC_KEY_BYTES, KeyKind, Note, NotSignedBy, VerifierKey, Verify, to_base64
from timebank.refusal import Refusal

LOG_KEY_FILE: Final = "log-key.json"
_SITE: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")


class LogKeyMissing(Refusal):
    """The log's key is not there; `timebank init` makes it."""

    code = "log_key_missing"


class LogKeyWrong(Refusal):
    """The file or setting does not hold a log's key."""

    code = "log_key_wrong"


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The key that signs, and those that signed before.

    Attributes:
        site: name of this installation; a log is called `site/community`.
        private: the 32 bytes of the signing key.
        retired: public halves of earlier keys, oldest first.
    """

    site: str
    private: bytes
    retired: tuple[bytes, ...] = ()

    @property
    def public(self) -> bytes:
        """The public half of the signing key."""
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    def origin(self, community_id: str) -> str:
        """Name a community's log."""
        return f"{self.site}/{community_id}"

    def verifier(self, community_id: str) -> VerifierKey:
        """Return the key under which the community's heads are signed now."""
        return VerifierKey(self.origin(community_id), KeyKind.TEXT, self.public)

    def sign(self, message: bytes) -> bytes:
        """Make the 64 bytes of a signature."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message)

    def logs(self, community_id: str) -> tuple[TrustedLog, ...]:
        """Return the community's log as signed by each key that it ever had, the present one first."""
        origin = self.origin(community_id)
        return tuple(trusted_log(VerifierKey(origin, KeyKind.TEXT, one)) for one in (self.public, *self.retired[::-1]))

    def log_of(self, note: Note, community_id: str) -> TrustedLog:
        """Return the log under the key that signed this note.

        Raises:
            NotSignedBy: none of our keys did.
        """
        signed = {(each.name, each.key_id) for each in note.signatures}
        for log in self.logs(community_id):
            if (log.key.name, log.key.key_id) in signed:
                return log
        raise NotSignedBy(name=self.origin(community_id))

    def followed_by(self, private: bytes) -> "LogKeys":
        """Return the keys after a change: the present one is retired."""
        return LogKeys(self.site, private, (*self.retired, self.public))

    def as_text(self) -> str:
        """Write the keys as the contents of their file."""
        document = {
            "site": self.site,
            "private": to_base64(self.private),
            "retired": [to_base64(public) for public in self.retired],
        }
        return json.dumps(document, indent=1) + "\n"


def new_keys(private: bytes) -> LogKeys:
    """Make the keys of a new installation from 32 random bytes; it is named after its first key."""
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return LogKeys(f"timebank-{public[:4].hex()}", private)


def read_keys(text: str, where: str) -> LogKeys:
    """Read the contents of the file.

    Raises:
        LogKeyWrong: they are something else; `where` is named.
    """
    try:
        document = json.loads(text)
        keys = LogKeys(
            site=document["site"],
            private=base64.b64decode(document["private"], validate=True),
            retired=tuple(base64.b64decode(public, validate=True) for public in document["retired"]),
        )
        lengths = {len(part) for part in (keys.private, *keys.retired)}
        if lengths != {PUBLIC_KEY_BYTES} or not _SITE.fullmatch(keys.site):
            raise LogKeyWrong(where=where)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise LogKeyWrong(where=where) from error
    return keys


def load_keys(folder: Path) -> LogKeys:
    """Read the keys from the data folder.

    Raises:
        LogKeyMissing: there are none.
        LogKeyWrong: the file holds something else.
    """
    path = folder / LOG_KEY_FILE
    if not path.exists():
        raise LogKeyMissing(file=str(path))
    return read_keys(path.read_text(encoding="utf-8"), str(path))


def store_keys(folder: Path, keys: LogKeys) -> Path:
    """Write the keys of a new installation; keys that are there are never overwritten (`FileExistsError`)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / LOG_KEY_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(keys.as_text())
    return path


def replace_keys(folder: Path, keys: LogKeys) -> None:
    """Put changed keys in the place of those that are there, at once and for good."""
    write_private(folder / LOG_KEY_FILE, keys.as_text())


def trusted_log(key: VerifierKey) -> TrustedLog:
    """Return the log whose name this key carries."""
    return TrustedLog(key.name, key, verify_with(key))


def verify_with(key: VerifierKey) -> Verify:
    """Return the function that verifies signatures of one key."""
    public = Ed25519PublicKey.from_public_bytes(key.public)

    def verify(signature: bytes, message: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify
