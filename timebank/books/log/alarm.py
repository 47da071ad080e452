"""The alarm: while the running check of the log finds something wrong, nothing is written; reading goes on.

There are two. The shell checks the log before it signs, every minute, and the books against the log every night, and
notes here what it found. Whatever was refused
meanwhile may be asked again, with the same request key, once the check is quiet.

Source: ledger.md section 5.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, ask
from timebank.books.log.tables import RunningCheckRow
from timebank.refusal import Fact, Refusal

STILL_ALLOWED: Final = frozenset(
    {
        "audit.keep_verification",
        "evidence.recover",
        "people.disable_staff",
        "people.end_sessions_of",
        "people.issue_one_time_login",
        "people.set_password",
    }
)
"""What goes on during an alarm: checking again, setting the log right, shutting somebody out. So does signing in."""


class BooksStopped(Refusal):
    """The running check found the log damaged: nothing is written until that is cleared up."""

    code = "books_stopped"


class Check(StrEnum):
    """The two running checks: of the log against the signer's memory, and of the books against the log."""

    LOG = "log"
    BOOKS = "books"


class BooksDamaged(Refusal):
    """A verification of the whole books found something that cannot be."""

    code = "books_damaged"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the last running check of one kind found.

    Attributes:
        size: entries that were there.
        code: of the refusal that describes the damage, None where all was well; `facts` go with it.
    """

    check: Check
    checked_at: datetime
    size: int
    code: str | None
    facts: Mapping[str, Fact]


def findings(session: Session, community_id: str) -> tuple[Finding, ...]:
    """Return what the last check of each kind found; a check that never ran has no finding."""
    return ask(session, findings_question(community_id))


def findings_question(community_id: str) -> Question[tuple[Finding, ...]]:
    """Ask the same together with other questions."""
    return Question(_FINDINGS, {"community": community_id}, _findings)


_FINDINGS: Final = (
    sa.select(*RunningCheckRow.__table__.c)
    .where(RunningCheckRow.community_id == sa.bindparam("community"))
    .order_by(RunningCheckRow.kind)
)


def _findings(rows: Sequence[Any]) -> tuple[Finding, ...]:
    return tuple(
        Finding(Check(row.kind), row.checked_at, row.size, row.code, json.loads(row.facts))
        for row in sorted(rows, key=lambda row: row.kind)
    )


def find_damage(session: Session, community_id: str) -> Finding | None:
    """Return a finding of damage, or None where all is well."""
    return damage_among(findings(session, community_id))


def damage_among(found: Iterable[Finding]) -> Finding | None:
    """Return the first finding of damage, or None where all is well."""
    return next((finding for finding in found if finding.code is not None), None)


def note_check(
    session: Session, community_id: str, check: Check, *, at: datetime, size: int, damage: Refusal | None
) -> bool:
    """Keep what a running check found; tell whether it is news (damage that was not known, or known damage gone).

    Args:
        size: entries that were there.
        damage: what is wrong, as the refusal that tells it; None where all is well.
    """
    before = next((finding for finding in findings(session, community_id) if finding.check is check), None)
    values = {
        "checked_at": at,
        "size": size,
        "code": None if damage is None else damage.code,
        "facts": json.dumps({} if damage is None else damage.facts, ensure_ascii=False, sort_keys=True),
    }
    if before is None:
        key = {"community_id": community_id, "kind": check.value}
        session.execute(sa.insert(RunningCheckRow), {**key, **values})
    else:
        row = (RunningCheckRow.community_id == community_id, RunningCheckRow.kind == check.value)
        session.execute(sa.update(RunningCheckRow).where(*row).values(**values))
    return (before.code if before else None) != values["code"]


DAMAGE: Final = (
    sa.select(sa.func.max(RunningCheckRow.code))
    .where(RunningCheckRow.community_id == sa.bindparam("community"))
    .scalar_subquery()
)
"""The code of what a running check found wrong in `:community`, as a part of another question; NULL for nothing."""


def check_quiet(operation: str, damage: str | None) -> None:
    """Make sure that an operation may write.

    Args:
        damage: what `DAMAGE` says.

    Raises:
        BooksStopped: a running check found damage, and this operation is not one that goes on.
    """
    if damage is not None and operation not in STILL_ALLOWED:
        raise BooksStopped(found=damage)
