"""Rows that somebody writes by hand, past the program, and which guard of the database refuses them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.market.builders import XFL, a_delivery, a_good, a_lot, a_volunteer, proposed, redeem

REFUSED = (sa.exc.IntegrityError, sa.exc.ProgrammingError)
"""A constraint or trigger says no, or the role has no right to."""
Case = tuple[str, dict[str, Any]]
"""Which guard refuses, and what is wrong."""


@dataclass(frozen=True)
class Books:
    """An open shop in which something happened, and the persons who did it."""

    session: Any
    clerk: UUID
    coordinator: UUID
    other: UUID
    volunteer: UUID
    redemption_id: UUID
    seq: int

    def named(self, values):
        """Put the persons in whom a test calls by what they are."""
        return {
            name: getattr(self, value) if name.endswith("_by_id") or name == "person_id" else value
            for name, value in values.items()
        }

    def write(self, row, **values):
        """Write a row past the program; say only what matters."""
        self.session.execute(sa.insert(row), {"community_id": XFL, **values})

    def refuses(self, row, **values):
        """Write a row that must not get in; return which guard refused it, as far as the database names it."""
        with pytest.raises(REFUSED) as refused, self.session.begin_nested():
            self.write(row, **values)
        return guard_named_in(refused.value)

    def wrongly_judged(self, row, right, cases):
        """Return the cases that were not refused by the guard that they name."""
        told = ((case, self.refuses(row, **(right | self.named(case[1])))) for case in cases)
        return [case for case, found in told if not is_guard(case[0], found)]


def guard_named_in(error):
    """PostgreSQL names every guard; SQLite only what is a CHECK."""
    diagnosis = getattr(error.orig, "diag", None)
    return diagnosis.constraint_name if diagnosis else str(error.orig).rpartition(": ")[2]


def is_guard(expected, found):
    """SQLite does not say which foreign key it was."""
    return found in {expected, "FOREIGN KEY constraint failed"} if expected.startswith("fk_") else expected == found


def some_books(shop):
    """Soap (G0001, two lots) and rice (G0002), a redemption of soap, a price and a delivery that wait."""
    volunteer = a_volunteer(shop, points_e2=6000)
    soap, _rice = a_good(shop, pieces=5), a_good(shop)
    a_lot(shop, soap, 5)
    answer = redeem(shop, volunteer, (soap, 2))
    proposed(shop, soap, 400)
    a_delivery(shop, soap)
    return Books(
        session=shop.session,
        clerk=shop.clerk.person_id,
        coordinator=shop.coordinator.person_id,
        other=shop.other_coordinator.person_id,
        volunteer=volunteer.person_id,
        redemption_id=UUID(answer["redemption_id"]),
        seq=answer["seq"],
    )
