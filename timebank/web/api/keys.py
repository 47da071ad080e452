"""The keys by which lists are ordered, as cursors keep them."""

from typing import Any
from uuid import UUID

from timebank.web.api.lists import CursorWrong, Key


def by_number(item: Any) -> str:
    """Order by a number that people read aloud: longer ones are later."""
    return ordered_number(item.number)


def ordered_number(number: str) -> str:
    """Write a number so that it sorts as it counts."""
    return f"{len(number):02d}{number}"


def by_id(item: Any) -> str:
    """Order by an id, and so by the moment in which it was made."""
    return str(item.id)


def number_in(seen: Key | None) -> str | None:
    """Return the number in a cursor."""
    return None if seen is None else str(seen)[2:]


def id_in(seen: Key | None) -> UUID | None:
    """Return the id in a cursor.

    Raises:
        CursorWrong: there is none.
    """
    try:
        return None if seen is None else UUID(str(seen))
    except ValueError as error:
        raise CursorWrong() from error


def count_in(seen: Key | None) -> int | None:
    """Return the count in a cursor."""
    return None if seen is None else int(seen)
