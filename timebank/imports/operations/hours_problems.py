"""What is wrong with the rows of sign-in sheets: what the service rules find, told once and where it helps most."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from timebank.imports.operations.submitted import REPEATED
from timebank.imports.problems import CellProblem, RowProblem
from timebank.imports.problems.asked import row_problem
from timebank.service.asked import NewRecord
from timebank.service.queries import Problems
from timebank.service.rules import Problem, Span
from timebank.service.rules.case import written
from timebank.service.rules.refusals import Overlapping

_FIRST: Final = frozenset(
    {"no_such_volunteer", "ends_before_start", "not_whole_minutes", "service_too_long", "in_the_future"}
)
"""Where one of these is wrong, whatever else follows from it says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row and the record that it is to become. name: as it stands beside the number, or None."""

    line: int
    name: str | None
    record: NewRecord

    @property
    def span(self) -> Span:
        """The time of the service."""
        return Span(self.record.starts_at, self.record.ends_at)


def row_problems(rows: Sequence[Row], found: Problems) -> Iterator[RowProblem]:
    """Yield what blocks each row, in the order of the rows.

    A row that overlaps another one of the file is told by that one's line; one that says exactly what a record in the
    books says is told as that, unless something else is wrong with it too.
    """
    earlier_lines = _overlaps_in_file(rows)
    for row, problems in zip(rows, found, strict=True):
        blocking = [problem for problem in problems if problem.blocked]
        earlier = earlier_lines.get(row.line)
        repeats = earlier is None and any(_is_the_same(row, problem) for problem in blocking)
        others = [problem for problem in blocking if problem.code != Overlapping.code] if repeats else blocking
        if earlier is not None:
            yield RowProblem(row.line, CellProblem("starts_at", "overlaps_in_file", {"first_line": earlier}))
            others = [problem for problem in blocking if problem.code != Overlapping.code]
        elif repeats and not others:
            yield RowProblem(row.line, CellProblem("", REPEATED))
        first = [problem for problem in others if problem.code in _FIRST]
        yield from (row_problem(row.line, problem.code, problem.facts) for problem in first or others)


def _is_the_same(row: Row, problem: Problem) -> bool:
    same = {
        "activity": row.record.activity_number,
        "starts": written(row.span.starts_at),
        "ends": written(row.span.ends_at),
    }
    return problem.code == Overlapping.code and same.items() <= problem.facts.items()


def _overlaps_in_file(rows: Sequence[Row]) -> dict[int, int]:
    """Return, for each row whose time overlaps an earlier row of the same person, the line of the first such row."""
    days: dict[tuple[str, date], list[Row]] = defaultdict(list)
    found: dict[int, int] = {}
    for row in rows:
        if not row.span.could_be:
            continue
        for day in row.span.minutes_by_day():
            same_day = days[row.record.volunteer_number, day]
            earlier = next((other for other in same_day if other.span.overlaps(row.span)), None)
            if earlier is not None:
                found.setdefault(row.line, earlier.line)
            same_day.append(row)
    return found
