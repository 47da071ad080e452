"""What the counter writes down: what people asked for in vain, and the paper forms of a power cut."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.market.builders import A_DAY, TODAY, XFL, a_good, a_volunteer, redeem
from timebank.market import operations, queries
from timebank.market.operations import DemandOfNothing, PaperFormFiled, PaperFormsCount, RedemptionHasForm
from timebank.market.queries import NoSuchPaperForm, NoSuchRedemption
from timebank.market.rules import UnknownGood
from timebank.market.texts import MarketText
from timebank.people.queries import NotAllowed


def note(shop, good=None, words="", **changes):
    return operations.note_demand(shop.session, shop.act(**changes), good_number=good, words=words)


def demanded(shop, since=TODAY):
    found = queries.unmet_demand(shop.session, XFL, since)
    return [(one.good_number, one.words, one.times, one.joined) for one in found]


class TestUnmetDemand:
    """Issue: demand unmet (asked for, not there); no names."""

    def test_the_most_asked_for_stands_first(self, shop):
        soap = a_good(shop, pieces=0)
        note(shop, words="酱油")
        note(shop, soap)
        note(shop, soap)

        assert [(soap, "", 2, 0), (None, "酱油", 1, 0)] == demanded(shop)

    def test_whoever_waits_for_it_asked_for_it(self, shop):
        soap = a_good(shop, pieces=0)
        operations.join_waiting(
            shop.session, shop.act(), volunteer_number=a_volunteer(shop).number, good_number=soap, pieces=1
        )
        note(shop, soap)

        assert [(soap, "", 1, 1)] == demanded(shop)
        assert [] == demanded(shop, TODAY + A_DAY)

    def test_it_is_a_good_or_words(self, shop):
        soap = a_good(shop)
        for good, words in ((None, ""), (soap, "香皂")):
            with pytest.raises(DemandOfNothing):
                note(shop, good, words)
        with pytest.raises(UnknownGood):
            note(shop, "G0099")
        with pytest.raises(MarketText):
            note(shop, words="长" * 41)
        with pytest.raises(NotAllowed):
            note(shop, soap, person_id=a_volunteer(shop).person_id)
        assert [] == demanded(shop)


class TestPaperForms:
    """domain.md S8: numbered paper forms; a gap in the numbers is reported."""

    def printed(self, shop, count=3):
        return operations.print_forms(shop.session, shop.act(), count=count)

    def entered(self, shop, form, **changes):
        number = redeem(shop, a_volunteer(shop, points_e2=3000), ("G0001", 1))["number"]
        operations.enter_form(shop.session, shop.act(**changes), form=form, redemption_number=number)
        return number

    def missing(self, shop):
        return queries.missing_forms(queries.paper_forms(shop.session, XFL))

    @pytest.fixture(autouse=True)
    def _soap(self, shop):
        a_good(shop)

    def test_numbers_go_on_where_the_last_ones_ended(self, shop):
        assert {"first": 1, "last": 3} == self.printed(shop)
        assert {"first": 4, "last": 5} == self.printed(shop, 2)
        assert [1, 2, 3, 4, 5] == [one.form for one in queries.paper_forms(shop.session, XFL)]

    def test_a_form_is_filed_with_its_redemption(self, shop):
        self.printed(shop)
        number = self.entered(shop, 1)

        assert number == queries.paper_form(shop.session, XFL, 1).redemption_number
        assert 1 == queries.find_form_of(shop.session, XFL, number)
        assert () == self.missing(shop)

    def test_a_number_that_is_missing_is_reported_until_it_is_filed(self, shop):
        self.printed(shop)
        self.entered(shop, 3)
        assert (1, 2) == self.missing(shop)

        operations.void_form(shop.session, shop.act(), form=1, reason="写坏了")
        self.entered(shop, 2)

        assert () == self.missing(shop)
        assert "写坏了" == queries.paper_form(shop.session, XFL, 1).reason

    def test_a_form_is_filed_once_and_belongs_to_one_redemption(self, shop):
        self.printed(shop)
        number = self.entered(shop, 1)
        with pytest.raises(PaperFormFiled):
            self.entered(shop, 1)
        with pytest.raises(PaperFormFiled):
            operations.void_form(shop.session, shop.act(), form=1, reason="写坏了")
        with pytest.raises(RedemptionHasForm):
            operations.enter_form(shop.session, shop.act(), form=2, redemption_number=number)

    def test_a_redemption_of_before_is_not_the_forms(self, shop):
        number = redeem(shop, a_volunteer(shop, points_e2=3000), ("G0001", 1))["number"]
        operations.print_forms(shop.session, shop.act(at=NOON + timedelta(days=1)), count=1)

        with pytest.raises(RedemptionHasForm):
            operations.enter_form(shop.session, shop.act(at=NOON + timedelta(days=1)), form=1, redemption_number=number)

    def test_what_is_not_there_is_said(self, shop):
        self.printed(shop, 1)
        with pytest.raises(NoSuchPaperForm):
            operations.void_form(shop.session, shop.act(), form=2, reason="写坏了")
        with pytest.raises(NoSuchRedemption):
            operations.enter_form(shop.session, shop.act(), form=1, redemption_number="R000099")
        with pytest.raises(MarketText):
            operations.void_form(shop.session, shop.act(), form=1, reason=" ")

    @pytest.mark.parametrize("count", [0, 201, -1])
    def test_so_many_are_printed_at_once(self, shop, count):
        with pytest.raises(PaperFormsCount):
            self.printed(shop, count)
        assert {"first": 1, "last": 200} == self.printed(shop, 200)
