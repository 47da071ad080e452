"""Kinds of words on the command line: days, moments, lengths of time, in every form that a table may hold too."""

from datetime import date, datetime
from typing import Final

import click

from timebank.imports.lines.moments import day, moment
from timebank.imports.problems import CellProblem, mend_sentence
from timebank.service.durations import find_minutes
from timebank.web import presenting


class Day(click.ParamType[date]):
    """A day: 2026-11-20, 2026/11/20 or 2026年11月20日."""

    name = "DAY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day, or say how it is written."""
        if isinstance(value, date):
            return value
        read = day("born_on", str(value))
        return self.fail(_advice(read), param, ctx) if isinstance(read, CellProblem) else read


class Moment(click.ParamType[datetime]):
    """A moment in the community's time: 2026-11-20 09:30."""

    name = "MOMENT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment, or say how it is written; the answer is aware, UTC."""
        if isinstance(value, datetime):
            return value
        read = moment("starts_at", str(value))
        return self.fail(_advice(read), param, ctx) if isinstance(read, CellProblem) else read


class Minutes(click.ParamType[int]):
    """A length of time in whole minutes: 1.5 (hours), 1:30, 90分, 2小时."""

    name = "TIME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a length of time, or say how it is written."""
        if isinstance(value, int):
            return value
        minutes = find_minutes(str(value))
        if not minutes:
            self.fail("请写 1.5、1:30、90分 或 2小时。 Write 1.5, 1:30, 90分 or 2小时.", param, ctx)
        return minutes


def _advice(problem: CellProblem) -> str:
    return mend_sentence(problem, "en" if presenting.in_english() else "zh")


DAY: Final = Day()
MOMENT: Final = Moment()
MINUTES: Final = Minutes()
