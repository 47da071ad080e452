"""What can be wrong with a cell or a row, and the sentences that say it and how to mend it.

A problem is a value, not an exception, because all problems of a file are listed at once. The sentences stand here
and not with the web's, because the error file, the command line and the pages must say the same and the table keeps
code, sentence and advice of one problem together. Refusals of whole files have their sentences in `web/sentences`.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from timebank.imports.fields import FIELD_NAMES
from timebank.imports.problems.cell_problems import CELL_PROBLEMS
from timebank.imports.problems.problem_texts import ProblemTexts
from timebank.imports.problems.row_problems import ROW_PROBLEMS
from timebank.service.durations import written_minutes

Language = Literal["zh", "en"]

_WRITTEN_CHARACTERS_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing that is wrong.

    field: code of the field, or empty when the whole row is meant.
    code: a key of `PROBLEMS`; for what another room finds, the code of its Refusal.
    facts: what the sentence needs; never an identity or phone number.
    """

    field: str
    code: str
    facts: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A problem and the line it is in, as the person sees it."""

    line: int
    problem: CellProblem


PROBLEMS: Final[dict[str, ProblemTexts]] = CELL_PROBLEMS | ROW_PROBLEMS
"""The sentences of every problem: of a cell by itself, and of a row beside what the community knows."""


def problem_sentence(problem: CellProblem, language: Language) -> str:
    """Return what is wrong, as a sentence. The code must be one of `PROBLEMS`."""
    texts = PROBLEMS[problem.code]
    return _filled(texts.what_zh if language == "zh" else texts.what_en, problem, language)


def mend_sentence(problem: CellProblem, language: Language) -> str:
    """Return how to mend it, as a sentence. The code must be one of `PROBLEMS`."""
    texts = PROBLEMS[problem.code]
    return _filled(texts.mend_zh if language == "zh" else texts.mend_en, problem, language)


def shown(text: str) -> str:
    """Return what somebody wrote in the length in which a sentence repeats it; control characters become blanks."""
    one_line = "".join(character if character.isprintable() else " " for character in text)
    return one_line if len(one_line) <= _WRITTEN_CHARACTERS_MAX else f"{one_line[:_WRITTEN_CHARACTERS_MAX]}…"


def _filled(sentence: str, problem: CellProblem, language: Language) -> str:
    chinese, english = FIELD_NAMES.get(problem.field, ("", ""))
    facts = {name: _fact(name, fact, language) for name, fact in problem.facts.items()}
    return sentence.format(label=chinese if language == "zh" else english, **facts)


def _fact(name: str, fact: str | int, language: Language) -> str | int:
    """Write a length of time (minutes, in a fact called `…_duration`) as people read it; 510 is 8小时30分."""
    if not name.endswith("_duration"):
        return fact
    return written_minutes(int(fact)) if language == "zh" else f"{int(fact) // 60} h {int(fact) % 60:02} min"
