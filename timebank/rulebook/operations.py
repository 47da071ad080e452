"""What can be done with the rules: begin with the program's own, propose others, confirm them by a second person.

Every version that holds is an entry with the document's hash in its facts: nobody can change what a rule said.
"""

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books import journal
from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.ledger.entries import Draft, EntryKind
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.refusal import Refusal
from timebank.rulebook.queries import NoSuchRuleProposal
from timebank.rulebook.rules import (
    NotYourProposal,
    RuleDocument,
    as_json,
    check_beginning,
    check_change_reason,
    check_confirmation,
    check_open,
    document_hash,
    document_of,
    opening_document,
    ordinary_document,
)
from timebank.rulebook.tables import RuleProposalRow, RuleVersionRow

BEGINNING: Final = date(1900, 1, 1)
"""From this day on the opening rules hold: before anybody's first service."""
KEY_LENGTH: Final = 90
"""How much of the key of the request that opened the community names the one that publishes its first rules."""


class RulesAlreadyPublished(Refusal):
    """The community has its first rules already."""

    code = "rules_already_published"


def publish_first(
    session: Session, act: Act, *, go_live_on: date, ordinary: RuleDocument | None = None
) -> dict[str, Any]:
    """Publish the rules that a community begins with: 1 for the time before it goes live, 2 from that day on.

    They come with the program, or with whoever opens the community, so nobody confirms them. The act that opened it may
    be given again: this is a request of its own beside that one, in the same transaction.

    Args:
        go_live_on: the first day of the ordinary rules; may lie in the past.
        ordinary: the rules from that day on, where the community brings its own; None takes those of the program.

    Returns:
        `versions` and `entries`: their numbers.

    Raises:
        NotAllowed: the actor may not publish rules.
        RulesAlreadyPublished: there are rules already.
    """
    beside = replace(act, request_key=f"{act.request_key[:KEY_LENGTH]}/rules")
    text = as_json(ordinary or ordinary_document())
    return _publish_first(session, beside, go_live_on=go_live_on, ordinary=text)


@once("rulebook.publish_first")
def _publish_first(session: Session, act: Act, *, go_live_on: date, ordinary: str) -> dict[str, Any]:
    check_may(session, act, Permission.PUBLISH_RULES)
    if _last(session, act.community_id) != (0, BEGINNING):
        raise RulesAlreadyPublished()
    begins = (BEGINNING, as_json(opening_document())), (go_live_on, ordinary)
    versions = [_version(act, number, day, text) for number, (day, text) in enumerate(begins, start=1)]
    entries = [_publish(session, act, version) for version in versions]
    return {"versions": [version.version for version in versions], "entries": entries}


@once("rulebook.propose")
def propose(session: Session, act: Act, *, document: str, valid_from: date, reason: str) -> str:
    """Propose a rule document (JSON) that should hold from a day on; return the proposal's id.

    Nothing holds before another person confirms it.

    Raises:
        NotAllowed: the actor may not publish rules.
        RuleDocumentInvalid: the document cannot be one; the facts name the path.
        RulesInThePast, RulesBeforeTheLast, YearMissing: it cannot begin on that day.
        RulesReasonMissing: no reason is given.
    """
    check_may(session, act, Permission.PUBLISH_RULES)
    check_change_reason(reason)
    proposed = document_of(document)
    _, last_valid_from = _last(session, act.community_id)
    check_beginning(proposed, valid_from, today=act.today, last_valid_from=last_valid_from)
    row = RuleProposalRow(
        community_id=act.community_id,
        id=act.new_id("rule-proposal"),
        document=as_json(proposed),
        valid_from=valid_from,
        reason=reason,
        state="open",
        proposer_id=act.person_id,
        proposer=act.number,
        proposed_at=act.at,
    )
    session.add(row)
    return str(row.id)


