"""The rules in plain Chinese, made from the same data that computes; and what changed from one version to the next.

One idea per sentence; hours and points as people say them. Used by the public page of rules and its printed sheet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from timebank.rulebook.rules.document import Body, Ladder, RuleDocument, SourceClass, Step
from timebank.rulebook.rules.points import ServiceInputs, percents_for, points_for

STARS: Final = ("无星", "一星", "二星", "三星", "四星", "五星")
SOURCES: Final = {
    SourceClass.SELF_CHECK_IN: "自己签到签退",
    SourceClass.STAFF_SCAN: "工作人员扫码登记",
    SourceClass.SHEET: "纸质签到表，按期录入",
    SourceClass.LATE_ENTRY: "超过期限才补录",
    SourceClass.OPENING: "上线以前的签到表",
}
BODIES: Final = {
    Body.AREA: "由片区评定",
    Body.COMMUNITY: "由本社区评定",
    Body.UPPER: "由本社区推荐、上级评定",
}
_FULL: Final = 100
_MINUTES_PER_HOUR: Final = 60
_E2: Final = 100


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


def in_words(document: RuleDocument) -> tuple[Section, ...]:
    """Say the whole document in sentences."""
    return (
        Section("积分怎么算", tuple(_rate(document))),
        Section("服务类别", tuple(_classes(document))),
        Section("评价", tuple(_ratings(document))),
        Section("星级对积分的影响", tuple(_levels(document))),
        Section("登记方式", tuple(_sources(document))),
        *(Section(ladder.name, tuple(_ladder(ladder, document))) for ladder in document.ladders),
        Section("时长与录入", tuple(_limits(document))),
        Section("兑换", tuple(_redeeming(document))),
        Section("积分有效期", tuple(_expiry(document))),
        Section("工作日", tuple(_working_days(document))),
    )


def changes_in_words(before: RuleDocument, after: RuleDocument) -> tuple[Change, ...]:
    """Say what a document changes, section by section; empty where it says the same."""
    old = {section.title: section.lines for section in in_words(before)}
    new = {section.title: section.lines for section in in_words(after)}
    changes = (
        Change(
            title, _without(old.get(title, ()), new.get(title, ())), _without(new.get(title, ()), old.get(title, ()))
        )
        for title in dict.fromkeys(chain(old, new))
    )
    return tuple(change for change in changes if change.gone or change.new)


def _without(lines: Iterable[str], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in lines if line not in others)


def reckoned_in_words(document: RuleDocument, inputs: ServiceInputs) -> tuple[str, ...]:
    """Say how the points of one service came about, one factor a sentence, so that anybody can work it out again.

    Raises:
        NoSuchServiceClass: the document has no such class.
    """
    percents = percents_for(document, inputs)
    rated = "没有评价" if inputs.rating is None else f"评价{STARS[inputs.rating]}"
    factors = (
        (document.service_class(inputs.service_class).name, percents.service_class),
        (rated, percents.rating),
        (f"{STARS[inputs.level]}志愿者" if inputs.level else "还没有星级", percents.level),
        (SOURCES[inputs.source_class], percents.source),
    )
    hour = points_in_words(document.points_e2_per_hour)
    earned = points_in_words(points_for(document, inputs))
    return (
        f"服务{hours_in_words(inputs.minutes)}，每小时{hour}。",
        *(f"{name}：{_counted(percent)}" for name, percent in factors),
        f"一共{earned}，四舍五入到百分之一分。",
    )


def _counted(percent: int) -> str:
    return "不发积分，只记时长。" if percent == 0 else f"按{percent}%计。"


def hours_in_words(minutes: int) -> str:
    """Say a length of time as people do: 100小时, 1小时30分, 45分钟."""
    hours, rest = divmod(minutes, _MINUTES_PER_HOUR)
    if hours == 0:
        return f"{rest}分钟"
    return f"{hours}小时{rest}分" if rest else f"{hours}小时"


def points_in_words(points_e2: int) -> str:
    """Say an amount of points without needless zeros: 10分, 7.5分, 0.33分."""
    whole, hundredths = divmod(abs(points_e2), _E2)
    fraction = f".{hundredths:02}".rstrip("0") if hundredths else ""
    return f"{'-' if points_e2 < 0 else ''}{whole}{fraction}分"


def _rate(document: RuleDocument) -> Iterator[str]:
    yield f"服务1小时，得{points_in_words(document.points_e2_per_hour)}。"
    yield "时长按实际分钟计，路上的时间不算。时长只会增加，兑换不扣时长。"
    yield "积分再乘以服务类别、评价、星级和登记方式的系数。"
    yield "每次服务只取整一次：算到百分之一分，四舍五入。"
    yield "按服务当天的规则和服务当天的星级计算，以后改规则不影响已经服务的。"


def _classes(document: RuleDocument) -> Iterator[str]:
    full = [found.name for found in document.service_classes if found.percent == _FULL]
    if full:
        yield f"按100%计：{'、'.join(full)}。"
    yield from (f"{found.name}：按{found.percent}%计。" for found in document.service_classes if found.percent != _FULL)


def _ratings(document: RuleDocument) -> Iterator[str]:
    yield f"没有评价：按{document.unrated_percent}%计。"
    for rating, percent in enumerate(document.rating_percents, start=1):
        yield f"评价{STARS[rating]}：按{percent}%计。"


def _levels(document: RuleDocument) -> Iterator[str]:
    if set(document.level_percents) == {_FULL}:
        yield "各星级积分相同。"
        return
    for level, percent in enumerate(document.level_percents):
        yield f"{STARS[level]}志愿者：按{percent}%计。"


def _sources(document: RuleDocument) -> Iterator[str]:
    for source, name in SOURCES.items():
        yield f"{name}：{_counting(document.source_percents.of(source))}"


def _counting(percent: int) -> str:
    if percent == 0:
        return "只记时长，不记积分。"
    return "记时长，也记积分。" if percent == _FULL else f"记时长，积分按{percent}%计。"


def _ladder(ladder: Ladder, document: RuleDocument) -> Iterator[str]:
    yield from (_step(step) for step in ladder.steps)
    yield "逐级评定，不跳级。时长够了，由另一位工作人员评定。"
    if document.star_notice_working_days:
        yield f"评定前公示{document.star_notice_working_days}个工作日。"
        yield "公示期间人人可以提异议；有异议的，先答复再评定。"
    yield "兑换积分不影响星级。时长被更正而不足时，先复核，不会自动降级。"


def _step(step: Step) -> str:
    asked = "，".join((f"累计{hours_in_words(step.minutes)}", *_conditions(step)))
    return f"{STARS[step.level]}：{asked}，{BODIES[step.body]}。"


def _conditions(step: Step) -> Iterator[str]:
    if step.tenure_months:
        yield f"注册满{step.tenure_months}个月"
    if step.year_minutes:
        yield f"当年服务满{hours_in_words(step.year_minutes)}"
    if step.ratings:
        yield f"至少{step.ratings}次得到评价"
    if step.rating_average_e2:
        yield f"平均评价不低于{points_in_words(step.rating_average_e2).removesuffix('分')}星"
    if step.no_open_case:
        yield "没有还没处理完的复核或调查"


def _limits(document: RuleDocument) -> Iterator[str]:
    limits = document.limits
    yield f"一人一天最多记{hours_in_words(limits.day_minutes_max)}。"
    yield f"一次服务超过{hours_in_words(limits.record_flag_minutes)}，提醒审核人核实。"
    yield f"{limits.night_from:%H:%M}到{limits.night_until:%H:%M}开始的服务，提醒审核人核实。"
    yield f"同一人同一活动手工录入{limits.manual_entries_flag}次起，提醒审核人核实。"
    yield f"活动后{limits.entry_deadline_working_days}个工作日内录入；过期只能补录，并写明原因。"
    yield f"上线后{limits.opening_import_days_max}天内，可以导入上线以前的签到表。"


def _redeeming(document: RuleDocument) -> Iterator[str]:
    most = document.limits.redemptions_per_month_max
    yield "每人每月兑换次数不限。" if most is None else f"每人每月最多兑换{most}次。"
    yield f"预约的物品保留{document.limits.hold_hours}小时；过时不取，物品和积分都退回。"


def _expiry(document: RuleDocument) -> Iterator[str]:
    expiry = document.expiry
    if not expiry.on:
        yield "积分长期有效，不清零。"
        return
    year = "次年" if expiry.years_kept == 1 else f"之后第{expiry.years_kept}年"
    yield f"积分保留到得分{year}的12月31日，到期清零；时长不清零。"
    yield f"到期前{'、'.join(str(days) for days in expiry.notice_days)}天各提醒一次；兑换时先用最早的积分。"


def _working_days(document: RuleDocument) -> Iterator[str]:
    years = "、".join(str(known.year) for known in sorted(document.working_years, key=lambda known: known.year))
    yield f"{years}年的节假日和调休，按国务院的安排计算。"
