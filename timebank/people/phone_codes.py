"""Codes on phones: made of the minute, so that nothing is written while somebody looks at their own.

A code says whose passbook it is, in one community, at the till, and nothing else. It changes every minute and whenever
it was used, and is refused a few seconds after its minute: a picture of it is worth nothing.

Source: experience.md V2; trust.md T2, R1 to R6.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from timebank.ledger.codes import PAYLOAD_MAX, Code, CodeKind

MINUTE: Final = 60
LEEWAY_SECONDS: Final = 15
"""How long after its minute a code still works: it takes a moment to hold a phone before a scanner."""
TURNS_MAX: Final = 10
"""How many codes of one minute may be used up, one after the other."""


def minute_of(at: datetime) -> int:
    """Return the minute of a moment, counted from the beginning of 1970."""
    return int(at.timestamp()) // MINUTE


def seconds_left(at: datetime) -> int:
    """Return after how many seconds the code changes: 1 to 60."""
    return MINUTE - int(at.timestamp()) % MINUTE


def minutes_that_count(at: datetime) -> tuple[int, ...]:
    """Return the minutes whose codes work at a moment: this one, and in its first seconds the one before."""
    now = minute_of(at)
    return (now, now - 1) if at.timestamp() % MINUTE < LEEWAY_SECONDS else (now,)


@dataclass(frozen=True, slots=True)
class PhoneCodes:
    """What makes the codes. key: 32 bytes of this installation."""

    key: bytes = field(repr=False)

    def code(self, community_id: str, number: str, *, minute: int, turn: int) -> Code:
        """Return the code of a volunteer in a minute. turn: how many of that minute were used up before it."""
        words = f"code on a phone\0{community_id}\0{number}\0{minute}\0{turn}"
        digest = hmac.digest(self.key, words.encode(), "sha256")
        return Code(CodeKind.PHONE, int.from_bytes(digest, "big") % (PAYLOAD_MAX + 1))
