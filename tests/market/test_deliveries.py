"""Deliveries: goods come onto the shelf by two persons, lot by lot, from a named giver."""

from datetime import date

import pytest

from tests.builders import NOON
from tests.market.builders import (
    A_DAY,
    XFL,
    a_delivery,
    a_good,
    a_lot,
    a_new_good,
    a_volunteer,
    codes,
    pieces_of,
    reasons,
    redeem,
    shelf,
)
from tests.people import builders as people
from timebank.books import holds
from timebank.books.pages import entry_view
from timebank.books.statements import balance
from timebank.ledger.accounts import AccountKind, AccountRef, goods_unit
from timebank.ledger.entries import EntryKind
from timebank.market import queries
from timebank.market.operations import (
    CheckerIsReceiver,
    DeliveryRefused,
    DonationDecided,
    LotsNotWhole,
    NewDonation,
    NewLot,
    change_good,
    check_in,
    receive,
    take_back_donation,
    withdraw_donation,
)
from timebank.market.operations.deliveries import LOTS_MAX
from timebank.market.queries import NoSuchDonation
from timebank.market.rules import LOT_PIECES_MAX, UNIT_PRICE_FEN_MAX
from timebank.market.texts import MarketText
from timebank.people.queries import NoSuchPartner, NotAllowed
from timebank.people.roles import Role


@pytest.fixture
def soap(shop):
    """A good with a price and nothing on the shelf."""
    return a_good(shop, pieces=0)


def receive_lots(shop, *lots, by=None, slip="", partner=None):
    donation = NewDonation(partner_code=partner or shop.partner, lots=lots, slip=slip)
    return receive(shop.session, shop.act(by or shop.coordinator), donation=donation)


def checked_in(shop, donation, by=None, **changes):
    act = shop.act(by or shop.other_coordinator, **changes)
    return check_in(shop.session, act, donation_number=donation)


