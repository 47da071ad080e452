"""What the market knows already about the goods of a file, and every row that does not fit it or the rows before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from timebank.imports.lines.goods_lines import GoodsLine
from timebank.imports.lines.parsing import written_e2
from timebank.imports.problems import CellProblem, RowProblem
from timebank.imports.problems.asked import row_problem
from timebank.market import queries as market
from timebank.market.operations import NewGood
from timebank.market.queries import Good
from timebank.market.rules import PRICE_POINTS_E2_MAX
from timebank.people.admission import NAME_LENGTH_MAX
from timebank.people.names import name_key
from timebank.people.plain_text import composed

_NO_LIMIT: Final = "—"


@dataclass(frozen=True, slots=True)
class KnownGood:
    """A good that is on the list. priced: it had a price some day; price_points_e2: today's, None without one."""

    good: Good
    priced: bool
    price_points_e2: int | None

    def is_like(self, new: NewGood) -> bool:
        """Tell whether the file says the same of it."""
        return (composed(new.name).strip(), new.month_pieces_max) == (self.good.name, self.good.month_pieces_max)


def goods_known(session: Session, community_id: str, today: date, lines: Sequence[GoodsLine]) -> dict[str, KnownGood]:
    """Return what is known of the goods of a file, by bar code; new ones are not in it."""
    found = market.goods_by_barcode(session, community_id, [line.barcode for line in lines])
    numbers = [good.number for good in found.values()]
    priced = market.goods_with_price(session, community_id, numbers)
    prices = market.prices_on(session, community_id, today, numbers)
    return {
        barcode: KnownGood(
            good, good.number in priced, prices[good.number].points_e2 if good.number in prices else None
        )
        for barcode, good in found.items()
    }


def goods_problems(lines: Iterable[GoodsLine], known: Mapping[str, KnownGood], today: date) -> Iterator[RowProblem]:
    """Yield every problem of every row."""
    first: dict[str, GoodsLine] = {}
    for line in lines:
        yield from (RowProblem(line.line, problem) for problem in _own(line))
        if line.expires_on is not None and line.expires_on < today:
            yield row_problem(line.line, "expired_on_arrival", {"expires_on": line.expires_on.isoformat()})
        yield from _against_first(line, first.setdefault(line.barcode, line))
        if line.barcode in known:
            yield from _against_list(line, known[line.barcode])


def _own(line: GoodsLine) -> Iterator[CellProblem]:
    if not name_key(line.donor):
        yield CellProblem("donor", "missing")
    elif len(line.donor) > NAME_LENGTH_MAX:
        yield CellProblem("donor", "text_too_long", {"length": len(line.donor), "limit": NAME_LENGTH_MAX})
    if line.price_points_e2 > PRICE_POINTS_E2_MAX:
        facts = {"written": written_e2(line.price_points_e2), "low": "0.01", "high": written_e2(PRICE_POINTS_E2_MAX)}
        yield CellProblem("price_points", "out_of_range", facts)


def _against_first(line: GoodsLine, first: GoodsLine) -> Iterator[RowProblem]:
    """One good has one name, one price and one limit, however many lots of it come."""
    told = (
        ("good_name", line.good_name, first.good_name),
        ("price_points", line.price_points_e2, first.price_points_e2),
        ("monthly_limit", line.monthly_limit, first.monthly_limit),
    )
    for field, here, there in told:
        if here != there:
            yield RowProblem(line.line, CellProblem(field, "differs_in_file", {"first_line": first.line}))


def _against_list(line: GoodsLine, known: KnownGood) -> Iterator[RowProblem]:
    good = known.good
    if not good.active:
        yield row_problem(line.line, "good_not_offered", {"good_name": good.name})
    if not known.priced:
        return
    if name_key(line.good_name) != name_key(good.name):
        yield RowProblem(line.line, CellProblem("good_name", "good_named_otherwise", {"good_name": good.name}))
    if line.monthly_limit != good.month_pieces_max:
        facts = {"good_name": good.name, "limit": good.month_pieces_max or _NO_LIMIT}
        yield RowProblem(line.line, CellProblem("monthly_limit", "limit_differs", facts))
