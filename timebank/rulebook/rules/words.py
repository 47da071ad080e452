"""The rules in plain sentences, made from the same data that computes; and what changed from one version to the next.

One idea per sentence; hours and points as people say them. Used by the public page of rules and its printed sheet.
Sentences are Chinese; whoever asks may give a `Tell` that says them in another language. No language is known here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from timebank.rulebook.rules.confirming import Confirmer, SourceClass
from timebank.rulebook.rules.document import COMMUNITY_LADDER, Body, Ladder, Market, RuleDocument, Step
from timebank.rulebook.rules.points import ServiceInputs, percents_for, points_for
from timebank.rulebook.rules.pool_words import hundredths, points_in_words, pool_in_words
from timebank.rulebook.rules.star_words import STARS, benefits, inquiries, who
from timebank.rulebook.rules.telling import Tell, in_chinese, worded

SOURCES: Final = {
    SourceClass.SELF_CHECK_IN: worded("自己签到签退"),
    SourceClass.STAFF_SCAN: worded("工作人员扫码登记"),
    SourceClass.SHEET: worded("纸质签到表，按期录入"),
    SourceClass.LATE_ENTRY: worded("超过期限才补录"),
    SourceClass.OPENING: worded("上线以前的签到表"),
}
BODIES: Final = {
    Body.AREA: worded("由片区评定"),
    Body.COMMUNITY: worded("由本社区评定"),
    Body.UPPER: worded("由本社区推荐、上级评定"),
}
CONFIRMERS: Final = {
    Confirmer.NOBODY: worded("不用再确认"),
    Confirmer.VOLUNTEER: worded("由本人确认"),
    Confirmer.RECIPIENT: worded("由服务对象确认"),
    Confirmer.EITHER: worded("由本人或服务对象确认"),
}
_FULL: Final = 100
_MINUTES_PER_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in one section: the sentences that are gone, and those that are new."""

    title: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def in_words(document: RuleDocument, tell: Tell = in_chinese) -> tuple[Section, ...]:
    """Say the whole document in sentences."""
    return (
        Section(tell("积分怎么算"), tuple(_rate(document, tell))),
        Section(tell("服务类别"), tuple(_classes(document, tell))),
        Section(tell("评价"), tuple(_ratings(document, tell))),
        Section(tell("星级对积分的影响"), tuple(_levels(document, tell))),
        Section(tell("星级有什么用"), tuple(benefits(document, tell))),
        Section(tell("登记方式"), tuple(_sources(document, tell))),
        *(Section(ladder.name, tuple(_ladder(ladder, document, tell))) for ladder in document.ladders),
        Section(tell("星级复核"), tuple(inquiries(document, tell))),
        Section(tell("时长与录入"), tuple(_limits(document, tell))),
        Section(tell("要说明的情形"), tuple(_patterns(document, tell))),
        Section(tell("确认与入账"), tuple(_confirmation(document, tell))),
        Section(tell("兑换"), tuple(_redeeming(document, tell))),
        Section(tell("救助物品"), tuple(_relief(document, tell))),
        Section(tell("货架与积分"), tuple(_backing(document, tell))),
        Section(tell("积分有效期"), tuple(_expiry(document, tell))),
        Section(tell("互助池"), tuple(pool_in_words(document.pool, tell))),
        Section(tell("工作日"), tuple(_working_days(document, tell))),
    )


def changes_in_words(before: RuleDocument, after: RuleDocument, tell: Tell = in_chinese) -> tuple[Change, ...]:
    """Say what a document changes, section by section; empty where it says the same."""
    old = {section.title: section.lines for section in in_words(before, tell)}
    new = {section.title: section.lines for section in in_words(after, tell)}
    changes = (
        Change(
            title, _without(old.get(title, ()), new.get(title, ())), _without(new.get(title, ()), old.get(title, ()))
        )
        for title in dict.fromkeys(chain(old, new))
    )
    return tuple(change for change in changes if change.gone or change.new)


def _without(lines: Iterable[str], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in lines if line not in others)


