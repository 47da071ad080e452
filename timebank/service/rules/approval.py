"""What must be true before a record is approved, rejected or reversed, and before an activity is made or approved.

Four eyes: who recorded does not approve, who served does neither, and relatives and household count as the person
(trust.md T6, X8, X9). The database refuses the same for persons.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from timebank.refusal import Refusal, refusal_of_rows
from timebank.rulebook.rules import RATINGS, RuleDocument
from timebank.service.rules.records import ActivityState, Problem, Span
from timebank.service.rules.refusals import UnknownServiceClass

CAPACITY_MAX: Final = 100_000


class RecordState(StrEnum):
    """Where a service record stands.

    A checked one is approved by a second person and not posted yet: it waits to be confirmed, for the end of its notice
    or for its day; see `confirming.py`. An approved one is posted.
    """

    SUBMITTED = "submitted"
    CHECKED = "checked"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVERSED = "reversed"


NEXT: Final = {
    RecordState.SUBMITTED: frozenset({RecordState.CHECKED, RecordState.APPROVED, RecordState.REJECTED}),
    RecordState.CHECKED: frozenset({RecordState.APPROVED, RecordState.REJECTED}),
    RecordState.APPROVED: frozenset({RecordState.REVERSED}),
    RecordState.REJECTED: frozenset(),
    RecordState.REVERSED: frozenset(),
}
"""The life of a record."""

LIVE: Final = (RecordState.SUBMITTED, RecordState.CHECKED, RecordState.APPROVED)
"""In these states a record takes up the person's time; a rejected or reversed one does not."""


class RecordNotWaiting(Refusal):
    """The record does not wait for approval; somebody has decided about it."""

    code = "record_not_waiting"


class RecordDenied(Refusal):
    """Somebody has said that the service did not take place; that case is decided first."""

    code = "record_denied"


class RecordNotApproved(Refusal):
    """Only an approved record can be reversed."""

    code = "record_not_approved"


class ApproverIsRecorder(Refusal):
    """Nobody approves what they recorded."""

    code = "approver_is_recorder"


class ApproverIsBeneficiary(Refusal):
    """Nobody approves their own service."""

    code = "approver_is_beneficiary"


class ApproverIsClose(Refusal):
    """Nobody approves the service of their relatives and household."""

    code = "approver_is_close"


class RatingOutOfRange(Refusal):
    """A rating is one to five stars, or none."""

    code = "rating_out_of_range"


class ReverserIsBeneficiary(Refusal):
    """Nobody reverses their own record."""

    code = "reverser_is_beneficiary"


class RecordReasonMissing(Refusal):
    """Who rejects or reverses says why."""

    code = "record_reason_missing"


class ActivityIncomplete(Refusal):
    """An activity has a title, a place and somebody in charge."""

    code = "activity_incomplete"


class ActivityEndsBeforeStart(Refusal):
    """The activity's end is not after its start."""

    code = "activity_ends_before_start"


class CapacityOutOfRange(Refusal):
    """So many people cannot take part; without a limit the field stays empty."""

    code = "capacity_out_of_range"


class CreatorCannotApprove(Refusal):
    """Nobody approves an activity that they made."""

    code = "creator_cannot_approve"


class ActivityNotProposed(Refusal):
    """The activity does not wait for approval."""

    code = "activity_not_proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFacts:
    """One record as it is to be approved.

    unanswered: its flags to which nobody has said anything; denied: somebody has said that it did not take place.
    """

    record_id: UUID
    volunteer: str
    person_id: UUID
    recorder_id: UUID
    state: RecordState
    unanswered: tuple[Problem, ...]
    rating: int | None
    denied: bool = False


def check_move(state: RecordState, target: RecordState, *, volunteer: str) -> None:
    """Make sure that a record may go from one state to another.

    Raises:
        RecordNotWaiting, RecordNotApproved: it may not.
    """
    if target in NEXT[state]:
        return
    refusal = RecordNotApproved if target is RecordState.REVERSED else RecordNotWaiting
    raise refusal(volunteer=volunteer, state=state.value)


