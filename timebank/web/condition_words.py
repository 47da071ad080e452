"""What a star asks for, told condition by condition: what the volunteer has, what is asked, met or missing how much."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from timebank.stars.rules.conditions import Condition, ConditionKind
from timebank.web import presenting
from timebank.web.words import Pair

NAMES: Final[dict[ConditionKind, Pair]] = {
    ConditionKind.MINUTES: ("累计服务", "Service in all"),
    ConditionKind.PREVIOUS_STAR: ("已有星级", "Star held"),
    ConditionKind.TENURE_MONTHS: ("注册时间", "Time registered"),
    ConditionKind.YEAR_MINUTES: ("今年服务", "Service this year"),
    ConditionKind.RATINGS: ("得到评价", "Ratings received"),
    ConditionKind.RATING_AVERAGE: ("平均评价", "Average rating"),
    ConditionKind.TRAINING_MINUTES: ("参加培训", "Training attended"),
    ConditionKind.NO_OPEN_CASE: ("没处理完的复核或调查", "Reviews still open"),
}


@dataclass(frozen=True, slots=True)
class ToldCondition:
    """One condition as it is read.

    Attributes:
        outcome: met, or missing by how much.
    """

    name: str
    has: str
    needed: str
    met: bool
    outcome: str


def told(conditions: Iterable[Condition]) -> tuple[ToldCondition, ...]:
    """Tell conditions in the language of the page."""
    return tuple(_told(one) for one in conditions)


def _told(one: Condition) -> ToldCondition:
    value = _VALUES[one.kind]
    met = _word(("满足", "met"))
    short = _word(("还差 {}", "{} missing")).format(value(one.missing))
    if one.kind is ConditionKind.NO_OPEN_CASE:
        short = _word(("先等处理完", "to be settled first"))
    return ToldCondition(
        name=_word(NAMES[one.kind]),
        has=value(one.value),
        needed=_word(("没有", "none")) if one.kind is ConditionKind.NO_OPEN_CASE else value(one.needed),
        met=one.met,
        outcome=met if one.met else short,
    )


def _word(pair: Pair) -> str:
    return pair[1 if presenting.in_english() else 0]


def _months(count: int) -> str:
    return _word(("{} 个月", "{} months")).format(count)


def _times(count: int) -> str:
    return _word(("{} 次", "{}")).format(count)


def _average(hundredths: int) -> str:
    return _word(("{} 星", "{} stars")).format(f"{hundredths // 100}.{hundredths % 100:02}")


def _cases(count: int) -> str:
    return _word(("{} 项", "{}")).format(count) if count else _word(("没有", "none"))


def _star(level: int) -> str:
    return presenting.star_word(level)


_VALUES: Final[dict[ConditionKind, Callable[[int], str]]] = {
    ConditionKind.MINUTES: presenting.duration,
    ConditionKind.PREVIOUS_STAR: _star,
    ConditionKind.TENURE_MONTHS: _months,
    ConditionKind.YEAR_MINUTES: presenting.duration,
    ConditionKind.RATINGS: _times,
    ConditionKind.RATING_AVERAGE: _average,
    ConditionKind.TRAINING_MINUTES: presenting.duration,
    ConditionKind.NO_OPEN_CASE: _cases,
}
