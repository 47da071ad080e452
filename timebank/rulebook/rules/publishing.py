"""When a document may begin to hold: never for days that are over, never before the version that came last.

A version may begin on the same day as one that has not begun yet: then it replaces it, before anything was decided by
it. Nobody can be paid by a rule that was written after the service.
"""

from datetime import date
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal
from timebank.rulebook.rules.document import RuleDocument
from timebank.rulebook.rules.problems import RuleDocumentInvalid
from timebank.rulebook.rules.working_days import knows_year

REASON_MAX: Final = 200
"""The longest reason for a change, in characters."""


class RulesInThePast(Refusal):
    """A new version begins tomorrow at the earliest."""

    code = "rules_in_the_past"


class RulesBeforeTheLast(Refusal):
    """A version does not begin before one that was published earlier."""

    code = "rules_before_the_last"


class YearMissing(RuleDocumentInvalid):
    """The table of working days does not list the year in which the version begins."""

    code = "rule_year_missing"


class RulesReasonMissing(Refusal):
    """A change of the rules needs a reason, 1 to 200 characters on one line."""

    code = "rules_reason_missing"


class ProposedByYourself(Refusal):
    """Whoever proposed the rules does not confirm them (four eyes)."""

    code = "rules_proposed_by_yourself"


class NotYourProposal(Refusal):
    """Only whoever proposed the rules may withdraw them; anybody else with the right may reject them."""

    code = "rules_not_your_proposal"


class ProposalDecided(Refusal):
    """The proposal was published, rejected or withdrawn before."""

    code = "rules_proposal_decided"


def check_beginning(document: RuleDocument, valid_from: date, *, today: date, last_valid_from: date) -> None:
    """Make sure that a document may hold from a day on.

    Raises:
        RulesInThePast: the day is today or over.
        RulesBeforeTheLast: a version that was published already begins later.
        YearMissing: the holidays of its first year are not listed.
    """
    if valid_from <= today:
        raise RulesInThePast(begins_on=valid_from.isoformat(), today=today.isoformat())
    if valid_from < last_valid_from:
        raise RulesBeforeTheLast(begins_on=valid_from.isoformat(), last_begins_on=last_valid_from.isoformat())
    if not knows_year(document, valid_from.year):
        raise YearMissing(path="working_years", year=str(valid_from.year))


def check_change_reason(reason: str) -> None:
    """Make sure that a reason is given.

    Raises:
        RulesReasonMissing: it is empty, too long, or more than one line.
    """
    if not reason.strip() or len(reason) > REASON_MAX or not reason.isprintable():
        raise RulesReasonMissing(found_characters=len(reason.strip()), characters_max=REASON_MAX)


def check_open(state: str) -> None:
    """Make sure that a proposal waits for a decision.

    Raises:
        ProposalDecided: it does not.
    """
    if state != "open":
        raise ProposalDecided(state=state)


def check_confirmation(state: str, *, proposer_id: UUID, confirmer_id: UUID) -> None:
    """Make sure that a proposal may be published by this person.

    Raises:
        ProposalDecided: it does not wait any more.
        ProposedByYourself: it is their own.
    """
    check_open(state)
    if confirmer_id == proposer_id:
        raise ProposedByYourself()
