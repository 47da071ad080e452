"""Act: who does something, where, when and under which request key. Every writing operation takes one.

The shell makes it, with the moment from the clock and the key and salt from chance; so everything below does exactly
the same when the same request comes twice.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from timebank.ledger.days import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who, where, when and under which key.

    Attributes:
        community_id: the community's code.
        person_id: the acting person; never a session or an account of theirs.
        number: the acting person's number (`S001`, `V0005`), as it stands in the books.
        at: the moment, aware, UTC.
        request_key: 8 to 100 printable ASCII characters, made by whoever asks; the same key asks the same thing.
        channel: `web`, `cli`, `api` or `nightly`.
        salt: 32 random bytes of this request; commitments are salted with what is derived from it.
        on_behalf_of: number of the person for whom the actor acts, if for somebody else.
    """

    community_id: str
    person_id: UUID
    number: str
    at: datetime
    request_key: str
    channel: str
    salt: bytes
    on_behalf_of: str | None = None

    def __post_init__(self) -> None:
        """Refuse an act without a moment or with a key that is no key."""
        assert self.at.tzinfo is not None, self.at
        assert 8 <= len(self.request_key) <= 100, self.request_key
        assert self.request_key.isascii(), self.request_key
        assert self.request_key.isprintable(), self.request_key
        assert len(self.salt) == 32, len(self.salt)

    @property
    def today(self) -> date:
        """The civil day of the act."""
        return day_of(self.at)

    def new_id(self, label: str, index: int = 0) -> UUID:
        """Make an id in the form of a UUIDv7: ordered by the act's moment, the rest derived from key and label.

        The same request makes the same ids, so a repeated one cannot make a second row.
        """
        seed = f"{self.community_id}\0{self.request_key}\0{label}\0{index}".encode()
        rest = int.from_bytes(hashlib.sha256(seed).digest()[:10], "big")
        value = (int(self.at.timestamp() * 1000) & (1 << 48) - 1) << 80
        value |= 0x7 << 76 | (rest >> 68 & 0xFFF) << 64 | 0b10 << 62 | rest & (1 << 62) - 1
        return UUID(int=value)

    def salt_for(self, label: str) -> bytes:
        """Derive the salt of one commitment; it can be deleted without touching the others."""
        return hmac.digest(self.salt, label.encode(), "sha256")
