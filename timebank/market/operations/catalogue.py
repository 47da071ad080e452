"""Goods: put new ones on the list, change what is fixed about one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.books.requests import once
from timebank.market import queries
from timebank.market.barcodes import canonical_barcode, check_digit_for, is_barcode
from timebank.market.rules import MONTH_MAX_HIGHEST
from timebank.market.tables import GoodRow
from timebank.market.texts import NAME_LENGTH_MAX, UNIT_WORD_LENGTH_MAX, MarketText, kept_text, next_numbers
from timebank.people.queries import check_may
from timebank.people.roles import Permission
from timebank.refusal import Fact, Refusal

IN_HOUSE: Final = "29"
"""How the bar codes begin that we give to goods without one; GS1 leaves 20 to 29 to each shop."""


class GoodsRefused(Refusal):
    """At least one good cannot be put on the list, and none was.

    Facts: `problems`, each with its `line` (1, 2, 3 …), the `code` of one of the refusals beside this and its facts.
    """

    code = "goods_refused"


class BarcodeWrong(Refusal):
    """These digits are no EAN-13, EAN-8 or UPC-A code."""

    code = "barcode_wrong"


class BarcodeTaken(Refusal):
    """Another good has this bar code."""

    code = "barcode_taken"


class MonthLimitOutOfRange(Refusal):
    """A monthly limit is at least one piece."""

    code = "month_limit_out_of_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGood:
    """A good as it is put on the list.

    Attributes:
        barcode: EAN-13, EAN-8 or UPC-A; None asks for an in-house one.
        unit_word: what one piece is called: 件, 袋, 瓶 …
        month_pieces_max: how many pieces one person may have in a calendar month, or None.
        household_pieces_max: how many all who live together may have in a calendar month, or None.
    """

    barcode: str | None
    name: str
    unit_word: str
    month_pieces_max: int | None
    household_pieces_max: int | None = None


@once("market.add_goods")
def add_goods(session: Session, act: Act, *, goods: tuple[NewGood, ...]) -> dict[str, Any]:
    """Put goods on the list; return their `numbers`, in the order given. They have no price and no stock yet.

    Raises:
        NotAllowed: the actor may not receive goods.
        GoodsRefused: at least one of them cannot be added; none was.
    """
    check_may(session, act, Permission.RECEIVE_GOODS)
    numbers = next_numbers(session, act.community_id, GoodRow.number, "G{:04d}", len(goods))
    barcodes = [_barcode_for(good, number) for good, number in zip(goods, numbers, strict=True)]
    _check(session, act, goods, barcodes)
    rows = [
        {"community_id": act.community_id, "number": number, "active": True, **_fixed(good, barcode)}
        for good, number, barcode in zip(goods, numbers, barcodes, strict=True)
    ]
    if rows:
        session.execute(sa.insert(GoodRow), rows)
    return {"numbers": list(numbers)}


def _barcode_for(good: NewGood, number: str) -> str:
    if good.barcode is not None:
        return canonical_barcode(good.barcode)
    digits = f"{IN_HOUSE}{int(number[1:]):010d}"
    return digits + check_digit_for(digits)


def _fixed(good: NewGood, barcode: str) -> dict[str, Any]:
    return {
        "barcode": barcode,
        "name": kept_text("name", good.name, length_max=NAME_LENGTH_MAX),
        "unit_word": kept_text("unit_word", good.unit_word, length_max=UNIT_WORD_LENGTH_MAX),
        "month_pieces_max": good.month_pieces_max,
        "household_pieces_max": good.household_pieces_max,
    }


def _check(
    session: Session, act: Act, goods: Sequence[NewGood], barcodes: Sequence[str], *, keeping: str | None = None
) -> None:
    taken = queries.goods_by_barcode(session, act.community_id, barcodes).keys() - {keeping}
    times = Counter(barcodes)
    problems: list[Fact] = []
    for line, (good, barcode) in enumerate(zip(goods, barcodes, strict=True), start=1):
        found = [*_problems_of(good)]
        if not is_barcode(barcode):
            found.append(BarcodeWrong(barcode=barcode))
        elif barcode in taken or times[barcode] > 1:
            found.append(BarcodeTaken(barcode=barcode))
        problems.extend({"line": line, "code": problem.code, **problem.facts} for problem in found)
    if problems:
        raise GoodsRefused(problems=problems)


def _problems_of(good: NewGood) -> Iterator[Refusal]:
    try:
        _fixed(good, "")
    except MarketText as problem:
        yield problem
    for limit in (good.month_pieces_max, good.household_pieces_max):
        if limit is not None and not 1 <= limit <= MONTH_MAX_HIGHEST:
            yield MonthLimitOutOfRange(month_pieces_max=limit, highest=MONTH_MAX_HIGHEST)


@once("market.change_good", subject="good_number")
def change_good(session: Session, act: Act, *, good_number: str, good: NewGood, active: bool) -> None:
    """Change what is fixed about a good, or take it off the list; redemptions of the past keep what they were.

    Args:
        good: all of it as it shall be; a bar code of None keeps the one it has.
        active: it is offered; otherwise what is left of it is not handed out for points.

    Raises:
        NotAllowed: the actor may not set prices.
        UnknownGood: there is no good of this number.
        GoodsRefused: it cannot be so; nothing was changed.
    """
    check_may(session, act, Permission.SET_PRICES)
    present = queries.good(session, act.community_id, good_number)
    barcode = present.barcode if good.barcode is None else canonical_barcode(good.barcode)
    _check(session, act, [good], [barcode], keeping=present.barcode)
    session.execute(
        sa.update(GoodRow)
        .where(GoodRow.community_id == act.community_id, GoodRow.number == good_number)
        .values(active=active, **_fixed(good, barcode))
    )
