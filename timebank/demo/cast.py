"""The cast: the volunteers and the staff of the demo. None of them exists, nor do region 990000 and the phones.

Among them, as every community has them: two 王秀英, names with rare characters, a long name, a minor with her father as
guardian, somebody of 86 who has only her paper passbook, couples who live together, and people who are new here.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from timebank.people.identity import identity_check_character
from timebank.people.roles import Role
from timebank.people.rules import ADULT_FROM

BUILDINGS: Final = 9
UNITS: Final = 3
AREAS: Final = ("东片区", "中片区", "西片区")
BUILDINGS_PER_AREA: Final = BUILDINGS // len(AREAS)

ADMIN, LI, CHEN, CLERK, AUDITOR = "chenzhuren", "lijianguo", "chenmin", "zhaomin", "zhoukuaiji"
"""Login names of the staff."""

STAFF: Final = (
    (LI, "李建国", Role.COORDINATOR),
    (CHEN, "陈敏", Role.COORDINATOR),
    (CLERK, "赵敏", Role.CLERK),
    (AUDITOR, "周会计", Role.AUDITOR),
)
"""Who works here besides the administrator: login name, name, role."""

ADMIN_NAME: Final = "陈主任"

HEROINE: Final = "V0001"
"""王秀英, as whom a visitor enters: 12 hours below her third star at the end."""
HEROINE_MINUTES: Final = 588 * 60
CANDIDATE: Final = "V0002"
"""张桂芳, whose hours have just reached the first star: her case waits for a decision at the end."""
CANDIDATE_MINUTES: Final = 100 * 60 + 40

PAPER_ONLY: Final = "孙桂芝"
MINOR: Final = "周子涵"
GUARDIAN: Final = "周志明"

# Name, sex, age, home (building-unit-door), hours and points of the paper passbook (or - -), how keen (1 to 5).
# The hours of the first two are worked out backwards, so that the story above comes true.
_REGISTER: Final = """
王秀英 女 68 3-2-501 0 165 5
张桂芳 女 61 1-1-102 0 80 4
刘䶮 男 45 2-3-301 128 210 3
阿依古丽·买买提 女 38 4-1-202 64 150 3
㛃彧 女 29 5-2-603 - - 2
周志明 男 47 6-1-401 212 190 3
周子涵 女 16 6-1-401 - - 2
孙桂芝 女 86 8-1-101 1620 260 1
王秀英 女 71 7-3-201 355 120 3
欧阳德明 男 66 9-2-302 905 300 4
赵德福 男 73 1-2-301 1180 175 3
李秀兰 女 70 1-2-301 640 230 4
吴玉梅 女 58 1-3-502 320 95 3
郑卫东 男 62 2-1-101 415 140 4
冯丽华 女 55 2-1-402 96 110 3
钱福生 男 78 2-2-201 730 310 2
蒋美玲 女 49 2-3-603 - - 3
沈国栋 男 64 3-1-102 540 205 4
韩雪梅 女 52 3-1-301 144 180 3
杨志强 男 57 3-2-202 88 60 3
朱凤英 女 69 3-3-401 1010 280 3
秦小军 男 34 3-3-502 - - 2
许文静 女 41 4-1-103 - - 3
何建华 男 67 4-2-301 605 150 4
吕桂香 女 75 4-2-402 860 240 2
施明远 男 59 4-3-201 190 130 3
曹玉兰 女 63 4-3-602 330 170 4
严晓燕 女 36 5-1-101 - - 2
金成龙 男 60 5-1-302 75 70 3
魏淑珍 女 77 5-2-201 1250 320 2
陶永康 男 65 5-3-401 480 145 3
姜红霞 女 53 5-3-502 105 90 4
戚长海 男 72 6-2-102 690 215 3
谢春燕 女 48 6-2-303 - - 3
邹大勇 男 44 6-3-401 52 85 2
喻兰芳 女 66 6-3-502 375 160 4
柏松林 男 69 7-1-101 520 135 3
水静怡 女 27 7-1-402 - - 2
窦宝珠 女 74 7-2-201 790 250 2
章立平 男 56 7-2-502 118 105 3
云彩霞 女 61 7-3-302 265 155 4
苏文斌 男 39 8-1-303 - - 2
潘月娥 女 67 8-2-101 445 185 4
葛长贵 男 80 8-2-202 1330 290 1
奚慧敏 女 50 8-3-401 82 75 3
范德顺 男 63 8-3-602 295 165 3
彭丽萍 女 57 9-1-101 136 120 4
郎启明 男 70 9-1-302 575 195 3
鲁秋菊 女 65 9-2-401 410 140 4
韦志远 男 31 9-2-503 - - 2
昌玉珍 女 72 9-3-101 680 220 3
马国庆 男 59 9-3-402 158 100 3
苗小红 女 46 1-1-303 - - 3
凤明霞 女 54 1-3-201 92 65 3
花启瑞 男 68 2-2-502 360 175 3
方巧云 女 64 3-2-601 - - 3
俞海波 男 42 4-1-501 - - 2
任秀珍 女 76 5-1-201 - - 2
袁志刚 男 51 6-2-501 - - 3
柳絮飞 女 33 7-1-601 - - 2
酆兰英 女 69 8-3-201 - - 3
鲍永福 男 60 9-3-601 - - 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A volunteer of the demo.

    Attributes:
        ordinal: place in the register, from 1; also in the number.
        building, unit, door: where they live.
        opening_minutes, opening_points: what the paper passbook carries over; None for people without one.
        keen: how often they come, 1 to 5.
    """

    ordinal: int
    name: str
    is_woman: bool
    age: int
    building: int
    unit: int
    door: str
    opening_minutes: int | None
    opening_points: int
    keen: int

    @property
    def number(self) -> str:
        """The number that people read aloud."""
        return f"V{self.ordinal:04d}"

    @property
    def phone(self) -> str | None:
        """A number that nobody has; who has only paper has none."""
        return None if self.name == PAPER_ONLY else f"1990000{1000 + self.ordinal}"

    @property
    def household(self) -> str:
        """Who has the same in the same building lives together."""
        return f"{self.unit}单元{self.door}"

    @property
    def is_minor(self) -> bool:
        """Whether a guardian is asked for."""
        return self.age < ADULT_FROM

    def born_on(self, today: date) -> date:
        """Return the day of birth of somebody who has this age today."""
        month, day = 1 + self.ordinal * 7 % 12, 1 + self.ordinal * 11 % 28
        had_birthday = (month, day) <= (today.month, today.day)
        return date(today.year - self.age - (not had_birthday), month, day)

    def registered_on(self, first_day: date) -> date:
        """Return the day on which they joined, some time before the community went live; the newest without paper."""
        months = 1 + self.ordinal % 3 if self.opening_minutes is None else 8 + self.ordinal * 5 % 60
        return first_day - timedelta(days=30 * months)

    def identity_number(self, today: date) -> str:
        """Return an identity number of a region that does not exist, with the right check character."""
        first = f"990000{self.born_on(today):%Y%m%d}{2 * self.ordinal + (not self.is_woman):03d}"
        return first + identity_check_character(first)


def members(count: int) -> tuple[Member, ...]:
    """Return the first members of the register; all of them are 62."""
    lines = _REGISTER.split("\n")[1:-1]
    return tuple(_member(ordinal, line.split(" ")) for ordinal, line in enumerate(lines[:count], start=1))


def _member(ordinal: int, columns: list[str]) -> Member:
    name, sex, age, home, hours, points, keen = columns
    building, unit, door = home.split("-")
    return Member(
        ordinal=ordinal,
        name=name,
        is_woman=sex == "女",
        age=int(age),
        building=int(building),
        unit=int(unit),
        door=door,
        opening_minutes=None if hours == "-" else int(hours) * 60,
        opening_points=0 if points == "-" else int(points),
        keen=int(keen),
    )


def area_of(building: int) -> str:
    """Return the area in which a building lies, 1 to 9."""
    return AREAS[(building - 1) // BUILDINGS_PER_AREA]


def building_name(building: int) -> str:
    """Return what a building is called."""
    return f"{building}号楼"


def unit_name(building: int, unit: int) -> str:
    """Return what the 中心户 of a staircase is called."""
    return f"{building}号楼{'一二三'[unit - 1]}单元中心户"
