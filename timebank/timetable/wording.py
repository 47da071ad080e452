"""Hours as people write them: `8:30-12:00、14:00-17:00 错时`, read and written."""

import re
from collections.abc import Iterable
from typing import Final

from timebank.timetable.rules import Window, clock, minute_of

_APART: Final = re.compile(r"[,，、;；\n]+")
_WINDOW: Final = re.compile(r"\s*([0-9:：]+)\s*[-–—~～至到]\s*([0-9:：]+)\s*(.*?)\s*")


def find_windows(text: str) -> tuple[Window, ...] | None:
    """Read windows, none where nothing is written; None where it cannot be read."""
    found = []
    for part in _APART.split(text):
        if not part.strip():
            continue
        match = _WINDOW.fullmatch(part)
        opens, closes = (minute_of(match[1]), minute_of(match[2])) if match else (None, None)
        if match is None or opens is None or closes is None:
            return None
        found.append(Window(opens, closes, match[3]))
    return tuple(found)


def in_writing(windows: Iterable[Window]) -> str:
    """Write windows so that they are read the same."""
    return "、".join(f"{clock(one.opens)}-{clock(one.closes)} {one.label}".strip() for one in windows)
