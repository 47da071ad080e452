"""Chance: the only file that asks for randomness.

Only the shell (`web`, `cli`, `app`) calls it; everything below takes keys and salts as arguments, so that the same
request made twice does exactly the same thing.
"""

import base64
import secrets


def fresh_key() -> str:
    """Make a request key: 128 bits, 32 hex digits."""
    return secrets.token_hex(16)


def fresh_salt() -> bytes:
    """Make the salt of one request: 256 bits."""
    return secrets.token_bytes(32)


def fresh_secret() -> str:
    """Make a secret for a link or a session: 192 bits, safe in an address."""
    return secrets.token_urlsafe(24)


def fresh_totp_secret() -> str:
    """Make the secret of an authenticator: 160 bits in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def fresh_recovery_code() -> str:
    """Make a recovery code: 80 bits, sixteen letters and digits."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def fresh_digits(count: int) -> str:
    """Make so many digits that a person can read aloud and nobody can guess."""
    return "".join(str(secrets.randbelow(10)) for _ in range(count))