class TestReceiving:
    """S3: unit, items, unit price, expiry date, slip number; both sign; nothing is sellable until checked in."""

    def test_a_delivery_waits_with_its_lots(self, shop, soap):
        lot = NewLot(good_number=soap, pieces=30, unit_price_fen=270, expires_on=date(2027, 3, 31), place="A架2层")

        answer = receive_lots(shop, lot, slip="JZ-2026-017")

        assert {"number": "D0001", "lots": ["L000001"]} == answer
        waiting = queries.waiting_donations(shop.session, XFL)
        assert [("D0001", shop.partner, "JZ-2026-017", "waiting")] == [
            (each.number, each.partner_code, each.slip, each.state) for each in waiting
        ]
        kept = queries.donation_lots(shop.session, XFL, "D0001")[0]
        assert (30, 270, date(2027, 3, 31), "A架2层") == (
            kept.pieces,
            kept.unit_price_fen,
            kept.expires_on,
            kept.place,
        )
        assert () == queries.stock(shop.session, XFL, NOON)

    def test_the_same_good_may_come_in_two_lots(self, shop, soap):
        lots = (NewLot(good_number=soap, pieces=1), NewLot(good_number=soap, pieces=2, expires_on=date(2027, 1, 1)))

        assert ["L000001", "L000002"] == receive_lots(shop, *lots)["lots"]

    def test_numbers_go_on_with_the_next_delivery(self, shop, soap):
        a_delivery(shop, soap)

        assert {"number": "D0002", "lots": ["L000002"]} == receive_lots(shop, NewLot(good_number=soap, pieces=1))

    def test_a_clerk_may_receive_and_an_auditor_may_not(self, shop, soap):
        receive_lots(shop, NewLot(good_number=soap, pieces=1), by=shop.clerk)

        with pytest.raises(NotAllowed):
            receive_lots(
                shop,
                NewLot(good_number=soap, pieces=1),
                by=people.a_staff_member(shop.session, Role.AUDITOR),
            )

    def test_an_unknown_giver_is_refused(self, shop, soap):
        with pytest.raises(NoSuchPartner):
            receive_lots(shop, NewLot(good_number=soap, pieces=1), partner="P404")

    def test_every_wrong_line_is_named_and_nothing_is_taken_in(self, shop, soap):
        lots = (
            NewLot(good_number=soap, pieces=1),
            NewLot(good_number="G0404", pieces=0),
            NewLot(good_number=soap, pieces=1, expires_on=date(2026, 11, 22), unit_price_fen=-1, place="\u0007"),
        )

        with pytest.raises(DeliveryRefused) as refused:
            receive_lots(shop, *lots)

        assert [
            (2, "unknown_good"),
            (2, "lot_pieces_out_of_range"),
            (3, "unit_price_out_of_range"),
            (3, "expired_on_arrival"),
            (3, "market_text"),
        ] == [(problem["line"], problem["code"]) for problem in reasons(refused.value)]
        assert () == queries.waiting_donations(shop.session, XFL)

    @pytest.mark.parametrize(
        ("field", "inside", "outside"),
        [
            ("pieces", 1, 0),
            ("pieces", LOT_PIECES_MAX, LOT_PIECES_MAX + 1),
            ("unit_price_fen", 0, -1),
            ("unit_price_fen", UNIT_PRICE_FEN_MAX, UNIT_PRICE_FEN_MAX + 1),
            ("expires_on", date(2026, 11, 23), date(2026, 11, 22)),
            ("place", "架" * 40, "架" * 41),
        ],
    )
    def test_each_bound_on_both_sides(self, shop, soap, field, inside, outside):
        receive_lots(shop, NewLot(**({"good_number": soap, "pieces": 1} | {field: inside})))

        with pytest.raises(DeliveryRefused):
            receive_lots(shop, NewLot(**({"good_number": soap, "pieces": 1} | {field: outside})))

    @pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (LOTS_MAX, True), (LOTS_MAX + 1, False)])
    def test_a_delivery_has_one_to_five_hundred_lots(self, shop, soap, count, fits):
        lots = [NewLot(good_number=soap, pieces=1)] * count

        if fits:
            assert count == len(receive_lots(shop, *lots)["lots"])
        else:
            with pytest.raises(DeliveryRefused) as refused:
                receive_lots(shop, *lots)
            assert (count, LOTS_MAX) == (refused.value.facts["lots"], refused.value.facts["lots_max"])

    def test_a_good_that_is_no_longer_offered_is_not_taken_in(self, shop, soap):
        change_good(shop.session, shop.act(shop.coordinator), good_number=soap, good=a_new_good(), active=False)

        with pytest.raises(DeliveryRefused) as refused:
            receive_lots(shop, NewLot(good_number=soap, pieces=1))

        assert ["good_not_offered"] == codes(refused.value)

    @pytest.mark.parametrize(("slip", "fits"), [("", True), ("1" * 40, True), ("1" * 41, False), ("a\nb", False)])
    def test_the_number_of_the_slip_is_a_short_text(self, shop, soap, slip, fits):
        if fits:
            receive_lots(shop, NewLot(good_number=soap, pieces=1), slip=slip)
        else:
            with pytest.raises(MarketText):
                receive_lots(shop, NewLot(good_number=soap, pieces=1), slip=slip)

    def test_pressed_twice_is_received_once(self, shop, soap):
        donation = NewDonation(partner_code=shop.partner, lots=(NewLot(good_number=soap, pieces=1),))
        answers = [
            receive(shop.session, shop.act(shop.coordinator, request_key="the-same-key"), donation=donation)
            for _time in range(2)
        ]

        assert answers[0] == answers[1]
        assert 1 == len(queries.donations(shop.session, XFL))


class TestCheckingIn:
    """S3 and trust.md X17: a second person puts the goods on the shelf; then they can be handed out."""

    def test_the_goods_come_from_the_donor_onto_the_shelf(self, shop, soap):
        donation = a_delivery(shop, soap, 30, unit_price_fen=270, expires_on=date(2027, 3, 31))

        answer = checked_in(shop, donation)

        assert 30 == pieces_of(shop, soap)
        donor = AccountRef(AccountKind.DONOR, shop.partner, goods_unit(soap))
        assert -30 == balance(shop.session, XFL, donor)
        view = entry_view(shop.session, XFL, answer["seq"])
        assert view is not None
        assert (EntryKind.GOODS_RECEIVED, "donation:D0001") == (view.entry.kind, view.entry.source)
        assert {
            "received_by": shop.coordinator.number,
            "L000001.unit_price_fen": 270,
            "L000001.expires_on": "2027-03-31",
        } == view.entry.facts
        assert "农商行支行捐赠入库 D0001" == view.memo

    def test_it_is_known_who_did_what(self, shop, soap):
        donation = a_delivery(shop, soap)

        answer = checked_in(shop, donation, at=NOON + A_DAY)

        found = queries.donation(shop.session, XFL, donation)
        assert (shop.coordinator.person_id, NOON) == (found.received_by_id, found.received_at)
        assert (shop.other_coordinator.person_id, NOON + A_DAY) == (found.decided_by_id, found.decided_at)
        assert ("checked-in", answer["seq"], None) == (found.state, found.entry_seq, found.undo_seq)

    def test_who_received_does_not_check_in(self, shop, soap):
        donation = a_delivery(shop, soap)

        with pytest.raises(CheckerIsReceiver):
            checked_in(shop, donation, by=shop.coordinator)

        assert 0 == pieces_of(shop, soap)

    def test_a_clerk_may_check_in_and_an_admin_may_not(self, shop, soap):
        with pytest.raises(NotAllowed):
            checked_in(shop, a_delivery(shop, soap), by=people.a_staff_member(shop.session, Role.ADMIN))

        checked_in(shop, a_delivery(shop, soap), by=shop.clerk)
        assert 10 == pieces_of(shop, soap, "L000002")

    def test_twice_is_once(self, shop, soap):
        donation = a_delivery(shop, soap)
        checked_in(shop, donation)

        with pytest.raises(DonationDecided) as refused:
            checked_in(shop, donation, by=shop.clerk)

        assert {"donation": "D0001", "state": "checked-in"} == refused.value.facts
        assert 10 == pieces_of(shop, soap)

    def test_an_unknown_number_is_refused(self, shop):
        with pytest.raises(NoSuchDonation):
            checked_in(shop, "D0404")