@once("rulebook.confirm", subject="proposal_id")
def confirm(session: Session, act: Act, *, proposal_id: UUID) -> int:
    """Publish a proposed document as the next version; return its number.

    Raises:
        NotAllowed: the actor may not confirm rules.
        NoSuchRuleProposal: there is none.
        ProposalDecided, ProposedByYourself: it is not theirs to confirm.
        RulesInThePast, RulesBeforeTheLast: the day was passed while it waited; it must be proposed again.
    """
    check_may(session, act, Permission.CONFIRM_RULES)
    proposal = _proposal(session, act.community_id, proposal_id)
    check_confirmation(proposal.state, proposer_id=proposal.proposer_id, confirmer_id=act.person_id)
    last_version, last_valid_from = _last(session, act.community_id)
    document = document_of(proposal.document)
    check_beginning(document, proposal.valid_from, today=act.today, last_valid_from=last_valid_from)
    _decide(proposal, act, "published")
    session.flush()
    version = _confirmed_version(act, last_version + 1, proposal)
    _publish(session, act, version)
    return version.version


@once("rulebook.reject", subject="proposal_id")
def reject(session: Session, act: Act, *, proposal_id: UUID) -> None:
    """Turn a proposal down; nothing changes.

    Raises:
        NotAllowed: the actor may not confirm rules.
        NoSuchRuleProposal: there is none.
        ProposalDecided: it does not wait any more.
    """
    check_may(session, act, Permission.CONFIRM_RULES)
    proposal = _proposal(session, act.community_id, proposal_id)
    check_open(proposal.state)
    _decide(proposal, act, "rejected")


@once("rulebook.withdraw", subject="proposal_id")
def withdraw(session: Session, act: Act, *, proposal_id: UUID) -> None:
    """Take one's own proposal back; nothing changes.

    Raises:
        NotAllowed: the actor may not publish rules.
        NoSuchRuleProposal: there is none.
        ProposalDecided: it does not wait any more.
        NotYourProposal: somebody else proposed it.
    """
    check_may(session, act, Permission.PUBLISH_RULES)
    proposal = _proposal(session, act.community_id, proposal_id)
    check_open(proposal.state)
    if proposal.proposer_id != act.person_id:
        raise NotYourProposal(proposer=proposal.proposer)
    _decide(proposal, act, "withdrawn")


def _proposal(session: Session, community_id: str, proposal_id: UUID) -> RuleProposalRow:
    row = session.get(RuleProposalRow, (community_id, proposal_id))
    if row is None:
        raise NoSuchRuleProposal(proposal_id=str(proposal_id))
    return row


def _decide(proposal: RuleProposalRow, act: Act, state: str) -> None:
    proposal.state = state
    proposal.decider_id, proposal.decider, proposal.decided_at = (act.person_id, act.number, act.at)


def _last(session: Session, community_id: str) -> tuple[int, date]:
    """Return number and first day of the newest version; (0, BEGINNING) before the first."""
    query = (
        sa.select(RuleVersionRow.version, RuleVersionRow.valid_from)
        .where(RuleVersionRow.community_id == community_id)
        .order_by(RuleVersionRow.version.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    return (0, BEGINNING) if found is None else (found.version, found.valid_from)


def _version(act: Act, number: int, valid_from: date, text: str) -> RuleVersionRow:
    return RuleVersionRow(
        community_id=act.community_id,
        version=number,
        valid_from=valid_from,
        document=text,
        document_hash=document_hash(text),
        published_by_id=act.person_id,
        published_by=act.number,
        published_at=act.at,
    )


def _confirmed_version(act: Act, number: int, proposal: RuleProposalRow) -> RuleVersionRow:
    version = _version(act, number, proposal.valid_from, proposal.document)
    version.proposal_id = proposal.id
    version.published_by_id, version.published_by = (proposal.proposer_id, proposal.proposer)
    version.confirmed_by_id, version.confirmed_by = act.person_id, act.number
    return version


def _publish(session: Session, act: Act, version: RuleVersionRow) -> int:
    """Make a version hold: its entry, then its row."""
    posted = journal.post(
        session,
        act,
        Draft(
            kind=EntryKind.RULES_PUBLISHED,
            effective_on=act.today,
            source=f"rule-version:{version.version}",
            rule_version=version.version,
            facts={
                "version": version.version,
                "valid_from": version.valid_from.isoformat(),
                "document_sha256": version.document_hash.hex(),
                "proposed_by": version.published_by,
            },
        ),
    )
    version.entry_seq, version.published_at = posted.seq, posted.booked_at
    session.add(version)
    session.flush()
    return posted.seq
