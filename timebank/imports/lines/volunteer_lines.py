"""The volunteer register: one line per person.

The column of phones must be there, so that nobody forgets it; a cell may be empty where the volunteer's number or a
document tells who it is, because not everybody has a phone and an invented number is worse than none.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from timebank.imports.lines import (
    Cell,
    Lines,
    Values,
    in_file_order,
    long_text,
    read_cells,
    read_lines,
    repeated,
    short_text,
)
from timebank.imports.lines.columns import MappedRow, MappedTable
from timebank.imports.lines.moments import day
from timebank.imports.lines.parsing import choice, document_kind, document_number, person_name, phone, reference
from timebank.imports.problems import CellProblem
from timebank.people.identity import DocumentKind, birth_date_in, find_document_kind

SEX_WORDS: Final = {"男": "male", "女": "female", "male": "male", "female": "female"}

# One of these tells two people of one name apart.
_TELLING: Final = ("volunteer_number", "document_number", "phone")

_WITH_BIRTH_DATE: Final = frozenset({DocumentKind.RESIDENT_ID, DocumentKind.RESIDENCE_PERMIT})


def _sex(field: str, text: str) -> str | CellProblem:
    return choice(field, text, choices=SEX_WORDS)


_CELLS: Final = (
    Cell("volunteer_number", reference),
    Cell("volunteer_name", person_name, required=True),
    Cell("document_kind", document_kind),
    Cell("phone", phone),
    Cell("sex", _sex),
    Cell("born_on", day),
    Cell("area", short_text),
    Cell("building", short_text),
    Cell("skills", short_text),
    Cell("political_status", short_text),
    Cell("guardian_name", person_name),
    Cell("note", long_text),
)


@dataclass(frozen=True, slots=True)
class VolunteerLine:
    """One person of a register.

    volunteer_number: None where the community gives the next number. document_kind: None without a number; with a
    number and no kind, the resident identity card. sex: `male`, `female` or None. born_on: from the register, else
    from the identity number. Texts are empty where the cell is.
    """

    line: int
    volunteer_number: str | None
    volunteer_name: str
    document_kind: DocumentKind | None
    document_number: str | None
    phone: str | None
    sex: str | None
    born_on: date | None
    area: str
    building: str
    skills: str
    political_status: str
    guardian_name: str | None
    note: str


def volunteer_lines(table: MappedTable) -> Lines[VolunteerLine]:
    """Read a register; a number, of a volunteer or of a document, that stands twice is a problem."""
    read = read_lines(table, _volunteer_line)
    numbers = repeated("volunteer_number", [(each.line, each.volunteer_number) for each in read.lines])
    documents = repeated("document_number", [(each.line, each.document_number) for each in read.lines])
    return Lines(read.lines, in_file_order(read.problems, numbers, documents))


def _volunteer_line(row: MappedRow) -> VolunteerLine | list[CellProblem]:
    kind = _kind(row)
    by_kind = Cell("document_number", partial(document_number, kind=kind) if kind else short_text)
    values = read_cells(row, (*_CELLS, by_kind))
    if isinstance(values, list):
        return values
    if not any(row.texts[field] for field in _TELLING):
        return [CellProblem("phone", "missing")]
    number, born_on = values.maybe("document_number", str), values.maybe("born_on", date)
    if number is not None and kind in _WITH_BIRTH_DATE:
        born_on = born_on or birth_date_in(number)
        if born_on != birth_date_in(number):
            return [CellProblem("born_on", "birth_dates_differ")]
    return _line(values, kind if number else None, born_on)


def _kind(row: MappedRow) -> DocumentKind | None:
    """Return the kind of document by which the number is judged; None for a word that nobody knows.

    Such a word is a problem of its own cell, and the number beside it cannot be judged.
    """
    return find_document_kind(row.texts["document_kind"] or DocumentKind.RESIDENT_ID)


def _line(values: Values, kind: DocumentKind | None, born_on: date | None) -> VolunteerLine:
    return VolunteerLine(
        line=values.line,
        volunteer_number=values.maybe("volunteer_number", str),
        volunteer_name=values.one("volunteer_name", str),
        document_kind=kind,
        document_number=values.maybe("document_number", str),
        phone=values.maybe("phone", str),
        sex=values.maybe("sex", str),
        born_on=born_on,
        area=values.text("area"),
        building=values.text("building"),
        skills=values.text("skills"),
        political_status=values.text("political_status"),
        guardian_name=values.maybe("guardian_name", str),
        note=values.text("note"),
    )
