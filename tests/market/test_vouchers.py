"""Service vouchers: a unit offers a haircut so often a month; a volunteer takes a voucher; the unit honours it once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import NOON
from tests.market.builders import XFL, a_good, a_volunteer, codes, points_e2_of
from tests.market.vouchers import (
    AN_HOUR,
    MONTH,
    NEXT_MONTH,
    a_desk,
    a_service,
    draw_up,
    found_wrong,
    give_back,
    honour,
    left,
    offered,
    state,
    take,
    two_honoured,
)
from tests.people import builders as people
from tests.people.builders import acting_as as acting_as_volunteer
from timebank.books import holds
from timebank.ledger.codes import CodeKind, read_code
from timebank.market import operations, queries
from timebank.market.operations import (
    DeliveryRefused,
    NewDonation,
    NewLot,
    ServiceOnShelf,
    SettlementDone,
    SettlementMonth,
    SettlementNeedsAnother,
    VoucherForAnother,
    VoucherOfferOver,
    VoucherOver,
)
from timebank.market.queries.honouring import (
    NoSuchSettlement,
    NoSuchVoucherDesk,
    honoured_in,
    months_honoured,
    settlements,
    voucher_desk,
    voucher_desks,
)
from timebank.market.queries.vouchers import (
    NoSuchVoucher,
    NoSuchVoucherOffer,
    voucher,
    voucher_offer,
    voucher_offers,
    vouchers_newest,
    vouchers_of,
)
from timebank.market.rules import NoPrice, PointsShort
from timebank.market.rules.vouchers import (
    Place,
    VoucherOfferWrong,
    VoucherPersonLimit,
    VouchersTaken,
    free_place,
    good_until,
)
from timebank.people.queries import NotAllowed


class TestThePlaces:
    """Issue, point 7: with quota. A place that was given back is free again, one that ran out is not."""

    @pytest.mark.parametrize(
        ("taken", "expected"),
        [
            ({}, Place(1, 1)),
            ({1: (1, False)}, Place(2, 1)),
            ({1: (1, True)}, Place(2, 1)),
            ({1: (3, True), 2: (1, False)}, Place(1, 4)),
            ({1: (1, False), 2: (1, False)}, None),
        ],
    )
    def test_which_place_is_free(self, taken, expected):
        assert expected == free_place(2, taken)

    def test_good_to_the_end_of_the_last_day(self):
        assert datetime(2026, 11, 30, 16, tzinfo=UTC) == good_until(date(2026, 11, 29), 1)


class TestTaking:
    """A voucher puts its points aside, at the price of the price list."""

    def test_points_are_put_aside_and_the_code_is_of_its_own_kind(self, shop):
        volunteer, offer = a_volunteer(shop, points_e2=2000), a_service(shop)

        taken = take(shop, volunteer, offer)

        assert (500, 1500) == (points_e2_of(shop, volunteer), taken["points_e2"])
        assert CodeKind.VOUCHER is read_code(taken["code"]).kind
        assert "open" == state(shop, taken)
        (own,) = vouchers_of(shop.session, XFL, volunteer.number, NOON)
        assert (taken["number"], NOON.date() + timedelta(days=14)) == (own.number, own.last_on)
        assert 1 == left(shop, offer)
        assert set() == found_wrong(shop)

    def test_the_clerk_takes_one_for_who_has_no_phone(self, shop):
        volunteer, offer = a_volunteer(shop, points_e2=2000), a_service(shop)

        taken = take(shop, volunteer, offer, by=shop.clerk)

        assert shop.clerk.person_id == voucher(shop.session, XFL, taken["number"], NOON).taken_by_id

    def test_nobody_takes_one_from_another_passbook(self, shop):
        volunteer, other, offer = a_volunteer(shop, points_e2=2000), a_volunteer(shop), a_service(shop)

        act = acting_as_volunteer(other)
        with pytest.raises(VoucherForAnother):
            operations.take_voucher(shop.session, act, volunteer_number=volunteer.number, offer_number=offer)
        with pytest.raises(VoucherForAnother):
            take(shop, volunteer, offer, by=shop.coordinator)

    def test_too_few_points_change_nothing(self, shop):
        volunteer, offer = a_volunteer(shop, points_e2=1499), a_service(shop)

        with pytest.raises(PointsShort) as refused:
            take(shop, volunteer, offer)

        assert {"missing_points_e2": 1} == refused.value.facts
        assert (1499, 2) == (points_e2_of(shop, volunteer), left(shop, offer))

    def test_without_a_price_there_is_no_voucher(self, shop):
        volunteer, offer = a_volunteer(shop, points_e2=2000), a_service(shop, price_e2=None)

        with pytest.raises(NoPrice):
            take(shop, volunteer, offer)

    def test_no_more_than_one_person_may(self, shop):
        volunteer, offer = a_volunteer(shop, points_e2=9000), a_service(shop)
        taken = take(shop, volunteer, offer)
        give_back(shop, taken, volunteer=volunteer)

        with pytest.raises(VoucherPersonLimit):
            take(shop, volunteer, offer)

    def test_the_quota_of_the_month_and_no_more(self, shop):
        offer = a_service(shop)
        first, second, third = (a_volunteer(shop, points_e2=2000) for _ in range(3))
        take(shop, first, offer)
        take(shop, second, offer)

        with pytest.raises(VouchersTaken):
            take(shop, third, offer)

        assert 0 == left(shop, offer)
        assert 2000 == points_e2_of(shop, third)
        assert take(shop, third, offer, at=NEXT_MONTH)["number"]

    def test_a_place_that_was_given_back_is_taken_again(self, shop):
        offer = a_service(shop, month_quota=1)
        first, second = (a_volunteer(shop, points_e2=2000) for _ in range(2))
        give_back(shop, take(shop, first, offer), volunteer=first)

        taken = take(shop, second, offer, at=NOON + 2 * AN_HOUR)

        kept = voucher(shop.session, XFL, taken["number"], NOON)
        assert (1, 2) == (kept.place, kept.turn)
        assert 2000 == points_e2_of(shop, first)

    def test_an_offer_that_is_over_gives_none(self, shop):
        volunteer, offer = a_volunteer(shop, points_e2=2000), a_service(shop)
        operations.end_voucher_offer(shop.session, shop.act(shop.coordinator), offer_number=offer)

        with pytest.raises(VoucherOfferOver):
            take(shop, volunteer, offer)
        assert () == voucher_offers(shop.session, XFL, NOON.date())
        assert 1 == len(voucher_offers(shop.session, XFL, NOON.date(), ended=True))

    def test_no_such_offer(self, shop):
        with pytest.raises(NoSuchVoucherOffer):
            take(shop, a_volunteer(shop), "F9999")


class TestOffering:
    """domain.md P3: a unit offers a service with quota and validity; a good of the shelf is no service."""

    def test_a_good_of_the_shelf_is_no_service(self, shop):
        soap = a_good(shop)

        with pytest.raises(ServiceOnShelf):
            offered(shop, soap)

    def test_a_service_is_not_delivered_and_not_sold_at_the_till(self, shop):
        offer = a_service(shop)
        good = voucher_offer(shop.session, XFL, offer, NOON.date()).good_number
        lots = NewDonation(partner_code=shop.partner, lots=(NewLot(good_number=good, pieces=3),))

        with pytest.raises(DeliveryRefused) as refused:
            operations.receive(shop.session, shop.act(shop.coordinator), donation=lots)

        assert ["service_not_delivered"] == codes(refused.value)
        assert () == queries.goods_on_sale(shop.session, XFL, NOON)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"month_quota": 0},
            {"month_quota": 1001},
            {"person_month_max": 0},
            {"valid_days": 93},
            {"unit_value_fen": -1},
        ],
    )
    def test_terms_that_are_none(self, shop, wrong):
        with pytest.raises(VoucherOfferWrong):
            a_service(shop, **wrong)

    def test_a_clerk_offers_nothing(self, shop):
        soap = a_good(shop, pieces=0)

        with pytest.raises(NotAllowed):
            offered(shop, soap, by=shop.clerk)


class TestHonouring:
    """Issue, point 7: verified at the partner by code, single use, replays refused."""

    def test_it_is_honoured_once(self, shop):
        volunteer, offer, desk = a_volunteer(shop, points_e2=2000), a_service(shop), a_desk(shop)
        taken = take(shop, volunteer, offer)

        answer = honour(shop, desk, taken)

        assert ("honoured", 500) == (state(shop, taken), points_e2_of(shop, volunteer))
        assert taken["number"] == answer["number"]
        with pytest.raises(VoucherOver):
            honour(shop, desk, taken)
        with pytest.raises(VoucherOver):
            give_back(shop, taken, volunteer=volunteer)
        assert set() == found_wrong(shop)

    def test_not_at_another_unit(self, shop):
        taken = take(shop, a_volunteer(shop, points_e2=2000), a_service(shop))
        other = a_desk(shop, people.a_partner(shop.session, "幸福面馆"))

        with pytest.raises(NoSuchVoucher):
            honour(shop, other, taken)
        assert "open" == state(shop, taken)

    def test_not_with_a_card_that_works_no_more(self, shop):
        taken, desk = take(shop, a_volunteer(shop, points_e2=2000), a_service(shop)), a_desk(shop)
        operations.end_voucher_desk(shop.session, shop.act(shop.coordinator), desk_number=desk["number"])

        with pytest.raises(NoSuchVoucherDesk):
            honour(shop, desk, taken)
        with pytest.raises(NoSuchVoucherDesk):
            operations.end_voucher_desk(shop.session, shop.act(shop.coordinator), desk_number=desk["number"])
        assert [True] == [one.ended_at is not None for one in voucher_desks(shop.session, XFL)]
        with pytest.raises(NoSuchVoucherDesk):
            voucher_desk(shop.session, XFL, "D999")

    def test_a_voucher_is_no_desk_and_a_desk_no_voucher(self, shop):
        taken, desk = take(shop, a_volunteer(shop, points_e2=2000), a_service(shop)), a_desk(shop)

        with pytest.raises(NoSuchVoucherDesk):
            honour(shop, taken, taken)
        with pytest.raises(NoSuchVoucher):
            honour(shop, desk, desk["code"])

    def test_one_that_ran_out_is_not_honoured_and_gives_its_points_back(self, shop):
        volunteer, desk = a_volunteer(shop, points_e2=2000), a_desk(shop)
        taken = take(shop, volunteer, a_service(shop))
        over = datetime.fromisoformat(taken["expires_at"])

        with pytest.raises(VoucherOver):
            honour(shop, desk, taken, at=over)
        holds.expire(shop.session, shop.act(at=over))

        assert ("expired", 2000) == (state(shop, taken, over), points_e2_of(shop, volunteer))
        assert set() == found_wrong(shop)

    def test_one_second_before_it_runs_out(self, shop):
        desk, taken = a_desk(shop), take(shop, a_volunteer(shop, points_e2=2000), a_service(shop))

        honour(shop, desk, taken, at=datetime.fromisoformat(taken["expires_at"]) - timedelta(seconds=1))

        assert "honoured" == state(shop, taken)

    def test_only_the_owner_or_the_till_gives_it_back(self, shop):
        volunteer, other = a_volunteer(shop, points_e2=2000), a_volunteer(shop)
        taken = take(shop, volunteer, a_service(shop))

        with pytest.raises(VoucherForAnother):
            give_back(shop, taken, volunteer=other)
        give_back(shop, taken, by=shop.clerk)

        assert ("released", 2000) == (state(shop, taken), points_e2_of(shop, volunteer))
        assert [taken["number"]] == [one.number for one in vouchers_newest(shop.session, XFL, NOON)]


class TestSettling:
    """Issue, point 7: settled monthly, by two persons."""

    def confirm(self, shop, by):
        act = shop.act(by, at=NOON + timedelta(days=41))
        operations.confirm_settlement(shop.session, act, partner_code=shop.partner, month=MONTH)

    def test_what_was_honoured_and_what_it_is_worth(self, shop):
        two_honoured(shop)

        assert {"vouchers": 2, "points_e2": 3000, "value_fen": 4000} == draw_up(shop)

        self.confirm(shop, shop.other_coordinator)
        (kept,) = settlements(shop.session, XFL)
        assert (2, shop.other_coordinator.person_id) == (kept.vouchers, kept.confirmed_by_id)
        (line,) = honoured_in(shop.session, XFL, shop.partner, MONTH)
        assert (2, 3000, 4000) == (line.vouchers, line.points_e2, line.value_fen)
        assert (MONTH,) == months_honoured(shop.session, XFL, shop.partner)
        with pytest.raises(SettlementDone):
            draw_up(shop)
        with pytest.raises(SettlementDone):
            self.confirm(shop, shop.other_coordinator)

    def test_nobody_confirms_their_own(self, shop):
        two_honoured(shop)
        draw_up(shop)

        with pytest.raises(SettlementNeedsAnother):
            self.confirm(shop, shop.coordinator)
        assert [None] == [one.confirmed_at for one in settlements(shop.session, XFL)]

    def test_a_month_that_is_not_over_or_empty(self, shop):
        two_honoured(shop)

        for wrong in ({"at": NOON}, {"month": 202601}, {"month": 202613}):
            with pytest.raises(SettlementMonth):
                draw_up(shop, **wrong)
        with pytest.raises(NoSuchSettlement):
            self.confirm(shop, shop.coordinator)