def check_approvals(records: Sequence[ApprovalFacts], *, approver_id: UUID, close_to_approver: Set[UUID]) -> None:
    """Make sure that one person may approve these records.

    Raises:
        RecordNotWaiting: somebody has decided about one.
        ApproverIsRecorder, ApproverIsBeneficiary, ApproverIsClose: four eyes are not four.
        LongService, NightService, EnteredOften: nobody has said why it is right all the same.
        RatingOutOfRange: a rating is not one to five.
        RecordDenied: somebody has said that it did not take place.
        The first of them, with every row that is wrong.
    """
    found = [
        (place, refusal)
        for place, record in enumerate(records, start=1)
        for refusal in _refusals(record, approver_id, close_to_approver)
    ]
    refusal = refusal_of_rows(found, rows=len(records))
    if refusal is not None:
        raise refusal


def _refusals(record: ApprovalFacts, approver_id: UUID, close_to_approver: Set[UUID]) -> Iterator[Refusal]:
    if RecordState.CHECKED not in NEXT[record.state]:
        yield RecordNotWaiting(volunteer=record.volunteer, state=record.state.value)
        return
    yield from _eyes(record, approver_id, close_to_approver)
    if record.rating is not None and not _is_rating(record.rating):
        yield RatingOutOfRange(rating=record.rating, best=RATINGS)
    for flag in record.unanswered:
        yield Refusal.again(flag.code, flag.facts)
    if record.denied:
        yield RecordDenied(volunteer=record.volunteer)


def _eyes(record: ApprovalFacts, approver_id: UUID, close_to_approver: Set[UUID]) -> Iterator[Refusal]:
    if approver_id == record.person_id:
        yield ApproverIsBeneficiary(volunteer=record.volunteer)
    elif approver_id == record.recorder_id:
        yield ApproverIsRecorder(volunteer=record.volunteer)
    elif record.person_id in close_to_approver:
        yield ApproverIsClose(volunteer=record.volunteer)


def check_rating(rating: int | None) -> None:
    """Make sure that a rating is one to five stars, or none.

    Raises:
        RatingOutOfRange: it is not.
    """
    if rating is not None and not _is_rating(rating):
        raise RatingOutOfRange(rating=rating, best=RATINGS)


def _is_rating(stars: int) -> bool:
    return 1 <= stars <= RATINGS


def check_reversal(state: RecordState, *, volunteer: str, person_id: UUID, reverser_id: UUID) -> None:
    """Make sure that a person may take an approved record back.

    Raises:
        RecordNotApproved: it was not approved, or is reversed already.
        ReverserIsBeneficiary: it is about the person's own service.
    """
    check_move(state, RecordState.REVERSED, volunteer=volunteer)
    if reverser_id == person_id:
        raise ReverserIsBeneficiary(volunteer=volunteer)


def check_reason(reason: str) -> None:
    """Make sure that a reason says something.

    Raises:
        RecordReasonMissing: it is empty.
    """
    if not reason.strip():
        raise RecordReasonMissing()


def check_activity(*, texts: Iterable[str], span: Span, capacity: int | None) -> None:
    """Make sure that an activity says what, where, led by whom and when.

    Args:
        texts: title, place and person in charge; none may be empty.

    Raises:
        ActivityIncomplete, ActivityEndsBeforeStart, CapacityOutOfRange: it does not.
    """
    if not all(text.strip() for text in texts):
        raise ActivityIncomplete()
    if span.ends_at <= span.starts_at:
        raise ActivityEndsBeforeStart()
    if capacity is not None and not 1 <= capacity <= CAPACITY_MAX:
        raise CapacityOutOfRange(highest=CAPACITY_MAX)


def check_class(rules: RuleDocument, service_class: str) -> None:
    """Make sure that the rules know a class of service.

    Raises:
        UnknownServiceClass: they do not.
    """
    if service_class not in {known.code for known in rules.service_classes}:
        raise UnknownServiceClass(service_class=service_class)


def check_activity_approval(state: ActivityState, *, number: str, creator_id: UUID, approver_id: UUID) -> None:
    """Make sure that a person may approve an activity.

    Raises:
        ActivityNotProposed: it is approved or cancelled already.
        CreatorCannotApprove: the person made it.
    """
    if state is not ActivityState.PROPOSED:
        raise ActivityNotProposed(activity=number, state=state.value)
    if creator_id == approver_id:
        raise CreatorCannotApprove(activity=number)
