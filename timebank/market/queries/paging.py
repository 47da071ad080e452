"""Paging by place: numbers that people read aloud grow by length first, so T10000 comes after T9999."""

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute


def number_before(column: InstrumentedAttribute[str], number: str) -> sa.ColumnElement[bool]:
    """Tell whether a row has a lower number than this one."""
    shorter = sa.func.length(column) < len(number)
    return sa.or_(shorter, sa.and_(sa.func.length(column) == len(number), column < number))
