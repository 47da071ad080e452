"""The rule document: everything a community decides for itself, as one frozen value.

Every value is declared here once with its kind, unit, range and a sentence that explains it (shown to whoever edits the
rules, hence Chinese). Percentages are whole per cent: 100 changes nothing. Points are hundredths (`…_e2`).

Source: domain.md section 2 (defaults and ranges).
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Final

from timebank.refusal import Refusal
from timebank.rulebook.rules.confirming import Confirmation, SourceClass
from timebank.rulebook.rules.kinds import Choice, Clock, Code, Day, Group, Many, OrNone, Text, Whole, YesNo
from timebank.rulebook.rules.telling import worded

SCHEMA: Final = 10
"""The form of the document; one of an older form is read for ever, see `forms.py`."""
LEVELS: Final = 5
"""The highest star level; level 0 is a volunteer without a star."""
RATINGS: Final = 5
"""The best rating of one service, in stars."""
COMMUNITY_LADDER: Final = "community"
"""Code of the ladder by which stars are granted here; any other is shown beside it and labelled."""


class NoSuchServiceClass(Refusal):
    """The rules in force on that day know no such class of service."""

    code = "no_such_service_class"


class Body(StrEnum):
    """Who grants a star: the area, the community, or the level above, whose outcome the community records."""

    AREA = "area"
    COMMUNITY = "community"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class ServiceClass:
    """A class of service and what it is worth."""

    code: Annotated[str, Code(worded("类别代码，发布后不再改动"))]
    name: Annotated[str, Text(20, worded("类别名称，写在签到表和存折上"))]
    synonyms: Annotated[tuple[str, ...], Many(Text(20, worded("别名")), 0, 20, worded("导入签到表时也认得的其他写法"))]
    percent: Annotated[int, Whole(50, 200, "%", worded("这类服务的积分系数，100 为不加不减"))]


@dataclass(frozen=True, slots=True)
class SourcePercents:
    """What a service counts for points, by how it came to be known."""

    self_check_in: Annotated[int, Whole(0, 100, "%", worded("志愿者自己签到签退"))]
    staff_scan: Annotated[int, Whole(0, 100, "%", worded("工作人员扫码登记"))]
    sheet: Annotated[int, Whole(0, 100, "%", worded("纸质签到表，在期限内录入"))]
    late_entry: Annotated[int, Whole(0, 100, "%", worded("超过期限才补录"))]
    opening: Annotated[int, Whole(0, 100, "%", worded("上线以前的签到表，上线时一次导入"))]

    def of(self, source: SourceClass) -> int:
        """Return the percentage of one source."""
        percent: int = getattr(self, source.value)
        return percent


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder: what a star asks for, and who grants it; a condition of 0 (or false) is not asked for.

    The star below is always asked for: no level is skipped.
    """

    level: Annotated[int, Whole(1, LEVELS, worded("星"), worded("星级"))]
    minutes: Annotated[int, Whole(1, 6_000_000, worded("分钟"), worded("累计认可的服务时长"))]
    tenure_months: Annotated[int, Whole(0, 120, worded("个月"), worded("注册满多少个月，0 为不要求"))]
    body: Annotated[Body, Choice(Body, worded("由谁评定：area 片区，community 本社区，upper 推荐给上级"))]
    ratings: Annotated[int, Whole(0, 1000, worded("次"), worded("至少有多少次服务得到评价，0 为不要求"))] = 0
    rating_average_e2: Annotated[
        int, Whole(0, 500, worded("百分之一星"), worded("平均评价至少多少，450 就是 4.5 星，0 为不要求"))
    ] = 0
    year_minutes: Annotated[
        int, Whole(0, 100_000, worded("分钟"), worded("当年（1 月 1 日起）至少服务多久，0 为不要求"))
    ] = 0
    no_open_case: Annotated[bool, YesNo(worded("没有还没处理完的复核或调查"))] = False
    training_minutes: Annotated[
        int, Whole(0, 60_000, worded("分钟"), worded("参加过的培训累计至少多久，0 为不要求"))
    ] = 0


