"""The diary of the demo: which activities took place in the last five weeks, and which are to come.

Every day but Sunday has its activity, as such communities do it: the same thing on the same day of the week.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from typing import Final

from timebank.ledger.days import moment_of

DAYS: Final = 35
"""How long ago the community of the demo went live."""
SUNDAY: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large the demo is.

    Attributes:
        members: volunteers, from the top of the register.
        past, to_come: activities that are over, and that are still to come (the last one waits for approval itself).
        waiting: of those that are over, the newest whose hours are recorded and wait for approval; one more, the very
            newest, waits for its hours to be recorded.
        redemptions: how many baskets are handed out, as far as points and monthly limits allow.
    """

    members: int
    past: int
    waiting: int
    to_come: int
    redemptions: int


FULL: Final = Scale(members=62, past=27, waiting=6, to_come=4, redemptions=150)
SMALL: Final = Scale(members=16, past=9, waiting=2, to_come=2, redemptions=12)
"""For whoever only wants to see that everything fits together."""


class Effort(StrEnum):
    """For whom an activity is."""

    EASY = "easy"
    ON_THE_FEET = "on-the-feet"
    GROWN_UP = "grown-up"


@dataclass(frozen=True, slots=True)
class Series:
    """An activity that comes again.

    Attributes:
        people: how many come, least and most.
        effort: who does not come: to what is on the feet nobody of 80, to what is for grown-ups nobody under 18 either.
    """

    title: str
    service_class: str
    place: str
    leader: str
    begins: time
    minutes: int
    people: tuple[int, int]
    effort: Effort


_CARE: Final = Series("探访独居老人", "care", "各楼栋入户", "吴玉梅", time(14, 30), 90, (13, 17), Effort.GROWN_UP)
_TUTORING: Final = Series("四点半课堂", "tutoring", "社区活动室", "李秀兰", time(16, 30), 90, (12, 16), Effort.EASY)
_CLEANING: Final = Series("清扫楼道", "cleaning", "1至9号楼", "王秀英", time(9), 120, (28, 33), Effort.ON_THE_FEET)
_CIVILITY: Final = Series(
    "文明交通劝导", "civility", "小区东门路口", "赵德福", time(7, 30), 60, (18, 22), Effort.ON_THE_FEET
)
_ANTI_FRAUD: Final = Series("反诈宣传进楼栋", "anti_fraud", "中心花园", "沈国栋", time(15), 90, (18, 22), Effort.EASY)
_PATROL: Final = Series("平安夜巡", "patrol", "小区环线", "欧阳德明", time(19, 30), 90, (16, 20), Effort.GROWN_UP)
_HANDY_DAY: Final = Series("便民服务日", "everyday_help", "中心花园", "何建华", time(8, 30), 180, (29, 35), Effort.EASY)
_CLINIC: Final = Series("社区义诊", "health", "社区卫生服务站", "韩雪梅", time(8, 30), 150, (26, 31), Effort.EASY)
_ESCORT: Final = Series("陪同就医", "escort", "区人民医院", "冯丽华", time(9), 300, (4, 4), Effort.GROWN_UP)

_WEEK: Final = (
    (_CARE, _CARE),
    (_TUTORING, _TUTORING),
    (_CLEANING, _CLEANING),
    (_CIVILITY, _ANTI_FRAUD),
    (_PATROL, _PATROL),
    (_HANDY_DAY, _CLINIC),
)
"""Monday to Saturday; what changes does so from week to week."""

ESCORT_BEFORE: Final = 3
"""How many regular activities came after the one of five hours: it waits, for somebody must explain it first."""


class Stand(StrEnum):
    """How far an activity has come."""

    APPROVED = "approved"
    WAITING = "waiting"
    TO_RECORD = "to-record"
    TO_COME = "to-come"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One activity of the diary. label: under which the scenes speak of it."""

    label: str
    series: Series
    day: date
    stand: Stand

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return moment_of(self.day, self.series.begins)

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.series.minutes)


def occasions(today: date, scale: Scale) -> tuple[Occasion, ...]:
    """Return the activities, the earliest first; the last that is over was yesterday, or on the Saturday before."""
    regular = list(_regular(today, -1, scale.past - 1))
    escort = (regular[min(ESCORT_BEFORE, scale.waiting - 1)][0], _ESCORT)
    past = sorted([*regular, escort], key=lambda one: (one[0], one[1].begins))
    stands = [
        *(Stand.APPROVED for _ in range(scale.past - scale.waiting - 1)),
        *(Stand.WAITING for _ in range(scale.waiting)),
        Stand.TO_RECORD,
        *(Stand.TO_COME for _ in range(scale.to_come - 1)),
        Stand.PROPOSED,
    ]
    dated = [*past, *_regular(today, 1, scale.to_come)]
    return tuple(
        Occasion(f"activity-{place}", series, day, stand)
        for place, ((day, series), stand) in enumerate(zip(dated, stands, strict=True), start=1)
    )


def _regular(today: date, step: int, wanted: int) -> Iterator[tuple[date, Series]]:
    """Yield the days before (-1) or after (1) today that have an activity, the nearest first."""
    days = (today + timedelta(days=step * distance) for distance in count(1))
    working = ((day, _series_on(day)) for day in days if day.weekday() != SUNDAY)
    for _, found in zip(range(wanted), working, strict=False):
        yield found


def _series_on(day: date) -> Series:
    return _WEEK[day.weekday()][day.isocalendar().week % 2]


def opening_days(today: date) -> tuple[date, ...]:
    """Return the days on which the shop was open: from the second day on, never on a Sunday, until yesterday."""
    days = (today - timedelta(days=distance) for distance in range(DAYS - 1, 0, -1))
    return tuple(day for day in days if day.weekday() != SUNDAY)
