"""The stage: where the scenes of the demo are played. It knows who acts, and under which number everything stands."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.people.operations import FIRST_ADMIN_ID
from timebank.people.roles import SYSTEM
from timebank.people.vault import IdentityVault

COMMUNITY: Final = "demo"
"""The code of the demo's community."""
KEY_PREFIX: Final = "timebank-demo"
"""How the request keys of the demo begin; by them its books are known as the demo's."""


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who acts. number: `S001`, `V0001`."""

    person_id: UUID
    number: str


@dataclass
class Stage:
    """What the scenes share.

    Attributes:
        session: the one transaction in which the whole demo is made.
        seed: what request keys and salts are derived from, so that the same seed makes the same demo.
        vault: what seals identity numbers.
        log_key: the public key that is announced in the log.
        players: the staff by login name, the volunteers by number.
        activities, deliveries, redemptions: numbers, by the labels of the scenes.
        records: ids of service records, by label of the activity and number of the volunteer.
        goods: numbers, by the place in the catalogue; partners: codes, by name.
        vouchers: number of the offer, and the digits of the card that honours its vouchers.
    """

    session: Session
    seed: str
    vault: IdentityVault
    log_key: str
    players: dict[str, Player] = field(default_factory=lambda: {SYSTEM: Player(FIRST_ADMIN_ID, SYSTEM)})
    activities: dict[str, str] = field(default_factory=dict)
    deliveries: dict[str, str] = field(default_factory=dict)
    redemptions: dict[str, str] = field(default_factory=dict)
    records: dict[tuple[str, str], UUID] = field(default_factory=dict)
    goods: dict[int, str] = field(default_factory=dict)
    partners: dict[str, str] = field(default_factory=dict)
    vouchers: dict[str, str] = field(default_factory=dict)
    acts: int = 0

    def act(self, login: str, at: datetime) -> Act:
        """Make the next act, in somebody's name."""
        self.acts += 1
        player = self.players[login]
        key = f"{KEY_PREFIX}-{self.seed}-{self.acts:05d}"
        return Act(
            community_id=COMMUNITY,
            person_id=player.person_id,
            number=player.number,
            at=at,
            request_key=key,
            channel="web",
            salt=hashlib.sha256(f"salt {key}".encode()).digest(),
        )
