"""What is submitted of a file, and the one answer to a file that has problems: nothing of it, and all of them.

What is kept of such a refusal are line numbers only: cells may hold names, and refusals are kept for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from timebank.imports.lines import in_file_order
from timebank.imports.lines.goods_lines import GoodsLine
from timebank.imports.lines.hours_lines import HoursLine
from timebank.imports.lines.opening_lines import OpeningLine
from timebank.imports.problems import RowProblem
from timebank.people.operations import NewVolunteer
from timebank.people.vault import Document
from timebank.refusal import Fact, Refusal

LineT_co = TypeVar("LineT_co", covariant=True)

_LINES_KEPT: Final = 20
_HASH_SHOWN: Final = 16

REPEATED: Final = "recorded_before"
"""Code of a row that says what a record in the books says already: nothing to mend in it, it is only here twice."""


class FileHasProblems(Refusal):
    """Some rows are wrong; nothing of the file was imported (trust.md I10).

    Facts: `wrong_lines` how many rows, `lines` the first of them, `repeated_lines` how many more are in the books.

    Attributes:
        problems: every problem of every row, in the file's order; empty where a stored refusal is told again.
    """

    code = "file_has_problems"

    def __init__(self, *, problems: tuple[RowProblem, ...] = (), **facts: Fact) -> None:
        """Refuse with all problems; the facts that are kept name lines only."""
        wrong = _lines(problem for problem in problems if problem.problem.code != REPEATED)
        repeated = [line for line in _lines(problems) if line not in set(wrong)]
        shown: list[Fact] = [*(wrong or repeated)[:_LINES_KEPT]]
        counted: dict[str, Fact] = {"wrong_lines": len(wrong), "repeated_lines": len(repeated), "lines": shown}
        super().__init__(**(facts or counted))
        self.problems = problems


class RowsImportedBefore(FileHasProblems):
    """Nothing is wrong but that rows are in the books already, from another file (trust.md I11)."""

    code = "rows_imported_before"


def _lines(problems: Iterable[RowProblem]) -> list[int]:
    return sorted({problem.line for problem in problems})


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedFile(Generic[LineT_co]):
    """A file as an operation takes it.

    Attributes:
        name: as the person calls it.
        sha256: of the file's bytes, in hexadecimal digits; `content_key`: of its rows, whatever file they stand in.
        lines: the rows that could be read; `problems`: what is wrong with the others.
    """

    name: str
    sha256: str
    content_key: str
    lines: tuple[LineT_co, ...]
    problems: tuple[RowProblem, ...]

    def __str__(self) -> str:
        """The name under which it stands in the trail: never the file's own, which may be somebody's."""
        return f"file:{self.sha256[:_HASH_SHOWN]}"

    def refuse_problems(self, *found: Iterable[RowProblem]) -> None:
        """Refuse the file if any row has a problem, those found beside what the community knows included.

        What is wrong with a cell by itself is told once: what others say about the same cell follows from it.

        Raises:
            FileHasProblems: with all of them.
            RowsImportedBefore: all of them are that the row is in the books already.
        """
        told = {(each.line, each.problem.field) for each in self.problems}
        others = (each for group in found for each in group if (each.line, each.problem.field) not in told)
        problems = in_file_order(self.problems, tuple(others))
        if problems:
            only_repeated = all(problem.problem.code == REPEATED for problem in problems)
            raise (RowsImportedBefore if only_repeated else FileHasProblems)(problems=problems)


@dataclass(frozen=True, slots=True)
class NewcomerLine:
    """One person of a register; the document's number is on its way into the vault and is never stored otherwise."""

    line: int
    volunteer: NewVolunteer


@dataclass(frozen=True, slots=True)
class ServedLine:
    """One row of a sign-in sheet. document: how the person is known where the sheet has no volunteer number."""

    told: HoursLine
    document: Document | None

    @property
    def line(self) -> int:
        """The row's line as people see it."""
        return self.told.line


RegisterFile = SubmittedFile[NewcomerLine]
HoursFile = SubmittedFile[ServedLine]
OpeningFile = SubmittedFile[OpeningLine]
GoodsFile = SubmittedFile[GoodsLine]
