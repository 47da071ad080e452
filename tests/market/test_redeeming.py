"""Redeeming: points leave the passbook and goods leave the shelf together, or neither does."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.books.snapshots import MOVED, rows_of
from tests.builders import NOON
from tests.market.builders import (
    A_DAY,
    XFL,
    a_delivery,
    a_good,
    a_lot,
    a_new_good,
    a_price,
    a_shop,
    a_volunteer,
    codes,
    earn,
    pieces_of,
    points_e2_of,
    reasons,
    redeem,
)
from tests.people import builders as people
from timebank.books import statements
from timebank.books.pages import entry_view
from timebank.ledger.accounts import POINTS, AccountKind, system
from timebank.market import queries
from timebank.market.operations import PassbookClosed, RedeemForOneself, change_good
from timebank.market.operations.waiting import join_waiting
from timebank.market.rules import BasketRefused, BasketSize
from timebank.market.tables import RedemptionLineRow, RedemptionRow
from timebank.people import operations as people_operations
from timebank.people.queries import GroupOnlyGives, NoSuchVolunteer, NotAllowed
from timebank.people.queries import volunteer as volunteer_of
from timebank.people.roles import Role
from timebank.people.tables import VolunteerRow

WRITTEN = (*MOVED, RedemptionRow.__table__, RedemptionLineRow.__table__)


class TestRedeeming:
    """architecture.md 6.2: one entry takes points and goods, priced by the list in force."""

    def test_takes_points_and_stock_together(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        rice = a_good(shop, price_e2=2000, pieces=3)

        answer = redeem(shop, volunteer, (rice, 1))

        assert 1000 == points_e2_of(shop, volunteer)
        assert 2 == pieces_of(shop, rice)
        assert ("R000001", 2000, 1000) == (answer["number"], answer["points_e2"], answer["available_e2"])

    def test_is_one_entry_that_says_what_was_given_and_why_it_cost_that(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop, price_e2=300, name="香皂", unit_word="块")

        answer = redeem(shop, volunteer, (soap, 2))

        view = entry_view(shop.session, XFL, answer["seq"])
        assert view is not None
        assert [
            ("passbook/V0001/points", "redeemed/points", 600),
            ("shelf/L000001/goods:G0001", "handed-out/goods:G0001", 2),
        ] == [(each.debit.code, each.credit.code, each.amount) for each in view.entry.transfers]
        assert {"G0001.price_points_e2": 300, "G0001.price_version": 1} == view.entry.facts
        assert (2, "换香皂2块") == (view.entry.rule_version, view.memo)
        assert f"redemption:{answer['redemption_id']}" == view.entry.source

    def test_says_who_took_who_served_and_from_which_lots(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop, price_e2=300, pieces=1)
        a_lot(shop, soap, 5)

        answer = redeem(shop, volunteer, (soap, 2))

        found = queries.redemption(shop.session, XFL, answer["number"])
        assert (volunteer.number, volunteer.person_id) == (found.volunteer_number, found.person_id)
        assert (shop.clerk.person_id, NOON.date()) == (found.served_by_id, found.redeemed_on)
        assert [("L000001", 1, 300, 1), ("L000002", 1, 300, 1)] == [
            (line.lot_number, line.pieces, line.price_points_e2, line.price_version) for line in found.lines
        ]

    def test_takes_what_expires_first(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        oil = a_good(shop, price_e2=300, pieces=5, expires_on=date(2027, 3, 31))
        a_lot(shop, oil, 5, expires_on=date(2026, 12, 1))

        redeem(shop, volunteer, (oil, 6))

        assert (4, 0) == (pieces_of(shop, oil, "L000001"), pieces_of(shop, oil, "L000002"))

    def test_takes_the_oldest_points_first_and_those_that_last_at_the_end(self, shop):
        volunteer = a_volunteer(shop, points_e2=100)
        earn(shop, volunteer, 200, vintage=2026)
        earn(shop, volunteer, 300, vintage=2025)
        soap = a_good(shop, price_e2=550)

        redeem(shop, volunteer, (soap, 1))

        assert [0, 0, 50] == [points_e2_of(shop, volunteer, vintage) for vintage in (2025, 2026, 0)]

    def test_numbers_run_without_gaps_also_past_a_refusal(self, shop):
        volunteer, other = a_volunteer(shop, points_e2=300), a_volunteer(shop, points_e2=300)
        soap = a_good(shop)

        first = redeem(shop, volunteer, (soap, 1))
        with pytest.raises(BasketRefused):
            redeem(shop, volunteer, (soap, 1))
        second = redeem(shop, other, (soap, 1))

        assert ["R000001", "R000002"] == [first["number"], second["number"]]

    def test_a_paid_price_is_whole_hundredths(self, shop):
        volunteer = a_volunteer(shop, points_e2=7)
        sweet = a_good(shop, price_e2=1)

        redeem(shop, volunteer, (sweet, 7))

        assert 0 == points_e2_of(shop, volunteer)


class TestWhatIsRefused:
    """experience.md 2.4: a refusal says what is wrong and changes nothing."""

    def test_the_last_point_too_little(self, shop):
        volunteer = a_volunteer(shop, points_e2=599)
        soap = a_good(shop, price_e2=300)
        before = rows_of(shop.session, WRITTEN)

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 2))

        assert [
            {"code": "points_short", "missing_points_e2": 1, "needed_points_e2": 600, "available_points_e2": 599}
        ] == reasons(refused.value)
        assert before == rows_of(shop.session, WRITTEN)

    def test_more_than_is_left(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop, pieces=2)

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 3))

        assert [{"code": "out_of_stock", "left_pieces": 2, "pieces": 3}] == reasons(refused.value)
        assert (3000, 2) == (points_e2_of(shop, volunteer), pieces_of(shop, soap))

    def test_one_bad_line_refuses_the_whole_basket_and_every_line_is_named(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop, pieces=2)
        rice = a_good(shop, price_e2=None, pieces=2)

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 1), (rice, 3), ("G0099", 1))

        assert ["no_price", "out_of_stock", "unknown_good"] == codes(refused.value)
        assert (3000, 2) == (points_e2_of(shop, volunteer), pieces_of(shop, soap))

    def test_an_empty_basket(self, shop):
        with pytest.raises(BasketSize):
            redeem(shop, a_volunteer(shop, points_e2=3000))

    def test_goods_that_wait_for_a_second_person(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop, pieces=0)
        a_delivery(shop, soap, 10)

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 1))

        assert [{"code": "out_of_stock", "left_pieces": 0, "pieces": 1}] == reasons(refused.value)

    def test_a_good_that_was_taken_off_the_list(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop)
        change_good(shop.session, shop.act(shop.coordinator), good_number=soap, good=a_new_good(), active=False)

        with pytest.raises(BasketRefused) as refused:
            redeem(shop, volunteer, (soap, 1))

        assert ["good_not_offered"] == codes(refused.value)

    @pytest.mark.parametrize(("day", "sold"), [(22, False), (23, True)])
    def test_an_expired_lot_is_never_handed_out_and_its_last_day_is_still_good(self, shop, day, sold):
        volunteer = a_volunteer(shop, points_e2=3000)
        milk = a_good(shop, expires_on=date(2026, 11, 23))
        act = {"at": NOON + A_DAY * (23 - day)}

        if sold:
            redeem(shop, volunteer, (milk, 1), **act)
            assert 9 == pieces_of(shop, milk)
        else:
            with pytest.raises(BasketRefused) as refused:
                redeem(shop, volunteer, (milk, 1), **act)
            assert ["out_of_stock"] == codes(refused.value)

    def test_somebody_who_is_not_a_volunteer(self, shop):
        stranger = replace(a_volunteer(shop), number="V0404")

        with pytest.raises(NoSuchVolunteer):
            redeem(shop, stranger, (a_good(shop), 1))

    def test_a_volunteer_who_has_left(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        leave(shop, volunteer)

        with pytest.raises(PassbookClosed) as refused:
            redeem(shop, volunteer, (a_good(shop), 1))

        assert {"volunteer": "V0001", "closed_on": "2026-11-23"} == refused.value.facts
        assert 3000 == points_e2_of(shop, volunteer)

    def test_a_group_gives_its_points_away_and_buys_nothing(self, shop):
        new = people_operations.NewGroup(name="红马甲服务队", contact="王秀英")
        number = people_operations.register_group(shop.session, shop.act(shop.coordinator), group=new)
        good, group = a_good(shop), volunteer_of(shop.session, "xfl", number)

        with pytest.raises(GroupOnlyGives) as refused:
            redeem(shop, group, (good, 1))
        with pytest.raises(GroupOnlyGives):
            join_waiting(shop.session, shop.act(), volunteer_number=number, good_number=good, pieces=1)

        assert {"group": number} == refused.value.facts

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN, Role.AUDITOR])
    def test_only_a_clerk_serves_at_the_till(self, shop, role):
        somebody = people.a_staff_member(shop.session, role)

        with pytest.raises(NotAllowed):
            redeem(shop, a_volunteer(shop, points_e2=3000), (a_good(shop), 1), by=somebody)

    def test_a_volunteer_does_not_serve_themselves_without_a_till(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)

        with pytest.raises(NotAllowed):
            redeem(shop, volunteer, (a_good(shop), 1), by=volunteer)


def leave(shop, volunteer):
    """Let a volunteer leave today."""
    left = sa.update(VolunteerRow).where(VolunteerRow.number == volunteer.number)
    shop.session.execute(left.values(closed_on=NOON.date()))


class TestNobodyServesThemselves:
    """trust.md T6 and X9: not oneself, not a relative, not the household; by person, not by account."""

    def test_a_clerk_who_is_a_volunteer_does_not_redeem_for_themselves(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        clerk = people.a_staff_member(shop.session, Role.CLERK, volunteer_number=volunteer.number)

        with pytest.raises(RedeemForOneself):
            redeem(shop, volunteer, (a_good(shop), 1), by=clerk)

        assert 3000 == points_e2_of(shop, volunteer)

    def test_nor_for_a_relative(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        mother = a_volunteer(shop, points_e2=3000)
        clerk = people.a_staff_member(shop.session, Role.CLERK, volunteer_number=volunteer.number)
        declare(shop, volunteer, mother)

        with pytest.raises(RedeemForOneself):
            redeem(shop, mother, (a_good(shop), 1), by=clerk)

    def test_nor_for_the_household(self, shop):
        home = {"area": "一片区", "building": "3号楼", "household": "3-2-501"}
        volunteer, father = a_volunteer(shop, **home), a_volunteer(shop, points_e2=3000, **home)
        clerk = people.a_staff_member(shop.session, Role.CLERK, volunteer_number=volunteer.number)

        with pytest.raises(RedeemForOneself):
            redeem(shop, father, (a_good(shop), 1), by=clerk)

    def test_another_clerk_may(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        people.a_staff_member(shop.session, Role.CLERK, volunteer_number=volunteer.number)

        redeem(shop, volunteer, (a_good(shop), 1), by=shop.other_clerk)

        assert 2700 == points_e2_of(shop, volunteer)


def declare(shop, one, other):
    """Declare two volunteers relatives."""
    people_operations.declare_relatives(
        shop.session, people.an_admin_act(), number=one.number, other_number=other.number, relation="母女"
    )


class TestPrices:
    """trust.md C9 and T8: the price shown is the price charged, and the redemption says by which version."""

    def test_yesterdays_change_is_charged_today_with_its_version(self, shop):
        volunteer = a_volunteer(shop, points_e2=3000)
        soap = a_good(shop, price_e2=300)
        a_price(shop, soap, 500)

        today = redeem(shop, volunteer, (soap, 1))
        tomorrow = redeem(shop, volunteer, (soap, 1), at=NOON + A_DAY)

        assert (300, 500) == (today["points_e2"], tomorrow["points_e2"])
        versions = [
            queries.redemption(shop.session, XFL, each["number"]).lines[0].price_version for each in (today, tomorrow)
        ]
        assert [1, 2] == versions


class TestTwoCommunities:
    """architecture.md section 4: two communities in one database never see each other."""

    def test_goods_volunteers_and_numbers_are_their_own(self, shop, session):
        neighbours = a_shop(session, community_id="qlc")
        ours, theirs = a_volunteer(shop, points_e2=3000), a_volunteer(neighbours, points_e2=500)
        soap, _same_number = a_good(shop, pieces=2), a_good(neighbours, price_e2=500, pieces=1)

        redeem(neighbours, theirs, (soap, 1))

        assert (3000, 2) == (points_e2_of(shop, ours), pieces_of(shop, soap))
        assert () == queries.redemptions_of(session, XFL, ours.number)
        assert "R000001" == queries.redemptions_of(session, "qlc", theirs.number)[0].number
        total = statements.balance(session, XFL, system(AccountKind.REDEEMED, POINTS))
        assert 0 == total
