"""Reservations and redemptions of the last piece at once: one of them wins."""

from tests.builders import NOON
from tests.market import tills
from tests.market.builders import (
    XFL,
    a_good,
    a_shop,
    a_volunteer,
)
from tests.market.test_reservations import reserve
from tests.market.tills import TILLS, Order, at_once
from tests.people.builders import acting_as as acting_as_volunteer
from timebank.database import reading, writing
from timebank.market import queries
from timebank.market.operations import (
    BasketLine,
)


class TestRaces:
    """trust.md C1 and C2: a reservation and a redemption of the last piece; one of them wins."""

    def test_reservations_and_redemptions_of_the_last_piece(self, database):
        with writing(database.engine) as session:
            shop = a_shop(session)
            soap = a_good(shop, pieces=1)
            volunteers = [a_volunteer(shop, points_e2=300) for _till in range(TILLS)]
        database.engine.dispose()
        basket = (BasketLine(soap, 1),)
        asked = [
            Order(database.url, shop.act(), volunteer_number=one.number, basket=basket)
            if place % 2
            else Order(database.url, acting_as_volunteer(one), one.number, basket, reserving=True)
            for place, one in enumerate(volunteers)
        ]

        answers = at_once(tills.serve, asked)

        assert TILLS - 1 == answers.count("no: out_of_stock")
        with reading(database.engine) as session:
            stock = queries.stock(session, XFL, NOON)
            assert 1 == sum(item.reserved_pieces for item in stock) + sum(answer[0] == "R" for answer in answers)
            assert 0 == sum(item.free_pieces for item in stock)

    def test_a_reservation_fetched_at_twenty_tills_is_handed_out_once(self, database):
        with writing(database.engine) as session:
            shop = a_shop(session)
            soap, volunteer = a_good(shop, pieces=1), a_volunteer(shop, points_e2=300)
            reserved = reserve(shop, volunteer, (soap, 1))
        database.engine.dispose()

        again = [Order(database.url, shop.act(), reservation_number=reserved["number"]) for _till in range(TILLS)]
        answers = at_once(tills.serve, again)

        assert {"R000001", "no: reservation_over"} == set(answers)
        assert 1 == answers.count("R000001")
