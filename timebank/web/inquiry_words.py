"""Inquiries into stars in words: how far one has come, and what happened in it, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from timebank.stars.queries.inquiries import Inquiry, InquiryDecision
from timebank.stars.rules.inquiries import HearingKind, InquiryState
from timebank.web import presenting

HEARINGS: Final = {
    HearingKind.STATEMENT: lazy_gettext("本人说明"),
    HearingKind.DECLINED: lazy_gettext("本人不愿说明"),
    HearingKind.ABSENT: lazy_gettext("通知了没有来"),
}
STATES: Final = {
    InquiryState.OPEN: lazy_gettext("等决定"),
    InquiryState.DECIDED: lazy_gettext("已决定"),
    InquiryState.OBJECTED: lazy_gettext("本人有异议，等第三位决定"),
    InquiryState.FINAL: lazy_gettext("已最后决定"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what happened: when, what, in whose words, by which number."""

    at: datetime
    what: str
    text: str
    by: str


def lines_of(found: Inquiry) -> tuple[Line, ...]:
    """Tell what happened in an inquiry, in order."""
    return tuple(sorted(_lines(found), key=lambda line: line.at))


def _lines(found: Inquiry) -> Iterator[Line]:
    opened = _("%(reason)s 依据：%(evidence)s", reason=found.reason, evidence=found.evidence)
    yield Line(found.opened_at, _("开始复核"), opened, found.opener)
    for heard in found.hearings:
        what = f"{HEARINGS[heard.kind]}{_('（')}{presenting.day(heard.heard_on)}{_('）')}"
        yield Line(heard.recorded_at, what, heard.text, heard.recorder)
    for decision in found.decisions:
        yield Line(decision.decided_at, outcome_words(decision), decision.reason, decision.decider)
    if found.objection:
        yield Line(found.objection.made_at, _("本人提出异议"), found.objection.text, found.objection.made_by)


def outcome_words(decision: InquiryDecision) -> str:
    """Say what was decided."""
    words = _("决定：星级保留")
    if decision.until_on is not None:
        star = presenting.star_word(decision.level_after) if decision.level_after else _("无星")
        until = presenting.day(decision.until_on)
        words = _("决定：到 %(day)s为止按%(star)s，之后自动恢复", star=star, day=until)
    return str(words)
