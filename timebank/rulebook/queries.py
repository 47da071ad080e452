"""Questions about the rules: which version holds on a day, what it says, what is proposed.

A published document never changes, so one that was read is kept: by its own text, which cannot go stale.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.asking import Question, ask
from timebank.refusal import Refusal
from timebank.rulebook.rules import RuleDocument, document_of
from timebank.rulebook.tables import RuleProposalRow, RuleVersionRow


class NoRules(Refusal):
    """No rule version holds on that day: the community was not set up."""

    code = "no_rules"


class NoSuchRuleVersion(Refusal):
    """There is no rule version of this number."""

    code = "no_such_rule_version"


class NoSuchRuleProposal(Refusal):
    """There is no such proposal of rules."""

    code = "no_such_rule_proposal"


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A published version.

    Attributes:
        version: its number, 1, 2, 3 …
        valid_from: the first day on which it holds; it holds until the day before the next version's.
        document: what it says, in today's form.
        text: the document as it was published, letter for letter.
        document_hash: SHA-256 of that text, 32 bytes; the same stands in its entry.
        published_by: number of the person who proposed it (`system`: it came with the program).
        confirmed_by: number of the second person.
        entry_seq: the entry that made it hold.
    """

    version: int
    valid_from: date
    document: RuleDocument
    text: str
    document_hash: bytes
    published_by: str
    confirmed_by: str | None
    published_at: datetime
    entry_seq: int


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """A proposed document and what became of it.

    Attributes:
        valid_from: the first day on which it should hold.
        reason: why, in the words of the proposer.
        state: open, published, rejected or withdrawn.
        proposer: number of the person who proposed it; `decider` of whoever decided, or None.
    """

    proposal_id: UUID
    document: RuleDocument
    valid_from: date
    reason: str
    state: str
    proposer: str
    proposed_at: datetime
    decider: str | None
    decided_at: datetime | None


def rules_on(session: Session, community_id: str, day: date) -> RuleVersion:
    """Return the version that holds on a day.

    Raises:
        NoRules: none does.
    """
    return ask(session, rules_question(community_id, day))


def rules_question(community_id: str, day: date) -> Question[RuleVersion]:
    """Ask for the version that holds on a day together with other questions; the answer raises as `rules_on` does."""
    return Question(_ON_DAY, {"community": community_id, "rules_day": day}, lambda rows: _only(rows, day))


_RULES: Final = RuleVersionRow.__table__.c
_EARLIER: Final = RuleVersionRow.__table__.alias("earlier").c
_NEWEST: Final = (
    sa.select(sa.func.max(_EARLIER.version))
    .where(_EARLIER.community_id == sa.bindparam("community"), _EARLIER.valid_from <= sa.bindparam("rules_day"))
    .scalar_subquery()
)
# Not ORDER BY and LIMIT: SQLite prepares a statement anew whenever the value of its LIMIT is bound.
_ON_DAY: Final = sa.select(*_RULES).where(_RULES.community_id == sa.bindparam("community"), _RULES.version == _NEWEST)


def _only(rows: Sequence[Any], day: date) -> RuleVersion:
    if not rows:
        raise NoRules(day=day.isoformat())
    return _version(rows[0])


def rules_on_days(session: Session, community_id: str, days: Iterable[date]) -> Mapping[date, RuleVersion]:
    """Return the version that holds on each of many days, in one statement.

    Raises:
        NoRules: on one of them none does.
    """
    versions = rule_versions(session, community_id)
    return {day: in_force(versions, day) for day in set(days)}


def in_force(versions: Sequence[RuleVersion], day: date) -> RuleVersion:
    """Pick, among all versions of a community in order, the one that holds on a day: the last that has begun.

    Raises:
        NoRules: none has.
    """
    begun = [version for version in versions if version.valid_from <= day]
    if not begun:
        raise NoRules(day=day.isoformat())
    return begun[-1]


def rule_version(session: Session, community_id: str, version: int) -> RuleVersion:
    """Return a version by its number.

    Raises:
        NoSuchRuleVersion: there is none.
    """
    row = session.get(RuleVersionRow, (community_id, version))
    if row is None:
        raise NoSuchRuleVersion(version=version)
    return _version(row)


def rule_versions(session: Session, community_id: str) -> tuple[RuleVersion, ...]:
    """Return all versions, in the order in which they were published (and begin to hold)."""
    query = (
        sa.select(RuleVersionRow).where(RuleVersionRow.community_id == community_id).order_by(RuleVersionRow.version)
    )
    return tuple(_version(row) for row in session.scalars(query))


def rule_texts(session: Session, community_id: str) -> dict[int, str]:
    """Return every published document exactly as it is stored, unread, by version: what was hashed, for a judge."""
    query = (
        sa.select(RuleVersionRow.version, RuleVersionRow.document)
        .where(RuleVersionRow.community_id == community_id)
        .order_by(RuleVersionRow.version)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def rule_proposal(session: Session, community_id: str, proposal_id: UUID) -> RuleProposal:
    """Return a proposal.

    Raises:
        NoSuchRuleProposal: there is none.
    """
    row = session.get(RuleProposalRow, (community_id, proposal_id))
    if row is None:
        raise NoSuchRuleProposal(proposal_id=str(proposal_id))
    return _proposal(row)


def rule_proposals(session: Session, community_id: str) -> tuple[RuleProposal, ...]:
    """Return all proposals, newest first."""
    query = (
        sa.select(RuleProposalRow)
        .where(RuleProposalRow.community_id == community_id)
        .order_by(RuleProposalRow.proposed_at.desc(), RuleProposalRow.id.desc())
    )
    return tuple(_proposal(row) for row in session.scalars(query))


def proposals_waiting(session: Session, community_id: str) -> int:
    """Count the proposals that wait for a second person."""
    query = (
        sa.select(sa.func.count())
        .select_from(RuleProposalRow)
        .where(RuleProposalRow.community_id == community_id, RuleProposalRow.state == "open")
    )
    return session.scalar(query) or 0


def _version(row: Any) -> RuleVersion:  # a row of the table, or of a question
    return RuleVersion(
        version=row.version,
        valid_from=row.valid_from,
        document=_read(row.document),
        text=row.document,
        document_hash=row.document_hash,
        published_by=row.published_by,
        confirmed_by=row.confirmed_by,
        published_at=row.published_at,
        entry_seq=row.entry_seq,
    )


def _proposal(row: RuleProposalRow) -> RuleProposal:
    return RuleProposal(
        proposal_id=row.id,
        document=_read(row.document),
        valid_from=row.valid_from,
        reason=row.reason,
        state=row.state,
        proposer=row.proposer,
        proposed_at=row.proposed_at,
        decider=row.decider,
        decided_at=row.decided_at,
    )


@lru_cache(maxsize=256)
def _read(text: str) -> RuleDocument:
    return document_of(text)
