"""A register of volunteers: everybody registered at once, with the areas and buildings in which they live."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from timebank.books.acts import Act
from timebank.imports.operations.keeping import write_lines
from timebank.imports.operations.submitted import NewcomerLine, RegisterFile
from timebank.imports.problems import CellProblem, RowProblem
from timebank.imports.problems.asked import row_problem
from timebank.imports.queries import Batch, lines_of
from timebank.people import operations as people
from timebank.people.admission import NAME_LENGTH_MAX
from timebank.people.names import name_key
from timebank.people.operations import NewVolunteer, Place
from timebank.people.queries import all_volunteers
from timebank.people.queries.places import OrgLevel, org_units

_PLACES: Final = ("area", "building")


def submit(session: Session, act: Act, file: RegisterFile) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Register everybody in the file; return what is new, and the number of each row.

    Raises:
        FileHasProblems: at least one row is wrong; nobody was registered.
        NotAllowed: the actor registers no people.
    """
    wrong_places = {line.line: list(_place_problems(line)) for line in file.lines}
    everybody = tuple(_placed(line, wrong=bool(wrong_places[line.line])) for line in file.lines)
    units = people.ensure_org_units(session, act, places=_places(session, act.community_id, everybody))
    refusals = people.registration_refusals(session, act, everybody)
    found = (row_problem(_line(file.lines, refusal.facts), refusal.code, refusal.facts) for refusal in refusals)
    file.refuse_problems((problem for problems in wrong_places.values() for problem in problems), found)
    before = len(all_volunteers(session, act.community_id))
    answer = people.register_volunteers(session, act, people=everybody)
    numbers = tuple(str(person["number"]) for person in answer["people"])
    return _summary(everybody, numbers, before) | {
        "new_org_units": units["added"],
        "shared_phones": answer["shared_phones"],
    }, numbers


def _summary(everybody: Sequence[NewVolunteer], numbers: Sequence[str], before: int) -> dict[str, Any]:
    return {
        "volunteers": len(everybody),
        "first_number": numbers[0],
        "last_number": numbers[-1],
        "documents": sum(person.document is not None for person in everybody),
        "minors": sum(person.guardian is not None for person in everybody),
        "volunteers_before": before,
        "volunteers_after": before + len(everybody),
    }


def keep(session: Session, act: Act, file: RegisterFile, batch_id: UUID, numbers: Sequence[str]) -> None:
    """Write down which number each row has got, so that the file can be taken back; names stay with the people."""
    told = zip(file.lines, numbers, strict=True)
    write_lines(session, act, batch_id, ((line.line, {"volunteer": number}) for line, number in told))


def take_back(session: Session, act: Act, batch: Batch, reason: str) -> dict[str, Any]:
    """Erase the people whom a file has brought, as long as nothing has happened to any of them.

    Raises:
        VolunteersInUse: something has; all of them stay.
    """
    lines = lines_of(session, act.community_id, [batch.id])
    numbers = tuple(str(line.values["volunteer"]) for line in lines)
    return people.unregister_volunteers(session, act, numbers=numbers)


def _place_problems(line: NewcomerLine) -> Iterator[RowProblem]:
    """A place must have a name that a unit of the tree can have."""
    for field in _PLACES:
        name = getattr(line.volunteer, field)
        if len(name) > NAME_LENGTH_MAX:
            facts = {"length": len(name), "limit": NAME_LENGTH_MAX}
            yield RowProblem(line.line, CellProblem(field, "text_too_long", facts))
        elif name and not name_key(name):
            yield RowProblem(line.line, CellProblem(field, "text_unseen"))


def _placed(line: NewcomerLine, *, wrong: bool) -> NewVolunteer:
    """Return the person; a place with a problem of its own is left out of all further checks."""
    return replace(line.volunteer, area="", building="") if wrong else line.volunteer


def _places(session: Session, community_id: str, everybody: Iterable[NewVolunteer]) -> tuple[Place, ...]:
    """Return the places that must be in the tree.

    A building alone is made only where there is none of that name, here or in the file: else it is the one that is
    there, or, if there are several, a problem of its row.
    """
    written = list(dict.fromkeys((person.area, person.building) for person in everybody))
    there = {unit.name for unit in org_units(session, community_id) if unit.level is OrgLevel.BUILDING}
    there |= {building for area, building in written if area}
    needed = ((area, building) for area, building in written if area or building not in there)
    return tuple(Place(area=area, building=building) for area, building in needed if area or building)


def _line(lines: Sequence[NewcomerLine], facts: Mapping[str, Any]) -> int:
    """Return the row of a person from their place in the list (1 is the first)."""
    return lines[int(facts["place"]) - 1].line
