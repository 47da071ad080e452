"""The rules: a document of data, and the pure decisions that follow from it.

This folder is one `rules.py` that outgrew its file; whoever needs the rules imports them from here.

Which version holds? The one in force on the day of the service: rates, coefficients and source classes never reach
back. What is decided at the counter (limits, holds) or about a star (ladder) goes by the version in force on that day.
"""

from timebank.rulebook.rules.benefits import opens_at_for
from timebank.rulebook.rules.confirming import AT_ONCE, Confirmation, Confirmer, SourceClass
from timebank.rulebook.rules.defaults import opening_document, ordinary_document
from timebank.rulebook.rules.document import (
    COMMUNITY_LADDER,
    LEVELS,
    RATINGS,
    Body,
    Expiry,
    Inquiries,
    Ladder,
    LevelGood,
    Limits,
    Market,
    NoSuchServiceClass,
    Pool,
    RuleDocument,
    ServiceClass,
    SourcePercents,
    StarBenefits,
    Step,
    YearOfWork,
)
from timebank.rulebook.rules.expiring import find_notice, last_day_of
from timebank.rulebook.rules.filling_in import Block, Field, blocks_of, filled_in
from timebank.rulebook.rules.kinds import Explanation
from timebank.rulebook.rules.points import (
    Percents,
    Recomputed,
    ServiceInputs,
    facts_as_inputs,
    inputs_as_facts,
    percents_for,
    points_for,
    recompute,
    vintage_for,
)
from timebank.rulebook.rules.pool_words import points_in_words
from timebank.rulebook.rules.problems import RuleDocumentInvalid
from timebank.rulebook.rules.publishing import (
    NotYourProposal,
    ProposalDecided,
    ProposedByYourself,
    RulesBeforeTheLast,
    RulesInThePast,
    RulesReasonMissing,
    YearMissing,
    check_beginning,
    check_change_reason,
    check_confirmation,
    check_open,
)
from timebank.rulebook.rules.reading import as_json, document_hash, document_of, explanations
from timebank.rulebook.rules.simulating import SIMULATED_DAYS, Compared, Service, Tally
from timebank.rulebook.rules.star_words import STARS, benefits_in_words
from timebank.rulebook.rules.words import (
    SOURCES,
    Change,
    Section,
    changes_in_words,
    find_zero_reason,
    hours_in_words,
    in_words,
    reckoned_in_words,
)
from timebank.rulebook.rules.working_days import entry_deadline_for, is_working_day, knows_year, working_day_after

__all__ = [
    "AT_ONCE",
    "COMMUNITY_LADDER",
    "LEVELS",
    "RATINGS",
    "SIMULATED_DAYS",
    "SOURCES",
    "STARS",
    "Block",
    "Body",
    "Change",
    "Compared",
    "Confirmation",
    "Confirmer",
    "Expiry",
    "Explanation",
    "Field",
    "Inquiries",
    "Ladder",
    "LevelGood",
    "Limits",
    "Market",
    "NoSuchServiceClass",
    "NotYourProposal",
    "Percents",
    "Pool",
    "ProposalDecided",
    "ProposedByYourself",
    "Recomputed",
    "RuleDocument",
    "RuleDocumentInvalid",
    "RulesBeforeTheLast",
    "RulesInThePast",
    "RulesReasonMissing",
    "Section",
    "Service",
    "ServiceClass",
    "ServiceInputs",
    "SourceClass",
    "SourcePercents",
    "StarBenefits",
    "Step",
    "Tally",
    "YearMissing",
    "YearOfWork",
    "as_json",
    "benefits_in_words",
    "blocks_of",
    "changes_in_words",
    "check_beginning",
    "check_change_reason",
    "check_confirmation",
    "check_open",
    "document_hash",
    "document_of",
    "entry_deadline_for",
    "explanations",
    "facts_as_inputs",
    "filled_in",
    "find_notice",
    "find_zero_reason",
    "hours_in_words",
    "in_words",
    "inputs_as_facts",
    "is_working_day",
    "knows_year",
    "last_day_of",
    "opening_document",
    "opens_at_for",
    "ordinary_document",
    "percents_for",
    "points_for",
    "points_in_words",
    "reckoned_in_words",
    "recompute",
    "vintage_for",
    "working_day_after",
]
