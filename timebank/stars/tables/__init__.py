"""What stars store besides the books. This folder is one `tables.py` that outgrew its file; import from here."""

from timebank.stars.tables.awards import StarAwardRow
from timebank.stars.tables.inquiries import (
    StarHearingRow,
    StarInquiryDecisionRow,
    StarInquiryObjectionRow,
    StarInquiryRow,
)
from timebank.stars.tables.noticing import StarNoticeRow, StarObjectionRow
from timebank.stars.tables.recommending import StarOutcomeRow, StarRecommendationRow
from timebank.stars.tables.reviews import StarReviewRow

__all__ = [
    "StarAwardRow",
    "StarHearingRow",
    "StarInquiryDecisionRow",
    "StarInquiryObjectionRow",
    "StarInquiryRow",
    "StarNoticeRow",
    "StarObjectionRow",
    "StarOutcomeRow",
    "StarRecommendationRow",
    "StarReviewRow",
]
