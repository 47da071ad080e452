"""A basket: price it and choose its lots, or refuse it as a whole with every reason.

Nobody at the till ever types an amount of points, and pieces of a good are replaced, never appended.

Source: domain.md section 2 (limits), experience.md 0.2 (till).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from timebank.market.rules.limits import BASKET_GOODS_MAX, PIECES_MAX
from timebank.market.rules.shelf import ShelfLot, first_expired_first_out, free_pieces
from timebank.refusal import Fact, Refusal


class BasketSize(Refusal):
    """There is nothing in the basket, or more kinds of goods than one redemption takes."""

    code = "basket_size"


class BasketRefused(Refusal):
    """The whole basket is refused, and nothing was moved.

    Facts: `needed_points_e2` (of the goods that have a price), `available_points_e2`, and `problems`: every reason,
    each with the `code` of one of the refusals below and its facts.
    """

    code = "basket_refused"


class UnknownGood(Refusal):
    """There is no good of this number."""

    code = "unknown_good"


class GoodNotOffered(Refusal):
    """The good was taken off the list; what is left of it is not handed out for points."""

    code = "good_not_offered"


class NoPrice(Refusal):
    """No price is in force for the good today."""

    code = "no_price"


class PriceChanged(Refusal):
    """The price is another than the one that was shown; it is shown anew before anything is taken (trust.md C9)."""

    code = "price_changed"


class GoodRepeated(Refusal):
    """A good stands in a basket once: another scan replaces the number of pieces, it never adds a line."""

    code = "good_repeated"


class PiecesOutOfRange(Refusal):
    """Of one good there are 1 to 99 whole pieces in a basket."""

    code = "pieces_out_of_range"


class OutOfStock(Refusal):
    """There are fewer pieces on the shelf than asked for; expired ones do not count."""

    code = "out_of_stock"


class GoodLimitReached(Refusal):
    """The person would have more pieces of the good this month than one person may."""

    code = "good_limit_reached"


class HouseholdGoodLimitReached(Refusal):
    """Those who live together would have more pieces of the good this month than one household may."""

    code = "household_good_limit_reached"


class HouseholdLimitReached(Refusal):
    """Those who live together have redeemed as often this month as the rule allows one household."""

    code = "household_limit_reached"


class StarNeeded(Refusal):
    """The rules keep the good for those who hold a star, and the person holds a lower one."""

    code = "star_needed"


class ForStarsFirst(Refusal):
    """The good came in lately and is offered to higher stars first; the facts say from when on it is this person's."""

    code = "for_stars_first"


class RedemptionsLimitReached(Refusal):
    """The person has redeemed as often this month as the rule allows."""

    code = "redemptions_limit_reached"


class PointsShort(Refusal):
    """The passbook does not hold what the basket costs."""

    code = "points_short"


@dataclass(frozen=True, slots=True)
class BasketLine:
    """What is asked for.

    Attributes:
        pieces: 1 to `PIECES_MAX`.
        shown_points_e2: the price of one piece that the volunteer saw, in hundredths of a point; None where nobody saw
            one.
    """

    good_number: str
    pieces: int
    shown_points_e2: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What one piece costs, in hundredths of a point, and the version of the price list that says so."""

    points_e2: int
    version: int


@dataclass(frozen=True, slots=True)
class GoodFacts:
    """What must be known of a good to sell it.

    Attributes:
        price: the price in force, or None.
        lots: what is free on the shelf, expired lots included.
        month_pieces_max: how many pieces one person may have in a month, or None.
        had_pieces: how many this person has had this month, undone redemptions not counted.
        household_pieces_max, household_had_pieces: the same for all who live together.
        star_needed: the star that this person lacks to have it, 0 where they may.
        opens: from when on this person may have it, as it is read; empty where they may now.
    """

    number: str
    name: str
    unit_word: str
    active: bool
    price: Price | None
    lots: tuple[ShelfLot, ...]
    month_pieces_max: int | None
    had_pieces: int
    household_pieces_max: int | None = None
    household_had_pieces: int = 0
    star_needed: int = 0
    opens: str = ""


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What must be known of the volunteer being served.

    Attributes:
        available_points_e2: what the passbook holds, overdue holds included, debts taken off; never below zero.
        redemptions: this month so far, undone ones not counted.
        redemptions_max: the rule's limit for a month, or None.
        household_redemptions, household_redemptions_max: the same for all who live together.
    """

    available_points_e2: int
    redemptions: int
    redemptions_max: int | None
    household_redemptions: int = 0
    household_redemptions_max: int | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """Pieces of one lot at one price."""

    good_number: str
    lot_number: str
    pieces: int
    price: Price

    @property
    def points_e2(self) -> int:
        """What the line costs, in hundredths of a point."""
        return self.pieces * self.price.points_e2


