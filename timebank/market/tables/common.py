"""What all tables of the market are made of: kinds of columns, and references within one community."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy import ForeignKeyConstraint

BIG: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COMMUNITY: Final = sa.String(16)
NUMBER: Final = sa.String(16)
REASON: Final = sa.String(200)


def refers(table: str, name: str, *same: str, **columns: str) -> ForeignKeyConstraint:
    """Refer to a row of the same community: own column = column there; `same` are called alike on both sides."""
    columns |= {column: column for column in same}
    own, there = columns.keys(), columns.values()
    return ForeignKeyConstraint(
        ["community_id", *own], [f"{table}.community_id", *(f"{table}.{column}" for column in there)], name=name
    )
