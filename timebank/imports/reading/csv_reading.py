"""CSV files as rows of text: the encoding and the delimiter are found by looking, never by the file's name.

Encodings: UTF-8 with or without byte order mark, UTF-16 with one, GB18030 (which is what Excel in China writes, and
contains GBK and GB2312). Nothing is ever read as Latin-1, and nothing is replaced: what cannot be read is refused
with its line. Delimiters: comma, tab, semicolon. Line ends: CRLF, LF, CR. Quoted cells may contain line ends.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile
from typing import Final

from timebank.imports.reading.table import (
    CELL_CHARACTERS_MAX,
    HEADING_ROWS_MAX,
    CellTooLong,
    Row,
    checked_row,
    heading_score,
)
from timebank.people.plain_text import without_formula_guard
from timebank.refusal import Refusal

_DELIMITERS: Final = (",", "\t", ";")
_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LINE_END: Final = re.compile(r"\r\n|\n|\r")

# Hanzi, kana and the Chinese punctuation: three bytes each in UTF-8, and hardly ever so by accident.
_CHINESE: Final = re.compile("[\u3000-\u9fff\uff00-\uffef]")


class UnreadableText(Refusal):
    """A line is written in none of the encodings that are read."""

    code = "import_unreadable_text"


class MixedEncodings(Refusal):
    """Some lines are UTF-8 and others are not: two files were pasted together."""

    code = "import_mixed_encodings"


class NulInText(Refusal):
    """There is a NUL character: a program or a picture, or a file that broke on its way."""

    code = "import_nul_in_text"


class BrokenQuotes(Refusal):
    """A quotation mark is missing or stands in the wrong place."""

    code = "import_broken_quotes"


def csv_rows(text: str) -> list[Row]:
    """Return the rows of a CSV text that are not empty, cells in NFC and without the guard of our own exports.

    Raises:
        BrokenQuotes, CellTooLong, TooManyRows, TooManyColumns: with the line.
    """
    delimiter = max(_DELIMITERS, key=lambda each: _score(text, each))
    return list(_rows(text, delimiter))


def decoded(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises:
        NulInText, UnreadableText, MixedEncodings: with the line.
    """
    text, encoding = _decoded(content)
    nul = text.find("\0")
    if nul >= 0:
        raise NulInText(line=_line_of(text, nul))
    return text, encoding


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(_UTF_16_MARKS):
        return _utf_16(content), "utf-16"
    if b"\0" in content:
        raise NulInText(line=_line_of_byte(content, content.index(b"\0")))
    marked = content.startswith(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8-sig"), "utf-8-sig" if marked else "utf-8"
    except UnicodeDecodeError:
        _check_one_encoding(content, marked=marked)
    return _gb18030(content), "gb18030"


def _utf_16(content: bytes) -> str:
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError as error:
        readable = content[: error.start].decode("utf-16", errors="ignore")
        raise UnreadableText(line=_line_of(readable, len(readable))) from error


def _gb18030(content: bytes) -> str:
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise UnreadableText(line=_line_of_byte(content, error.start)) from error


def _check_one_encoding(content: bytes, *, marked: bool) -> None:
    """Refuse a file in which some lines are Chinese in UTF-8 and others are not UTF-8 at all.

    GB18030 could read such a file without an error, and would turn every UTF-8 line into wrong hanzi.
    """
    kinds = [(line, _is_utf_8(written)) for line, written in enumerate(content.splitlines(), start=1)]
    telling = [(line, is_utf_8) for line, is_utf_8 in kinds if is_utf_8 is not None]
    first_is_utf_8 = marked or telling[0][1]
    other_line = next((line for line, is_utf_8 in telling if is_utf_8 != first_is_utf_8), None)
    if other_line is not None:
        raise MixedEncodings(line=other_line)


def _is_utf_8(line: bytes) -> bool | None:
    """Say whether a line is Chinese in UTF-8; None when it could be anything."""
    if line.isascii():
        return None
    try:
        return True if _CHINESE.search(line.decode("utf-8")) else None
    except UnicodeDecodeError:
        return False


def _score(text: str, delimiter: str) -> int:
    rows: list[Row] = []
    # What stands before a broken row still tells the delimiter; the row itself is refused by the real reading.
    with suppress(Refusal):
        rows.extend(takewhile(lambda row: row.line <= HEADING_ROWS_MAX, _rows(text, delimiter)))
    return heading_score(rows)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            row = checked_row(line, cells)
            if row is not None:
                yield Row(line, tuple(map(without_formula_guard, row.cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _broken(line, error) from error


def _broken(line: int, error: csv.Error) -> Refusal:
    if "field limit" in str(error):
        return CellTooLong(line=line, limit=CELL_CHARACTERS_MAX)
    return BrokenQuotes(line=line)


def _line_of(text: str, place: int) -> int:
    return len(_LINE_END.findall(text, 0, place)) + 1


def _line_of_byte(content: bytes, place: int) -> int:
    return len(content[:place].splitlines()) + (1 if content[:place].endswith((b"\n", b"\r")) or place == 0 else 0)