@dataclass(frozen=True, slots=True)
class PricedBasket:
    """A basket that may be handed out: which lots, at which prices, and the whole cost in hundredths of a point."""

    lines: tuple[PricedLine, ...]

    @property
    def points_e2(self) -> int:
        """What the basket costs, in hundredths of a point."""
        return sum(line.points_e2 for line in self.lines)


def price_basket(
    basket: Sequence[BasketLine], goods: Mapping[str, GoodFacts], customer: CustomerFacts, today: date
) -> PricedBasket:
    """Price a basket and choose its lots, or refuse it as a whole and say everything that is wrong with it.

    Raises:
        BasketSize: it holds nothing, or more than `BASKET_GOODS_MAX` kinds of goods.
        BasketRefused: at least one line fails, the month's redemptions are used up, or the points do not suffice.
    """
    if not 1 <= len(basket) <= BASKET_GOODS_MAX:
        raise BasketSize(goods=len(basket), goods_max=BASKET_GOODS_MAX)
    needed = sum(_cost_of(line, goods.get(line.good_number)) for line in basket)
    problems = [
        *_customer_problems(customer, needed),
        *_repeated(basket, goods),
        *(problem for line in basket for problem in _line_problems(line, goods.get(line.good_number), today)),
    ]
    if problems:
        raise BasketRefused(
            needed_points_e2=needed,
            available_points_e2=customer.available_points_e2,
            problems=[{"code": problem.code, **problem.facts} for problem in problems],
        )
    return PricedBasket(tuple(part for line in basket for part in _priced(line, goods[line.good_number], today)))


def _cost_of(line: BasketLine, good: GoodFacts | None) -> int:
    if good is None or good.price is None or not _pieces_in_range(line):
        return 0
    return line.pieces * good.price.points_e2


def _pieces_in_range(line: BasketLine) -> bool:
    return type(line.pieces) is int and 1 <= line.pieces <= PIECES_MAX


def _customer_problems(customer: CustomerFacts, needed_points_e2: int) -> Iterator[Refusal]:
    if customer.redemptions_max is not None and customer.redemptions >= customer.redemptions_max:
        yield RedemptionsLimitReached(redemptions=customer.redemptions, redemptions_max=customer.redemptions_max)
    had, most = customer.household_redemptions, customer.household_redemptions_max
    if most is not None and had >= most:
        yield HouseholdLimitReached(redemptions=had, redemptions_max=most)
    missing = needed_points_e2 - customer.available_points_e2
    if missing > 0:
        yield PointsShort(
            missing_points_e2=missing,
            needed_points_e2=needed_points_e2,
            available_points_e2=customer.available_points_e2,
        )


def _repeated(basket: Sequence[BasketLine], goods: Mapping[str, GoodFacts]) -> Iterator[Refusal]:
    times = Counter(line.good_number for line in basket)
    return (GoodRepeated(**_named(goods[number])) for number in times if times[number] > 1 and number in goods)


def _named(good: GoodFacts) -> dict[str, Fact]:
    return {"good_number": good.number, "good_name": good.name, "unit_word": good.unit_word}


def _line_problems(line: BasketLine, good: GoodFacts | None, today: date) -> Iterator[Refusal]:
    if good is None:
        yield UnknownGood(good_number=line.good_number)
        return
    if not good.active:
        yield GoodNotOffered(**_named(good))
    elif good.price is None:
        yield NoPrice(**_named(good))
    elif line.shown_points_e2 not in {None, good.price.points_e2}:
        yield PriceChanged(**_named(good), shown_points_e2=line.shown_points_e2, price_points_e2=good.price.points_e2)
    if good.star_needed:
        yield StarNeeded(**_named(good), star_needed=good.star_needed)
    elif good.opens:
        yield ForStarsFirst(**_named(good), opens=good.opens)
    if _pieces_in_range(line):
        yield from _too_many(line.pieces, good, today)
    else:
        yield PiecesOutOfRange(**_named(good), pieces_max=PIECES_MAX)


def _too_many(pieces: int, good: GoodFacts, today: date) -> Iterator[Refusal]:
    left = free_pieces(good.lots, today)
    if pieces > left:
        yield OutOfStock(**_named(good), left_pieces=left, pieces=pieces)
    limit = good.month_pieces_max
    if limit is not None and good.had_pieces + pieces > limit:
        yield GoodLimitReached(**_named(good), month_pieces_max=limit, had_pieces=good.had_pieces, pieces=pieces)
    limit, had = good.household_pieces_max, good.household_had_pieces
    if limit is not None and had + pieces > limit:
        yield HouseholdGoodLimitReached(**_named(good), household_pieces_max=limit, had_pieces=had, pieces=pieces)


def _priced(line: BasketLine, good: GoodFacts, today: date) -> Iterator[PricedLine]:
    assert good.price is not None, good.number
    for lot_number, pieces in first_expired_first_out(good.lots, line.pieces, today):
        yield PricedLine(good.number, lot_number, pieces, good.price)