def reckoned_in_words(document: RuleDocument, inputs: ServiceInputs, tell: Tell = in_chinese) -> tuple[str, ...]:
    """Say how the points of one service came about, one factor a sentence, so that anybody can work it out again.

    Who served reads it, so it names no stars: a single rating is told to nobody whom it is about.

    Raises:
        NoSuchServiceClass: the document has no such class.
    """
    percents = percents_for(document, inputs)
    rated = tell("没有评价") if inputs.rating is None else tell("这次的评价")
    factors = (
        (document.service_class(inputs.service_class).name, percents.service_class),
        (rated, percents.rating),
        (who(inputs.level, tell) if inputs.level else tell("还没有星级"), percents.level),
        (tell(SOURCES[inputs.source_class]), percents.source),
    )
    time, hour = (hours_in_words(inputs.minutes, tell), points_in_words(document.points_e2_per_hour, tell))
    return (
        tell("服务{time}，每小时{points}。", time=time, points=hour),
        *(tell("{name}：{counted}", name=name, counted=_counted(percent, tell)) for name, percent in factors),
        tell("一共{points}，四舍五入到百分之一分。", points=points_in_words(points_for(document, inputs), tell)),
    )


def find_zero_reason(document: RuleDocument, inputs: ServiceInputs, tell: Tell = in_chinese) -> str | None:
    """Say in one sentence why a service earned no points, and name no stars; None where it earned some.

    Raises:
        NoSuchServiceClass: the document has no such class.
    """
    if points_for(document, inputs):
        return None
    if document.points_e2_per_hour == 0:
        return tell("没有积分：这版规则不发积分，只记时长。")
    percents = percents_for(document, inputs)
    if percents.source == 0:
        return tell("没有积分：{source}的只记时长。", source=tell(SOURCES[inputs.source_class]))
    if percents.rating == 0:
        unrated, rated = tell("没有积分：没有评价的只记时长。"), tell("没有积分：按这次的评价，只记时长。")
        return unrated if inputs.rating is None else rated
    if percents.level == 0:
        held = who(inputs.level, tell) if inputs.level else tell("还没有星级")
        return tell("没有积分：{held}的只记时长。", held=held)
    return tell("没有积分：不到百分之一分的一半，四舍五入为0。")


def _counted(percent: int, tell: Tell) -> str:
    return tell("不发积分，只记时长。") if percent == 0 else tell("按{percent}%计。", percent=percent)


def hours_in_words(minutes: int, tell: Tell = in_chinese) -> str:
    """Say a length of time as people do: 100小时, 1小时30分, 45分钟."""
    hours, rest = divmod(minutes, _MINUTES_PER_HOUR)
    if hours == 0:
        return tell("{minutes}分钟", minutes=rest)
    return tell("{hours}小时{minutes}分", hours=hours, minutes=rest) if rest else tell("{hours}小时", hours=hours)


def _rate(document: RuleDocument, tell: Tell) -> Iterator[str]:
    yield tell("服务1小时，得{points}。", points=points_in_words(document.points_e2_per_hour, tell))
    yield tell("时长按实际分钟计，路上的时间不算。时长只会增加，兑换不扣时长。")
    yield tell("积分再乘以服务类别、评价、星级和登记方式的系数。")
    yield tell("每次服务只取整一次：算到百分之一分，四舍五入。")
    yield tell("按服务当天的规则和服务当天的星级计算，以后改规则不影响已经服务的。")


def _classes(document: RuleDocument, tell: Tell) -> Iterator[str]:
    full = [found.name for found in document.service_classes if found.percent == _FULL]
    if full:
        yield tell("按100%计：{names}。", names=tell("、").join(full))
    for found in document.service_classes:
        if found.percent != _FULL:
            yield _at(found.name, found.percent, tell)


def _at(name: str, percent: int, tell: Tell) -> str:
    return tell("{name}：按{percent}%计。", name=name, percent=percent)


def _ratings(document: RuleDocument, tell: Tell) -> Iterator[str]:
    yield _at(tell("没有评价"), document.unrated_percent, tell)
    for rating, percent in enumerate(document.rating_percents, start=1):
        yield _at(tell("评价{stars}", stars=tell(STARS[rating])), percent, tell)


def _levels(document: RuleDocument, tell: Tell) -> Iterator[str]:
    if set(document.level_percents) == {_FULL}:
        yield tell("各星级积分相同。")
        return
    for level, percent in enumerate(document.level_percents):
        yield _at(who(level, tell), percent, tell)


