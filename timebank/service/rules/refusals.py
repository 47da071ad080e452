"""What blocks a record, or keeps it from being approved: one refusal per rule; the facts name the volunteer."""

from timebank.refusal import Refusal


class EndsBeforeStart(Refusal):
    """The end is not after the start."""

    code = "ends_before_start"


class NotWholeMinutes(Refusal):
    """Start or end has seconds; service is counted in whole minutes."""

    code = "not_whole_minutes"


class ServiceTooLong(Refusal):
    """One service lasts at most twelve hours."""

    code = "service_too_long"


class InTheFuture(Refusal):
    """The service is not over yet."""

    code = "in_the_future"


class UnknownServiceClass(Refusal):
    """The rules of the day of service know no such class."""

    code = "unknown_service_class"


class BeforeGoLive(Refusal):
    """What was served before the community went live comes in only with the import of its old sheets."""

    code = "before_go_live"


class OpeningAfterGoLive(Refusal):
    """What was served since the community went live is no opening record."""

    code = "opening_after_go_live"


class OpeningClosed(Refusal):
    """The time for importing old sheets is over."""

    code = "opening_closed"


class EntryDeadlinePassed(Refusal):
    """After so many working days a service can only be entered late, with a reason."""

    code = "entry_deadline_passed"


class LateWithoutReason(Refusal):
    """A late entry says why it is late."""

    code = "late_without_reason"


class NoSuchActivity(Refusal):
    """There is no such activity, or it was cancelled."""

    code = "no_such_activity"


class ActivityNotApproved(Refusal):
    """Nobody has approved the activity yet."""

    code = "activity_not_approved"


class ActivityApprovedLate(Refusal):
    """The activity was approved after it had begun; its hours are late entries."""

    code = "activity_approved_late"


class ActivityNotOver(Refusal):
    """The activity is still going on, or has not begun."""

    code = "activity_not_over"


class NotDuringActivity(Refusal):
    """The time of the record has nothing in common with the time of its activity."""

    code = "not_during_activity"


class RecorderIsBeneficiary(Refusal):
    """Nobody records their own service."""

    code = "recorder_is_beneficiary"


class RecorderIsClose(Refusal):
    """Nobody records the service of their relatives and household."""

    code = "recorder_is_close"


class Overlapping(Refusal):
    """The volunteer served elsewhere at that time, or it was recorded before."""

    code = "overlapping"


class TooLongADay(Refusal):
    """Flagged: all records of the volunteer on one civil day pass the limit. It takes a further approver too."""

    code = "too_long_a_day"


class VolunteerLeft(Refusal):
    """The volunteer had left before that day."""

    code = "volunteer_left"


class LongService(Refusal):
    """Flagged: longer than the rules expect. Who approves needs an answer in words first."""

    code = "long_service"


class NightService(Refusal):
    """Flagged: it began at night. Who approves needs an answer in words first."""

    code = "night_service"


class EnteredOften(Refusal):
    """Flagged: the same volunteer was entered by hand in the same activity again and again."""

    code = "entered_often"


class NoCheckOut(Refusal):
    """Flagged: the volunteer checked in and never out; the end of the plan closed it."""

    code = "no_check_out"


class MoreThanAttended(Refusal):
    """Flagged: more time than codes and cards show."""

    code = "more_than_attended"


class OneDevice(Refusal):
    """Flagged: as many people as a crowd checked in by one phone."""

    code = "one_device"


class ManyAlike(Refusal):
    """Flagged: the same recorder has typed the same hours for many people."""

    code = "many_alike"


class RecorderTypesMuch(Refusal):
    """Flagged: the recorder has typed very many hours within a week, however they are split."""

    code = "recorder_types_much"


class PairTypesMuch(Refusal):
    """Flagged: one recorder has typed very many hours for one volunteer within a week, however they are split."""

    code = "pair_types_much"


class ServedTooYoung(Refusal):
    """Flagged: the activity asks for a higher age than the volunteer had."""

    code = "served_too_young"


class ServedAgeUnknown(Refusal):
    """Flagged: the activity asks for an age, and nobody has noted when the volunteer was born."""

    code = "served_age_unknown"


class ServedUntrained(Refusal):
    """Flagged: the activity asks for a training, and none of the volunteer was approved by that day."""

    code = "served_untrained"


class ApprovalRing(Refusal):
    """Flagged when it is approved: the two approve each other's hours."""

    code = "approval_ring"


class LowRating(Refusal):
    """Flagged when it is approved: fewer than three stars; whoever gives them says why."""

    code = "low_rating"
