"""The total line under a table: what it says must be what the rows add up to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from timebank.imports.lines.columns import MappedTable
from timebank.imports.problems import CellProblem, RowProblem


@dataclass(frozen=True, slots=True)
class Summed:
    """A column and the sum of its rows.

    read: the rule by which the total is read, the same as for the rows but with room for the sum.
    written: the sum as people write it, from its stored unit.
    """

    total: int
    read: Callable[[str, str], int | CellProblem]
    written: Callable[[int], str] = str


def total_problems(table: MappedTable, sums: Mapping[str, Summed]) -> list[RowProblem]:
    """Return a problem for every column whose total is not the sum of the rows.

    A table without a total line has no problem here, and a total line need not fill every column.
    """
    total_row = table.total
    if total_row is None:
        return []
    problems = []
    for field, summed in sums.items():
        text = total_row.texts[field]
        if text:
            problem = _find_problem(field, text, summed)
            problems += [RowProblem(total_row.line, problem)] if problem else []
    return problems


def _find_problem(field: str, text: str, summed: Summed) -> CellProblem | None:
    read = summed.read(field, text)
    if isinstance(read, CellProblem):
        return read
    if read != summed.total:
        return CellProblem(field, "total_differs", {"written": text, "summed": summed.written(summed.total)})
    return None
