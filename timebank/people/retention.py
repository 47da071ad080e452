"""How long what is known of people is kept: one table, which the page shows and the work of the night keeps.

Source: PIPL 19 (no longer than needed), 47; 网络安全法 21 (logs of six months); MCA Order 67 (service records).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LOG_DAYS: Final = 190
"""Six calendar months are up to 184 days."""


class Kind(StrEnum):
    """What is kept."""

    ATTEMPTS = "attempts"
    SESSIONS = "sessions"
    LINKS = "links"
    LOOKS = "looks"
    WORDS = "words"
    GUARDIANS = "guardians"
    IDENTITY = "identity"
    BOOKS = "books"


@dataclass(frozen=True, slots=True)
class Kept:
    """One row. days: after which the work of the night deletes it; None where something else ends it, or nothing."""

    kind: Kind
    days: int | None


RETENTION: Final = (
    Kept(Kind.ATTEMPTS, 1),
    Kept(Kind.SESSIONS, LOG_DAYS),
    Kept(Kind.LINKS, LOG_DAYS),
    Kept(Kind.LOOKS, LOG_DAYS),
    Kept(Kind.WORDS, 400),
    Kept(Kind.GUARDIANS, None),
    Kept(Kind.IDENTITY, None),
    Kept(Kind.BOOKS, None),
)
"""Attempts to sign in; sessions and links that ended; looks (at least so long, the setting says); the words of answered
requests; guardians, until the minor is eighteen; who somebody is, until they leave; the books, for ever."""

DAYS: Final = {kept.kind: kept.days for kept in RETENTION if kept.days is not None}
