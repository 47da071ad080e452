"""Stock moves: pieces go to another place and back, one entry each; nothing leaves the shelf and no giver is lost."""

from datetime import date

import pytest

from tests.builders import NOON
from tests.market.builders import XFL, a_good, a_lot, a_volunteer, pieces_of, redeem
from timebank.audit.verification import examine
from timebank.books.pages import entry_view
from timebank.ledger.entries import EntryKind
from timebank.market import operations, queries
from timebank.market.operations import LotsNotWhole, MoveCountered, MoveMoreThanFree, MoveNowhere, NewDonation, NewLot
from timebank.market.queries import NoSuchStockMove
from timebank.market.texts import MarketText
from timebank.people.queries import NotAllowed

LAST_DAY = date(2027, 1, 31)


def move(shop, lot="L000001", pieces=4, to="里间", *, by=None, **changes):
    act = shop.act(by, **changes)
    return operations.move_stock(shop.session, act, lot_number=lot, pieces=pieces, to_place=to, note="")


def back(shop, number="M0001"):
    return operations.move_back(shop.session, shop.act(), move_number=number)


def places(shop):
    """How many pieces stand where, with the lots."""
    found = queries.stock(shop.session, XFL, NOON)
    return [(one.lot.number, one.lot.place, one.free_pieces) for one in found]


def damage(shop):
    """What verification says of the shelf; the points of these tests have no records of service."""
    found = (one.check for one in examine(shop.session, XFL, ()).findings)
    return [check for check in found if "move" in check or "delivery" in check or check == "record_unlike_entry"]


class TestMoving:
    """Issue: transfer between places; experience.md: undo of every stock action."""

    @pytest.fixture
    def soap(self, shop):
        """Ten pieces at the front."""
        good = a_good(shop, pieces=0)
        a_lot(shop, good, 10, place="前台", unit_price_fen=350, expires_on=LAST_DAY)
        return good

    def test_pieces_go_elsewhere_with_their_giver_value_and_last_day(self, shop, soap):
        answer = move(shop)

        front, inside = (one.lot for one in queries.stock(shop.session, XFL, NOON))
        assert [("L000001", "前台", 6), ("L000002", "里间", 4)] == places(shop)
        assert {"number": "M0001", "lot": "L000002"} == {name: answer[name] for name in ("number", "lot")}
        assert (front.donation_number, front.partner_code, 350, LAST_DAY) == (
            inside.donation_number,
            inside.partner_code,
            inside.unit_price_fen,
            inside.expires_on,
        )

    def test_it_is_one_entry_that_says_where_from_and_where_to(self, shop, soap):
        view = entry_view(shop.session, XFL, move(shop)["seq"])
        assert view is not None
        entry = view.entry

        assert EntryKind.GOODS_MOVED is entry.kind
        assert ("前台", "里间") == (entry.facts["from_place"], entry.facts["to_place"])
        assert [("shelf/L000001/goods:G0001", "shelf/L000002/goods:G0001", 4)] == [
            (one.debit.code, one.credit.code, one.amount) for one in entry.transfers
        ]

    def test_the_same_pieces_at_the_same_place_are_one_lot(self, shop, soap):
        move(shop)
        move(shop, pieces=1)
        move(shop, "L000002", 2, "前台")

        assert [("L000001", "前台", 7), ("L000002", "里间", 3)] == places(shop)

    def test_it_is_taken_back_once(self, shop, soap):
        move(shop)
        back(shop)

        assert [("L000001", "前台", 10)] == places(shop)
        later, first = queries.stock_moves(shop.session, XFL)
        assert ("M0002", "M0001") == (first.countered_by, later.counters)
        with pytest.raises(MoveCountered):
            back(shop)
        with pytest.raises(MoveCountered):
            back(shop, "M0002")

    def test_it_cannot_be_taken_back_when_pieces_have_gone(self, shop, soap):
        move(shop, pieces=10)
        redeem(shop, a_volunteer(shop, points_e2=3000), (soap, 1))

        with pytest.raises(MoveMoreThanFree) as refused:
            back(shop)

        assert {"lot": "L000002", "pieces": 10, "free": 9} == refused.value.facts

    @pytest.mark.parametrize("pieces", [0, -1, 11])
    def test_only_free_pieces_go(self, shop, soap, pieces):
        with pytest.raises(MoveMoreThanFree):
            move(shop, pieces=pieces)

        assert [("L000001", "前台", 10)] == places(shop)

    def test_they_go_to_another_place_with_a_name(self, shop, soap):
        with pytest.raises(MoveNowhere):
            move(shop, to="前台")
        with pytest.raises(MarketText):
            move(shop, to=" ")
        with pytest.raises(MoveMoreThanFree):
            move(shop, "L000099")
        with pytest.raises(NoSuchStockMove):
            back(shop, "M0099")

    def test_whoever_may_not_handle_goods_moves_none(self, shop, soap):
        with pytest.raises(NotAllowed):
            operations.move_stock(
                shop.session,
                shop.act(person_id=a_volunteer(shop).person_id),
                lot_number="L000001",
                pieces=1,
                to_place="里间",
                note="",
            )

    def test_what_expires_first_goes_out_first_wherever_it_stands(self, shop, soap):
        a_lot(shop, soap, 3, place="前台", expires_on=date(2027, 3, 1))
        move(shop, pieces=10, to="仓库")
        redeem(shop, a_volunteer(shop, points_e2=3000), (soap, 2))

        assert 8 == pieces_of(shop, soap, "L000003")

    def test_a_delivery_of_which_pieces_stand_elsewhere_is_not_taken_back_whole(self, shop, soap):
        move(shop)
        donation = queries.donations(shop.session, XFL)[0].number
        with pytest.raises(LotsNotWhole):
            operations.take_back_donation(shop.session, shop.act(shop.clerk), donation_number=donation, reason="登错了")

        assert ["L000001"] == [lot.number for lot in queries.donation_lots(shop.session, XFL, donation)]
        back(shop)
        operations.take_back_donation(shop.session, shop.act(shop.clerk), donation_number=donation, reason="登错了")
        assert [] == places(shop)

    def test_two_lots_of_one_delivery_that_meet_stay_what_was_delivered(self, shop):
        good = a_good(shop, pieces=0)
        lots = tuple(NewLot(good_number=good, pieces=2, place=place) for place in ("前台", "里间"))
        act = shop.act(shop.coordinator)
        donation = operations.receive(shop.session, act, donation=NewDonation(partner_code=shop.partner, lots=lots))[
            "number"
        ]
        operations.check_in(shop.session, shop.act(shop.other_coordinator), donation_number=donation)

        move(shop, "L000001", 2, "里间")

        assert [("L000002", "里间", 4)] == places(shop)
        assert 2 == len(queries.donation_lots(shop.session, XFL, donation))
        assert [] == damage(shop)

    def test_the_books_verify_after_moves(self, shop, soap):
        move(shop)
        back(shop)
        move(shop, pieces=3, to="仓库")

        assert [] == damage(shop)
