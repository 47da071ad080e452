"""Second factors: who has one, and how many recovery codes are left."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.people.tables import PasskeyRow, RecoveryCodeRow, TotpFactorRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey, as its owner sees it."""

    credential_id: bytes
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """The second factor of a person. set_up_at: None where there is no authenticator; codes_left: unused ones."""

    set_up_at: datetime | None
    codes_left: int
    passkeys: tuple[Passkey, ...]

    @property
    def there(self) -> bool:
        """Whether there is any."""
        return self.set_up_at is not None or bool(self.passkeys)


def second_factor(session: Session, community_id: str, person_id: UUID) -> SecondFactor:
    """Return what a person has as a second factor."""
    row = session.get(TotpFactorRow, (community_id, person_id))
    left = sa.select(sa.func.count()).where(
        RecoveryCodeRow.community_id == community_id,
        RecoveryCodeRow.person_id == person_id,
        RecoveryCodeRow.used_at.is_(None),
    )
    own = sa.select(PasskeyRow).where(PasskeyRow.community_id == community_id, PasskeyRow.person_id == person_id)
    return SecondFactor(
        set_up_at=None if row is None else row.set_up_at,
        codes_left=session.scalar(left) or 0,
        passkeys=tuple(
            Passkey(credential_id=one.credential_id, name=one.name, added_at=one.added_at, used_at=one.used_at)
            for one in session.scalars(own.order_by(PasskeyRow.added_at, PasskeyRow.credential_id))
        ),
    )
