"""What a till, a shelf and an auditor can ask: finished values, from the ledger, in few statements."""

from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import (
    A_DAY,
    TODAY,
    XFL,
    a_delivery,
    a_good,
    a_lot,
    a_shop,
    a_volunteer,
    earn,
    passbook,
    redeem,
    shelf,
    undo,
)
from timebank.books import holds
from timebank.books.pages import entry_view
from timebank.ledger.codes import document_code
from timebank.market import queries
from timebank.market.queries import NoSuchRedemption
from timebank.market.rules import StockLevel
from timebank.people.queries import NoSuchVolunteer


@contextmanager
def counted(session):
    """Count the statements that a block sends to the database."""
    statements = []
    connection = session.connection()

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    yield statements
    sa.event.remove(connection, "before_cursor_execute", note)


def put_aside(shop, *parts, expires_at=NOON + A_DAY):
    holds.place(shop.session, shop.act(), parts=parts, expires_at=expires_at, source="test", memo="")


class TestTheTill:
    """experience.md 2.2: who, what can be spent, what was redeemed today, what may still be had."""

    def test_shows_what_the_passbook_can_spend(self, shop):
        volunteer = a_volunteer(shop, points_e2=18600)
        put_aside(shop, (passbook(volunteer), 600))

        view = queries.till_view(shop.session, XFL, volunteer.number, NOON)

        assert volunteer == view.volunteer
        assert (18000, 600, 0) == (view.passbook.available_e2, view.passbook.held_e2, view.passbook.owed_e2)
        assert (0, 0, 2) == (view.today_redemptions, view.today_points_e2, view.redemptions_left)

    def test_shows_what_was_redeemed_today_and_this_month(self, shop):
        volunteer = a_volunteer(shop, points_e2=18600)
        soap, rice = a_good(shop, month_pieces_max=2), a_good(shop, price_e2=4400)
        redeem(shop, volunteer, (rice, 1))
        redeem(shop, volunteer, (soap, 1), (rice, 1), at=NOON + A_DAY)

        view = queries.till_view(shop.session, XFL, volunteer.number, NOON + A_DAY)

        assert (1, 4700, 0) == (view.today_redemptions, view.today_points_e2, view.redemptions_left)
        assert {soap: 1, rice: 2} == view.month.pieces
        goods = queries.goods_by_number(shop.session, XFL, [soap, rice])
        assert (1, None) == (view.pieces_left(goods[soap]), view.pieces_left(goods[rice]))

    def test_what_was_undone_is_not_shown_as_redeemed(self, shop):
        volunteer = a_volunteer(shop, points_e2=18600)
        undo(shop, redeem(shop, volunteer, (a_good(shop), 1)))

        view = queries.till_view(shop.session, XFL, volunteer.number, NOON)

        assert (0, 0, 2, {}) == (
            view.today_redemptions,
            view.today_points_e2,
            view.redemptions_left,
            view.month.pieces,
        )

    def test_a_limit_that_was_lowered_leaves_nothing_and_not_less(self, shop):
        volunteer = a_volunteer(shop, points_e2=18600)
        soap = a_good(shop)
        redeem(shop, volunteer, (soap, 5))
        view = queries.till_view(shop.session, XFL, volunteer.number, NOON)
        good = queries.good(shop.session, XFL, soap)

        limited = type(good)(good.number, good.barcode, good.name, good.unit_word, 3, None, active=True)

        assert 0 == view.pieces_left(limited)

    def test_a_new_volunteer_has_nothing(self, shop):
        view = queries.till_view(shop.session, XFL, a_volunteer(shop).number, NOON)

        assert (0, ()) == (view.passbook.available_e2, view.passbook.vintages)

    def test_an_unknown_number_is_refused(self, shop):
        with pytest.raises(NoSuchVolunteer):
            queries.till_view(shop.session, XFL, "V0404", NOON)

    def test_the_last_one_served_can_be_found_to_undo_it(self, shop):
        volunteer = a_volunteer(shop, points_e2=18600)
        soap = a_good(shop)
        first, second = redeem(shop, volunteer, (soap, 1)), redeem(shop, volunteer, (soap, 1))
        assert queries.find_last_served(shop.session, XFL, shop.other_clerk.person_id, TODAY) is None

        found = [queries.find_last_served(shop.session, XFL, shop.clerk.person_id, TODAY)]
        undo(shop, second)
        found.append(queries.find_last_served(shop.session, XFL, shop.clerk.person_id, TODAY))

        assert [second["number"], first["number"]] == [each.number for each in found if each]
        assert queries.find_last_served(shop.session, XFL, shop.clerk.person_id, TODAY + A_DAY) is None