def _sources(document: RuleDocument, tell: Tell) -> Iterator[str]:
    for source, name in SOURCES.items():
        counting = _counting(document.source_percents.of(source), tell)
        yield tell("{name}：{counted}", name=tell(name), counted=counting)


def _counting(percent: int, tell: Tell) -> str:
    if percent == 0:
        return tell("只记时长，不记积分。")
    return tell("记时长，也记积分。") if percent == _FULL else tell("记时长，积分按{percent}%计。", percent=percent)


def _ladder(ladder: Ladder, document: RuleDocument, tell: Tell) -> Iterator[str]:
    if ladder.code != COMMUNITY_LADDER:
        yield tell("只供对照，不由本社区评定。")
        yield from (tell("{stars}：{asked}。", **_asked(step, tell)) for step in ladder.steps)
        return
    for step in ladder.steps:
        yield tell("{stars}：{asked}，{body}。", **_asked(step, tell), body=tell(BODIES[step.body]))
    yield tell("逐级评定，不跳级。时长够了，由另一位工作人员评定。")
    if document.star_notice_working_days:
        yield tell("评定前公示{days}个工作日。", days=document.star_notice_working_days)
        yield tell("公示期间人人可以提异议；有异议的，先答复再评定。")
    yield tell("兑换积分不影响星级。时长被更正而不足时，先复核，不会自动降级。")


def _asked(step: Step, tell: Tell) -> dict[str, str]:
    asked = tell("，").join((tell("累计{time}", time=hours_in_words(step.minutes, tell)), *_conditions(step, tell)))
    return {"stars": tell(STARS[step.level]), "asked": asked}


def _conditions(step: Step, tell: Tell) -> Iterator[str]:
    if step.tenure_months:
        yield tell("注册满{months}个月", months=step.tenure_months)
    if step.year_minutes:
        yield tell("当年服务满{time}", time=hours_in_words(step.year_minutes, tell))
    if step.ratings:
        yield tell("至少{times}次得到评价", times=step.ratings)
    if step.rating_average_e2:
        yield tell("平均评价不低于{stars}星", stars=hundredths(step.rating_average_e2))
    if step.training_minutes:
        yield tell("参加培训满{time}", time=hours_in_words(step.training_minutes, tell))
    if step.no_open_case:
        yield tell("没有还没处理完的复核或调查")


def _limits(document: RuleDocument, tell: Tell) -> Iterator[str]:
    limits = document.limits
    yield tell("一人一天超过{time}的，写明原因，多一位审批。", time=hours_in_words(limits.day_minutes_max, tell))
    yield tell("一次服务超过{time}，提醒审核人核实。", time=hours_in_words(limits.record_flag_minutes, tell))
    night = {"begins": f"{limits.night_from:%H:%M}", "ends": f"{limits.night_until:%H:%M}"}
    yield tell("{begins}到{ends}开始的服务，提醒审核人核实。", **night)
    yield tell("同一人同一活动手工录入{times}次起，提醒审核人核实。", times=limits.manual_entries_flag)
    yield tell("活动后{days}个工作日内录入；过期只能补录，并写明原因。", days=limits.entry_deadline_working_days)
    yield tell("上线后{days}天内，可以导入上线以前的签到表。", days=limits.opening_import_days_max)
    yield tell("对哪一笔有疑问，{days}个工作日内答复。", days=limits.objection_answer_working_days)


def _patterns(document: RuleDocument, tell: Tell) -> Iterator[str]:
    odd = document.patterns
    yield tell("下面这些情形，要写一句说明才能批准。")
    yield tell("同一位录入人{days}天内录了{records}份一样的时长。", days=odd.days, records=odd.alike_records)
    yield tell("活动事先批准、在计划时间内、一起录入的一张签到表算一份，不论有多少人。")
    yield tell(
        "同一位录入人{days}天内手工录入超过{time}。", days=odd.days, time=hours_in_words(odd.recorder_minutes, tell)
    )
    yield tell(
        "同一位录入人{days}天内给同一位志愿者手工录入超过{time}。",
        days=odd.days,
        time=hours_in_words(odd.pair_minutes, tell),
    )
    yield tell("{people}人以上用同一部手机签到。", people=odd.device_people)
    yield tell("两个人{days}天内互相批准时长。", days=odd.ring_days)
    if odd.rating_needs_reason_below > 1:
        yield tell("评价低于{stars}。", stars=tell(STARS[odd.rating_needs_reason_below]))


