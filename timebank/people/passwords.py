"""Passwords: argon2id, 19 MiB, two passes, one lane (about 40 to 120 ms).

A sign-in is checked outside every transaction: hashing is slow on purpose, and nobody waits for the database meanwhile.

Source: dependencies.md (argon2-cffi); trust.md A4: an unknown name takes as long as a wrong password.
"""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from timebank.books.requests import Secret

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$dGltZWJhbmsgbm9ib2R5cw$FthxivxPmc75v4gb79Mvdyx6sAMYM1v9xu5vfuTVe70"
)
"""A hash that no password fits, made like every other, for those who are not known."""


def password_hash(password: Secret, *, salt: bytes) -> str:
    """Hash a password. salt: 16 bytes of this request."""
    return HASHER.hash(_bytes(password), salt=salt)


def fits(password: Secret, stored_hash: str | None) -> bool:
    """Tell whether a password is the one that was hashed; without a hash it takes as long and is not."""
    try:
        HASHER.verify(stored_hash or NOBODYS_HASH, _bytes(password))
    except VerifyMismatchError:
        return False
    return stored_hash is not None


def _bytes(password: Secret) -> bytes:
    """Take a password exactly as it was typed, even with halves of characters in it."""
    return password.value.encode(errors="surrogatepass")