@dataclass(frozen=True, slots=True)
class Ladder:
    """A ladder of stars under its own label, so that two of them are never taken for one."""

    code: Annotated[str, Code(worded("阶梯代码；community 是本社区评定所用"))]
    name: Annotated[str, Text(20, worded("阶梯名称"))]
    steps: Annotated[tuple[Step, ...], Many(Group(Step), 1, LEVELS, worded("从一星起逐级列出，不跳级"))]

    def find_step(self, level: int) -> Step | None:
        """Find the step to a level; None where the ladder ends below it."""
        return self.steps[level - 1] if 1 <= level <= len(self.steps) else None

    def level_for(self, minutes: int) -> int:
        """Return the highest level whose minutes are reached; only the minutes count here."""
        return sum(step.minutes <= minutes for step in self.steps)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is flagged, what is blocked, and until when; a limit that is None is switched off."""

    record_flag_minutes: Annotated[int, Whole(1, 1440, worded("分钟"), worded("一次服务超过这个时长就提醒审核人"))]
    day_minutes_max: Annotated[int, Whole(1, 1440, worded("分钟"), worded("一人一天最多认可的时长"))]
    night_from: Annotated[time, Clock(worded("夜间从几点起；夜间开始的服务提醒审核人"))]
    night_until: Annotated[time, Clock(worded("夜间到几点止"))]
    manual_entries_flag: Annotated[int, Whole(2, 100, worded("次"), worded("同一人同一活动手工录入达到这个次数就提醒"))]
    entry_deadline_working_days: Annotated[
        int, Whole(0, 60, worded("个工作日"), worded("活动后多少个工作日内录入，之后算补录"))
    ]
    opening_import_days_max: Annotated[int, Whole(0, 366, worded("天"), worded("上线后多少天内可导入以前的签到表"))]
    redemptions_per_month_max: Annotated[
        int | None, OrNone(Whole(1, 100, worded("次"), worded("每人每月最多兑换次数，null 为不限")))
    ]
    hold_hours: Annotated[int, Whole(1, 720, worded("小时"), worded("预约的物品保留多久，到时物品和积分都退回"))]
    objection_answer_working_days: Annotated[
        int, Whole(1, 30, worded("个工作日"), worded("志愿者对一笔账有疑问，多少个工作日内答复"))
    ]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What looks odd when hours are recorded and approved, so that somebody must say in words why it is right."""

    days: Annotated[int, Whole(1, 92, worded("天"), worded("手工录入的累计和雷同，看多少天内录入的"))]
    alike_records: Annotated[
        int,
        Whole(2, 1000, worded("份"), worded("同一位录入人录入多少份一样的时长就要说明；按计划办的一张签到表算一份")),
    ]
    recorder_minutes: Annotated[
        int, Whole(60, 6_000_000, worded("分钟"), worded("同一位录入人手工录入累计超过多少就要说明"))
    ]
    pair_minutes: Annotated[
        int, Whole(60, 600_000, worded("分钟"), worded("同一位录入人给同一位志愿者手工录入累计超过多少就要说明"))
    ]
    device_people: Annotated[int, Whole(2, 1000, worded("人"), worded("多少人用同一部手机签到就要说明"))]
    ring_days: Annotated[int, Whole(1, 366, worded("天"), worded("多少天内互相批准过时长就要说明"))]
    rating_needs_reason_below: Annotated[
        int, Whole(1, RATINGS, worded("星"), worded("评价低于几星要写原因，1 为不要求"))
    ]


@dataclass(frozen=True, slots=True)
class Expiry:
    """Whether points expire: at the end of the n-th year after the one in which they were earned."""

    on: Annotated[bool, YesNo(worded("积分是否到期清零"))]
    years_kept: Annotated[int, Whole(1, 10, worded("年"), worded("保留到获得积分之后第几年的 12 月 31 日"))]
    notice_days: Annotated[
        tuple[int, ...], Many(Whole(1, 365, worded("天"), worded("提前天数")), 1, 6, worded("到期前提醒几次"))
    ]


