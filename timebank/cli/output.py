"""Output: data on stdout, talk on stderr; a table for people, one JSON document for programs."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from timebank.books.requests import plain
from timebank.web import presenting


def say(text: str) -> None:
    """Tell the person something that is not the data."""
    click.echo(text, err=True)


def tell(chinese: str, english: str) -> None:
    """Tell the person something that is not the data, in the language they chose."""
    say(word(chinese, english))


def word(chinese: str, english: str) -> str:
    """Choose between two languages."""
    return english if presenting.in_english() else chinese


def words(*pairs: tuple[str, str]) -> list[str]:
    """Choose between two languages for each of several words."""
    return [word(*pair) for pair in pairs]


def data(text: str) -> None:
    """Write one line of data."""
    click.echo(text)


def document(value: object) -> None:
    """Write one JSON document."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2, sort_keys=True))


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[int] = ()) -> None:
    """Write a table whose columns line up, Chinese characters counting two.

    Args:
        headers: the words above the columns.
        rows: what stands below them.
        numbers: indexes of columns that are right-aligned.
    """
    cells = [[str(cell) for cell in row] for row in (headers, *rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(headers))]
    for row in cells:
        aligned = (_aligned(text, widths[column], right=column in numbers) for column, text in enumerate(row))
        click.echo("  ".join(aligned).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _aligned(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def facts(named: Mapping[str, Any]) -> None:
    """Write names and values, one a line."""
    pairs(tuple(named.items()))


def pairs(named: Sequence[tuple[str, Any]]) -> None:
    """Write names and values, one a line; a name may stand there twice."""
    width = max((_width(name) for name, _ in named), default=0)
    for name, value in named:
        click.echo(f"{_aligned(name, width, right=False)}  {value}")
