"""The vault: identity numbers encrypted at rest, and found again by a keyed digest.

A number is encrypted with AES-256-GCM; community and person are its associated data, so a ciphertext that is moved to
another person does not open. The digest (HMAC-SHA256) finds a number without opening anything. Neither the masked
number nor its last four digits are kept in clear: beside a birth date they are nearly the whole number.

The keys come as arguments and lie outside the database. A new encryption key is put in front and the old one is kept
among the retired ones until everything is sealed anew; the lookup key stays.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from timebank.books.requests import Secret
from timebank.people.identity import DocumentKind, normalised_document_number
from timebank.refusal import Refusal

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class VaultKeyMissing(Refusal):
    """The number was sealed with a key that this program was not given."""

    code = "vault_key_missing"


class DocumentDamaged(Refusal):
    """The sealed number does not open: it was changed, or belongs to somebody else."""

    code = "document_damaged"


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted number, as it is stored. key_id: which key opens it; nonce: 12 bytes, used once."""

    key_id: str
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityVault:
    """What seals, opens and finds identity numbers.

    Attributes:
        encryption_key: 32 bytes; everything new is sealed with it.
        lookup_key: 32 bytes; the key of the digests.
        retired_keys: earlier encryption keys, which still open what they sealed.
    """

    encryption_key: bytes = field(repr=False)
    lookup_key: bytes = field(repr=False)
    retired_keys: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Refuse keys that are none."""
        for key in (self.encryption_key, self.lookup_key, *self.retired_keys):
            assert len(key) == KEY_BYTES, f"a key of {len(key)} bytes"

    def document(self, community_id: str, kind: DocumentKind, number: str) -> "Document":
        """Take a document number in, as somebody wrote it; what is wrong with it is said where it is registered."""
        normalised = normalised_document_number(number)
        digest = self.digest(community_id, normalised)
        return Document(kind=kind, number=Secret(normalised), digest=digest, vault=self)

    def digest(self, community_id: str, number: str) -> bytes:
        """Return the keyed digest by which a number is found within one community, 32 bytes."""
        return hmac.digest(self.lookup_key, f"{community_id}\0{number}".encode(), "sha256")

    def seal(self, community_id: str, person_id: UUID, number: str, *, nonce: bytes) -> Sealed:
        """Encrypt a person's number. nonce: 12 bytes that were never used before."""
        assert len(nonce) == NONCE_BYTES, len(nonce)
        sealed = AESGCM(self.encryption_key).encrypt(nonce, number.encode(), _bound_to(community_id, person_id))
        return Sealed(_key_id(self.encryption_key), nonce, sealed)

    def open(self, community_id: str, person_id: UUID, sealed: Sealed) -> str:
        """Return a person's number in full.

        Raises:
            VaultKeyMissing: it was sealed with another key.
            DocumentDamaged: it was changed, or moved from another person.
        """
        keys = {_key_id(key): key for key in (self.encryption_key, *self.retired_keys)}
        if sealed.key_id not in keys:
            raise VaultKeyMissing(key=sealed.key_id)
        associated = _bound_to(community_id, person_id)
        try:
            return AESGCM(keys[sealed.key_id]).decrypt(sealed.nonce, sealed.ciphertext, associated).decode()
        except InvalidTag as error:
            raise DocumentDamaged() from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document on its way in; its number is never stored, hashed or shown with the request.

    digest: keyed, so that the same request with another number is another request.
    """

    kind: DocumentKind
    number: Secret
    digest: bytes
    vault: IdentityVault

    def seal(self, community_id: str, person_id: UUID, *, nonce: bytes) -> Sealed:
        """Encrypt the number for its person."""
        return self.vault.seal(community_id, person_id, self.number.value, nonce=nonce)


def _key_id(key: bytes) -> str:
    """Name a key without showing it."""
    return hashlib.sha256(b"timebank identity key\0" + key).hexdigest()[:8]


def _bound_to(community_id: str, person_id: UUID) -> bytes:
    return f"{community_id}\0{person_id}".encode()
