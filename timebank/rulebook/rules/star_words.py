"""Stars in plain sentences: their names, what each does, and how an inquiry into one goes."""

from collections.abc import Iterator
from typing import Final

from timebank.rulebook.rules.benefits import earlier_hours, goods_of
from timebank.rulebook.rules.document import LEVELS, RuleDocument
from timebank.rulebook.rules.telling import Tell, in_chinese, worded

STARS: Final = (worded("无星"), worded("一星"), worded("二星"), worded("三星"), worded("四星"), worded("五星"))


def who(level: int, tell: Tell) -> str:
    """Name who holds a star."""
    return tell("{stars}志愿者", stars=tell(STARS[level]))


def benefits(document: RuleDocument, tell: Tell) -> Iterator[str]:
    """Say what stars do besides points."""
    given = document.benefits
    for level in range(1, LEVELS + 1):
        if hours := earlier_hours(given, level):
            yield tell("{who}：限名额的活动和紧俏物品，比没有星级的早{hours}小时。", who=who(level, tell), hours=hours)
    for good in given.level_goods:
        if good.level:
            yield tell("{name}：{stars}以上才能兑换。", name=good.name, stars=tell(STARS[good.level]))
        if good.scarce:
            yield tell("{name}：新到货时按星级先后开放。", name=good.name)
    if not given.level_goods and not any(given.early_hours):
        yield tell("报名和兑换不分星级先后。")
    yield tell("星级不会因为兑换积分而降低。")


def benefits_in_words(document: RuleDocument, level: int, tell: Tell = in_chinese) -> tuple[str, ...]:
    """Say what one star does for whoever holds it, one sentence each."""
    given, percent = document.benefits, document.level_percents[level]
    said = [tell("以后服务的积分按{percent}%计。", percent=percent)]
    if hours := earlier_hours(given, level):
        said.append(tell("限名额的活动和紧俏物品，您比没有星级的早{hours}小时。", hours=hours))
    own = [good.name for good in goods_of(given, range(1, level + 1))]
    if own:
        said.append(tell("您可以兑换要求星级的物品：{names}。", names=tell("、").join(own)))
    return (*said, tell("星级不会因为兑换积分而降低。"))


def inquiries(document: RuleDocument, tell: Tell) -> Iterator[str]:
    """Say how an inquiry into a star goes."""
    rules = document.inquiries
    yield tell("对一位志愿者的星级有疑问，由工作人员写明原因和依据提出；本人先说明，再由另一位决定。")
    yield tell("开始后{days}天之内听取本人意见，过了才能记为没有来。", days=rules.hearing_days)
    yield tell("可以保留、降低或撤销；最多{months}个月，到期自动恢复。", months=rules.lowered_months_max)
    yield tell("本人{days}天之内可以提异议，由第三位再决定。每一步都留在经过里。", days=rules.objection_days)