class TestTheShelf:
    """S4: what is there, free and reserved apart, from the ledger alone."""

    def test_goods_on_sale_with_price_and_free_pieces(self, shop):
        soap = a_good(shop, pieces=11)
        a_good(shop, price_e2=None)
        empty = a_good(shop, pieces=0)

        on_sale = queries.goods_on_sale(shop.session, XFL, NOON)

        assert [(soap, 300, 1, 11, StockLevel.PLENTY), (empty, 300, 2, 0, StockLevel.NONE)] == [
            (item.good.number, item.price_points_e2, item.price_version, item.free_pieces, item.level)
            for item in on_sale
        ]

    def test_reserved_and_free_are_shown_apart(self, shop):
        soap = a_good(shop, pieces=10)
        put_aside(shop, (shelf(soap), 3))

        assert [(7, 3)] == [(item.free_pieces, item.reserved_pieces) for item in queries.stock(shop.session, XFL, NOON)]
        assert [(10, 0)] == [
            (item.free_pieces, item.reserved_pieces) for item in queries.stock(shop.session, XFL, NOON + A_DAY)
        ]

    def test_one_good_or_all(self, shop):
        soap, rice = a_good(shop), a_good(shop)

        assert [soap, rice] == [item.lot.good_number for item in queries.stock(shop.session, XFL, NOON)]
        assert [rice] == [item.lot.good_number for item in queries.stock(shop.session, XFL, NOON, rice)]

    def test_an_empty_lot_and_a_waiting_one_are_not_there(self, shop):
        soap = a_good(shop, pieces=1)
        a_delivery(shop, soap)
        redeem(shop, a_volunteer(shop, points_e2=3000), (soap, 1))

        assert () == queries.stock(shop.session, XFL, NOON)
        assert () == queries.stock(shop.session, XFL, NOON, soap)

    def test_low_stock_names_the_scarcest_first(self, shop):
        a_good(shop, pieces=11)
        low, last = a_good(shop, pieces=10), a_good(shop, pieces=3)

        found = queries.low_stock(shop.session, XFL, NOON)

        assert [(last, StockLevel.LAST), (low, StockLevel.LOW)] == [(item.good.number, item.level) for item in found]

    def test_near_expiry_names_what_is_over_first_and_looks_thirty_days_ahead(self, shop):
        late, near, far = date(2026, 11, 25), date(2026, 12, 23), date(2026, 12, 24)
        soap = a_good(shop, expires_on=near)
        for expires_on in (late, far, None):
            a_lot(shop, soap, 1, expires_on=expires_on)

        assert [late, near] == [item.lot.expires_on for item in queries.near_expiry(shop.session, XFL, NOON)]
        assert [late, near, far] == [
            item.lot.expires_on for item in queries.near_expiry(shop.session, XFL, NOON, days=31)
        ]
        assert late == queries.near_expiry(shop.session, XFL, NOON + A_DAY * 30)[0].lot.expires_on

    def test_the_rules_say_what_is_near_its_last_day_and_what_is_few(self, session):
        shop = a_shop(session, "yfl", near_expiry_days=31, low_stock_pieces=11)
        soap = a_good(shop, pieces=11, expires_on=date(2026, 12, 24))

        assert [soap] == [item.lot.good_number for item in queries.near_expiry(session, "yfl", NOON)]
        assert [soap] == [item.good.number for item in queries.low_stock(session, "yfl", NOON)]

    def test_expired_pieces_are_not_on_sale(self, shop):
        a_good(shop, expires_on=TODAY)

        free = [queries.goods_on_sale(shop.session, XFL, at)[0].free_pieces for at in (NOON, NOON + A_DAY)]
        assert [10, 0] == free


class TestBacking:
    """domain.md section 0, finding 8: what is on the shelf against what the passbooks hold."""

    def test_the_shelf_at_its_prices_against_the_points_outstanding(self, shop):
        volunteer = a_volunteer(shop, points_e2=10_000)
        soap = a_good(shop, price_e2=300, pieces=10)
        a_lot(shop, soap, 5, expires_on=TODAY)
        a_good(shop, price_e2=None, pieces=4)
        put_aside(shop, (shelf(soap), 3), (passbook(volunteer), 2000))

        today, tomorrow = (queries.backing(shop.session, XFL, at) for at in (NOON, NOON + A_DAY))

        assert (4500, 10_000, 4, 45) == (
            today.shelf_points_e2,
            today.outstanding_points_e2,
            today.unpriced_pieces,
            today.percent,
        )
        assert 3000 == tomorrow.shelf_points_e2

    def test_without_points_there_is_nothing_to_back(self, shop):
        a_good(shop)

        assert queries.backing(shop.session, XFL, NOON).percent is None


