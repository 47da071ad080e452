"""Paging by place, not by count: the next page begins after the last row shown, however many came before it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def comes_before(columns: Sequence[Any], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Tell whether a row stands before these values in the order of these columns, the first one first."""
    return sa.tuple_(*columns) < _bounds(columns, values)


def comes_after(columns: Sequence[Any], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Tell whether a row stands after these values in the order of these columns, the first one first."""
    return sa.tuple_(*columns) > _bounds(columns, values)


def _bounds(columns: Sequence[Any], values: Sequence[Any]) -> sa.Tuple:
    pairs = zip(columns, values, strict=True)
    return sa.tuple_(*(sa.literal(value, column.type) for column, value in pairs))
