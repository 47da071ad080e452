"""One-time codes: the six digits of an authenticator (TOTP, RFC 6238), and recovery codes that stand in for it once.

A code holds for its half minute and the two beside it, because clocks differ; one that was used is used up, and so are
those before it. A recovery code is eighty bits of chance in sixteen letters and digits, written in four groups; it has
no 0, 1, 8 or 9, so that nobody confuses them with letters.

Source: trust.md A10; RFC 6238, section 5.2; ASVS 5.0, 6.5.
"""

import hashlib
import hmac
import re
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp

from timebank.people.plain_text import half_width

STEP_SECONDS: Final = 30
DRIFTS: Final = (0, -1, 1)
"""How many steps a clock may be off, the likeliest first."""
RECOVERY_CODES: Final = 8
"""How many recovery codes a person has."""
_RECOVERY: Final = re.compile(r"[a-z2-7]{16}")
_DIGITS: Final = re.compile(r"[0-9]{6}")
_BETWEEN: Final = re.compile(r"[\s-]+")


def find_step(secret: str, typed: str, *, at: datetime, after: int) -> int | None:
    """Return the half minute to which a typed code belongs, or None where it fits none that is still unused.

    Args:
        secret: of the authenticator, in base32.
        after: the last step that was used; only later ones count.
    """
    code = _BETWEEN.sub("", half_width(typed))
    if _DIGITS.fullmatch(code) is None:
        return None
    now, clock = int(at.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    for step in (now + drift for drift in DRIFTS):
        if step > after and hmac.compare_digest(clock.generate_otp(step), code):
            return step
    return None


def code_at(secret: str, at: datetime) -> str:
    """Return what the authenticator shows at a moment."""
    return pyotp.TOTP(secret).generate_otp(int(at.timestamp()) // STEP_SECONDS)


def address_for(secret: str, *, account: str, issuer: str) -> str:
    """Return what an authenticator scans: an `otpauth://` address with the secret and the names it shows."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def recovery_digest(community_id: str, person_id: UUID, typed: str) -> bytes | None:
    """Return the digest of a recovery code as it was typed, or None where it is none."""
    code = _BETWEEN.sub("", half_width(typed)).lower()
    if _RECOVERY.fullmatch(code) is None:
        return None
    return hashlib.sha256(f"recovery code\0{community_id}\0{person_id}\0{code}".encode()).digest()


def grouped(code: str) -> str:
    """Write a recovery code or a secret in groups of four."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