def _confirmation(document: RuleDocument, tell: Tell) -> Iterator[str]:
    asked = document.confirmation
    for source, name in SOURCES.items():
        yield tell("{name}：{confirmed}。", name=tell(name), confirmed=tell(CONFIRMERS[asked.of(source)]))
    if any(asked.of(source) is not Confirmer.NOBODY for source in SOURCES):
        yield tell("没有手机的，到服务站由工作人员代为确认，录入和审批的人不能代。")
        yield tell("录入后{days}天没有人确认，由社工去问；没有确认的不入账。", days=asked.ask_days)
    yield tell("说“不是”的马上停住，由没有录入这一条的社工处理。")
    if asked.notice_working_days:
        yield tell("入账前公示{days}个工作日；有异议的那一条先停住。", days=asked.notice_working_days)
    yield (
        tell("审批当时就入账。") if not asked.post_days else tell("最早在审批后第{days}天入账。", days=asked.post_days)
    )
    if asked.approved_before_start:
        yield tell("活动开始以前没有批准的，只能补录。")


def _redeeming(document: RuleDocument, tell: Tell) -> Iterator[str]:
    most = document.limits.redemptions_per_month_max
    yield tell("每人每月兑换次数不限。") if most is None else tell("每人每月最多兑换{most}次。", most=most)
    yield tell("预约的物品保留{hours}小时；过时不取，物品和积分都退回。", hours=document.limits.hold_hours)

    yield from _at_the_till(document.market, tell)


def _at_the_till(shop: Market, tell: Tell) -> Iterator[str]:
    if shop.household_redemptions_per_month_max is not None:
        yield tell("一户每月最多兑换{most}次。", most=shop.household_redemptions_per_month_max)
    yield tell(
        "同一人一小时内最多兑换{most}次，同一位店员最多为其办{served}次。",
        most=shop.redeemed_an_hour_max,
        served=shop.served_an_hour_max,
    )
    if shop.dormant_days is not None:
        yield tell("存折{days}天没有动过的，兑换前由第二位工作人员核对。", days=shop.dormant_days)
    yield tell("换完的物品可以排队；轮到以后留{hours}小时。", hours=shop.turn_hours)
    yield tell("有取货时间表的，最多提前{days}天约。", days=shop.pick_up_days)


def _relief(document: RuleDocument, tell: Tell) -> Iterator[str]:
    shop = document.market
    if not shop.relief_per_month_max:
        yield tell("现在不发放救助物品。")
        return
    yield tell("困难家庭可以领救助物品，不用积分：一位工作人员提出，另一位批准，领取人签名。")
    yield tell(
        "一户每月最多领{times}次，一次最多{pieces}件。", times=shop.relief_per_month_max, pieces=shop.relief_pieces_max
    )


def _backing(document: RuleDocument, tell: Tell) -> Iterator[str]:
    least = document.market.backing_percent_least
    short = tell("货架上的物品不够换大家积分的{percent}%时，提醒管理人员补货。", percent=least or 0)
    yield short if least is not None else tell("货架够不够换，没有设提醒。")
    yield tell("离到期{days}天以内的物品列为临期。", days=document.market.near_expiry_days)
    yield tell("一种物品只剩{pieces}件或更少，列为偏少。", pieces=document.market.low_stock_pieces)


def _expiry(document: RuleDocument, tell: Tell) -> Iterator[str]:
    expiry = document.expiry
    if not expiry.on:
        yield tell("积分长期有效，不清零。")
        return
    if expiry.years_kept == 1:
        yield tell("积分保留到得分次年的12月31日，到期清零；时长不清零。")
    else:
        yield tell("积分保留到得分之后第{years}年的12月31日，到期清零；时长不清零。", years=expiry.years_kept)
    days = tell("、").join(str(days) for days in expiry.notice_days)
    yield tell("到期前{days}天各提醒一次；兑换时先用最早的积分。", days=days)


def _working_days(document: RuleDocument, tell: Tell) -> Iterator[str]:
    known = sorted(year.year for year in document.working_years)
    yield tell("{years}年的节假日和调休，按国务院的安排计算。", years=tell("、").join(str(year) for year in known))
