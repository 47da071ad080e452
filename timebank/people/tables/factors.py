"""The second factors of a person: the secret of their authenticator, passkeys, recovery codes.

The secret is sealed (`vault.py`), of recovery codes only digests are kept.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime
from timebank.people.tables.persons import COMMUNITY


def _to(person: str, name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["community_id", person], ["person.community_id", "person.id"], name=name)


class TotpFactorRow(Base):
    """The secret of somebody's authenticator, sealed. last_step: the last half minute whose code was used."""

    __tablename__ = "totp_factor"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    key_id: Mapped[str] = mapped_column(sa.String(16))
    nonce: Mapped[bytes] = mapped_column(sa.LargeBinary(12))
    ciphertext: Mapped[bytes] = mapped_column(sa.LargeBinary(80))
    last_step: Mapped[int] = mapped_column(sa.BigInteger)
    set_up_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "person_id"),
        _to("person_id", "fk_totp_factor_person"),
        CheckConstraint("last_step >= 0", name="after_the_beginning"),
    )


class PasskeyRow(Base):
    """A passkey of somebody: its public key, and how often it said that it was used. name: as its owner calls it."""

    __tablename__ = "passkey"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1023))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary(2048))
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "credential_id"),
        _to("person_id", "fk_passkey_person"),
        CheckConstraint("sign_count >= 0", name="counted"),
        Index("ix_passkey_person", "community_id", "person_id"),
    )


class RecoveryCodeRow(Base):
    """A code that stands in for the authenticator once."""

    __tablename__ = "recovery_code"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "digest"),
        _to("person_id", "fk_recovery_code_person"),
        Index("ix_recovery_code_person", "community_id", "person_id"),
    )
