"""Goods for stars: kept for those who hold one, or offered to higher stars first after a delivery."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.market.builders import XFL, a_good, a_volunteer, points_e2_of, redeem
from tests.market.test_baskets import SOAP, problems
from tests.market.test_baskets import a_good as a_known_good
from tests.stars.builders import ONE_STAR, a_star, credit
from timebank.ledger.days import day_of
from timebank.market.queries.selling import at_the_counter
from timebank.market.queries.starred import star_marks, starred
from timebank.rulebook.rules import LevelGood, StarBenefits
from timebank.stars.queries import level_on

HOURS = (0, 24, 24, 24, 24, 24)


def a_starred_volunteer(shop):
    """Somebody who holds one star."""
    volunteer = a_volunteer(shop, points_e2=3000)
    credit(shop.session, shop.act(shop.coordinator), {volunteer.number: ONE_STAR})
    a_star(shop.session, volunteer.number, shop.other_coordinator)
    return volunteer


def looked_at(shop, volunteer, good, *, level=0, scarce=False, at=NOON):
    """What is known of a good for a customer, where the rules name it."""
    benefits = StarBenefits(HOURS, (LevelGood(good, "大米", level, scarce),))
    facts = at_the_counter(shop.act(), volunteer.number, [good]).made(shop.session).goods
    return starred(shop.session, (XFL, volunteer.number), at, benefits, facts)[good]


class TestGoodsForStars:
    """domain.md section 1.3: starred volunteers may exchange some goods directly."""

    def test_is_kept_for_who_holds_the_star(self, shop):
        rice = a_good(shop)

        assert 1 == looked_at(shop, a_volunteer(shop), rice, level=1).star_needed
        assert 0 == looked_at(shop, a_starred_volunteer(shop), rice, level=1).star_needed

    def test_a_new_delivery_is_for_higher_stars_first(self, shop):
        rice, plain, starry = a_good(shop), a_volunteer(shop), a_starred_volunteer(shop)

        assert "2026-11-24" == looked_at(shop, plain, rice, scarce=True).opens[:10]
        assert "" == looked_at(shop, starry, rice, scarce=True).opens
        later = NOON + timedelta(hours=24)
        assert "" == looked_at(shop, plain, rice, scarce=True, at=later).opens

    def test_spending_never_lowers_the_star(self, shop):
        starry, soap = a_starred_volunteer(shop), a_good(shop, price_e2=300)

        redeem(shop, starry, (soap, 10))

        assert 0 == points_e2_of(shop, starry)
        assert 1 == level_on(shop.session, XFL, starry.number, day_of(NOON))

    def test_goods_that_the_rules_do_not_name_are_for_everybody(self, shop):
        rice, volunteer = a_good(shop), a_volunteer(shop)
        facts = at_the_counter(shop.act(), volunteer.number, [rice]).made(shop.session).goods

        assert facts == starred(shop.session, (XFL, volunteer.number), NOON, StarBenefits(HOURS, ()), facts)


class TestMarksInTheShop:
    """The shop says which goods ask for a star, and from when on the visitor may have what is scarce."""

    def marked(self, shop, who, good, *, level=0, scarce=False, at=NOON):
        """What the shop says of a good that the rules name."""
        benefits = StarBenefits(HOURS, (LevelGood(good, "大米", level, scarce),))
        return star_marks(shop.session, (XFL, who), at, benefits, [good])[good]

    def test_a_good_for_a_star_says_for_which_and_who_lacks_it(self, shop):
        rice, plain, starry = a_good(shop), a_volunteer(shop).number, a_starred_volunteer(shop).number

        lacking = [self.marked(shop, who, rice, level=1).lacking for who in (None, plain, starry)]

        assert [False, True, False] == lacking
        assert 1 == self.marked(shop, None, rice, level=1).needed

    def test_what_is_scarce_says_from_when_on(self, shop):
        rice, plain, starry = a_good(shop), a_volunteer(shop).number, a_starred_volunteer(shop).number

        opens = [self.marked(shop, who, rice, scarce=True).opens_at for who in (None, plain, starry)]

        assert [None, NOON + timedelta(hours=24), None] == opens
        assert self.marked(shop, plain, rice, scarce=True, at=NOON + timedelta(hours=24)).opens_at is None

    def test_of_other_goods_nothing_is_said(self, shop):
        benefits = StarBenefits(HOURS, (LevelGood("G0099", "大米", 1, scarce=True),))

        assert {} == star_marks(shop.session, (XFL, None), NOON, benefits, [a_good(shop)])


class TestInTheBasket:
    """The basket is refused as a whole, with the reason."""

    @pytest.mark.parametrize(
        ("changes", "code"),
        [({"star_needed": 2}, "star_needed"), ({"opens": "2026-11-24 12:00"}, "for_stars_first")],
    )
    def test_says_why(self, changes, code):
        (problem,) = problems((SOAP, 1), goods=[replace(a_known_good(), **changes)])

        assert code == problem["code"]
