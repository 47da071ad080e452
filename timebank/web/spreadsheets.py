"""Spreadsheets: a list as a CSV file that a spreadsheet opens rightly and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from timebank.people.plain_text import formula_safe


def spreadsheet(file_name: str, rows: Iterable[Sequence[object]]) -> Response:
    """Return rows as a file to download; in UTF-8 with a mark, by which Chinese is read rightly."""
    file = io.StringIO()
    csv.writer(file).writerows([formula_safe(str(cell)) for cell in row] for row in rows)
    answer = Response(file.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={file_name}"
    return answer


def hundredths(number: int) -> str:
    """Return points or yuan with both digits and without any sign that a spreadsheet would take for text: `1234.50`.

    Args:
        number: hundredths, zero or more.
    """
    return f"{number // 100}.{number % 100:02d}"