@dataclass(frozen=True, slots=True)
class Pool:
    """The mutual-aid pool: points that are given away, and granted to households in need by two persons.

    What a passbook holds above a cap goes into the pool in the following night; None is no cap.
    """

    is_open: Annotated[bool, YesNo(worded("志愿者可以把积分捐进互助池"))]
    donation_least_e2: Annotated[int, Whole(1, 1_000_000, worded("百分之一分"), worded("一次至少捐多少"))]
    grant_most_e2: Annotated[int, Whole(1, 10_000_000, worded("百分之一分"), worded("一次最多发给一户多少"))]
    grants_per_year_max: Annotated[int, Whole(1, 366, worded("次"), worded("一户一年最多发几次"))]
    volunteer_balance_most_e2: Annotated[
        int | None,
        OrNone(
            Whole(100, 1_000_000_000, worded("百分之一分"), worded("个人存折最多存多少，多的捐进互助池，null 为不限"))
        ),
    ]
    group_balance_most_e2: Annotated[
        int | None,
        OrNone(
            Whole(100, 1_000_000_000, worded("百分之一分"), worded("团队存折最多存多少，多的捐进互助池，null 为不限"))
        ),
    ]

    def balance_most_e2(self, *, of_group: bool) -> int | None:
        """Return the cap of a volunteer's passbook or of a group's, in hundredths of a point; None is no cap."""
        return self.group_balance_most_e2 if of_group else self.volunteer_balance_most_e2


@dataclass(frozen=True, slots=True)
class Market:
    """The love supermarket: limits of households, pace and second looks, whose turn it is, relief, backing."""

    household_redemptions_per_month_max: Annotated[
        int | None, OrNone(Whole(1, 300, worded("次"), worded("一户每月最多兑换次数，null 为不限")))
    ]
    served_an_hour_max: Annotated[
        int, Whole(1, 100, worded("次"), worded("一位店员一小时内最多为同一人兑换几次，之后换一位店员"))
    ]
    redeemed_an_hour_max: Annotated[int, Whole(1, 300, worded("次"), worded("同一人一小时内一共最多兑换几次"))]
    dormant_days: Annotated[
        int | None,
        OrNone(Whole(30, 3650, worded("天"), worded("存折多少天没有动过，兑换前要第二位核对，null 为不核对"))),
    ]
    turn_hours: Annotated[int, Whole(1, 720, worded("小时"), worded("排队轮到以后，物品留多久"))]
    pick_up_days: Annotated[int, Whole(1, 92, worded("天"), worded("最多提前几天约取货时间"))]
    relief_per_month_max: Annotated[int, Whole(0, 31, worded("次"), worded("一户每月最多领几次救助物品，0 为不发放"))]
    relief_pieces_max: Annotated[int, Whole(1, 999, worded("件"), worded("一次救助最多发多少件"))]
    backing_percent_least: Annotated[
        int | None,
        OrNone(Whole(1, 1000, "%", worded("货架上的物品至少够换大家积分的百分之几，不够就提醒，null 为不提醒"))),
    ]
    near_expiry_days: Annotated[int, Whole(1, 366, worded("天"), worded("物品离到期还有多少天起，列为临期"))]
    low_stock_pieces: Annotated[int, Whole(1, 1000, worded("件"), worded("一种物品剩多少件以下（含），列为偏少"))]


@dataclass(frozen=True, slots=True)
class LevelGood:
    """A good that asks for a star, or of which a new delivery is offered in the order of the stars."""

    good: Annotated[str, Text(17, worded("物品编号，比如 G0003"))]
    name: Annotated[str, Text(40, worded("物品名称，写在规则页上"))]
    level: Annotated[int, Whole(0, LEVELS, worded("星"), worded("至少几星才能兑换和预约，0 为不要求"))]
    scarce: Annotated[bool, YesNo(worded("紧俏：新到货时按星级先后开放"))]


@dataclass(frozen=True, slots=True)
class StarBenefits:
    """What a star does besides points; spending never touches a star."""

    early_hours: Annotated[
        tuple[int, ...],
        Many(
            Whole(0, 720, worded("小时"), worded("提前")),
            LEVELS + 1,
            LEVELS + 1,
            worded("无星、一星到五星提前几小时报名限名额的活动、兑换紧俏物品，全为 0 就不分先后"),
        ),
    ]
    level_goods: Annotated[
        tuple[LevelGood, ...], Many(Group(LevelGood), 0, 60, worded("讲星级的物品：要求星级的，或紧俏的"))
    ]


