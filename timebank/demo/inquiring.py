"""Two inquiries into stars: one is decided, and may be objected to; the other waits for who did not open it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from timebank.demo.cast import CHEN, LI
from timebank.demo.scenes import Scene
from timebank.demo.serving import at_work, on
from timebank.demo.stage import COMMUNITY, Stage
from timebank.ledger.days import day_of
from timebank.stars.operations import inquiring
from timebank.stars.queries.inquiries import inquiries_about
from timebank.stars.rules.inquiries import InquiryOutcome, Verdict, months_later

LOWERED: Final = "V0003"
"""刘䶮, whose star is withdrawn for a while."""
LOWERED_MONTHS: Final = 3
ASKED: Final = "V0013"
"""吴玉梅, who has been heard and waits for the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquire(Scene):
    """An inquiry is opened."""

    volunteer: str
    reason: str
    evidence: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        inquiring.open_inquiry(
            stage.session,
            stage.act(self.by, self.at),
            volunteer_number=self.volunteer,
            reason=self.reason,
            evidence=self.evidence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Scene):
    """A volunteer says something to the inquiry into their star; `by` is the volunteer."""

    text: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        number = _number(stage, self.by)
        inquiring.state(stage.session, stage.act(self.by, self.at), number=number, text=self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Scene):
    """An inquiry is decided: the star is not held for some months."""

    volunteer: str
    reason: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        until_on = months_later(day_of(self.at), LOWERED_MONTHS)
        verdict = Verdict(InquiryOutcome.WITHDRAWN, 0, until_on, self.reason)
        number = _number(stage, self.volunteer)
        inquiring.decide_inquiry(stage.session, stage.act(self.by, self.at), number=number, verdict=verdict)


def _number(stage: Stage, volunteer: str) -> str:
    (found,) = inquiries_about(stage.session, COMMUNITY, volunteer)
    return found.number


def inquiry_scenes(last_day: date) -> Iterator[Scene]:
    """Yield both, so that the decision is a few days old on the last day of the demo."""

    def days_before(days: int) -> date:
        return at_work(last_day - timedelta(days=days))

    yield Inquire(
        at=on(days_before(12), 14, 10),
        by=LI,
        volunteer=LOWERED,
        reason="请邻居代签到，本人没有到场",
        evidence="当天签到表第7行笔迹与本人不符；活动负责人赵德福说没有见到他",
    )
    yield State(
        at=on(days_before(11), 19, 30),
        by=LOWERED,
        text="那天临时加班，怕缺席不好看，就请邻居代签了。我错了，那次时长请冲掉。",
    )
    yield Withdraw(
        at=on(days_before(5), 15, 30),
        by=CHEN,
        volunteer=LOWERED,
        reason="代签属实，本人承认；暂停星级三个月，期满自动恢复",
    )
    yield Inquire(
        at=on(days_before(3), 14, 20),
        by=CHEN,
        volunteer=ASKED,
        reason="老人家属反映，探访后收了五十元跑腿费",
        evidence="家属的来电记录一份，在来访登记本第3页",
    )
    yield State(
        at=on(days_before(2), 10, 15),
        by=ASKED,
        text="是代买药的药钱，有药店小票，小票我交到服务站了。",
    )
