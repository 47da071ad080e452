"""The shop: who takes what on which day, within points and monthly limits."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from timebank.demo.cast import CLERK, HEROINE, Member
from timebank.demo.dice import Dice
from timebank.demo.goods import Article, articles
from timebank.demo.serving import Credit
from timebank.demo.shop_scenes import Serve
from timebank.ledger.days import moment_of
from timebank.rulebook.rules import ordinary_document

BUSY: Final = (8, 8, 12, 8, 10, 14)
"""How busy the shop is from Monday to Saturday, beside each other."""
HOURS: Final = {9: 3, 10: 5, 11: 2, 14: 2, 15: 4, 16: 7}
"""When people come, and how many beside each other: after the morning market, and before it closes."""
KINDS_OF_GOODS: Final = {1: 5, 2: 4, 3: 2}
"""How many kinds of goods a basket holds, and how often beside each other."""
TO_SPEND_E2_MIN: Final = 2000
KEPT_E2: Final = 1000
"""Nobody comes for less than twenty points, and nobody spends the last ten."""
TWO_OF_IT_UP_TO: Final = 25
"""Of what costs no more points than this, some take two."""
TWO_OF_IT_PERCENT: Final = 30
HEROINE_TAKES: Final = (1, 13)
"""香皂 and 鸡蛋."""
HEROINE_COMES: Final = (4, -5)
"""On the fifth opening day, and on the fifth from the end."""


@dataclass
class _Book:
    """What whoever serves must respect: points, and what each person had this month.

    Attributes:
        visits_max: how often one person may come in a month, or None.
        purses: hundredths of a point, by volunteer.
        visits: by volunteer and month; pieces: by these and good. Five weeks have no month twice.
    """

    visits_max: int | None
    purses: dict[str, int]
    visits: Counter[tuple[str, int]] = field(default_factory=Counter)
    pieces: Counter[tuple[str, int, int]] = field(default_factory=Counter)

    def may_come(self, volunteer: str, day: date) -> bool:
        """Tell whether somebody has points to spend and has not been here too often this month."""
        seldom = self.visits_max is None or self.visits[volunteer, day.month] < self.visits_max
        return seldom and self.purses[volunteer] - KEPT_E2 >= TO_SPEND_E2_MIN

    def may_have(self, volunteer: str, article: Article, day: date, pieces: int) -> bool:
        """Tell whether somebody may have so many pieces this month."""
        limit = article.month_pieces_max
        return limit is None or self.pieces[volunteer, day.month, article.ordinal] + pieces <= limit

    def take(self, volunteer: str, day: date, basket: Mapping[int, int], cost_e2: int) -> None:
        """Keep what somebody took."""
        self.purses[volunteer] -= cost_e2
        self.visits[volunteer, day.month] += 1
        for good, pieces in basket.items():
            self.pieces[volunteer, day.month, good] += pieces


class Shopping:
    """The days of the shop, one after the other."""

    def __init__(self, members: Sequence[Member], credited: Sequence[Credit], dice: Dice) -> None:
        self._members = members
        self._credits = sorted(credited, key=lambda credit: credit.at, reverse=True)
        visits_max = ordinary_document().limits.redemptions_per_month_max
        self._book = _Book(visits_max, {one.number: one.opening_points * 100 for one in members})
        self._dice = dice
        self._catalogue = {article.ordinal: article for article in articles()}
        self._served = 0

    def baskets(self, days: Sequence[date], wanted: int) -> Iterator[Serve]:
        """Yield who takes what on these days; as many as wanted, as far as points and limits allow."""
        busy = [BUSY[day.weekday()] for day in days]
        heroine_on = {days[place % len(days)] for place in HEROINE_COMES}
        for place, day in enumerate(days):
            self._credit_until(moment_of(day, time(8)))
            due = wanted * sum(busy[: place + 1]) // sum(busy) - self._served
            comes_first = HEROINE if day in heroine_on else None
            for at in self._moments(day, due):
                yield from self._visit(at, day, comes_first)
                comes_first = None

    def _credit_until(self, moment: datetime) -> None:
        while self._credits and self._credits[-1].at < moment:
            credit = self._credits.pop()
            self._book.purses[credit.volunteer] += credit.points_e2

    def _moments(self, day: date, count: int) -> list[datetime]:
        hours = [self._dice.pick(list(HOURS), list(HOURS.values())) for _ in range(count)]
        return sorted(moment_of(day, time(hour, self._dice.below(56), self._dice.below(60))) for hour in hours)

    def _visit(self, at: datetime, day: date, expected: str | None) -> Iterator[Serve]:
        volunteer = expected or self._find_customer(day)
        basket = self._basket(volunteer, day, expected=expected is not None) if volunteer else {}
        if volunteer is None or not basket or not self._book.may_come(volunteer, day):
            return
        self._book.take(volunteer, day, basket, self._cost_e2(basket))
        self._served += 1
        yield Serve(at=at, by=CLERK, label=f"basket-{self._served}", volunteer=volunteer, basket=tuple(basket.items()))

    def _find_customer(self, day: date) -> str | None:
        able = [one for one in self._members if one.number != HEROINE and self._book.may_come(one.number, day)]
        return self._dice.pick(able, [one.keen for one in able]).number if able else None

    def _basket(self, volunteer: str, day: date, *, expected: bool) -> dict[int, int]:
        basket: dict[int, int] = {}
        for article in self._wishes(expected=expected):
            two = article.points <= TWO_OF_IT_UP_TO and self._dice.happens(TWO_OF_IT_PERCENT)
            pieces = 2 if two else 1
            cost_e2 = self._cost_e2({**basket, article.ordinal: pieces})
            enough = cost_e2 <= self._book.purses[volunteer] - KEPT_E2
            if enough and self._book.may_have(volunteer, article, day, pieces):
                basket[article.ordinal] = pieces
        return basket

    def _wishes(self, *, expected: bool) -> list[Article]:
        if expected:
            return [self._catalogue[good] for good in HEROINE_TAKES]
        kinds = self._dice.pick(list(KINDS_OF_GOODS), list(KINDS_OF_GOODS.values()))
        everything = list(self._catalogue.values())
        return self._dice.sample(everything, [article.liked for article in everything], kinds)

    def _cost_e2(self, basket: Mapping[int, int]) -> int:
        return sum(pieces * self._catalogue[good].points * 100 for good, pieces in basket.items())

    def find_one_more(self, day: date) -> str | None:
        """Return who may come once more this month and has the most points, or None at the end of a busy month."""
        able = [one.number for one in self._members if one.number != HEROINE and self._book.may_come(one.number, day)]
        return max(able, key=lambda number: (self._book.purses[number], number), default=None)

    def poorest(self) -> str:
        """Return who has the fewest points after all of it."""
        return min(self._members, key=lambda one: (self._book.purses[one.number], one.ordinal)).number
