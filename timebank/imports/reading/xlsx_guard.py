"""Excel workbooks (.xlsx) made safe before they are read.

A workbook is a zip file of XML parts that a stranger packed. Sizes are looked at in the directory first; then every
part is unpacked with a limit, its XML is scanned (`xlsx_scan.py`), and the parts are packed anew, without
compression. Only this second package is given to the reader. So nothing that hides in the first one — a directory
that lies about sizes, overlapping or doubled parts, a program before or behind the package, macros, pictures,
embedded files — reaches any further code.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from posixpath import normpath
from typing import Final

from timebank.imports.reading.xlsx_scan import BrokenWorkbook, PartScan, WorkbookTooLarge, check_amount_of_text
from timebank.refusal import Refusal

UNPACKED_BYTES_MAX: Final = 100 * 1024 * 1024
PARTS_MAX: Final = 2_000

ZIP_MAGIC: Final = b"PK\x03\x04"
_DIRECTORY_END: Final = b"PK\x05\x06"
_DIRECTORY_END_LENGTH: Final = 22

_WORKBOOK: Final = "xl/workbook.xml"
_WORKBOOK_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_KEPT_ENDINGS: Final = (".xml", ".rels")
_ENCRYPTED: Final = 0x1


class NotAWorkbook(Refusal):
    """A zip file, but not an Excel workbook of the present format."""

    code = "import_not_a_workbook"


class MacroWorkbook(Refusal):
    """The workbook carries macros."""

    code = "import_macro_workbook"


class LockedWorkbook(Refusal):
    """The workbook is protected by a password, or has the format of before 2007."""

    code = "import_locked_workbook"


@dataclass(frozen=True, slots=True)
class SafeWorkbook:
    """A workbook packed anew.

    left_out: by sheet name, the text by (row, column) of cells that the reader would show as empty.
    """

    content: bytes
    left_out: dict[str, dict[tuple[int, int], str]]


def safe_workbook(content: bytes) -> SafeWorkbook:
    """Check a workbook and pack it anew.

    Raises:
        NotAWorkbook, MacroWorkbook, LockedWorkbook: it is something else.
        WorkbookTooLarge, TooManyRows, TooManyColumns: it holds more than is read.
        BrokenWorkbook, UnsafeWorkbook: it is damaged, or not made by a spreadsheet program.
    """
    parts = _unpacked(content)
    scans = {name: PartScan().run(xml) for name, xml in parts.items()}
    check_amount_of_text(list(scans.values()))
    return SafeWorkbook(_packed(parts), _left_out(scans))


def _unpacked(content: bytes) -> dict[str, bytes]:
    if content[-_DIRECTORY_END_LENGTH:][:4] != _DIRECTORY_END:
        raise BrokenWorkbook()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            _check_members(members)
            return {member.filename: package.read(member) for member in members if _is_kept(member)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise BrokenWorkbook() from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if sum(member.file_size for member in members) > UNPACKED_BYTES_MAX or len(members) > PARTS_MAX:
        raise WorkbookTooLarge()
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise MacroWorkbook()
    if _WORKBOOK not in names or _CONTENT_TYPES not in names:
        raise NotAWorkbook()
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise LockedWorkbook()
    starts_late = min(member.header_offset for member in members) != 0
    if starts_late or len(set(names)) != len(names) or not all(map(_is_plainly_packed, members)):
        raise BrokenWorkbook()


def _is_plainly_packed(member: zipfile.ZipInfo) -> bool:
    return member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _is_kept(member: zipfile.ZipInfo) -> bool:
    return member.filename.endswith(_KEPT_ENDINGS)


def _packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for name, xml in parts.items():
            package.writestr(zipfile.ZipInfo(name), xml)
    return stream.getvalue()


def _left_out(scans: dict[str, PartScan]) -> dict[str, dict[tuple[int, int], str]]:
    relations = scans[_WORKBOOK_RELATIONS].relations if _WORKBOOK_RELATIONS in scans else {}
    parts = {name: _part_name(relations.get(relation, "")) for name, relation in scans[_WORKBOOK].sheet_targets.items()}
    return {name: scans[part].left_out for name, part in parts.items() if part in scans}


def _part_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
