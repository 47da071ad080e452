"""The price list: proposed by one, confirmed by another, never changed on the same day."""

from datetime import date

import pytest

from tests.builders import NOON
from tests.market.builders import (
    A_DAY,
    TODAY,
    XFL,
    a_good,
    a_price,
    codes,
    proposed,
    reasons,
)
from tests.people import builders as people
from timebank.books.pages import entry_view
from timebank.ledger.entries import EntryKind
from timebank.market import queries
from timebank.market.operations import (
    ConfirmerIsProposer,
    NewPrice,
    PricesDecided,
    PricesRefused,
    confirm_prices,
    propose_prices,
    withdraw_prices,
)
from timebank.market.queries import NoSuchPriceVersion
from timebank.market.rules import PRICE_POINTS_E2_MAX, Price
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role

TOMORROW = TODAY + A_DAY


@pytest.fixture
def soap(shop):
    """A good without a price."""
    return a_good(shop, price_e2=None, pieces=0)


def confirm(shop, version, by=None, at=NOON):
    return confirm_prices(shop.session, shop.act(by or shop.other_coordinator, at=at), version=version)


def price_on(shop, good, day=TODAY):
    return queries.prices_on(shop.session, XFL, day).get(good)


class TestTwoPersons:
    """trust.md T8 and X13: a price is proposed by one and confirmed by another."""

    def test_a_proposed_price_does_not_hold(self, shop, soap):
        version = proposed(shop, soap, 300)

        assert price_on(shop, soap) is None
        assert [version] == [each.version for each in queries.waiting_prices(shop.session, XFL)]

    def test_a_confirmed_one_does_and_it_is_known_by_whom(self, shop, soap):
        version = proposed(shop, soap, 300)

        answer = confirm(shop, version)

        assert Price(300, version) == price_on(shop, soap)
        found = queries.price_version(shop.session, XFL, version)
        assert (shop.coordinator.person_id, shop.other_coordinator.person_id) == (
            found.proposed_by_id,
            found.decided_by_id,
        )
        assert ("confirmed", answer["seq"]) == (found.outcome, found.entry_seq)
        assert () == queries.waiting_prices(shop.session, XFL)

    def test_it_is_an_entry_that_everybody_can_check(self, shop, soap):
        answer = confirm(shop, proposed(shop, soap, 300))

        view = entry_view(shop.session, XFL, answer["seq"])
        assert view is not None
        assert (EntryKind.PRICES_PUBLISHED, "price-version:1", ()) == (
            view.entry.kind,
            view.entry.source,
            view.entry.transfers,
        )
        assert {
            "price_version": 1,
            "proposed_by": shop.coordinator.number,
            "G0001.price_points_e2": 300,
            "G0001.valid_from": "2026-11-23",
        } == view.entry.facts

    def test_nobody_confirms_their_own(self, shop, soap):
        version = proposed(shop, soap, 300)

        with pytest.raises(ConfirmerIsProposer):
            confirm(shop, version, by=shop.coordinator)

        assert price_on(shop, soap) is None

    def test_nobody_decides_twice(self, shop, soap):
        version = proposed(shop, soap, 300)
        confirm(shop, version)

        with pytest.raises(PricesDecided):
            confirm(shop, version)
        with pytest.raises(PricesDecided):
            withdraw_prices(shop.session, shop.act(shop.coordinator), version=version)

    def test_what_was_withdrawn_is_never_confirmed(self, shop, soap):
        version = proposed(shop, soap, 300)
        withdraw_prices(shop.session, shop.act(shop.coordinator), version=version)

        with pytest.raises(PricesDecided) as refused:
            confirm(shop, version)

        assert {"version": 1, "outcome": "withdrawn"} == refused.value.facts

    def test_an_unknown_version_is_refused(self, shop):
        with pytest.raises(NoSuchPriceVersion):
            confirm(shop, 404)

    def test_a_clerk_sets_no_price(self, shop, soap):
        with pytest.raises(NotAllowed):
            propose_prices(shop.session, shop.act(), prices=(NewPrice(soap, 300),), wanted_from=TODAY)
        version = proposed(shop, soap, 300)
        with pytest.raises(NotAllowed):
            confirm(shop, version, by=shop.clerk)
        with pytest.raises(NotAllowed):
            withdraw_prices(shop.session, shop.act(), version=version)

    def test_an_admin_may_confirm(self, shop, soap):
        confirm(shop, proposed(shop, soap, 300), by=people.a_staff_member(shop.session, Role.ADMIN))

        assert Price(300, 1) == price_on(shop, soap)


