"""Problems that other rooms find, turned into problems of rows."""

from collections.abc import Mapping
from typing import Final

from timebank.imports.problems import CellProblem, RowProblem
from timebank.imports.problems.room_problems import ROOM_FIELDS
from timebank.refusal import Fact

_DURATIONS: Final = {"minutes": "served_duration", "limit_minutes": "limit_duration"}
"""Facts that are lengths of time, under the name by which a sentence writes them as hours and minutes."""


def row_problem(line: int, code: str, facts: Mapping[str, Fact]) -> RowProblem:
    """Return another room's problem as one of a row; facts that are no single value are left out."""
    kept = {_DURATIONS.get(name, name): fact for name, fact in facts.items() if isinstance(fact, str | int)}
    field = ROOM_FIELDS.get(code) or str(facts.get("field", ""))
    return RowProblem(line, CellProblem(field, code, kept))
