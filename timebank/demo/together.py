"""A group (团队) of the demo: it serves, and gives what it earned into the pool; a household in need shall get some."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from timebank.demo.cast import CHEN, LI
from timebank.demo.diary import Occasion, Stand
from timebank.demo.scenes import Scene
from timebank.demo.service_scenes import Approve, Attendance, Record
from timebank.demo.serving import at_work, on
from timebank.demo.stage import Stage
from timebank.people.operations import NewGroup, register_group
from timebank.pool import operations as pool

GROUP: Final = "TD0001"
"""The first group has this number."""
GROUP_NAME: Final = "红马甲服务队"
SERVED_MINUTES: Final = 60
SERVED_TIMES: Final = 3
GIVEN_E2, PROPOSED_E2 = 2_000, 1_500
"""Of three hours it gives the points of two; a part of that is proposed for a household and waits to be confirmed."""
IN_NEED: Final = "V0008"
"""孙桂芝, 86, who lives alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Scene):
    """A group is registered."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        number = register_group(
            stage.session, stage.act(self.by, self.at), group=NewGroup(name=GROUP_NAME, contact="王秀英（3号楼）")
        )
        assert number == GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveTogether(Scene):
    """Points of the group go into the pool."""

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        pool.donate_for_group(stage.session, stage.act(self.by, self.at), number=GROUP, points_e2=GIVEN_E2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeGrant(Scene):
    """Points out of the pool are proposed for a household in need."""

    reason: str

    def play(self, stage: Stage) -> None:
        """See `Scene`."""
        act = stage.act(self.by, self.at)
        pool.propose_grant(stage.session, act, number=IN_NEED, points_e2=PROPOSED_E2, reason=self.reason)


def group_scenes(diary: Sequence[Occasion], days: tuple[date, date]) -> Iterator[Scene]:
    """Yield the story of the group. days: the first and the last day of the demo."""
    first_day, last_day = days
    yield Found(at=on(first_day, 11, 40), by=LI)
    for occasion in [one for one in diary if one.stand is Stand.APPROVED][:SERVED_TIMES]:
        yield from _served(occasion)
    yield GiveTogether(at=on(last_day, 16, 50), by=LI)
    reason = "独居，女儿住院，一时没人买日用品"
    yield ProposeGrant(at=on(last_day, 16, 55), by=CHEN, reason=reason)


def _served(occasion: Occasion) -> Iterator[Scene]:
    """The group was there for an hour: written down once for all of it, and approved by the other coordinator."""
    label, came = f"{occasion.label}-group", (Attendance(GROUP, SERVED_MINUTES, "团队集体", 5),)
    yield Record(
        at=on(at_work(occasion.day + timedelta(days=1)), 9, 50),
        by=LI,
        label=label,
        activity=occasion.label,
        starts_at=occasion.starts_at,
        ends_at=(occasion.starts_at + timedelta(minutes=SERVED_MINUTES),),
        attendances=came,
        sheet_number=f"QD-{occasion.day:%Y%m%d}-TD",
    )
    yield Approve(at=on(at_work(occasion.day + timedelta(days=2)), 10, 55), by=CHEN, label=label, attendances=came)