class TestFromWhenItHolds:
    """trust.md T8: the first price may hold today; a change takes effect tomorrow at the earliest."""

    def test_a_change_holds_from_tomorrow(self, shop, soap):
        a_price(shop, soap, 300)

        a_price(shop, soap, 1)

        assert (Price(300, 1), Price(1, 2)) == (price_on(shop, soap), price_on(shop, soap, TOMORROW))

    def test_down_and_up_again_on_one_day_leaves_no_cheap_day(self, shop, soap):
        a_price(shop, soap, 300)
        a_price(shop, soap, 1)

        a_price(shop, soap, 300)

        assert {300} == {price_on(shop, soap, TODAY + A_DAY * days).points_e2 for days in range(3)}

    def test_a_first_price_for_a_later_day_can_be_changed_only_from_tomorrow(self, shop, soap):
        a_price(shop, soap, 300, wanted_from=TODAY + A_DAY * 7)

        a_price(shop, soap, 200)

        assert price_on(shop, soap) is None
        assert Price(200, 2) == price_on(shop, soap, TOMORROW)
        assert Price(300, 1) == price_on(shop, soap, TODAY + A_DAY * 7)

    def test_what_is_confirmed_late_does_not_reach_back(self, shop, soap):
        version = proposed(shop, soap, 300)

        confirm(shop, version, at=NOON + A_DAY * 2)

        assert price_on(shop, soap, TOMORROW) is None
        assert Price(300, 1) == price_on(shop, soap, TODAY + A_DAY * 2)

    def test_one_version_may_bring_a_first_price_today_and_a_change_tomorrow(self, shop, soap):
        rice = a_good(shop, price_e2=4400, pieces=0)
        act = shop.act(shop.coordinator)
        prices = (NewPrice(soap, 300), NewPrice(rice, 5000))
        version = propose_prices(shop.session, act, prices=prices, wanted_from=TODAY)["version"]

        confirm(shop, version)

        assert [TODAY, TOMORROW] == [
            price.valid_from for price in queries.price_version(shop.session, XFL, version).prices
        ]
        assert (300, 4400) == (price_on(shop, soap).points_e2, price_on(shop, rice).points_e2)

    def test_of_two_for_the_same_day_the_last_confirmed_counts(self, shop, soap):
        a_price(shop, soap, 300)
        first, second = proposed(shop, soap, 200), proposed(shop, soap, 250)

        confirm(shop, second)
        confirm(shop, first)

        assert Price(200, first) == price_on(shop, soap, TOMORROW)

    def test_all_versions_can_be_read_later(self, shop, soap):
        a_price(shop, soap, 300)
        a_price(shop, soap, 400, wanted_from=date(2027, 1, 1))

        assert [(1, TODAY, 300), (2, date(2027, 1, 1), 400)] == [
            (each.version, price.valid_from, price.price_points_e2)
            for each in queries.price_versions(shop.session, XFL)
            for price in each.prices
        ]


class TestWhatAPriceMayBe:
    """Nothing is free, and the dearest basket still fits the ledger."""

    @pytest.mark.parametrize("price_e2", [1, PRICE_POINTS_E2_MAX])
    def test_from_one_hundredth_to_twenty_thousand_points(self, shop, soap, price_e2):
        a_price(shop, soap, price_e2)

        assert price_e2 == price_on(shop, soap).points_e2

    @pytest.mark.parametrize("price_e2", [0, -300, PRICE_POINTS_E2_MAX + 1, True])
    def test_nothing_else(self, shop, soap, price_e2):
        with pytest.raises(PricesRefused) as refused:
            proposed(shop, soap, price_e2)

        assert [{"line": 1, "code": "price_out_of_range", "highest_points_e2": PRICE_POINTS_E2_MAX}] == reasons(
            refused.value
        )

    def test_every_wrong_line_is_named(self, shop, soap):
        prices = (NewPrice(soap, 1), NewPrice("G0404", 0), NewPrice(soap, 2))

        with pytest.raises(PricesRefused) as refused:
            propose_prices(shop.session, shop.act(shop.coordinator), prices=prices, wanted_from=TODAY)

        assert ["price_repeated", "unknown_good", "price_out_of_range", "price_repeated"] == codes(refused.value)
        assert () == queries.price_versions(shop.session, XFL)

    def test_a_proposal_has_prices(self, shop):
        with pytest.raises(PricesRefused):
            propose_prices(shop.session, shop.act(shop.coordinator), prices=(), wanted_from=TODAY)

    def test_pressed_twice_is_proposed_once(self, shop, soap):
        act = shop.act(shop.coordinator, request_key="the-same-key")
        answers = [
            propose_prices(shop.session, act, prices=(NewPrice(soap, 300),), wanted_from=TODAY) for _time in range(2)
        ]

        assert answers[0] == answers[1]
        assert 1 == len(queries.price_versions(shop.session, XFL))
