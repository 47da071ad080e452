"""Addresses: what may stand in the changing parts of a path, and which paths are our own.

A part that no row can have (an unseen character, a number beyond every count) is an address that is not there: 404.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter, ValidationError

from timebank.people.plain_text import find_text_fault

COUNT_MAX: Final = 2**31 - 1
PART_LENGTH_MAX: Final = 300


def _checked(part: str) -> str:
    """Answer at once: passed on, another rule of the same path would be found to take another method only (405)."""
    if len(part) > PART_LENGTH_MAX or find_text_fault(part, multiline=False) is not None:
        raise NotFound
    return part


class Word(UnicodeConverter):
    """One part of a path: text that can be seen."""

    def to_python(self, value: str) -> str:
        """Return the part, unless it cannot be kept anywhere."""
        return _checked(value)


class Words(PathConverter):
    """Several parts of a path."""

    def to_python(self, value: str) -> str:
        """Return the parts, unless they cannot be kept anywhere."""
        return _checked(value)


class Count(IntegerConverter):
    """A whole number that a database column can hold."""

    def to_python(self, value: str) -> int:
        """Return the number, unless nothing is counted so far."""
        number: int = super().to_python(value)
        if number > COUNT_MAX:
            raise ValidationError
        return number


def safe_path(path: str) -> str:
    """Return a path of our own, or nothing: nobody is ever led to another site."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path.rstrip("?") if ours and find_text_fault(path, multiline=False) is None else ""


def this_page() -> str:
    """Return where a form is to lead back to: this page, or the one from which a form was sent that is shown again."""
    return safe_path(request.full_path) if request.method in {"GET", "HEAD"} else page_before()


def page_before() -> str:
    """Return the page of ours from which somebody came, or nothing."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return ""
    return safe_path(f"{parts.path}?{parts.query}")


def register(app: Flask) -> None:
    """Read every address of the application this way; before any page is registered."""
    app.url_map.converters.update(default=Word, string=Word, path=Words, int=Count)
