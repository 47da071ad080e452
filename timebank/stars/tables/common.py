"""What the tables of this package have in common: the widths of numbers, minutes and people's numbers."""

from typing import Final

import sqlalchemy as sa

BIG: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COMMUNITY: Final = sa.String(16)
PERSON_NUMBER: Final = sa.String(32)
MINUTES_MAX: Final = 9_000_000_000_000_000