@dataclass(frozen=True, slots=True)
class Inquiries:
    """Inquiries into a star: how long the volunteer can be heard, and object; for how long a star can be lowered."""

    hearing_days: Annotated[
        int, Whole(0, 60, worded("天"), worded("星级复核开始后几天之内听取本人意见，过了才能记为没有来"))
    ]
    objection_days: Annotated[int, Whole(0, 60, worded("天"), worded("星级复核的决定出来后，本人几天之内可以提异议"))]
    lowered_months_max: Annotated[
        int, Whole(1, 120, worded("个月"), worded("星级最多降低或撤销多少个月，到期自动恢复"))
    ]


@dataclass(frozen=True, slots=True)
class YearOfWork:
    """How one year differs from Monday to Friday, as the State Council has arranged it."""

    year: Annotated[int, Whole(2000, 2999, worded("年"), worded("年份"))]
    days_off: Annotated[tuple[date, ...], Many(Day(worded("放假日")), 0, 60, worded("周一至周五中放假的日子"))]
    days_on: Annotated[tuple[date, ...], Many(Day(worded("上班日")), 0, 30, worded("周六周日中调休上班的日子"))]


_PER_RATING: Final = Many(Whole(0, 200, "%", worded("系数")), RATINGS, RATINGS, worded("评价一星到五星的积分系数"))
_PER_LEVEL: Final = Many(
    Whole(0, 200, "%", worded("系数")), LEVELS + 1, LEVELS + 1, worded("无星、一星到五星的积分系数，按服务当天的星级")
)


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """The rules of a community for a time: rates, coefficients, ladders, limits, expiry, working days."""

    schema: Annotated[int, Whole(SCHEMA, SCHEMA, "", worded("文件格式"))]
    name: Annotated[str, Text(40, worded("这版规则的名称"))]
    points_e2_per_hour: Annotated[
        int, Whole(0, 100_000, worded("百分之一分"), worded("服务一小时的积分，1000 就是 10 分"))
    ]
    service_classes: Annotated[tuple[ServiceClass, ...], Many(Group(ServiceClass), 1, 60, worded("服务类别"))]
    unrated_percent: Annotated[int, Whole(0, 200, "%", worded("没有评价时的积分系数"))]
    rating_percents: Annotated[tuple[int, ...], _PER_RATING]
    level_percents: Annotated[tuple[int, ...], _PER_LEVEL]
    source_percents: Annotated[SourcePercents, Group(SourcePercents)]
    ladders: Annotated[tuple[Ladder, ...], Many(Group(Ladder), 1, 4, worded("星级阶梯"))]
    star_notice_working_days: Annotated[int, Whole(0, 30, worded("个工作日"), worded("评定星级前公示多久"))]
    benefits: Annotated[StarBenefits, Group(StarBenefits)]
    inquiries: Annotated[Inquiries, Group(Inquiries)]
    limits: Annotated[Limits, Group(Limits)]
    patterns: Annotated[Patterns, Group(Patterns)]
    confirmation: Annotated[Confirmation, Group(Confirmation)]
    expiry: Annotated[Expiry, Group(Expiry)]
    pool: Annotated[Pool, Group(Pool)]
    market: Annotated[Market, Group(Market)]
    working_years: Annotated[tuple[YearOfWork, ...], Many(Group(YearOfWork), 1, 20, worded("节假日与调休，一年一项"))]

    @property
    def community_ladder(self) -> Ladder:
        """The ladder by which stars are granted here."""
        return next(ladder for ladder in self.ladders if ladder.code == COMMUNITY_LADDER)

    @property
    def ladder(self) -> tuple[int, ...]:
        """The minutes that the community's ladder asks for, level 1 first."""
        return tuple(step.minutes for step in self.community_ladder.steps)

    def service_class(self, code: str) -> ServiceClass:
        """Return a class of service by its code.

        Raises:
            NoSuchServiceClass: these rules have none of that code.
        """
        for found in self.service_classes:
            if found.code == code:
                return found
        raise NoSuchServiceClass(service_class=code)

    def find_service_class(self, word: str) -> ServiceClass | None:
        """Find a class of service by what people write: its name, a synonym or its code."""
        for found in self.service_classes:
            if word in {found.name, found.code, *found.synonyms}:
                return found
        return None
