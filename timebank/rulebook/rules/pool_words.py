"""The mutual-aid pool, groups and caps in plain sentences; part of `words.py`."""

from collections.abc import Iterator
from typing import Final

from timebank.rulebook.rules.document import Pool
from timebank.rulebook.rules.telling import Tell, in_chinese

_E2: Final = 100


def hundredths(amount_e2: int) -> str:
    """Write hundredths as a number without needless zeros: 10, 7.5, 0.33."""
    whole, rest = divmod(abs(amount_e2), _E2)
    fraction = f".{rest:02}".rstrip("0") if rest else ""
    return f"{'-' if amount_e2 < 0 else ''}{whole}{fraction}"


def points_in_words(points_e2: int, tell: Tell = in_chinese) -> str:
    """Say an amount of points without needless zeros: 10分, 7.5分, 0.33分."""
    return tell("{points}分", points=hundredths(points_e2))


def pool_in_words(pool: Pool, tell: Tell) -> Iterator[str]:
    """Say what is given into the pool and granted out of it, what groups do, and the caps of passbooks."""
    if not pool.is_open:
        yield tell("现在没有互助池，积分不能捐出。")
        return
    yield tell(
        "志愿者可以把自己的积分捐进互助池，一次至少{least}。", least=points_in_words(pool.donation_least_e2, tell)
    )
    yield tell(
        "互助池的积分发给困难家庭：一位工作人员提出，另一位确认；一次最多{most}，一户一年最多{times}次。",
        most=points_in_words(pool.grant_most_e2, tell),
        times=pool.grants_per_year_max,
    )
    yield from _caps(pool, tell)
    yield tell("积分不能转给别人，捐出的是谁的也不公开。")


def _caps(pool: Pool, tell: Tell) -> Iterator[str]:
    yield tell("团队的积分只能捐进互助池，不能兑换、预约，也不能转给个人。")
    if pool.volunteer_balance_most_e2 is not None:
        most = points_in_words(pool.volunteer_balance_most_e2, tell)
        yield tell("个人存折最多存{most}，多出来的当天夜里捐进互助池，存折上看得到。", most=most)
    if pool.group_balance_most_e2 is not None:
        most = points_in_words(pool.group_balance_most_e2, tell)
        yield tell("团队存折最多存{most}，多出来的当天夜里捐进互助池，存折上看得到。", most=most)
