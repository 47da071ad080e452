"""Mending: a file with problems is told line by line, and written again with what is wrong and how to mend it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from timebank.cli.context import Context
from timebank.cli.output import document, say, table, tell, word, words
from timebank.imports.fields import FIELD_NAMES
from timebank.imports.incoming import Incoming
from timebank.imports.operations.submitted import REPEATED, FileHasProblems, RowsImportedBefore
from timebank.imports.problems import Language, RowProblem, mend_sentence, problem_sentence
from timebank.imports.problems.error_file import error_csv, error_lines, error_xlsx
from timebank.web import presenting, texts

EXIT_REFUSED: Final = 3
EXIT_CONFLICT: Final = 5
COPIES_MAX: Final = 1000


class _Given(Protocol):
    @property
    def path(self) -> Path: ...

    @property
    def dry_run(self) -> bool: ...

    @property
    def errors(self) -> Path | None: ...


def tell_problems(context: Context, given: _Given, incoming: Incoming[Any], refusal: FileHasProblems) -> int:
    """Tell every wrong row, write the file to mend, and return the exit code.

    A dry run writes no file unless it is told where to.
    """
    wanted = given.errors is not None or not given.dry_run
    written = _write(given, incoming, refusal.problems) if wanted and refusal.problems else None
    if context.as_json:
        document(_as_document(refusal, written))
    else:
        _tell_lines(refusal.problems)
    say(texts.sentence(refusal))
    if written is not None:
        tell(
            f"待改的文件：{written}（每一行写着问题和怎么改）。",
            f"The file to mend: {written} (with what is wrong and how).",
        )
    return EXIT_CONFLICT if isinstance(refusal, RowsImportedBefore) else EXIT_REFUSED


def _language() -> Language:
    return "en" if presenting.in_english() else "zh"


def _as_document(refusal: FileHasProblems, written: Path | None) -> dict[str, Any]:
    language = _language()
    problems = [
        {
            "line": each.line,
            "field": each.problem.field,
            "code": each.problem.code,
            "problem": problem_sentence(each.problem, language),
            "mend": mend_sentence(each.problem, language),
        }
        for each in refusal.problems
    ]
    return {
        "refused": refusal.code,
        "facts": refusal.facts,
        "sentence": texts.sentence(refusal),
        "problems": problems,
        "error_file": None if written is None else str(written),
    }


def _tell_lines(problems: Sequence[RowProblem]) -> None:
    """Write the wrong rows; the ones that are in the books already are only counted, if others are wrong."""
    language = _language()
    wrong = [each for each in problems if each.problem.code != REPEATED]
    if not wrong:
        return
    headings = words(("行号", "Line"), ("列", "Column"), ("问题", "Problem"), ("怎么改", "How to mend it"))
    table(headings, [_row(each, language) for each in wrong], numbers=[0])
    repeated = len({each.line for each in problems} - {each.line for each in wrong})
    if repeated:
        tell(
            f"另有 {repeated} 行以前已经录入，内容相同。",
            f"{repeated} more rows are in the books already, just the same.",
        )


def _row(each: RowProblem, language: Language) -> tuple[str, ...]:
    column = word(*FIELD_NAMES.get(each.problem.field, ("整行", "the row")))
    return str(each.line), column, problem_sentence(each.problem, language), mend_sentence(each.problem, language)


def _write(given: _Given, incoming: Incoming[Any], problems: Sequence[RowProblem]) -> Path | None:
    source = incoming.table.table
    as_workbook = source.encoding == "xlsx"
    lines = error_lines(problems, _language())
    content = error_xlsx(source, lines) if as_workbook else error_csv(source, lines)
    for place in _places(given, "xlsx" if as_workbook else "csv"):
        try:
            place.write_bytes(content)
        except OSError:
            continue
        return place
    tell("待改的文件写不进去，请用 --errors 指定一个位置。", "The file to mend could not be written; use --errors.")
    return None


def _places(given: _Given, ending: str) -> list[Path]:
    """Return where the file to mend may go: as wanted, else beside the file, else here; nothing is replaced."""
    if given.errors is not None:
        return [given.errors]
    return [_free(folder, given.path.stem, ending) for folder in (given.path.parent, Path())]


def _free(folder: Path, stem: str, ending: str) -> Path:
    names = [f"{stem}-errors", *(f"{stem}-errors-{number}" for number in range(2, COPIES_MAX))]
    return next(path for name in names if not (path := folder / f"{name}.{ending}").exists())
