"""Records as they come in, from the one-page form and from files, in one form; and the activities they belong to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.people.queries import community
from timebank.rulebook.rules import SourceClass
from timebank.service.asked import NewRecord, Sheet, SheetLine
from timebank.service.queries.activities import SHEETS, Activity, activities_by_number
from timebank.service.queries.attending import Attended
from timebank.service.queries.records import ServiceRecord
from timebank.service.rules import ActivityFacts, ActivityState, AttendedFacts, Span, span_for
from timebank.service.shapes import check_moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """One record as it came in, with everything that its row needs and nobody decides later.

    corrects: it stands for one that was recorded in time and is taken back.
    """

    activity_number: str
    volunteer_number: str
    span: Span
    service_class: str
    source_class: SourceClass
    place: str
    content: str
    leader: str
    sheet_number: str
    sheet_recorder: str
    late_reason: str
    remark: str
    rating: int | None
    attended: AttendedFacts | None = None
    corrects: bool = False

    @property
    def minutes(self) -> int:
        """What lies between start and end."""
        return self.span.minutes

    @property
    def served_on(self) -> date:
        """The civil day on which it began."""
        return self.span.served_on

    def texts(self) -> dict[str, str]:
        """Everything that was typed, by field."""
        names = (
            "activity_number",
            "place",
            "content",
            "leader",
            "sheet_number",
            "sheet_recorder",
            "late_reason",
            "remark",
        )
        return {name: getattr(self, name) for name in names}


def entered_from_sheet(
    sheet: Sheet, activity: Activity, there: Mapping[str, Attended] = MappingProxyType({})
) -> tuple[Entered, ...]:
    """Turn the lines of a sheet into records of its activity.

    Args:
        there: what codes and cards show of the activity, by volunteer number. A time that they show is known by them;
            what goes beyond it is known by the sheet alone.
    """
    return tuple(
        Entered(
            activity_number=activity.number,
            volunteer_number=line.volunteer_number,
            span=Span(line.starts_at, line.ends_at),
            service_class=activity.service_class,
            source_class=_known_by(sheet, line, there.get(line.volunteer_number)),
            place=activity.place,
            content=sheet.content or activity.title,
            leader=activity.leader,
            sheet_number=sheet.sheet_number,
            sheet_recorder="",
            late_reason=sheet.late_reason,
            remark=line.remark,
            rating=None,
            attended=there[line.volunteer_number].facts if line.volunteer_number in there else None,
        )
        for line in sheet.lines
    )


def _known_by(sheet: Sheet, line: SheetLine, there: Attended | None) -> SourceClass:
    if sheet.late_reason.strip():
        return SourceClass.LATE_ENTRY
    if there is not None and there.facts.covers(Span(line.starts_at, line.ends_at)):
        return there.source_class
    return SourceClass.SHEET


def entered_again(record: ServiceRecord, *, minutes: int, remark: str) -> Entered:
    """Turn a record that is taken back into the one that stands for it, of another length."""
    return Entered(
        activity_number=record.activity_number,
        volunteer_number=record.volunteer_number,
        span=span_for(record.starts_at, minutes),
        service_class=record.service_class,
        source_class=record.source_class,
        place=record.place,
        content=record.content,
        leader=record.leader,
        sheet_number=record.sheet_number,
        sheet_recorder=record.sheet_recorder,
        late_reason=record.late_reason,
        remark=remark,
        rating=None,
        corrects=True,
    )


def entered_from_file(session: Session, act: Act, records: Iterable[NewRecord]) -> tuple[Entered, ...]:
    """Turn the rows of a file into records.

    What was served before the community went live is an opening record; what says why it is late is a late entry.

    Raises:
        MomentOutOfRange: a time lies so far away that it has no civil day.
    """
    go_live_on = community(session, act.community_id).go_live_on
    found = []
    for record in records:
        check_moments((record.starts_at, record.ends_at))
        span = Span(record.starts_at, record.ends_at)
        late = SourceClass.LATE_ENTRY if record.late_reason.strip() else SourceClass.SHEET
        found.append(
            Entered(
                activity_number=record.activity_number,
                volunteer_number=record.volunteer_number,
                span=span,
                service_class=record.service_class,
                source_class=SourceClass.OPENING if span.served_on < go_live_on else late,
                place=record.place,
                content=record.content,
                leader=record.leader,
                sheet_number=record.sheet_number,
                sheet_recorder=record.sheet_recorder,
                late_reason=record.late_reason,
                remark=record.remark,
                rating=record.rating,
            )
        )
    return tuple(found)


def activities_for_file(session: Session, act: Act, entered: Sequence[Entered]) -> dict[str, ActivityFacts]:
    """Return the activities that the rows of a file belong to: those that are there, and those that old sheets bring.

    An activity of which only sheets from before the opening tell takes place from their first start to their last end.
    """
    there = activities_by_number(session, act.community_id, (one.activity_number for one in entered))
    known = {number: found.facts() for number, found in there.items() if not can_be_brought_again(found)}
    brought = {
        number: ActivityFacts(number, ActivityState.PROPOSED, span)
        for number, span in spans_of_sheets(entered).items()
        if number not in known
    }
    return known | brought


def can_be_brought_again(activity: Activity) -> bool:
    """Tell whether old sheets may bring this activity once more: its batch was withdrawn."""
    return activity.origin == SHEETS and activity.state is ActivityState.CANCELLED


def spans_of_sheets(entered: Iterable[Entered]) -> dict[str, Span]:
    """Return, for each activity of which sheets from before the opening tell, its first start and last end."""
    spans: dict[str, Span] = {}
    for one in entered:
        if one.source_class is SourceClass.OPENING and one.span.could_be:
            known = spans.get(one.activity_number, one.span)
            spans[one.activity_number] = Span(
                min(known.starts_at, one.span.starts_at), max(known.ends_at, one.span.ends_at)
            )
    return spans
