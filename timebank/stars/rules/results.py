"""Results of the level above as they come back: the downloaded list, filled in, read line by line.

A line without a result is passed over: its case still waits. Everything wrong is told at once, with its line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from timebank.refusal import Refusal
from timebank.stars.rules.cases import Award
from timebank.stars.rules.noticing import Noticed, Stage
from timebank.stars.rules.recommending import Outcome

NUMBER: Final = "编号"
LEVEL: Final = "星级"
RESULT: Final = "评定结果"
DECIDED_ON: Final = "评定日期"
DOCUMENT: Final = "文号"
REASON: Final = "原因"
HEADINGS: Final = (NUMBER, LEVEL, RESULT, DECIDED_ON, DOCUMENT, REASON)
"""The columns that are read; others may stand beside them."""
_GRANTED: Final = {
    "yes": True,
    "no": False,
    "通过": True,
    "同意": True,
    "授予": True,
    "未通过": False,
    "不通过": False,
    "不同意": False,
}
_SHOWN_MAX: Final = 40


class ResultsUnreadable(Refusal):
    """Some lines cannot be read; the facts list every one (`problems`)."""

    code = "star_results_unreadable"


class ResultsHeadingMissing(Refusal):
    """A column is missing."""

    code = "star_results_heading_missing"


class ResultsEmpty(Refusal):
    """No line has a result."""

    code = "star_results_empty"


class ResultNotWaiting(Refusal):
    """The volunteer has no case of this level with the level above."""

    code = "star_result_not_waiting"


class ResultUnclear(Refusal):
    """The result is neither yes nor no."""

    code = "star_result_unclear"


class ResultDayUnclear(Refusal):
    """The day is no day."""

    code = "star_result_day_unclear"


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One line of the list: its number in the file and its cells by heading."""

    line: int
    cells: Mapping[str, str]

    def said(self, heading: str) -> str:
        """What stands in a column."""
        return self.cells.get(heading, "").strip()


def lines_of(headings: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[ResultLine, ...]:
    """Give the cells of a table their headings.

    Raises:
        ResultsHeadingMissing: a column is missing.
    """
    names = [heading.strip() for heading in headings]
    for heading in HEADINGS:
        if heading not in names:
            raise ResultsHeadingMissing(heading=heading)
    return tuple(ResultLine(line, dict(zip(names, cells, strict=False))) for line, cells in rows)


def outcomes_of(lines: Iterable[ResultLine], cases: Iterable[Noticed]) -> tuple[Outcome, ...]:
    """Read the outcomes of the cases that wait for the level above.

    Raises:
        ResultsUnreadable: some lines cannot be read.
        ResultsEmpty: none has a result.
    """
    waiting = {(one.award.number, str(one.award.level)): one.award for one in cases if one.stage is Stage.RECOMMENDED}
    filled = [line for line in lines if line.said(RESULT)]
    problems = [(line.line, problem) for line in filled for problem in _problems(line, waiting)]
    if problems:
        raise ResultsUnreadable(problems=[{"code": one.code, "line": line, **one.facts} for line, one in problems])
    if not filled:
        raise ResultsEmpty()
    return tuple(_outcome(line, waiting) for line in filled)


def _problems(line: ResultLine, waiting: Mapping[tuple[str, str], Award]) -> Iterator[Refusal]:
    volunteer = line.said(NUMBER)[:_SHOWN_MAX]
    if (line.said(NUMBER), line.said(LEVEL)) not in waiting:
        yield ResultNotWaiting(volunteer=volunteer, stars=line.said(LEVEL)[:_SHOWN_MAX])
    if line.said(RESULT) not in _GRANTED:
        yield ResultUnclear(volunteer=volunteer, found=line.said(RESULT)[:_SHOWN_MAX])
    if _find_day(line.said(DECIDED_ON)) is None:
        yield ResultDayUnclear(volunteer=volunteer, found=line.said(DECIDED_ON)[:_SHOWN_MAX])


def _find_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _outcome(line: ResultLine, waiting: Mapping[tuple[str, str], Award]) -> Outcome:
    decided_on = _find_day(line.said(DECIDED_ON))
    assert decided_on is not None, line
    return Outcome(
        award_id=waiting[line.said(NUMBER), line.said(LEVEL)].award_id,
        granted=_GRANTED[line.said(RESULT)],
        decided_on=decided_on,
        document=line.said(DOCUMENT),
        reason=line.said(REASON),
    )
