"""From mapped rows to lines: typed values for every row, and all problems of the file at once.

Each kind of table is a list of cells (field, rule, required or not) and one frozen dataclass. Nothing is looked up
here: whether there is such a volunteer, such a class or such a donor is asked by the rooms that know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

from timebank.imports.lines.columns import MappedRow, MappedTable
from timebank.imports.lines.parsing import plain_text
from timebank.imports.problems import CellProblem, RowProblem, shown

Value = TypeVar("Value")
Line = TypeVar("Line")
LineT_co = TypeVar("LineT_co", covariant=True)

short_text: Final = partial(plain_text, limit=100)
long_text: Final = partial(plain_text, limit=500, multiline=True)

# What spreadsheets show where a formula has no result.
_FORMULA_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


@dataclass(frozen=True, slots=True)
class Cell:
    """How one field of a row is read.

    read: takes the field's code and the text, returns the value or a problem.
    """

    field: str
    read: Callable[[str, str], object]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one row by field; None where the cell is empty."""

    line: int
    by_field: dict[str, object]

    def one(self, field: str, kind: type[Value]) -> Value:
        """Return the value of a required field."""
        value = self.by_field[field]
        assert isinstance(value, kind), field
        return value

    def maybe(self, field: str, kind: type[Value]) -> Value | None:
        """Return the value of a field that may be empty."""
        value = self.by_field[field]
        assert value is None or isinstance(value, kind), field
        return value

    def text(self, field: str) -> str:
        """Return a text that may be empty."""
        return self.maybe(field, str) or ""


@dataclass(frozen=True, slots=True)
class Lines(Generic[LineT_co]):
    """What a file says.

    lines: the rows without problems, in the file's order. problems: all others', in the file's order.
    A file with one problem is imported not at all; the lines are there so that more can be checked at once.
    """

    lines: tuple[LineT_co, ...]
    problems: tuple[RowProblem, ...]


def read_cells(row: MappedRow, cells: Sequence[Cell]) -> Values | list[CellProblem]:
    """Read every cell of a row; return the values, or all problems."""
    read = {cell.field: _read(cell, row.texts[cell.field]) for cell in cells}
    problems = [value for value in read.values() if isinstance(value, CellProblem)]
    if any(text.strip() for text in row.extra):
        problems.append(CellProblem("", "row_too_long", {"written": shown("".join(row.extra).strip())}))
    return problems or Values(row.line, read)


def read_lines(table: MappedTable, read_line: Callable[[MappedRow], Line | list[CellProblem]]) -> Lines[Line]:
    """Read all rows of a table."""
    lines: list[Line] = []
    problems: list[RowProblem] = []
    for row in table.rows:
        line = read_line(row)
        if isinstance(line, list):
            problems += [RowProblem(row.line, problem) for problem in line]
        else:
            lines.append(line)
    return Lines(tuple(lines), tuple(problems))


def repeated(field: str, told: Sequence[tuple[int, str | None]]) -> list[RowProblem]:
    """Return a problem for every line that says again what an earlier one said; told: (line, value) in order."""
    first_lines: dict[str, int] = {}
    problems = []
    for line, value in told:
        if value is None:
            continue
        first_line = first_lines.setdefault(value, line)
        if first_line != line:
            problems.append(RowProblem(line, CellProblem(field, "twice_in_file", {"first_line": first_line})))
    return problems


def in_file_order(*groups: Sequence[RowProblem]) -> tuple[RowProblem, ...]:
    """Return the problems of several checks by their line; of one line in the order of the checks."""
    return tuple(sorted((problem for group in groups for problem in group), key=lambda problem: problem.line))


def _read(cell: Cell, text: str) -> object:
    if not text:
        return CellProblem(cell.field, "missing") if cell.required else None
    if text in _FORMULA_ERRORS:
        return CellProblem(cell.field, "formula_error", {"written": text})
    return cell.read(cell.field, text)
