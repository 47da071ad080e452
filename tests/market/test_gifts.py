"""What became of a partner's gifts: every piece is somewhere, and nobody is named."""

from dataclasses import replace
from datetime import date, timedelta

from tests.builders import NOON
from tests.market.builders import XFL, a_delivery, a_good, a_lot, a_volunteer, redeem, undo
from tests.people import builders as people
from timebank.market import operations, queries
from timebank.market.queries import Gift
from timebank.market.rules import WriteOffCause

YEAR = NOON.year
NOTHING = Gift("", 0, 0, 0, 0, 0, 0, 0, 0)


def gift(good, **pieces):
    """What became of a good, all else nothing."""
    return replace(NOTHING, good_number=good, **pieces)


class TestGifts:
    """domain.md P1 and P2: item to redemption, no names; a yearly statement that adds up."""

    def of_year(self, shop, year=YEAR, partner=None):
        return queries.gifts(shop.session, XFL, partner or shop.partner, year)

    def test_tells_what_was_redeemed_and_how_often_and_what_is_left(self, shop):
        soap = a_good(shop, pieces=0)
        a_lot(shop, soap, 10, unit_price_fen=350)
        for _ in range(2):
            redeem(shop, a_volunteer(shop, points_e2=3000), (soap, 2))

        assert (gift(soap, received=10, value_fen=3500, redeemed=4, redemptions=2, left=6),) == self.of_year(shop)

    def test_what_was_taken_back_counts_no_more(self, shop):
        soap = a_good(shop, pieces=5)
        undo(shop, redeem(shop, a_volunteer(shop, points_e2=3000), (soap, 2)))

        assert (gift(soap, received=5, left=5),) == self.of_year(shop)

    def test_a_delivery_that_waits_is_no_gift_yet(self, shop):
        soap = a_good(shop, pieces=0)
        a_delivery(shop, soap)

        assert () == self.of_year(shop)

    def test_what_was_written_off_and_what_went_elsewhere(self, shop):
        soap = a_good(shop, pieces=5)
        act = shop.act(shop.coordinator)
        number = operations.propose_write_off(
            shop.session, act, lot_number="L000001", pieces=2, cause=WriteOffCause.DAMAGED, note=""
        )["number"]
        operations.confirm_write_off(shop.session, shop.act(shop.other_coordinator), write_off_number=number)
        operations.move_stock(shop.session, shop.act(), lot_number="L000001", pieces=1, to_place="里间", note="")

        assert (gift(soap, received=5, written_off=2, left=3),) == self.of_year(shop)

    def test_the_next_year_begins_with_what_was_left(self, shop):
        soap = a_good(shop, pieces=5)

        assert (gift(soap, before=5, left=5),) == self.of_year(shop, YEAR + 1)
        assert () == self.of_year(shop, YEAR - 1)

    def test_another_unit_gave_nothing_of_it(self, shop):
        a_good(shop, pieces=5)

        assert () == self.of_year(shop, partner=people.a_partner(shop.session, "百家福超市"))

    def test_what_goes_to_a_household_in_need_is_told_apart(self, shop):
        soap = a_good(shop, pieces=5)
        needy = a_volunteer(shop)
        by, other = shop.act(shop.coordinator), shop.act(shop.other_coordinator)
        until_on = NOON.date() + timedelta(days=90)
        household = operations.register_household(
            shop.session, by, volunteer_number=needy.number, reason="低保户", until_on=until_on
        )["number"]
        lines = (operations.ReliefLine(soap, 2),)
        number = operations.propose_relief(
            shop.session, shop.act(shop.coordinator), household_number=household, lines=lines, note=""
        )["number"]
        operations.approve_relief(shop.session, other, relief_number=number)
        operations.issue_relief(shop.session, shop.act(), relief_number=number, signed_by="王秀英")

        assert (gift(soap, received=5, relief=2, left=3),) == self.of_year(shop)
        assert date(YEAR, 1, 1) <= NOON.date()
