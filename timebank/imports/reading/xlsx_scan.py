"""What a workbook's parts hold, found in one pass over their XML before anything is unpacked into a table.

The reader of workbooks makes a full rectangle of cells, so one value in the last corner of a sheet would take more
memory than any machine has. This pass refuses such sheets. It also refuses every document type declaration, so that
no entity can be declared and nothing be fetched (`trust.md` I3), and it notes what the reader leaves out: the
errors of formulas (#N/A) and formulas that were never calculated.
"""

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from timebank.imports.reading.table import (
    CELL_CHARACTERS_MAX,
    COLUMNS_MAX,
    LINES_MAX,
    ROWS_MAX,
    TooManyColumns,
    TooManyRows,
)
from timebank.refusal import Refusal

ELEMENTS_MAX: Final = 2_600_000
DEPTH_MAX: Final = 50
CHARACTERS_MAX: Final = 20_000_000

_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_TEXT_ELEMENTS: Final = frozenset({"v", "t", "f"})


class BrokenWorkbook(Refusal):
    """The workbook cannot be read: damaged, or made by a program that does not keep to the format."""

    code = "import_broken_workbook"


class UnsafeWorkbook(Refusal):
    """The workbook declares XML entities, which no spreadsheet program does."""

    code = "import_unsafe_workbook"


class WorkbookTooLarge(Refusal):
    """Unpacked, the workbook is far larger than its file."""

    code = "import_workbook_too_large"


class PartScan:
    """One pass over one XML part.

    Attributes:
        sheet_targets: relation id by sheet name, if the part is the list of sheets.
        relations: target by relation id, if the part lists relations.
        shared_lengths: characters of each shared text, if the part is the list of them.
        shared_uses: numbers of the shared texts that the cells use, if the part is a sheet.
        left_out: text by (row, column), both from 0, of the cells that the reader would show as empty.
        characters: characters of the texts that stand in the sheet itself.
    """

    def __init__(self) -> None:
        self.sheet_targets: dict[str, str] = {}
        self.relations: dict[str, str] = {}
        self.shared_lengths: list[int] = []
        self.shared_uses: list[int] = []
        self.left_out: dict[tuple[int, int], str] = {}
        self.characters = 0
        self._elements = 0
        self._depth = 0
        self._before_shared = 0
        self._row = 0
        self._column = 0
        self._kind = ""
        self._texts: dict[str, str] = {}
        self._reading: str | None = None
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "sheet": self._start_sheet,
            "Relationship": self._start_relation,
            "si": self._start_shared_text,
            "row": self._start_row,
            "c": self._start_cell,
        }

    def run(self, xml: bytes) -> "PartScan":
        """Read the part.

        Raises:
            BrokenWorkbook: it is not well-formed XML.
            UnsafeWorkbook: it has a document type declaration.
            WorkbookTooLarge, TooManyRows, TooManyColumns: it holds more than is read.
        """
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._check_declaration
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(xml, True)
        except expat.ExpatError as error:
            raise BrokenWorkbook() from error
        return self

    def _check_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """Refuse a part that says it is not UTF-8: two readers could then read it in two ways."""
        if encoding is not None and encoding.lower() != "utf-8":
            raise BrokenWorkbook()

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise UnsafeWorkbook()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > ELEMENTS_MAX or self._depth > DEPTH_MAX:
            raise WorkbookTooLarge()
        local_name = name.rpartition(":")[2]
        if local_name in _TEXT_ELEMENTS:
            self._reading = local_name
        elif local_name in self._starts:
            self._starts[local_name](attributes)

    def _text(self, text: str) -> None:
        if self._reading is None:
            return
        self.characters += len(text)
        so_far = self._texts.get(self._reading, "")
        # One text of many megabytes comes in many pieces; joining them all would take time with their square.
        if len(so_far) <= CELL_CHARACTERS_MAX:
            self._texts[self._reading] = so_far + text

    def _end(self, name: str) -> None:
        self._depth -= 1
        local_name = name.rpartition(":")[2]
        if local_name in _TEXT_ELEMENTS:
            self._texts.setdefault(local_name, "")
            self._reading = None
        elif local_name == "si":
            self.shared_lengths.append(self.characters - self._before_shared)
        elif local_name == "c":
            self._end_cell()

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        self.sheet_targets[attributes.get("name", "")] = relation

    def _start_relation(self, attributes: dict[str, str]) -> None:
        self.relations[attributes.get("Id", "")] = attributes.get("Target", "")

    def _start_shared_text(self, _attributes: dict[str, str]) -> None:
        self._before_shared = self.characters
        self._texts.clear()

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self._row = self._row + 1 if number is None else _whole_number(number)
        self._column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._texts.clear()
        self._kind = attributes.get("t", "")
        self._column += 1
        place = attributes.get("r")
        if place is None:
            return
        named = _CELL.fullmatch(place.upper())
        if named is None:
            raise BrokenWorkbook()
        self._column, self._row = _column_number(named[1]), int(named[2])

    def _end_cell(self) -> None:
        if not self._texts:
            return
        if self._row > LINES_MAX:
            raise TooManyRows(limit=ROWS_MAX)
        if self._column > COLUMNS_MAX:
            raise TooManyColumns(line=self._row, limit=COLUMNS_MAX)
        value = self._texts.get("v", "")
        if self._kind == "s":
            self.shared_uses.append(_whole_number(value))
        elif self._kind == "e":
            self._leave_out(value)
        elif "f" in self._texts and not value:
            self._leave_out(f"={self._texts['f']}")

    def _leave_out(self, text: str) -> None:
        self.left_out[(self._row - 1, self._column - 1)] = text


def check_amount_of_text(parts: list[PartScan]) -> None:
    """Refuse a workbook whose cells together hold more text than is read.

    One long text that a million cells share is small in the file and enormous in the table.

    Raises:
        WorkbookTooLarge: more than 20 million characters.
    """
    lengths = [length for part in parts for length in part.shared_lengths]
    shared = sum(lengths[use] for part in parts for use in part.shared_uses if use < len(lengths))
    if shared + sum(part.characters for part in parts) > CHARACTERS_MAX:
        raise WorkbookTooLarge()


def _whole_number(text: str) -> int:
    """Return a number of a row or of a shared text; the reader takes anything for one, so it must be one."""
    if _WHOLE.fullmatch(text) is None:
        raise BrokenWorkbook()
    return int(text)


def _column_number(letters: str) -> int:
    """Return the number of a column from its letters: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
