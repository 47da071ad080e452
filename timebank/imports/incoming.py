"""From a file's bytes to what is submitted of it, one function per kind. No database: the shell calls this first.

Document numbers go into the vault's form here, so that no operation is ever asked with one in clear.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from timebank.imports.fields import GOODS, HOURS, OPENING, VOLUNTEERS, TableKind
from timebank.imports.lines import Lines
from timebank.imports.lines.columns import MappedTable, mapped
from timebank.imports.lines.goods_lines import GoodsLine, goods_lines
from timebank.imports.lines.hours_lines import HoursLine, hours_lines
from timebank.imports.lines.opening_lines import OpeningLine, opening_lines
from timebank.imports.lines.remembered import NOTHING, Columns
from timebank.imports.lines.volunteer_lines import VolunteerLine, volunteer_lines
from timebank.imports.operations.submitted import NewcomerLine, ServedLine, SubmittedFile
from timebank.imports.reading import read_table
from timebank.people.identity import DocumentKind
from timebank.people.operations import NewGuardian, NewVolunteer
from timebank.people.vault import IdentityVault

Line = TypeVar("Line")
Submitted = TypeVar("Submitted")
Known = Mapping[str, Columns]


@dataclass(frozen=True, slots=True)
class Incoming(Generic[Submitted]):
    """A file that was read: the table, which the file to mend is made from, and what is submitted of it."""

    table: MappedTable
    file: SubmittedFile[Submitted]


def read_register(
    name: str, content: bytes, *, community_id: str, vault: IdentityVault, known: Known = NOTHING
) -> Incoming[NewcomerLine]:
    """Read a register of volunteers.

    Args:
        known: the columns that were chosen before for this kind (`queries.columns_known`).

    Raises:
        Refusal: the whole file cannot be read; see `reading.read_table` and `columns.mapped`.
    """

    def newcomer(line: VolunteerLine) -> NewcomerLine:
        return NewcomerLine(line.line, _new_volunteer(line, community_id, vault))

    return _incoming(name, content, VOLUNTEERS, volunteer_lines, newcomer, known=known)


def read_hours(
    name: str, content: bytes, *, community_id: str, vault: IdentityVault, known: Known = NOTHING
) -> Incoming[ServedLine]:
    """Read sign-in sheets; see `read_register` for what it raises."""

    def served(line: HoursLine) -> ServedLine:
        number = line.document_number
        # A digest finds a number whatever kind of document it belongs to; a sheet never says which.
        document = vault.document(community_id, DocumentKind.OTHER, number) if number else None
        return ServedLine(replace(line, document_number=None), document)

    return _incoming(name, content, HOURS, hours_lines, served, known=known)


def read_opening(name: str, content: bytes, *, known: Known = NOTHING) -> Incoming[OpeningLine]:
    """Read opening balances; see `read_register` for what it raises."""
    return _incoming(name, content, OPENING, opening_lines, _as_it_is, known=known)


def read_goods(name: str, content: bytes, *, known: Known = NOTHING) -> Incoming[GoodsLine]:
    """Read a delivery of goods; see `read_register` for what it raises."""
    return _incoming(name, content, GOODS, goods_lines, _as_it_is, known=known)


def _as_it_is(line: Line) -> Line:
    return line


def _incoming(
    name: str,
    content: bytes,
    kind: TableKind,
    read: Callable[[MappedTable], Lines[Line]],
    submit: Callable[[Line], Submitted],
    *,
    known: Known,
) -> Incoming[Submitted]:
    table = mapped(read_table(name, content), kind, known)
    found = read(table)
    file = SubmittedFile(
        name=table.table.name,
        sha256=table.table.sha256,
        content_key=table.content_key,
        lines=tuple(submit(line) for line in found.lines),
        problems=found.problems,
    )
    return Incoming(table, file)


def _new_volunteer(line: VolunteerLine, community_id: str, vault: IdentityVault) -> NewVolunteer:
    document = None
    if line.document_kind is not None and line.document_number is not None:
        document = vault.document(community_id, line.document_kind, line.document_number)
    return NewVolunteer(
        name=line.volunteer_name,
        phone=line.phone,
        sex=line.sex,
        born_on=line.born_on,
        area=line.area,
        building=line.building,
        number=line.volunteer_number,
        document=document,
        guardian=NewGuardian(name=line.guardian_name) if line.guardian_name else None,
        skills=line.skills,
        note=line.note,
    )
