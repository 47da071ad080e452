"""Undoing: points go back to the passbook and goods to the lots they came from, at most once."""

from datetime import date

import pytest

from tests.builders import NOON
from tests.market.builders import (
    A_DAY,
    XFL,
    a_good,
    a_lot,
    a_volunteer,
    earn,
    pieces_of,
    points_e2_of,
    redeem,
    undo,
)
from tests.people import builders as people
from timebank.books.pages import entry_view
from timebank.ledger.entries import EntryKind
from timebank.market import queries
from timebank.market.operations import AlreadyUndone
from timebank.market.queries import NoSuchRedemption
from timebank.market.rules import UndoForOneself, UndoNeedsAnother
from timebank.market.texts import MarketText
from timebank.people import operations as people_operations
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role


@pytest.fixture
def volunteer(shop):
    return a_volunteer(shop, points_e2=3000)


class TestUndoing:
    """S5: a reversal, never an erasure; both lines stay in the passbook."""

    def test_points_and_goods_are_where_they_were(self, shop, volunteer):
        soap = a_good(shop, pieces=1, expires_on=date(2026, 12, 1))
        a_lot(shop, soap, 5)
        earn(shop, volunteer, 100, vintage=2026)
        redemption = redeem(shop, volunteer, (soap, 3))

        answer = undo(shop, redemption)

        assert 900 == answer["points_e2"]
        assert [100, 3000] == [points_e2_of(shop, volunteer, vintage) for vintage in (2026, 0)]
        assert [1, 5] == [pieces_of(shop, soap, lot) for lot in ("L000001", "L000002")]

    def test_the_reversal_is_linked_and_says_why_and_by_whom(self, shop, volunteer):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))

        answer = undo(shop, redemption, by=shop.other_clerk, reason="拿错了")

        original = entry_view(shop.session, XFL, redemption["seq"])
        reversal = entry_view(shop.session, XFL, answer["seq"])
        assert original is not None
        assert reversal is not None
        assert (EntryKind.REVERSAL, redemption["seq"]) == (reversal.entry.kind, reversal.entry.reverses)
        assert ("拿错了", shop.other_clerk.number) == (reversal.memo, reversal.entry.actor)
        assert answer["seq"] == original.reversed_by

    def test_the_redemption_is_shown_as_undone(self, shop, volunteer):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))

        answer = undo(shop, redemption)

        undone = queries.redemption(shop.session, XFL, redemption["number"]).undone
        assert undone is not None
        assert (shop.clerk.person_id, NOON.date(), "拿错了", answer["seq"]) == (
            undone.by_id,
            undone.on,
            undone.reason,
            undone.entry_seq,
        )

    def test_twice_is_once(self, shop, volunteer):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))
        undo(shop, redemption)

        with pytest.raises(AlreadyUndone) as refused:
            undo(shop, redemption, by=shop.other_clerk)

        assert {"redemption": "R000001", "undone_on": "2026-11-23"} == refused.value.facts
        assert 3000 == points_e2_of(shop, volunteer)

    def test_pressed_twice_is_answered_alike(self, shop, volunteer):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))

        first = undo(shop, redemption, request_key="the-same-key")
        again = undo(shop, redemption, request_key="the-same-key")

        assert first == again
        assert 3000 == points_e2_of(shop, volunteer)

    def test_goods_that_expired_meanwhile_go_back_and_are_not_sold(self, shop, volunteer):
        milk = a_good(shop, expires_on=NOON.date())
        redemption = redeem(shop, volunteer, (milk, 1))

        undo(shop, redemption, by=shop.coordinator, at=NOON + A_DAY)

        assert 10 == pieces_of(shop, milk)
        assert 0 == queries.goods_on_sale(shop.session, XFL, NOON + A_DAY)[0].free_pieces

    def test_an_unknown_number_is_refused(self, shop):
        with pytest.raises(NoSuchRedemption):
            undo(shop, {"number": "R000404"})

    @pytest.mark.parametrize("reason", ["", "  ", "\u202e错", "错" * 201])
    def test_a_reason_is_needed_that_can_be_read(self, shop, volunteer, reason):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))

        with pytest.raises(MarketText):
            undo(shop, redemption, reason=reason)

        assert 2700 == points_e2_of(shop, volunteer)

    @pytest.mark.parametrize("reason", ["错", "错" * 200])
    def test_one_to_two_hundred_characters_are_a_reason(self, shop, volunteer, reason):
        undo(shop, redeem(shop, volunteer, (a_good(shop), 1)), reason=reason)

        assert 3000 == points_e2_of(shop, volunteer)


class TestWhoMayUndo:
    """S5, trust.md T7 and X12: the same day at the till; later another person, and one who may."""

    def test_until_midnight_whoever_served(self, shop, volunteer):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))

        undo(shop, redemption, at=NOON.replace(hour=15, minute=59))

        assert 3000 == points_e2_of(shop, volunteer)

    def test_after_midnight_no_clerk_at_all(self, shop, volunteer):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))

        for clerk in (shop.clerk, shop.other_clerk):
            with pytest.raises(NotAllowed):
                undo(shop, redemption, by=clerk, at=NOON.replace(hour=16))

        assert 2700 == points_e2_of(shop, volunteer)

    def test_a_coordinator_on_any_day(self, shop, volunteer):
        soap = a_good(shop)
        first, second = redeem(shop, volunteer, (soap, 1)), redeem(shop, volunteer, (soap, 1))

        undo(shop, first, by=shop.coordinator)
        undo(shop, second, by=shop.coordinator, at=NOON + A_DAY)

        assert 3000 == points_e2_of(shop, volunteer)

    def test_who_served_and_has_become_a_coordinator_still_needs_another(self, shop, volunteer):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))
        become_a_coordinator(shop, shop.clerk)

        with pytest.raises(UndoNeedsAnother) as refused:
            undo(shop, redemption, at=NOON + A_DAY)

        assert {"redeemed_on": "2026-11-23"} == refused.value.facts

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
    def test_no_admin_and_no_auditor(self, shop, volunteer, role):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))

        with pytest.raises(NotAllowed):
            undo(shop, redemption, by=people.a_staff_member(shop.session, role))

    def test_nobody_their_own(self, shop, volunteer):
        redemption = redeem(shop, volunteer, (a_good(shop), 1))
        clerk = people.a_staff_member(shop.session, Role.CLERK, volunteer_number=volunteer.number)

        with pytest.raises(UndoForOneself):
            undo(shop, redemption, by=clerk)

    def test_nobody_that_of_their_household(self, shop):
        home = {"area": "一片区", "building": "3号楼", "household": "3-2-501"}
        son, father = a_volunteer(shop, **home), a_volunteer(shop, points_e2=3000, **home)
        clerk = people.a_staff_member(shop.session, Role.CLERK, volunteer_number=son.number)
        redemption = redeem(shop, father, (a_good(shop), 1))

        with pytest.raises(UndoForOneself):
            undo(shop, redemption, by=clerk)


def become_a_coordinator(shop, clerk):
    """Change a clerk's role, as an admin does."""
    people_operations.revoke_role(shop.session, people.an_admin_act(), number=clerk.number, role=Role.CLERK)
    people_operations.grant_role(shop.session, people.an_admin_act(), number=clerk.number, role=Role.COORDINATOR)
