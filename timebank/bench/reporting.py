"""Reporting: one line of JSON for each measurement, a Markdown table for people, and what changed since another run."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from timebank.bench.measuring import NOISE_MAX, Measured
from timebank.bench.targets import TARGETS, Target


@dataclass(frozen=True, slots=True)
class Line:
    """One target and what came of it.

    Attributes:
        database: `sqlite` or `postgresql`; empty where it makes no difference.
        measured: None where it was skipped.
        unit: of the figures of both sides, e.g. `/s`.
        note: why it was skipped, or how large it was.
    """

    number: str
    database: str
    measured: Measured | None
    unit: str
    note: str = ""

    @property
    def target(self) -> Target:
        """What was asked for."""
        return TARGETS[self.number]

    @property
    def verdict(self) -> str:
        """What is said of it; noise is judged before anything else."""
        if self.measured is None:
            return "skipped"
        if self.measured.noise > NOISE_MAX:
            return "too noisy"
        figure = self.measured.median
        if self.target.holds(figure, self.target.aim):
            return "aim"
        return "floor" if self.target.holds(figure, self.target.floor) else "MISSED"

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        told: dict[str, Any] = {
            "target": self.number,
            "what": self.target.what,
            "yardstick": self.target.yardstick,
            "database": self.database,
            "verdict": self.verdict,
            "note": self.note,
        }
        if self.measured is not None:
            told |= {
                "median": self.measured.median,
                "ratios": self.measured.ratios,
                "subject": self.measured.subject,
                "beside": self.measured.yardstick,
                "unit": self.unit,
            }
        return told


def skipped(number: str, why: str, database: str = "") -> Line:
    """Say that a target was not measured, and why."""
    return Line(number, database, None, "", why)


def json_lines(lines: Iterable[Line]) -> str:
    """Write every measurement as one line of JSON."""
    return "".join(json.dumps(line.document(), ensure_ascii=False) + "\n" for line in lines)


def table(lines: Iterable[Line], before: Mapping[tuple[str, str], float]) -> str:
    """Write the Markdown table. before: medians of another run, by target and database; empty for none."""
    heads = ["#", "what", "beside", "floor · aim", "median (min–max)", "verdict"]
    rows = [heads + (["before"] if before else []), ["---"] * (len(heads) + bool(before))]
    rows += [_row(line, before) for line in lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(line: Line, before: Mapping[tuple[str, str], float]) -> list[str]:
    target = line.target
    what = f"{target.what}{f' ({line.note})' if line.note and line.measured else ''}"
    row = [line.number, what, target.yardstick or "–", target.asked, _figures(line), line.verdict]
    if before:
        known = before.get((line.number, line.database))
        row.append("–" if known is None else _short(known))
    return row


def _figures(line: Line) -> str:
    if line.measured is None:
        return line.note
    ratios = line.measured.ratios
    return f"{_short(line.measured.median)} ({_short(min(ratios))}–{_short(max(ratios))})"


def _short(figure: float) -> str:
    return f"{figure:.2f}" if figure < 100 else f"{figure:.0f}"


def medians(written: str) -> dict[tuple[str, str], float]:
    """Read the medians of an earlier run from its lines of JSON."""
    return dict(_medians(written))


def _medians(written: str) -> Iterator[tuple[tuple[str, str], float]]:
    for line in written.splitlines():
        told = json.loads(line)
        if "median" in told:
            yield (told["target"], told["database"]), told["median"]
