"""The part of the rule document about what lies between a service and its entry: how it became known, who confirms it.

Source: domain.md section 0, finding 6, and section 2.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from timebank.rulebook.rules.kinds import Choice, Whole, YesNo
from timebank.rulebook.rules.telling import worded


class SourceClass(StrEnum):
    """How a service came to be known; it decides whether it earns points (domain.md section 0, finding 6)."""

    SELF_CHECK_IN = "self_check_in"
    STAFF_SCAN = "staff_scan"
    SHEET = "sheet"
    LATE_ENTRY = "late_entry"
    OPENING = "opening"


class Confirmer(StrEnum):
    """Who must say that a service took place before it is posted."""

    NOBODY = "nobody"
    VOLUNTEER = "volunteer"
    RECIPIENT = "recipient"
    EITHER = "either"


_CONFIRMER: Final = worded("由谁确认：nobody 不用，volunteer 本人，recipient 服务对象，either 两者之一")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What lies between the approval of a service and its entry in the books: who confirms it, and how long it waits.

    Who checked in or held out their own card has acted; what somebody else typed is asked about.
    """

    self_check_in: Annotated[Confirmer, Choice(Confirmer, _CONFIRMER)]
    staff_scan: Annotated[Confirmer, Choice(Confirmer, _CONFIRMER)]
    sheet: Annotated[Confirmer, Choice(Confirmer, _CONFIRMER)]
    late_entry: Annotated[Confirmer, Choice(Confirmer, _CONFIRMER)]
    opening: Annotated[Confirmer, Choice(Confirmer, _CONFIRMER)]
    ask_days: Annotated[
        int,
        Whole(0, 60, worded("天"), worded("录入后多少天没有人确认，就交给社工去问")),
    ]
    post_days: Annotated[int, Whole(0, 30, worded("天"), worded("审批后第几天起才入账，0 为当时"))]
    notice_working_days: Annotated[int, Whole(0, 30, worded("个工作日"), worded("入账前公示多久，0 为不公示"))]
    approved_before_start: Annotated[bool, YesNo(worded("活动开始以前没有批准的，只能补录"))]

    def of(self, source: SourceClass) -> Confirmer:
        """Return who confirms what became known in one way."""
        confirmer: Confirmer = getattr(self, source.value)
        return confirmer


AT_ONCE: Final = Confirmation(
    self_check_in=Confirmer.NOBODY,
    staff_scan=Confirmer.NOBODY,
    sheet=Confirmer.NOBODY,
    late_entry=Confirmer.NOBODY,
    opening=Confirmer.NOBODY,
    ask_days=3,
    post_days=0,
    notice_working_days=0,
    approved_before_start=False,
)
"""Nobody is asked and nothing waits: so it was before form 9, and so the paper of the time before comes in."""
