"""A delivery of goods: one line per lot."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from timebank.imports.lines import Cell, Lines, Values, in_file_order, long_text, read_cells, read_lines, short_text
from timebank.imports.lines.columns import MappedRow, MappedTable
from timebank.imports.lines.moments import day
from timebank.imports.lines.parsing import barcode, hundredths, whole_number, yuan_as_fen
from timebank.imports.lines.totals import Summed, total_problems
from timebank.imports.problems import CellProblem

PRICE_POINTS_E2_MAX: Final = 10_000_000
UNIT_PRICE_FEN_MAX: Final = 100_000_000
PIECES_MAX: Final = 1_000_000
_TOTAL_MAX: Final = 10**11

_CELLS: Final = (
    Cell("barcode", barcode, required=True),
    Cell("good_name", short_text, required=True),
    Cell("price_points", partial(hundredths, low_e2=1, high_e2=PRICE_POINTS_E2_MAX), required=True),
    Cell("pieces", partial(whole_number, low=1, high=PIECES_MAX), required=True),
    Cell("unit_price_yuan", partial(yuan_as_fen, high_fen=UNIT_PRICE_FEN_MAX)),
    Cell("donor", short_text),
    Cell("expires_on", day),
    Cell("monthly_limit", partial(whole_number, low=1, high=PIECES_MAX)),
    Cell("note", long_text),
)


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One lot as it is delivered.

    barcode: in the form in which codes are kept. price_points_e2: hundredths of a point, at least 1.
    pieces: at least 1. unit_price_fen: None where nobody wrote it, which is not the same as free.
    monthly_limit: pieces per person and month, None without a limit.
    """

    line: int
    barcode: str
    good_name: str
    price_points_e2: int
    pieces: int
    unit_price_fen: int | None
    donor: str
    expires_on: date | None
    monthly_limit: int | None
    note: str


def goods_lines(table: MappedTable) -> Lines[GoodsLine]:
    """Read a delivery. The same good may stand twice: two lots with different dates are usual."""
    read = read_lines(table, _goods_line)
    pieces = Summed(sum(line.pieces for line in read.lines), partial(whole_number, low=0, high=_TOTAL_MAX))
    totals = [] if read.problems else total_problems(table, {"pieces": pieces})
    return Lines(read.lines, in_file_order(read.problems, totals))


def _goods_line(row: MappedRow) -> GoodsLine | list[CellProblem]:
    values = read_cells(row, _CELLS)
    return values if isinstance(values, list) else _line(values)


def _line(values: Values) -> GoodsLine:
    return GoodsLine(
        line=values.line,
        barcode=values.one("barcode", str),
        good_name=values.one("good_name", str),
        price_points_e2=values.one("price_points", int),
        pieces=values.one("pieces", int),
        unit_price_fen=values.maybe("unit_price_yuan", int),
        donor=values.text("donor"),
        expires_on=values.maybe("expires_on", date),
        monthly_limit=values.maybe("monthly_limit", int),
        note=values.text("note"),
    )
