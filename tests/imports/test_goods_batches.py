"""Deliveries: received by whoever brings the file, on the shelf and priced only by the second person."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.imports.builders import (
    RICE,
    SOAP,
    TOWEL,
    XFL,
    a_lot,
    confirmed,
    problems_of,
    registered,
    state_of,
    submitted_goods,
    undone,
)
from tests.people.builders import a_partner
from timebank.books import journal
from timebank.imports import queries
from timebank.imports.operations.submitted import FileHasProblems
from timebank.imports.rules import BatchState
from timebank.ledger.accounts import AccountKind, AccountRef, goods_unit, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.market import operations as market
from timebank.market import queries as market_queries
from timebank.market.operations import CheckerIsReceiver, LotsNotWhole
from timebank.people.queries import NotAllowed, partners

THREE = (a_lot(limit="2"), a_lot(TOWEL, "毛巾", "5", "53", donor="物业公司"), a_lot(RICE, "大米", "60", "12"))


def on_sale(office, at=NOON):
    """Names, prices and pieces of what can be had today."""
    found = market_queries.goods_on_sale(office.session, XFL, at)
    return [(one.good.name, one.price_points_e2, one.free_pieces) for one in found]


def pieces_on_the_shelf(office):
    """All free pieces."""
    return sum(item.free_pieces for item in market_queries.stock(office.session, XFL, NOON))


class TestADelivery:
    """S3 and T8: goods come onto the shelf, and prices into force, by two persons."""

    def test_waits_for_the_second_person(self, office):
        answer = submitted_goods(office, *THREE)

        assert BatchState.PENDING == state_of(office, answer)
        assert [] == on_sale(office)
        assert 0 == pieces_on_the_shelf(office)

    def test_says_what_it_will_bring(self, office):
        answer = submitted_goods(office, *THREE)

        assert {
            "goods": 3,
            "new_goods": 3,
            "partners": 2,
            "new_partners": 2,
            "donations": ["D0001", "D0002"],
            "prices": 3,
            "pieces": 95,
            "pieces_before": 0,
            "pieces_after": 95,
            "value_fen": 270 * 95,
        }.items() <= answer.items()

    def test_can_be_had_once_it_is_confirmed(self, office):
        told = confirmed(office, submitted_goods(office, *THREE))

        assert [("香皂", 300, 30), ("毛巾", 500, 53), ("大米", 6000, 12)] == on_sale(office)
        assert {"donations": ["D0001", "D0002"], "pieces": 95, "lots": 3}.items() <= told.items()

    def test_keeps_limit_price_and_donor_of_every_lot(self, office):
        confirmed(office, submitted_goods(office, *THREE))

        soap = market_queries.good_by_barcode(office.session, XFL, SOAP)
        (item,) = market_queries.stock(office.session, XFL, NOON, soap.number)
        assert (2, 270) == (soap.month_pieces_max, item.lot.unit_price_fen)
        assert "农商行支行" == {one.code: one.name for one in partners(office.session, XFL)}[item.lot.partner_code]

    def test_takes_a_donor_for_the_one_of_that_name(self, office):
        code = a_partner(office.session, "农商行支行")

        answer = submitted_goods(office, a_lot())

        assert 0 == answer["new_partners"]
        assert code == market_queries.donation(office.session, XFL, "D0001").partner_code

    def test_a_good_that_is_there_gets_another_lot(self, office):
        confirmed(office, submitted_goods(office, a_lot(expires="2027-03-31")))

        answer = submitted_goods(office, a_lot(pieces="5", expires="2027-06-30"))

        assert (0, 0, None) == (answer["new_goods"], answer["prices"], answer["price_version"])
        confirmed(office, answer)
        assert [("香皂", 300, 35)] == on_sale(office)

    def test_two_lots_of_one_good_with_different_dates(self, office):
        confirmed(office, submitted_goods(office, a_lot(expires="2027-03-31"), a_lot(expires="2027-06-30")))

        assert [("香皂", 300, 60)] == on_sale(office)

    def test_another_price_holds_from_tomorrow(self, office):
        confirmed(office, submitted_goods(office, a_lot()))

        confirmed(office, submitted_goods(office, a_lot(points="4")))

        assert [("香皂", 300, 60)] == on_sale(office)
        assert [("香皂", 400, 60)] == on_sale(office, NOON + timedelta(days=1))

    def test_rows_are_kept_as_they_came(self, office):
        answer = submitted_goods(office, a_lot(note=""))

        batch = queries.batch(office.session, XFL, answer["batch"])
        (line,) = queries.lines_of(office.session, XFL, [batch.id])
        assert (2, SOAP, 30) == (line.line, line.values["barcode"], line.values["pieces"])

    def test_the_clerk_sets_no_price(self, office):
        with pytest.raises(NotAllowed) as refused:
            submitted_goods(office, a_lot(), by=office.zhao)

        assert {"permission": "set_prices"} == refused.value.facts

    def test_what_the_market_has_decided_before_stays_so(self, office):
        answer = submitted_goods(office, *THREE)
        market.check_in(office.session, office.act(office.li), donation_number="D0001")
        market.confirm_prices(office.session, office.act(office.li), version=answer["price_version"])

        told = confirmed(office, answer)

        assert (["D0002"], None) == (told["donations"], told["price_seq"])
        assert 95 == pieces_on_the_shelf(office)


class TestRefusing:
    """I10: every row that does not fit the list of goods or the rows before it."""

    def test_names_every_wrong_row(self, office):
        rows = (
            a_lot(),
            a_lot(name="肥皂"),
            a_lot(points="4"),
            a_lot(limit="2"),
            a_lot(TOWEL, "毛巾", expires="2026-11-22"),
            a_lot(RICE, "大米", points="20000.01"),
            a_lot("2100000000013", "坏码"),
            a_lot("2100000000036", "牙刷", donor=""),
            a_lot("2100000000050", "纸", donor="行" * 61),
        )

        with pytest.raises(FileHasProblems) as refused:
            submitted_goods(office, *rows)

        assert [
            (3, "differs_in_file"),
            (4, "differs_in_file"),
            (5, "differs_in_file"),
            (6, "expired_on_arrival"),
            (7, "out_of_range"),
            (8, "barcode_check_digit"),
            (9, "missing"),
            (10, "text_too_long"),
        ] == problems_of(refused)
        assert () == market_queries.goods(office.session, XFL)
        assert () == partners(office.session, XFL)

    def test_today_is_the_last_day(self, office):
        assert 1 == submitted_goods(office, a_lot(expires="2026-11-23"))["rows"]

    def test_a_good_with_a_price_keeps_name_and_limit(self, office):
        confirmed(office, submitted_goods(office, a_lot(limit="2")))

        with pytest.raises(FileHasProblems) as refused:
            submitted_goods(office, a_lot(name="肥皂"))

        assert [(2, "good_named_otherwise"), (2, "limit_differs")] == problems_of(refused)

    def test_a_good_that_never_had_a_price_can_be_mended(self, office):
        undone(office, submitted_goods(office, a_lot(name="肥皂")), by=office.chen)

        confirmed(office, submitted_goods(office, a_lot(limit="2")))

        assert [("香皂", 300, 30)] == on_sale(office)

    def test_a_good_that_is_not_offered_any_more(self, office):
        confirmed(office, submitted_goods(office, a_lot()))
        new = market.NewGood(barcode=None, name="香皂", unit_word="件", month_pieces_max=None)
        market.change_good(office.session, office.act(office.chen), good_number="G0001", good=new, active=False)

        with pytest.raises(FileHasProblems) as refused:
            submitted_goods(office, a_lot(pieces="5"))

        assert [(2, "good_not_offered")] == problems_of(refused)


class TestTakingBack:
    """experience.md 5.5: undo while all of it is on the shelf."""

    def test_what_waits_is_withdrawn(self, office):
        answer = submitted_goods(office, *THREE)

        undone(office, answer, by=office.chen)

        assert {"withdrawn"} == {one.state for one in market_queries.donations(office.session, XFL)}
        assert () == market_queries.waiting_prices(office.session, XFL)

    def test_what_is_on_the_shelf_goes_off_it(self, office):
        answer = submitted_goods(office, *THREE)
        confirmed(office, answer)

        assert ["D0001", "D0002"] == undone(office, answer)["donations"]
        assert 0 == pieces_on_the_shelf(office)

    def test_takes_another_person_than_the_one_who_received_it(self, office):
        answer = submitted_goods(office, *THREE)
        confirmed(office, answer)

        with pytest.raises(CheckerIsReceiver):
            undone(office, answer, by=office.chen)

    def test_pieces_that_were_handed_out_keep_all_of_it(self, office):
        registered(office)
        answer = submitted_goods(office, *THREE)
        confirmed(office, answer)
        unit = goods_unit("G0002")
        lot = market_queries.stock(office.session, XFL, NOON, "G0002")[0].lot.number
        out = Transfer(AccountRef(AccountKind.SHELF, lot, unit), system(AccountKind.RELIEF, unit), 1)
        relief = Draft(kind=EntryKind.RELIEF_ISSUED, effective_on=NOON.date(), transfers=(out,))
        journal.post(office.session, office.act(office.zhao), relief)

        with pytest.raises(LotsNotWhole):
            undone(office, answer)

        assert 94 == pieces_on_the_shelf(office)
