"""The shelf: what was given, at which price it is handed out, what was taken back, and what waits for somebody.

How much was given is worked out backwards: what was handed out, and what is to be left on the shelf at the end.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Final

from timebank.demo.cast import CHEN, CLERK, LI
from timebank.demo.goods import PARTNERS, Article, articles
from timebank.demo.scenes import Scene
from timebank.demo.shop_scenes import (
    CheckIn,
    CountGoods,
    Help,
    Lot,
    Receive,
    Reserve,
    Serve,
    SetPrices,
    TakeBack,
    TurnAway,
    Wait,
    WriteOff,
)
from timebank.ledger.days import moment_of

LEFT_OF_THE_LIKED: Final = (0, 8, 6, 5)
"""What is left of the goods that were taken most: one is out, three are low."""
LEFT_AT_LEAST: Final = 12
"""What is left of every other good, and up to eight pieces more."""
NEAR_ITS_LAST_DAY: Final = 18
"""绿豆: its lot has eighteen days left; other food keeps for months."""
FOOD: Final = frozenset(range(9, 19))
DEAR: Final = 9
"""大米, which somebody wanted without having the points for it."""
CHEAPER_POINTS: Final = 140
"""What it shall cost from tomorrow, if another person confirms it."""
WAITING_PIECES: Final = 24
SELDOM_TAKEN: Final = (27, 21, 23, 34)
"""围裙, 体温计, 血压记录本, 购物袋: always enough of them left; of the last one may have as many as one likes."""
IN_NEED: Final = ("V0014", "V0016")
"""Who stands for households in hardship."""
IN_LINE: Final = ("V0012", "V0015")
"""Who waits for what has run out, in this order."""
COUNTED_ON: Final = 13
"""After so many opening days the goods that are seldom taken are counted."""


def stock_scenes(served: Sequence[Serve], first_day: date, last_day: date) -> Iterator[Scene]:
    """Yield how the shelf was filled and priced on the first day, and what waits since the last one."""
    taken = _taken(served)
    left = left_over(taken)
    at = moment_of(first_day, time(15, 5))
    yield SetPrices(
        at=moment_of(first_day, time(13, 30)),
        by=CHEN,
        points=tuple((article.ordinal, article.points) for article in articles()),
        wanted_from=first_day,
        confirmed=(LI, moment_of(first_day, time(14, 10))),
    )
    for place, partner in enumerate(PARTNERS):
        given = [article for article in articles() if article.partner == partner]
        lots = tuple(_lot(article, taken[article.ordinal] + left[article.ordinal], last_day) for article in given)
        label, when = f"delivery-{place}", at + timedelta(minutes=7 * place)
        yield Receive(at=when, by=CLERK, label=label, partner=partner, lots=lots, slip=f"JZ-{place + 1:03d}")
        yield CheckIn(at=when + timedelta(minutes=100), by=CHEN, label=label)
    yield from _waiting(taken, last_day)


def _taken(served: Sequence[Serve]) -> Counter[int]:
    taken: Counter[int] = Counter()
    for basket in served:
        taken.update(dict(basket.basket))
    for undone in taken_back(served):
        taken.subtract(dict(undone.basket))
    return taken


def left_over(taken: Mapping[int, int]) -> dict[int, int]:
    """Return how many pieces of each good are left at the end."""
    everything = [article.ordinal for article in articles()]
    liked = sorted(everything, key=lambda good: (-taken[good], good))[: len(LEFT_OF_THE_LIKED)]
    left = {good: LEFT_AT_LEAST + good * 5 % 9 for good in everything}
    return left | dict(zip(liked, LEFT_OF_THE_LIKED, strict=True))


def _lot(article: Article, pieces: int, last_day: date) -> Lot:
    expires_on = last_day + timedelta(days=150 + 20 * article.ordinal) if article.ordinal in FOOD else None
    if article.ordinal == NEAR_ITS_LAST_DAY:
        expires_on = last_day + timedelta(days=20)
    return Lot(
        good=article.ordinal,
        pieces=pieces,
        unit_price_fen=article.unit_price_fen,
        expires_on=expires_on,
    )


def taken_back(served: Sequence[Serve]) -> tuple[Serve, Serve]:
    """Return the two baskets that were taken back: one after a third of all, one after two thirds."""
    return served[len(served) // 3], served[len(served) * 2 // 3]


def undo_scenes(served: Sequence[Serve], poorest: str) -> Iterator[Scene]:
    """Yield what went wrong at the till: scanned wrongly, given back the day after, wanted without points."""
    first, second = taken_back(served)
    yield TakeBack(at=first.at + timedelta(minutes=4), by=CLERK, label=first.label, reason="扫错了物品")
    later = second.at + timedelta(hours=20)
    yield TakeBack(at=later, by=CHEN, label=second.label, reason="包装破损，志愿者第二天退回", counted=second.basket)
    at = served[-1].at + timedelta(minutes=6)
    yield TurnAway(at=at, by=CLERK, label="turned-away", volunteer=poorest, basket=((DEAR, 1),))


def care_scenes(days: Sequence[date], reserving: str | None) -> Iterator[Scene]:
    """Yield how the shelf is looked after: goods counted, written off, one more waiting, one put aside.

    Args:
        days: on which the shop was open.
        reserving: who puts something aside, if anybody may.
    """
    counted_on, broken_on, last_day = days[COUNTED_ON], days[COUNTED_ON + 1], days[-1]
    yield CountGoods(
        at=moment_of(counted_on, time(17, 5)),
        by=CLERK,
        goods=SELDOM_TAKEN,
        missing_of=SELDOM_TAKEN[0],
        reason="少一件，货架后面找过，没有找到",
        finalised=(LI, moment_of(counted_on, time(17, 40))),
    )
    yield WriteOff(
        at=moment_of(broken_on, time(17, 5)),
        by=CLERK,
        good=SELDOM_TAKEN[1],
        pieces=2,
        note="搬货时摔坏",
        confirmed=(CHEN, moment_of(broken_on, time(17, 30))),
    )
    at = moment_of(last_day, time(16, 55))
    yield WriteOff(at=at, by=CLERK, good=SELDOM_TAKEN[2], pieces=1, note="包装受潮", confirmed=None)
    yield from _relief(days)
    if reserving is not None:
        yield Reserve(at=moment_of(last_day, time(20, 10)), by=reserving, basket=((SELDOM_TAKEN[3], 1),))


def _relief(days: Sequence[date]) -> Iterator[Scene]:
    """Yield what households in hardship are given: one has fetched it, for another it waits for approval."""
    given_on, last_day = days[COUNTED_ON + 2], days[-1]
    yield Help(
        at=moment_of(given_on, time(10, 5)),
        by=LI,
        member=IN_NEED[0],
        reason="低保户，老伴住院",
        lines=((SELDOM_TAKEN[3], 2),),
        approved=(CHEN, moment_of(given_on, time(11, 10))),
        handed=(CLERK, moment_of(given_on, time(15, 40))),
    )
    at = moment_of(last_day, time(17, 20))
    bags = ((SELDOM_TAKEN[3], 1),)
    yield Help(at=at, by=CHEN, member=IN_NEED[1], reason="重残家庭", lines=bags, approved=None, handed=None)


def _waiting(taken: Mapping[int, int], last_day: date) -> Iterator[Scene]:
    """Yield what waits for another person: a delivery of what is out, and a new price."""
    out = next(good for good, left in left_over(taken).items() if left == 0)
    article = next(article for article in articles() if article.ordinal == out)
    for minute, member in enumerate(IN_LINE, start=10):
        yield Wait(at=moment_of(last_day, time(18, minute)), by=member, good=out)
    yield Receive(
        at=moment_of(last_day, time(16, 45)),
        by=CLERK,
        label="delivery-waiting",
        partner=article.partner,
        lots=(_lot(article, WAITING_PIECES, last_day),),
        slip=f"JZ-{len(PARTNERS) + 1:03d}",
    )
    yield SetPrices(
        at=moment_of(last_day, time(16, 50)),
        by=CHEN,
        points=((DEAR, CHEAPER_POINTS),),
        wanted_from=last_day + timedelta(days=2),
        confirmed=None,
    )
