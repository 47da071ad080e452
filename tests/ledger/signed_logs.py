"""Builders: small logs, and the keys of one log (number 1) and one witness (number 2)."""

from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from timebank.ledger.checkpoint import Checkpoint, TrustedLog
from timebank.ledger.merkle import leaf_hash, tree_head
from timebank.ledger.note import KeyKind, VerifierKey, sign_text

ORIGIN = "xfl.example/log"
WITNESS = "partner.example/w1"
NOON = datetime(2026, 3, 1, 4, 0, 0, tzinfo=UTC)


def leaves(count):
    return [leaf_hash(f"entry {number}".encode()) for number in range(count)]


def a_private_key(number):
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def log_key(number=1, name=ORIGIN):
    return VerifierKey(name, KeyKind.TEXT, a_private_key(number).public_key().public_bytes_raw())


def witness_key(number=2):
    return VerifierKey(WITNESS, KeyKind.COSIGNATURE, a_private_key(number).public_key().public_bytes_raw())


def verifies(number):
    def verify(signature, message):
        try:
            a_private_key(number).public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify


def the_log():
    return TrustedLog(ORIGIN, log_key(), verifies(1))


def a_checkpoint(leaf_hashes, origin=ORIGIN):
    head = tree_head(leaf_hashes)
    return Checkpoint(origin, head.size, head.root)


def signed(checkpoint, number=1):
    return sign_text(checkpoint.text, log_key(number), a_private_key(number).sign)
