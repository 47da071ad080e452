"""Rule versions: what every posting of a day was computed by, and proposals that a second person confirms."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from marshmallow import fields

from timebank.database import db
from timebank.people.roles import Permission
from timebank.rulebook import operations, queries
from timebank.rulebook.queries import RuleProposal, RuleVersion
from timebank.tokens.rules import Scope
from timebank.web.api.callers import community_id
from timebank.web.api.doing import Work
from timebank.web.api.family import Family, named
from timebank.web.api.fields import Day, Sent, Text
from timebank.web.api.lists import Order
from timebank.web.api.shapes import shape, shape_of

family = Family("rules", "规则 · Rule versions")

PROPOSERS: Final = (Permission.PUBLISH_RULES, Permission.CONFIRM_RULES, Permission.READ_BOOKS)
VERSION: Final = shape_of(RuleVersion)
PROPOSAL: Final = shape_of(RuleProposal)


class ProposalSent(Sent):
    """A whole rule document that should hold from a day on, as `GET /rule-versions/{version}` gives it."""

    document = fields.Dict(required=True)
    valid_from = Day(required=True)
    reason = Text(200, shortest=2, required=True)


def _by_version(version: RuleVersion) -> int:
    return version.version


def _by_proposal(proposal: RuleProposal) -> str:
    return str(proposal.proposal_id)


@family.lists("/rule-versions", VERSION, order=Order(_by_version), kind=int)
def rule_versions(**_words: Any) -> Sequence[RuleVersion]:
    """List the rule versions, the first one first."""
    return queries.rule_versions(db.session(), community_id())


@family.shows("/rule-versions/<int:version>", VERSION)
def rule_version(version: int) -> RuleVersion:
    """Show one rule version with its whole document."""
    return queries.rule_version(db.session(), community_id(), version)


@family.lists("/rule-proposals", PROPOSAL, *PROPOSERS, order=Order(_by_proposal, newest=True))
def rule_proposals(**_words: Any) -> Sequence[RuleProposal]:
    """List the proposals, the newest first."""
    return queries.rule_proposals(db.session(), community_id())


@family.does(
    "/rule-proposals",
    Scope.RULES,
    Permission.PUBLISH_RULES,
    reads=ProposalSent,
    answers=shape("ProposedRules", {"proposal_id": fields.UUID()}),
)
def propose(typed: Mapping[str, Any]) -> Work:
    """Propose rules that should hold from a day on."""
    document = json.dumps(typed["document"], ensure_ascii=False)
    asked = {"valid_from": typed["valid_from"], "reason": typed["reason"]}
    return named("proposal_id", lambda session, act: operations.propose(session, act, document=document, **asked))


@family.does(
    "/rule-proposals/<uuid:proposal_id>/confirmations",
    Scope.RULES,
    Permission.CONFIRM_RULES,
    reads=None,
    answers=shape("ConfirmedRules", {"version": fields.Integer()}),
    at="/rule-versions/{version}",
)
def confirm(proposal_id: UUID) -> Work:
    """Publish a proposal of somebody else as the next version."""
    return named("version", lambda session, act: operations.confirm(session, act, proposal_id=proposal_id))


@family.does(
    "/rule-proposals/<uuid:proposal_id>/rejections", Scope.RULES, Permission.CONFIRM_RULES, reads=None, answers=None
)
def reject(proposal_id: UUID) -> Work:
    """Turn a proposal down; nothing changes."""
    return lambda session, act: operations.reject(session, act, proposal_id=proposal_id)


@family.does(
    "/rule-proposals/<uuid:proposal_id>/withdrawals", Scope.RULES, Permission.PUBLISH_RULES, reads=None, answers=None
)
def withdraw(proposal_id: UUID) -> Work:
    """Take one's own proposal back; nothing changes."""
    return lambda session, act: operations.withdraw(session, act, proposal_id=proposal_id)
