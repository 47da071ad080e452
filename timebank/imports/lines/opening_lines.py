"""Opening balances from paper passbooks: one line per volunteer, and often a total line that must agree."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from timebank.imports.lines import Cell, Lines, Values, in_file_order, long_text, read_cells, read_lines, repeated
from timebank.imports.lines.columns import MappedRow, MappedTable
from timebank.imports.lines.moments import BareUnit, minutes_long
from timebank.imports.lines.parsing import hundredths, person_name, reference, written_e2
from timebank.imports.lines.totals import Summed, total_problems
from timebank.imports.problems import CellProblem

# A hundred thousand hours and a million points are more than any life of service gives.
OPENING_MINUTES_MAX: Final = 6_000_000
OPENING_POINTS_E2_MAX: Final = 100_000_000
_TOTAL_MAX: Final = 10**13

_minutes: Final = partial(minutes_long, bare=BareUnit.MINUTES, high_minutes=OPENING_MINUTES_MAX)
_hours: Final = partial(minutes_long, bare=BareUnit.HOURS, high_minutes=OPENING_MINUTES_MAX)
_points: Final = partial(hundredths, low_e2=0, high_e2=OPENING_POINTS_E2_MAX)

_CELLS: Final = (
    Cell("volunteer_number", reference, required=True),
    Cell("volunteer_name", person_name, required=True),
    Cell("opening_minutes", _minutes),
    Cell("opening_hours", _hours),
    Cell("opening_points", _points, required=True),
    Cell("paper_passbook_number", reference),
    Cell("note", long_text),
)


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What one paper passbook carries over.

    minutes: 0 to 6,000,000. points_e2: hundredths of a point, 0 to 100,000,000.
    """

    line: int
    volunteer_number: str
    volunteer_name: str
    minutes: int
    points_e2: int
    paper_passbook_number: str
    note: str


def opening_lines(table: MappedTable) -> Lines[OpeningLine]:
    """Read opening balances; a volunteer who stands twice and a total that does not agree are problems.

    The total is looked at only when every row could be read: before that it cannot agree.
    """
    read = read_lines(table, _opening_line)
    twice = repeated("volunteer_number", [(each.line, each.volunteer_number) for each in read.lines])
    totals = [] if read.problems else total_problems(table, _sums(read.lines))
    return Lines(read.lines, in_file_order(read.problems, twice, totals))


def _opening_line(row: MappedRow) -> OpeningLine | list[CellProblem]:
    values = read_cells(row, _CELLS)
    has_time = bool(row.texts["opening_minutes"] or row.texts["opening_hours"])
    problems = [] if has_time else [CellProblem("opening_minutes", "missing")]
    if isinstance(values, list):
        return [*problems, *values]
    return problems or _line(values)


def _line(values: Values) -> OpeningLine | list[CellProblem]:
    minutes, as_hours = values.maybe("opening_minutes", int), values.maybe("opening_hours", int)
    if minutes is not None and as_hours is not None and minutes != as_hours:
        return [CellProblem("opening_hours", "minutes_and_hours_differ", {"minutes": minutes, "as_hours": as_hours})]
    return OpeningLine(
        line=values.line,
        volunteer_number=values.one("volunteer_number", str),
        volunteer_name=values.one("volunteer_name", str),
        minutes=minutes if minutes is not None else values.one("opening_hours", int),
        points_e2=values.one("opening_points", int),
        paper_passbook_number=values.text("paper_passbook_number"),
        note=values.text("note"),
    )


def _sums(lines: tuple[OpeningLine, ...]) -> dict[str, Summed]:
    minutes = sum(line.minutes for line in lines)
    points_e2 = sum(line.points_e2 for line in lines)
    all_minutes = partial(minutes_long, high_minutes=_TOTAL_MAX)
    return {
        "opening_minutes": Summed(minutes, partial(all_minutes, bare=BareUnit.MINUTES)),
        "opening_hours": Summed(minutes, partial(all_minutes, bare=BareUnit.HOURS), _as_hours),
        "opening_points": Summed(points_e2, partial(hundredths, low_e2=0, high_e2=_TOTAL_MAX), written_e2),
    }


def _as_hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
