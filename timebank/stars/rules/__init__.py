"""The rules of stars: when a level is reached, what stands between a case and its grant, who decides. Pure.

This folder is one `rules.py` that outgrew its file: the cases and what everybody needs are imported from here, what is
special (conditions, notice, the level above, results that come back) from its own file.
"""

from timebank.stars.rules.cases import (
    REASON_MAX,
    Award,
    AwardDecided,
    AwardFacts,
    AwardState,
    NoLongerReached,
    NoNextLevel,
    OpenedByYourself,
    ReasonMissing,
    ReviewClosed,
    ReviewState,
    Standing,
    StarOfRelative,
    YourOwnStar,
    check_decision,
    check_distance,
    check_grant,
    check_reason,
    check_review,
    find_next_step,
    needs_review,
    standing_of,
)

__all__ = [
    "REASON_MAX",
    "Award",
    "AwardDecided",
    "AwardFacts",
    "AwardState",
    "NoLongerReached",
    "NoNextLevel",
    "OpenedByYourself",
    "ReasonMissing",
    "ReviewClosed",
    "ReviewState",
    "Standing",
    "StarOfRelative",
    "YourOwnStar",
    "check_decision",
    "check_distance",
    "check_grant",
    "check_reason",
    "check_review",
    "find_next_step",
    "needs_review",
    "standing_of",
]
