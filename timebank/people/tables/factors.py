"""The second factors of a person: the secret of their authenticator, passkeys, recovery codes, and the desk's help.

The secret is sealed (`vault.py`), of recovery codes only digests are kept. A reset is asked for by one person and done
by another, is decided once and never deleted.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from timebank.database import Base, UtcDateTime
from timebank.people.tables.persons import COMMUNITY, NUMBER, one_where


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


class FactorResetRow(Base):
    """That somebody's second factor is to be forgotten, for its owner has lost it: asked by one, done by another."""

    __tablename__ = "factor_reset"
    community_id: Mapped[str] = mapped_column(COMMUNITY)
    id: Mapped[UUID] = mapped_column(sa.Uuid)
    person_id: Mapped[UUID] = mapped_column(sa.Uuid)
    reason: Mapped[str] = mapped_column(sa.String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(NUMBER)
    asker_id: Mapped[UUID] = mapped_column(sa.Uuid)
    state: Mapped[str] = mapped_column(sa.String(10))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(NUMBER)
    decider_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "id"),
        _to("person_id", "fk_factor_reset_person"),
        _to("asker_id", "fk_factor_reset_asker"),
        _to("decider_id", "fk_factor_reset_decider"),
        CheckConstraint("asker_id <> person_id", name="not_for_themselves"),
        CheckConstraint("state IN ('open', 'done', 'withdrawn')", name="state_known"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL) "
            "AND (decided_by IS NULL) = (decider_id IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("state <> 'done' OR (decider_id <> asker_id AND decider_id <> person_id)", name="two_persons"),
        one_where("state = 'open'", "uq_factor_reset_open", "community_id", "person_id"),
    )
