"""Twenty tills at once: on the last piece and on the last points exactly one wins, whichever database."""

import os
from collections import Counter

import pytest
import sqlalchemy as sa

from tests.market import tills
from tests.market.builders import XFL, a_good, a_shop, a_volunteer, redeem
from tests.market.tills import TILLS, Order, at_once, together
from timebank.books.statements import AccountFilter, balances
from timebank.database import new_engine, reading, writing
from timebank.market import queries
from timebank.market.operations import BasketLine

RACERS = 32
ROUNDS = 200 if "TIMEBANK_TEST_LONG" in os.environ else 5


@pytest.fixture
def opening(database):
    """A shop in a database of its own, in a session that commits at the end of the block."""

    def open_shop(fill, **rules):
        with writing(database.engine) as session:
            shop = a_shop(session, **rules)
            filled = fill(shop)
        database.engine.dispose()
        return shop, filled

    return open_shop


def orders(database, shop, volunteers, *lines, **act):
    """One order for each of these volunteers; each with a request key of its own unless one is given."""
    basket = tuple(BasketLine(*line) for line in lines)
    return [
        Order(database.url, shop.act(**act), volunteer_number=volunteer.number, basket=basket)
        for volunteer in volunteers
    ]


def amounts(database):
    """Every account that is not empty, and what it holds."""
    with reading(database.engine) as session:
        return {item.account.code: item.balance for item in balances(session, XFL, AccountFilter()) if item.balance}


class TestExactlyOneWins:
    """trust.md C1 and C2, lessons.md D1 and D7: never a piece too many, never points without goods."""

    def test_twenty_tills_on_the_last_piece(self, database, opening):
        shop, (soap, volunteers) = opening(
            lambda shop: (a_good(shop, pieces=1), [a_volunteer(shop, points_e2=300) for _till in range(TILLS)])
        )

        answers = at_once(tills.redeem, orders(database, shop, volunteers, (soap, 1)))

        assert {"R000001": 1, "no: out_of_stock": TILLS - 1} == Counter(answers)
        after = amounts(database)
        assert (300, 1) == (after["redeemed/points"], after["handed-out/goods:G0001"])
        assert "shelf/L000001/goods:G0001" not in after
        assert [300] * (TILLS - 1) == [amount for code, amount in after.items() if code.startswith("passbook/")]

    def test_twenty_tills_on_the_last_points(self, database, opening):
        shop, (soap, volunteer) = opening(lambda shop: (a_good(shop, pieces=TILLS), a_volunteer(shop, points_e2=599)))

        answers = at_once(tills.redeem, orders(database, shop, [volunteer] * TILLS, (soap, 1)))

        assert {"R000001": 1, "no: points_short": TILLS - 1} == Counter(answers)
        after = amounts(database)
        assert (299, TILLS - 1) == (after["passbook/V0001/points"], after["shelf/L000001/goods:G0001"])

    def test_one_request_sent_by_twenty_tills_counts_once_and_is_answered_alike(self, database, opening):
        shop, (soap, volunteer) = opening(lambda shop: (a_good(shop, pieces=TILLS), a_volunteer(shop, points_e2=9000)))

        same = orders(database, shop, [volunteer], (soap, 1), request_key="the-same-key") * TILLS
        answers = at_once(tills.redeem, same)

        assert {"R000001": TILLS} == Counter(answers)
        assert 8700 == amounts(database)["passbook/V0001/points"]

    def test_a_redemption_taken_back_by_twenty_tills_is_taken_back_once(self, database, opening):
        shop, answer = opening(lambda shop: redeem(shop, a_volunteer(shop, points_e2=300), (a_good(shop, pieces=1), 1)))

        again = [Order(database.url, shop.act(), redemption_number=answer["number"]) for _till in range(TILLS)]
        answers = Counter(at_once(tills.undo, again))

        assert TILLS - 1 == answers.pop("no: already_undone")
        assert [1] == list(answers.values())
        after = amounts(database)
        assert (300, 1) == (after["passbook/V0001/points"], after["shelf/L000001/goods:G0001"])

    def test_numbers_of_redemptions_made_at_once_have_no_gap(self, database, opening):
        shop, (soap, volunteers) = opening(
            lambda shop: (a_good(shop, pieces=TILLS), [a_volunteer(shop, points_e2=300) for _till in range(TILLS)])
        )

        answers = at_once(tills.redeem, orders(database, shop, volunteers, (soap, 1)))

        assert [f"R{number:06d}" for number in range(1, TILLS + 1)] == sorted(answers)
        with reading(database.engine) as session:
            assert () == queries.stock(session, XFL, shop.act().at)


class TestRoundsOfThirtyTwo:
    """trust.md G8: thirty-two tills on one piece, round after round; in the long run two hundred rounds."""

    def test_each_piece_goes_out_once(self, database, opening):
        rules = {"redeemed_an_hour_max": 300, "served_an_hour_max": 100}

        def fill(shop):
            goods = [a_good(shop, pieces=1) for _round in range(ROUNDS)]
            return goods, [a_volunteer(shop, points_e2=300 * ROUNDS) for _till in range(RACERS)]

        shop, (goods, volunteers) = opening(fill, redemptions_per_month_max=None, **rules)
        everything = tuple(BasketLine(good, 1) for good in goods)
        racing = [Order(database.url, shop.act(), volunteer_number=one.number, basket=everything) for one in volunteers]

        answers = at_once(tills.race, racing, patience_seconds=60 + 5 * ROUNDS)

        for place, good in enumerate(goods):
            told = Counter("won" if one[place].startswith("R") else one[place] for one in answers)
            assert {"won": 1, "no: out_of_stock": RACERS - 1} == told, good
        after = amounts(database)
        assert ROUNDS == sum(amount for code, amount in after.items() if code.startswith("handed-out/"))
        assert 300 * ROUNDS == after["redeemed/points"]


class TestTheNaiveWayLoses:
    """The control: read, compare, write; the same tills sell the last piece more than once."""

    def test_the_last_piece_is_sold_more_than_once(self, database):
        database.meddle("CREATE TABLE naive_shelf (pieces INTEGER)", "INSERT INTO naive_shelf VALUES (1)")

        sold = at_once(naive_redeem, [Order(database.url)] * TILLS)

        assert sum(sold) > 1


def naive_redeem(order):
    """Sell a piece as somebody would who looks first and writes then."""
    engine = new_engine(order.url)
    try:
        with engine.begin() as connection:
            there = connection.scalar(sa.text("SELECT pieces FROM naive_shelf"))
        together()
        if there < 1:
            return False
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE naive_shelf SET pieces = :left"), {"left": there - 1})
        return True
    finally:
        engine.dispose()
