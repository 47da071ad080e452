"""Questions of an auditor: verifications, the trial balance, an account at any time, the identity of points."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.audit.tables import JournalExportRow, VerificationRow
from timebank.books import statements
from timebank.books.statements import AccountBalance, AccountFilter
from timebank.ledger.accounts import GOODS_PREFIX, POINTS, AccountKind
from timebank.ledger.checks import Finding
from timebank.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Verification:
    """A verification that was kept; `findings` are the first of `findings_total`."""

    id: UUID
    at: datetime
    by: str
    size: int
    root: str
    findings_total: int
    findings: tuple[Finding, ...]


def verifications(session: Session, community_id: str, limit: int = 20) -> tuple[Verification, ...]:
    """Return the newest verifications, newest first."""
    query = (
        sa.select(VerificationRow)
        .where(VerificationRow.community_id == community_id)
        .order_by(VerificationRow.at.desc(), VerificationRow.id.desc())
        .limit(limit)
    )
    return tuple(_verification(row) for row in session.scalars(query))


def find_last_verification(session: Session, community_id: str) -> Verification | None:
    """Return the newest verification, or None where there was none yet."""
    found = verifications(session, community_id, limit=1)
    return found[0] if found else None


def _verification(row: VerificationRow) -> Verification:
    findings = tuple(Finding(**found) for found in json.loads(row.findings))
    return Verification(row.id, row.at, row.by, row.size, row.root, row.findings_total, findings)


@dataclass(frozen=True, slots=True)
class When:
    """The moment of a question: now; as it was known at a moment (`at`); or what counts for days up to `as_of`."""

    at: datetime | None = None
    as_of: date | None = None


NOW = When()


@dataclass(frozen=True, slots=True)
class TrialLine:
    """All accounts of one kind in one unit: how many, and their balances together."""

    kind: AccountKind
    unit: str
    accounts: int
    balance: int


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every kind of account by unit. `sums` has the sum of each unit, which is always zero."""

    lines: tuple[TrialLine, ...]
    sums: dict[str, int]

    @property
    def balanced(self) -> bool:
        """Whether every unit sums to zero."""
        return not any(self.sums.values())


def account_balances(
    session: Session, community_id: str, when: When = NOW, wanted: AccountFilter = statements.EVERY_ACCOUNT
) -> tuple[AccountBalance, ...]:
    """Return accounts with their balances, by code, now, at a moment, or as of a day."""
    if when.at is not None:
        return statements.balances_at(session, community_id, when.at, wanted)
    if when.as_of is not None:
        return statements.balances_as_of(session, community_id, when.as_of, wanted)
    return statements.balances(session, community_id, wanted)


def trial_balance(session: Session, community_id: str, when: When = NOW) -> TrialBalance:
    """Return the trial balance, now, at a moment, or as of a day."""
    return _trial_balance(account_balances(session, community_id, when))


def _trial_balance(found: Iterable[AccountBalance]) -> TrialBalance:
    grouped: dict[tuple[str, AccountKind], list[int]] = {}
    for item in found:
        grouped.setdefault((item.account.unit, item.account.kind), []).append(item.balance)
    lines = [TrialLine(kind, unit, len(each), sum(each)) for (unit, kind), each in sorted(grouped.items())]
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.unit] = sums.get(line.unit, 0) + line.balance
    return TrialBalance(tuple(lines), sums)


@dataclass(frozen=True, slots=True)
class PointsIdentity:
    """Where all points are, in hundredths: issued = redeemed + expired + pool + held + in passbooks − owed.

    Attributes:
        issued_e2: by services and grants; carried_e2: from paper passbooks.
        passbooks_e2: what volunteers can spend; held_e2 what they have put aside; owed_e2 what they owe.
    """

    issued_e2: int
    carried_e2: int
    redeemed_e2: int
    expired_e2: int
    pool_e2: int
    held_e2: int
    passbooks_e2: int
    owed_e2: int

    @property
    def difference_e2(self) -> int:
        """What is not accounted for: always zero."""
        there = self.redeemed_e2 + self.expired_e2 + self.pool_e2 + self.held_e2 + self.passbooks_e2 - self.owed_e2
        return self.issued_e2 + self.carried_e2 - there


def points_identity(trial: TrialBalance) -> PointsIdentity:
    """Read the identity of points from a trial balance."""
    held = {line.kind: line.balance for line in trial.lines if line.unit == POINTS}
    return PointsIdentity(
        issued_e2=-held.get(AccountKind.ISSUANCE, 0),
        carried_e2=-held.get(AccountKind.OPENING, 0),
        redeemed_e2=held.get(AccountKind.REDEEMED, 0),
        expired_e2=held.get(AccountKind.EXPIRED, 0),
        pool_e2=held.get(AccountKind.POOL, 0),
        held_e2=held.get(AccountKind.HELD, 0),
        passbooks_e2=held.get(AccountKind.PASSBOOK, 0),
        owed_e2=-held.get(AccountKind.DEBT, 0),
    )


@dataclass(frozen=True, slots=True)
class GoodsIdentity:
    """Where all pieces are: received + found = on the shelf + reserved + handed out + relief + written off."""

    received: int
    found: int
    shelf: int
    reserved: int
    handed_out: int
    relief: int
    written_off: int

    @property
    def difference(self) -> int:
        """What is not accounted for: always zero."""
        gone = self.handed_out + self.relief + self.written_off
        return self.received + self.found - self.shelf - self.reserved - gone


def goods_identity(trial: TrialBalance) -> GoodsIdentity:
    """Read the identity of goods from a trial balance, all goods together."""
    held: dict[AccountKind, int] = {}
    for line in trial.lines:
        if line.unit.startswith(GOODS_PREFIX):
            held[line.kind] = held.get(line.kind, 0) + line.balance
    return GoodsIdentity(
        received=-held.get(AccountKind.DONOR, 0),
        found=-held.get(AccountKind.SURPLUS, 0),
        shelf=held.get(AccountKind.SHELF, 0),
        reserved=held.get(AccountKind.RESERVED, 0),
        handed_out=held.get(AccountKind.HANDED_OUT, 0),
        relief=held.get(AccountKind.RELIEF, 0),
        written_off=held.get(AccountKind.WRITTEN_OFF, 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A journal that was taken away. entries: how many it has, from the first one; so it can be written again alike."""

    id: UUID
    form: str
    entries: int
    made_by: str
    made_at: datetime


class NoSuchExport(Refusal):
    """There is no export of this id."""

    code = "no_such_export"


def exports(session: Session, community_id: str, *, before: UUID | None = None, limit: int = 50) -> tuple[Export, ...]:
    """Return what was exported, the newest first, older than `before`."""
    row = JournalExportRow
    query = sa.select(row).where(row.community_id == community_id).order_by(row.id.desc()).limit(limit)
    if before is not None:
        query = query.where(row.id < before)
    return tuple(_export(each) for each in session.scalars(query))


def export(session: Session, community_id: str, export_id: UUID) -> Export:
    """Return one export.

    Raises:
        NoSuchExport: there is none.
    """
    row = session.get(JournalExportRow, (community_id, export_id))
    if row is None:
        raise NoSuchExport()
    return _export(row)


def _export(row: JournalExportRow) -> Export:
    return Export(id=row.id, form=row.form, entries=row.entries, made_by=row.made_by, made_at=row.made_at)
