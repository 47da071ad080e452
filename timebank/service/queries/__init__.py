"""What others may ask the service room. Everything returns frozen dataclasses; `find_…` may return None.

Activities lie in `activities.py`, sign-ups and attendance in `attending.py`, records in `records.py`, overviews in
`overviews.py`; all of it is offered here under one name, with the questions that tell every problem of a sheet or a
file before anybody saves it.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.service.asked import NewRecord, Sheet
from timebank.service.queries.activities import (
    Activity,
    activities_by_number,
    activities_needing_hours,
    activities_newest,
    activities_of_batch,
    activities_past,
    activities_proposed,
    activities_published,
    activities_to_come,
    activity,
    find_activity,
)
from timebank.service.queries.attending import (
    Attendance,
    Attended,
    SignUp,
    Terms,
    attendances,
    attended,
    cancellation,
    open_activities,
    places_taken,
    shown_by,
    sign_ups,
    signed_up_for,
    terms_of,
)
from timebank.service.queries.checking import Problems, problems_of
from timebank.service.queries.confirming import (
    Answer,
    FurtherApproval,
    Recipient,
    RecipientRating,
    Unposted,
    answers_to,
    denied_records,
    find_recipient,
    further_approvals,
    recipient,
    recipient_ratings,
    served_by_code,
    unposted,
    unposted_of,
    waiting_for_further,
)
from timebank.service.queries.entered import activities_for_file, entered_from_file, entered_from_sheet
from timebank.service.queries.objections import (
    LineObjection,
    line_objection,
    objections_of,
    objections_open,
    stands_for,
)
from timebank.service.queries.overviews import (
    Amount,
    ApprovedRecord,
    PendingActivity,
    RatedInThrees,
    Totals,
    approved_records,
    pending,
    rated_in_threes,
    totals,
    totals_of_batch,
    waiting_minutes,
    who_came_last_time,
)
from timebank.service.queries.records import (
    Flag,
    NoSuchRecord,
    RecordPage,
    ServiceRecord,
    record,
    records,
    records_by_entry,
    records_newest,
    records_of,
    records_of_activity,
    records_of_batch,
    source_for,
)
from timebank.service.queries.ties import Ties, starts_offered, ties_of
from timebank.service.queries.to_confirm import (
    UnpostedPage,
    on_notice,
    overdue_count,
    stopped,
    to_confirm,
    unposted_page,
)
from timebank.service.queries.worth import Worth, worth_of, worth_of_sheet

__all__ = [
    "Activity",
    "Amount",
    "Answer",
    "ApprovedRecord",
    "Attendance",
    "Attended",
    "Flag",
    "FurtherApproval",
    "LineObjection",
    "NoSuchRecord",
    "PendingActivity",
    "Problems",
    "RatedInThrees",
    "Recipient",
    "RecipientRating",
    "RecordPage",
    "ServiceRecord",
    "SignUp",
    "Terms",
    "Ties",
    "Totals",
    "Unposted",
    "UnpostedPage",
    "Worth",
    "activities_by_number",
    "activities_needing_hours",
    "activities_newest",
    "activities_of_batch",
    "activities_past",
    "activities_proposed",
    "activities_published",
    "activities_to_come",
    "activity",
    "answers_to",
    "approved_records",
    "attendances",
    "attended",
    "cancellation",
    "denied_records",
    "find_activity",
    "find_recipient",
    "further_approvals",
    "line_objection",
    "objections_of",
    "objections_open",
    "on_notice",
    "open_activities",
    "overdue_count",
    "pending",
    "places_taken",
    "problems_of_import",
    "problems_of_sheet",
    "rated_in_threes",
    "recipient",
    "recipient_ratings",
    "record",
    "records",
    "records_by_entry",
    "records_newest",
    "records_of",
    "records_of_activity",
    "records_of_batch",
    "served_by_code",
    "shown_by",
    "sign_ups",
    "signed_up_for",
    "source_for",
    "stands_for",
    "starts_offered",
    "stopped",
    "terms_of",
    "ties_of",
    "to_confirm",
    "totals",
    "totals_of_batch",
    "unposted",
    "unposted_of",
    "unposted_page",
    "waiting_for_further",
    "waiting_minutes",
    "who_came_last_time",
    "worth_of",
    "worth_of_sheet",
]


def problems_of_sheet(session: Session, act: Act, sheet: Sheet) -> Problems:
    """Return every problem of every line of a sheet, as if the actor saved it now; nothing is written.

    Raises:
        NoSuchActivity: there is no such activity.
        TextUnclear, MomentOutOfRange: a line has no right shape.
    """
    found = activity(session, act.community_id, sheet.activity_number)
    entered = entered_from_sheet(sheet, found, attended(session, act.community_id, found))
    return problems_of(session, act, entered, {found.number: found.facts()})


def problems_of_import(session: Session, act: Act, records: Sequence[NewRecord]) -> Problems:
    """Return every problem of every row of a file, as if the actor imported it now; nothing is written.

    Raises:
        TextUnclear, MomentOutOfRange, RatingOutOfRange: a row has no right shape.
    """
    entered = entered_from_file(session, act, records)
    return problems_of(session, act, entered, activities_for_file(session, act, entered))