class TestWithdrawing:
    """A delivery that was written down wrongly and still waits never comes onto the shelf."""

    def test_a_withdrawn_delivery_cannot_be_checked_in(self, shop, soap):
        donation = a_delivery(shop, soap)

        withdraw_donation(shop.session, shop.act(shop.coordinator), donation_number=donation)

        assert () == queries.waiting_donations(shop.session, XFL)
        assert "withdrawn" == queries.donation(shop.session, XFL, donation).state
        with pytest.raises(DonationDecided):
            checked_in(shop, donation)

    def test_what_is_on_the_shelf_cannot_be_withdrawn(self, shop, soap):
        donation = a_delivery(shop, soap)
        checked_in(shop, donation)

        with pytest.raises(DonationDecided):
            withdraw_donation(shop.session, shop.act(shop.coordinator), donation_number=donation)

        assert 10 == pieces_of(shop, soap)

    def test_only_who_may_receive(self, shop, soap):
        donation = a_delivery(shop, soap)

        with pytest.raises(NotAllowed):
            withdraw_donation(
                shop.session,
                shop.act(people.a_staff_member(shop.session, Role.AUDITOR)),
                donation_number=donation,
            )


class TestTakingBack:
    """Correcting a past receipt is one act; what happened to goods later is another (lessons.md section 1)."""

    def take_back(self, shop, donation, by=None, reason="数错了"):
        act = shop.act(by or shop.other_coordinator)
        return take_back_donation(shop.session, act, donation_number=donation, reason=reason)

    def test_the_goods_go_back_to_the_donor(self, shop, soap):
        a_lot(shop, soap, 30)

        answer = self.take_back(shop, "D0001")

        assert 0 == pieces_of(shop, soap)
        found = queries.donation(shop.session, XFL, "D0001")
        assert ("taken-back", answer["seq"]) == (found.state, found.undo_seq)

    def test_not_once_a_piece_is_gone(self, shop, soap):
        a_lot(shop, soap, 30)
        redeem(shop, a_volunteer(shop, points_e2=3000), (soap, 1))

        with pytest.raises(LotsNotWhole) as refused:
            self.take_back(shop, "D0001")

        assert {"donation": "D0001", "lots": ["L000001"]} == refused.value.facts
        assert 29 == pieces_of(shop, soap)

    def test_not_while_a_piece_is_put_aside(self, shop, soap):
        a_lot(shop, soap, 30)
        holds.place(shop.session, shop.act(), parts=[(shelf(soap), 1)], expires_at=NOON + A_DAY, source="test", memo="")

        with pytest.raises(LotsNotWhole):
            self.take_back(shop, "D0001")

    def test_not_by_who_received(self, shop, soap):
        a_lot(shop, soap, 30)

        with pytest.raises(CheckerIsReceiver):
            self.take_back(shop, "D0001", by=shop.coordinator)

    def test_not_twice_and_not_before_it_is_on_the_shelf(self, shop, soap):
        donation = a_delivery(shop, soap)
        with pytest.raises(DonationDecided):
            self.take_back(shop, donation)
        checked_in(shop, donation)
        self.take_back(shop, donation)

        with pytest.raises(DonationDecided) as refused:
            self.take_back(shop, donation)

        assert {"donation": "D0001", "state": "taken-back"} == refused.value.facts

    def test_not_without_a_reason(self, shop, soap):
        a_lot(shop, soap, 30)

        with pytest.raises(MarketText):
            self.take_back(shop, "D0001", reason=" ")

    def test_only_who_may_check_in(self, shop, soap):
        a_lot(shop, soap, 30)

        with pytest.raises(NotAllowed):
            self.take_back(shop, "D0001", by=people.a_staff_member(shop.session, Role.ADMIN))
