"""The service rules: what must be true of a record before it is kept, approved or taken back. Pure.

This folder is one `rules.py` that outgrew its file; whoever needs the rules imports them from here.
"""

from timebank.service.rules.approval import (
    LIVE,
    ApprovalFacts,
    RecordState,
    check_activity,
    check_activity_approval,
    check_approvals,
    check_class,
    check_move,
    check_rating,
    check_reason,
    check_reversal,
)
from timebank.service.rules.checks import CHECKS, check_records, refusal_for
from timebank.service.rules.records import (
    ActivityFacts,
    ActivityState,
    AttendedFacts,
    Needs,
    Problem,
    ServiceFacts,
    Severity,
    Span,
    Surroundings,
    Taken,
    Typed,
    span_for,
)

__all__ = [
    "CHECKS",
    "LIVE",
    "ActivityFacts",
    "ActivityState",
    "ApprovalFacts",
    "AttendedFacts",
    "Needs",
    "Problem",
    "RecordState",
    "ServiceFacts",
    "Severity",
    "Span",
    "Surroundings",
    "Taken",
    "Typed",
    "check_activity",
    "check_activity_approval",
    "check_approvals",
    "check_class",
    "check_move",
    "check_rating",
    "check_reason",
    "check_records",
    "check_reversal",
    "refusal_for",
    "span_for",
]
