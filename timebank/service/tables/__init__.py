"""What the service room stores. This folder is one `tables.py` that outgrew its file; import from here."""

from timebank.service.tables.attending import ActivityCancelRow, ActivityTermsRow, AttendanceRow, SignUpRow
from timebank.service.tables.confirming import (
    ActivityRecipientRow,
    FurtherApprovalRow,
    RecipientRatingRow,
    RecordAnswerRow,
)
from timebank.service.tables.objecting import LineObjectionRow, RecordCorrectionRow
from timebank.service.tables.records import ActivityRow, RecordFlagRow, ServiceRecordRow
from timebank.service.tables.ties import ActivityTiesRow

__all__ = [
    "ActivityCancelRow",
    "ActivityRecipientRow",
    "ActivityRow",
    "ActivityTermsRow",
    "ActivityTiesRow",
    "AttendanceRow",
    "FurtherApprovalRow",
    "LineObjectionRow",
    "RecipientRatingRow",
    "RecordAnswerRow",
    "RecordCorrectionRow",
    "RecordFlagRow",
    "ServiceRecordRow",
    "SignUpRow",
]
