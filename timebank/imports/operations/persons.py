"""Whom a row means: found by number, by document, never by name alone; the name only confirms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from timebank.imports.problems import CellProblem, RowProblem
from timebank.people.names import name_key
from timebank.people.queries import Volunteer


@dataclass(frozen=True, slots=True)
class Named:
    """A row that names a volunteer. name: as it stands beside the number, None where it does not."""

    line: int
    number: str
    name: str | None


def name_problems(rows: Iterable[Named], known: Mapping[str, Volunteer]) -> Iterator[RowProblem]:
    """Yield a problem for every row whose name is not that of its number; unknown numbers are not looked at.

    The name stands in no fact: what is wrong is that the two do not fit, and the row shows both.
    """
    for row in rows:
        person = known.get(row.number)
        if person is not None and row.name is not None and name_key(row.name) != name_key(person.name):
            yield RowProblem(row.line, CellProblem("volunteer_name", "name_differs", {"number": row.number}))
