"""What people ask the service room for: an activity, a sheet of one activity, records of a file, decisions.

Texts are kept exactly as they are written; their lengths stand in `texts.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from timebank.books.requests import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class NewActivity:
    """An activity to be held.

    Attributes:
        service_class: code of the class of service.
        leader: name of the person in charge.
        capacity: how many can take part, or None for no limit.
        org_unit_id: the part of the organisation tree that it belongs to, or None for the whole community.
        needs: what those who come should bring or have learned; age_min: from which age on, or None.
        risk: what may happen to them; insurance: what covers it, demanded where there is a risk.
        partner: code of the partner unit that helps; course: the training that those who come must have attended.
    """

    title: str
    service_class: str
    place: str
    leader: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None = None
    org_unit_id: UUID | None = None
    needs: str = ""
    age_min: int | None = None
    risk: str = ""
    insurance: str = ""
    partner: str = ""
    course: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """One person on a sheet; the remark answers whatever is flagged about the line."""

    volunteer_number: str
    starts_at: datetime
    ends_at: datetime
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The hours of many people in one activity, recorded together: all or none.

    Attributes:
        sheet_number: the paper behind it, or empty.
        content: what was done; empty takes the activity's title.
        late_reason: why it is entered after the deadline; what has one counts for record and star and earns no points.
    """

    activity_number: str
    lines: tuple[SheetLine, ...]
    sheet_number: str = ""
    content: str = ""
    late_reason: str = ""

    def __str__(self) -> str:
        """The name under which it stands in the trail."""
        return f"activity:{self.activity_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecipient:
    """For whom an activity is.

    Attributes:
        name: what they are called; phone_tail: the last four digits of their phone.
        code: ten digits that nobody can guess, by which they answer.
    """

    name: str
    phone_tail: str
    code: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """One row of a file of sign-in sheets.

    Attributes:
        activity_number: the sheets' own code of the activity.
        service_class: code of the class of service.
        sheet_recorder: who wrote the sheet, by name; whoever imports it answers for it.
        rating: stars that stand on the sheet, or None.
        late_reason: see `Sheet`; remark: see `SheetLine`.
    """

    activity_number: str
    volunteer_number: str
    starts_at: datetime
    ends_at: datetime
    service_class: str
    place: str = ""
    content: str = ""
    leader: str = ""
    sheet_number: str = ""
    sheet_recorder: str = ""
    rating: int | None = None
    late_reason: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A record to be approved: with one to five stars or none; the answer is to its flags that have none yet."""

    record_id: UUID
    rating: int | None
    answer: str = ""
