"""Paging by place, not by count: the next page begins after the last row shown, however many came before it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def comes_before(columns: Sequence[Any], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Tell whether a row stands before these values in the order of these columns, the first one first."""
    pairs = zip(columns, values, strict=True)
    bounds = [sa.literal(value, column.type) for column, value in pairs]
    return sa.tuple_(*columns) < sa.tuple_(*bounds)