class TestTheSlip:
    """T2 and S1: what was taken, what is left, and a code by which the entry can be checked."""

    def test_says_what_was_taken_and_what_is_left(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        earn(shop, volunteer, 100, vintage=2026)
        soap = a_good(shop, pieces=1)
        a_lot(shop, soap, 5)
        rice = a_good(shop, price_e2=1000)

        answer = redeem(shop, volunteer, (soap, 2), (rice, 1))
        slip = queries.slip(shop.session, XFL, answer["number"])

        assert [(soap, 2, 300, 600), (rice, 1, 1000, 1000)] == [
            (line.good.number, line.pieces, line.price_points_e2, line.points_e2) for line in slip.lines
        ]
        assert (1500, NOON) == (slip.balance_after_e2, slip.booked_at.replace(microsecond=0))
        view = entry_view(shop.session, XFL, answer["seq"])
        assert view is not None
        assert document_code(view.entry.seq, view.leaf_hash) == slip.code

    def test_is_the_same_whenever_it_is_printed(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop)
        first = redeem(shop, volunteer, (soap, 1))
        before = queries.slip(shop.session, XFL, first["number"])

        redeem(shop, volunteer, (soap, 1))
        earn(shop, volunteer, 500, vintage=2026)

        assert before == queries.slip(shop.session, XFL, first["number"])

    def test_an_unknown_number_is_refused(self, shop):
        with pytest.raises(NoSuchRedemption):
            queries.slip(shop.session, XFL, "R000404")


class TestLists:
    """What a page and an audit read: newest first for people, oldest first and all of it for the audit."""

    def test_redemptions_of_a_volunteer_newest_first_undone_ones_too(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop)
        answers = [redeem(shop, volunteer, (soap, 1)) for _time in range(2)]
        undo(shop, answers[1])

        found = queries.redemptions_of(shop.session, XFL, volunteer.number)

        assert [(answers[1]["number"], True), (answers[0]["number"], False)] == [
            (each.number, each.undone is not None) for each in found
        ]
        assert 1 == len(queries.redemptions_of(shop.session, XFL, volunteer.number, limit=1))
        assert () == queries.redemptions_of(shop.session, XFL, "V0404")

    def test_redemptions_of_a_day(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop)
        redeem(shop, volunteer, (soap, 1))
        answer = redeem(shop, volunteer, (soap, 1), at=NOON + A_DAY)

        found = queries.redemptions_on(shop.session, XFL, TODAY + A_DAY)
        assert [answer["number"]] == [each.number for each in found]

    def test_the_audit_reads_every_redemption_in_the_order_of_the_books(self, shop, monkeypatch):
        monkeypatch.setattr("timebank.market.queries.redemptions.STREAM", 2)
        soap = a_good(shop)
        answers = [redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1)) for _time in range(5)]

        found = list(queries.redemption_stream(shop.session, XFL))

        assert [answer["seq"] for answer in answers] == [each.entry_seq for each in found]
        assert [1] * 5 == [len(each.lines) for each in found]

    def test_the_audit_reads_every_lot_with_who_stands_behind_it(self, shop, monkeypatch):
        monkeypatch.setattr("timebank.market.queries.deliveries.STREAM", 1)
        soap = a_good(shop)
        a_delivery(shop, soap)

        checked_in, waiting = queries.lot_stream(shop.session, XFL)

        assert ("L000001", shop.coordinator.person_id, shop.other_coordinator.person_id) == (
            checked_in.lot.number,
            checked_in.received_by_id,
            checked_in.checked_in_by_id,
        )
        assert ("L000002", None, None) == (waiting.lot.number, waiting.checked_in_by_id, waiting.entry_seq)

    def test_donations_newest_first(self, shop):
        soap = a_good(shop, pieces=0)
        for _time in range(3):
            a_delivery(shop, soap)

        assert ["D0003", "D0002"] == [each.number for each in queries.donations(shop.session, XFL, limit=2)]


class TestFewStatements:
    """performance.md: a page costs as many statements with a thousand lines as with one."""

    def test_a_basket_of_twenty_goods_costs_as_much_as_one_of_two(self, shop):
        volunteer = a_volunteer(shop, points_e2=300_000)
        goods = [a_good(shop) for _number in range(20)]

        with counted(shop.session) as few:
            redeem(shop, volunteer, *((good, 1) for good in goods[:2]))
        with counted(shop.session) as many:
            redeem(shop, volunteer, *((good, 1) for good in goods))

        assert len(few) == len(many)
        assert len(many) <= 40

    def test_the_shelf_and_the_till_cost_the_same_however_much_there_is(self, shop):
        volunteer = a_volunteer(shop, points_e2=300_000)
        counts = []
        for _round in range(2):
            with counted(shop.session) as statements:
                queries.goods_on_sale(shop.session, XFL, NOON)
                queries.till_view(shop.session, XFL, volunteer.number, NOON)
                queries.stock(shop.session, XFL, NOON)
                queries.backing(shop.session, XFL, NOON)
            counts.append(len(statements))
            good = a_good(shop)
            redeem(shop, volunteer, (good, 1))
            for _time in range(5):
                a_good(shop)

        assert counts[0] + 1 >= counts[1]
