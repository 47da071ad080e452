"""Sign-in sheets: one line per person and service."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from timebank.imports.lines import Cell, Lines, Values, long_text, read_cells, read_lines, short_text
from timebank.imports.lines.clocks import moment_or_clock, served_span, service_day
from timebank.imports.lines.columns import MappedRow, MappedTable
from timebank.imports.lines.parsing import person_name, reference, whole_number
from timebank.imports.problems import CellProblem
from timebank.people.identity import normalised_document_number

_CELLS: Final = (
    Cell("activity_number", reference, required=True),
    Cell("volunteer_number", reference),
    Cell("document_number", reference),
    Cell("volunteer_name", person_name),
    Cell("served_on", service_day),
    Cell("starts_at", moment_or_clock, required=True),
    Cell("ends_at", moment_or_clock, required=True),
    Cell("service_class", short_text, required=True),
    Cell("place", short_text),
    Cell("content", long_text),
    Cell("leader", person_name, required=True),
    Cell("recorder", person_name),
    Cell("sheet_number", reference),
    Cell("rating", partial(whole_number, low=1, high=5)),
    Cell("late_reason", long_text),
    Cell("note", long_text),
)


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One person's service as a sheet tells it.

    volunteer_number or document_number is there, or both. starts_at, ends_at: aware, UTC, whether the sheet writes them
    whole or as a day and clocks; how long it was and whether it overlaps is for the service rules. rating: 1 to 5
    stars. late_reason: why it comes after the deadline. Texts are empty where the cell is.
    """

    line: int
    activity_number: str
    volunteer_number: str | None
    document_number: str | None
    volunteer_name: str | None
    starts_at: datetime
    ends_at: datetime
    service_class: str
    place: str
    content: str
    leader: str
    recorder: str | None
    sheet_number: str
    rating: int | None
    late_reason: str
    note: str


def hours_lines(table: MappedTable) -> Lines[HoursLine]:
    """Read a sign-in sheet."""
    return read_lines(table, _hours_line)


def _hours_line(row: MappedRow) -> HoursLine | list[CellProblem]:
    values = read_cells(row, _CELLS)
    nobody = [] if row.texts["volunteer_number"] or row.texts["document_number"] else ["volunteer_number"]
    problems = [CellProblem(field, "missing") for field in nobody]
    span = served_span(*(row.texts[field] for field in ("served_on", "starts_at", "ends_at")))
    if isinstance(values, list) or isinstance(span, list):
        return [*problems, *(each for found in (values, span) if isinstance(found, list) for each in found)]
    return problems or _line(values, *span)


def _line(values: Values, starts_at: datetime, ends_at: datetime) -> HoursLine:
    document_number = values.maybe("document_number", str)
    return HoursLine(
        line=values.line,
        activity_number=values.one("activity_number", str),
        volunteer_number=values.maybe("volunteer_number", str),
        document_number=normalised_document_number(document_number) if document_number else None,
        volunteer_name=values.maybe("volunteer_name", str),
        starts_at=starts_at,
        ends_at=ends_at,
        service_class=values.one("service_class", str),
        place=values.text("place"),
        content=values.text("content"),
        leader=values.one("leader", str),
        recorder=values.maybe("recorder", str),
        sheet_number=values.text("sheet_number"),
        rating=values.maybe("rating", int),
        late_reason=values.text("late_reason"),
        note=values.text("note"),
    )
