"""What somebody writes past the program: the database wants two persons, real prices, the right lots."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import TODAY
from tests.market.by_hand import Case, is_guard, some_books
from timebank.market.tables import (
    DonationDecisionRow,
    DonationRow,
    DonationUndoRow,
    GoodRow,
    PriceDecisionRow,
    PriceInForceRow,
    RedemptionLineRow,
    RedemptionRow,
    RedemptionUndoRow,
)

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def books(shop):
    return some_books(shop)


class TestTwoPersons:
    """trust.md T6, T7, T8 and X17: maker and checker differ in the database too, whoever writes."""

    @pytest.fixture
    def decision(self, books):
        return {
            "version": 3,
            "outcome": "confirmed",
            "proposed_by_id": books.coordinator,
            "decided_by_id": books.other,
            "decided_at": NOON,
            "entry_seq": books.seq,
        }

    def test_the_right_decision_gets_in(self, books, decision):
        books.write(PriceDecisionRow, **decision)

    def test_nobody_confirms_their_own_price(self, books, decision):
        cases: list[Case] = [
            ("ck_price_decision_two_persons", {"decided_by_id": "coordinator"}),
            ("ck_price_decision_two_persons", {"entry_seq": None}),
            ("ck_price_decision_two_persons", {"outcome": "other"}),
            ("fk_price_decision_version", {"decided_by_id": "coordinator", "proposed_by_id": "other"}),
            ("fk_price_decision_version", {"version": 99}),
            ("fk_price_decision_entry", {"entry_seq": 9999}),
        ]

        assert [] == books.wrongly_judged(PriceDecisionRow, decision, cases)

    def test_nobody_checks_in_what_they_received(self, books):
        values = {
            "donation_number": "D0004",
            "outcome": "checked-in",
            "received_by_id": books.coordinator,
            "decided_by_id": books.coordinator,
            "decided_at": NOON,
            "entry_seq": books.seq,
        }

        assert "ck_donation_decision_two_persons" == books.refuses(DonationDecisionRow, **values)
        cheat = values | {"received_by_id": books.other}
        assert is_guard("fk_donation_decision_donation", books.refuses(DonationDecisionRow, **cheat))
        books.write(DonationDecisionRow, **(values | {"decided_by_id": books.other}))

    def test_nobody_takes_back_what_they_received(self, books):
        values = {
            "donation_number": "D0001",
            "received_by_id": books.coordinator,
            "undone_by_id": books.coordinator,
            "undone_at": NOON,
            "reason": "数错了",
            "entry_seq": books.seq,
        }

        assert "ck_donation_undo_two_persons" == books.refuses(DonationUndoRow, **values)
        books.write(DonationUndoRow, **(values | {"undone_by_id": books.other}))

    def test_nobody_serves_themselves(self, books):
        values = {
            "id": UUID(int=7),
            "number": "R000009",
            "volunteer_number": "V0001",
            "person_id": books.volunteer,
            "served_by_id": books.volunteer,
            "redeemed_on": TODAY,
            "points_e2": 600,
            "rule_version": 2,
            "entry_seq": books.seq - 1,
        }

        assert "ck_redemption_not_for_oneself" == books.refuses(RedemptionRow, **values)
        books.write(RedemptionRow, **(values | {"served_by_id": books.clerk}))

    @pytest.fixture
    def undoing(self, books):
        return {
            "redemption_id": books.redemption_id,
            "person_id": books.volunteer,
            "served_by_id": books.clerk,
            "redeemed_on": TODAY,
            "undone_by_id": books.clerk,
            "undone_on": TODAY,
            "reason": "拿错了",
            "entry_seq": books.seq,
        }

    def test_nobody_takes_back_alone_after_the_day_or_for_themselves(self, books, undoing):
        cases: list[Case] = [
            ("ck_redemption_undo_not_for_oneself", {"undone_by_id": "volunteer"}),
            ("ck_redemption_undo_later_by_another", {"undone_on": TOMORROW}),
            ("fk_redemption_undo_redemption", {"undone_on": TOMORROW, "redeemed_on": TOMORROW}),
            ("fk_redemption_undo_redemption", {"undone_on": TOMORROW, "served_by_id": "other"}),
            ("fk_redemption_undo_redemption", {"undone_by_id": "volunteer", "person_id": "other"}),
            ("ck_redemption_undo_after_the_redemption", {"undone_by_id": "other", "undone_on": TODAY - timedelta(1)}),
        ]

        assert [] == books.wrongly_judged(RedemptionUndoRow, undoing, cases)

    def test_a_redemption_is_taken_back_once(self, books, undoing):
        books.write(RedemptionUndoRow, **undoing)

        books.refuses(RedemptionUndoRow, **undoing)


class TestPricesAndLots:
    """A line can only say a price that was in force and a lot of that good."""

    LINE: ClassVar = {
        "line": 2,
        "good_number": "G0001",
        "lot_number": "L000003",
        "pieces": 1,
        "price_points_e2": 300,
        "price_version": 1,
    }

    def test_the_right_line_gets_in(self, books):
        books.write(RedemptionLineRow, redemption_id=books.redemption_id, **self.LINE)

    def test_a_wrong_one_does_not(self, books):
        cases: list[Case] = [
            ("fk_redemption_line_price", {"price_points_e2": 1}),
            ("fk_redemption_line_price", {"price_points_e2": 400, "price_version": 3}),
            ("fk_redemption_line_lot", {"lot_number": "L000002"}),
            ("ck_redemption_line_pieces_range", {"pieces": 0}),
            ("ck_redemption_line_pieces_range", {"pieces": 100}),
        ]

        right = {"redemption_id": books.redemption_id} | self.LINE
        assert [] == books.wrongly_judged(RedemptionLineRow, right, cases)

    def test_no_price_comes_into_force_that_nobody_confirmed(self, books):
        cases: list[Case] = [
            ("fk_price_in_force_decision", {"version": 3, "price_points_e2": 400}),
            ("fk_price_in_force_price", {"version": 2, "price_points_e2": 1}),
        ]
        confirming = sa.select(PriceDecisionRow.entry_seq).where(PriceDecisionRow.version == 2)
        values = {"good_number": "G0001", "valid_from": TODAY, "entry_seq": books.session.scalar(confirming)}

        assert [] == books.wrongly_judged(PriceInForceRow, values, cases)

    def test_a_bar_code_belongs_to_one_good(self, books):
        code = books.session.scalar(sa.select(GoodRow.barcode).where(GoodRow.number == "G0001"))

        books.refuses(
            GoodRow,
            number="G0009",
            barcode=code,
            name="香皂",
            unit_word="块",
            month_pieces_max=None,
            active=True,
        )

    def test_a_giver_is_one_of_this_community(self, books):
        guard = books.refuses(
            DonationRow,
            number="D0009",
            partner_code="P404",
            slip="",
            received_by_id=books.coordinator,
            received_at=NOON,
        )

        assert is_guard("fk_donation_partner", guard)
