"""How fast a token may ask: so many requests in each minute, counted by each process of the server for itself."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal

MINUTE: Final = 60
PER_MINUTE: Final = 600
"""A till scans twice a second at most, and a report of a year is read in fifty pages."""


class RateExceeded(Refusal):
    """The token has asked too often in this minute."""

    code = "rate_exceeded"


@dataclass(frozen=True, slots=True)
class Left:
    """What is left in this minute. limit, requests: of how many, how many; seconds: until the next one begins."""

    limit: int
    requests: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """Return the headers that tell it."""
        told = {"Limit": self.limit, "Remaining": max(self.requests, 0), "Reset": self.seconds}
        return {f"RateLimit-{name}": str(value) for name, value in told.items()}


class Meter:
    """Counts the requests of each token, minute by minute; what was counted in the last one is forgotten."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._minute = 0
        self._counts: dict[UUID, int] = {}
        self._guard = Lock()

    def count(self, token_id: UUID, at: datetime) -> Left:
        """Count one request and return what is left; fewer than none where it was one too many."""
        minute, second = divmod(int(at.timestamp()), MINUTE)
        with self._guard:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[token_id] = self._counts.get(token_id, 0) + 1
            return Left(self._limit, self._limit - self._counts[token_id], MINUTE - second)
