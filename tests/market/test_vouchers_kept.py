"""Service vouchers past the program: what the database itself keeps, and what the audit finds."""

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import XFL, a_shop, a_volunteer
from tests.market.by_hand import REFUSED
from tests.market.vouchers import (
    AN_HOUR,
    MONTH,
    a_desk,
    a_service,
    draw_up,
    found_wrong,
    honour,
    take,
    two_honoured,
)
from tests.people import builders as people
from timebank.audit.verification import examine
from timebank.books import holds
from timebank.database import reading, writing
from timebank.market import operations
from timebank.market.tables import VoucherEndRow, VoucherRow, VoucherSettledRow, VoucherSettlementRow


class TestPastTheProgram:
    """ledger.md section 3: the database keeps the quota, the one end, the own unit and the two persons."""

    def row(self, shop, row, number):
        key = row.number if row is VoucherRow else row.voucher_number
        query = sa.select(*row.__table__.c).where(key == number)
        return dict(shop.session.execute(query).one()._mapping)

    def refused(self, shop, row, values):
        with pytest.raises(REFUSED), shop.session.begin_nested():
            shop.session.execute(sa.insert(row), values)

    def test_no_voucher_beyond_the_quota_or_on_a_place_that_is_taken(self, shop):
        offer = a_service(shop)
        taken = take(shop, a_volunteer(shop, points_e2=2000), offer)
        hold = holds.place(
            shop.session, shop.act(), parts=[], expires_at=NOON + AN_HOUR, source="voucher:E000002", memo=""
        )
        right = self.row(shop, VoucherRow, taken["number"])
        right |= {"number": "E000002", "code_payload": 7, "hold_seq": hold.seq}

        for wrong in ({}, {"place": 3}, {"turn": 2}, {"place": 3, "month_quota": 3}, {"partner_code": "P009"}):
            self.refused(shop, VoucherRow, right | wrong)
        shop.session.execute(sa.insert(VoucherRow), right | {"place": 2})

    def test_no_voucher_of_an_offer_that_is_over(self, shop):
        offer = a_service(shop)
        taken = take(shop, a_volunteer(shop, points_e2=2000), offer)
        hold = holds.place(
            shop.session, shop.act(), parts=[], expires_at=NOON + AN_HOUR, source="voucher:E000002", memo=""
        )
        operations.end_voucher_offer(shop.session, shop.act(shop.coordinator), offer_number=offer)
        right = self.row(shop, VoucherRow, taken["number"])

        self.refused(
            shop, VoucherRow, right | {"number": "E000002", "code_payload": 7, "hold_seq": hold.seq, "place": 2}
        )

    def test_no_second_end_none_elsewhere_and_none_too_late(self, shop):
        offer, desk = a_service(shop), a_desk(shop)
        other = a_desk(shop, people.a_partner(shop.session, "幸福面馆"))
        first = take(shop, a_volunteer(shop, points_e2=2000), offer)
        second = take(shop, a_volunteer(shop, points_e2=2000), offer)
        honour(shop, desk, first)
        ended = self.row(shop, VoucherEndRow, first["number"])
        waiting = self.row(shop, VoucherRow, second["number"])
        right = ended | {"voucher_number": second["number"], "place": waiting["place"], "entry_seq": second["seq"]}

        self.refused(shop, VoucherEndRow, ended)
        for wrong in (
            {"desk_number": other["number"]},
            {"desk_number": None},
            {"ended_at": ended["expires_at"]},
            {"entry_seq": ended["entry_seq"]},
        ):
            self.refused(shop, VoucherEndRow, right | wrong)
        shop.session.execute(sa.insert(VoucherEndRow), right)

    def test_no_statement_confirmed_by_who_drew_it_up(self, shop):
        two_honoured(shop)
        draw_up(shop)
        one = {"community_id": XFL, "partner_code": shop.partner, "month": MONTH, "confirmed_at": NOON}
        drawn_up, other = shop.coordinator.person_id, shop.other_coordinator.person_id

        self.refused(shop, VoucherSettledRow, one | {"drawn_up_by_id": drawn_up, "confirmed_by_id": drawn_up})
        self.refused(shop, VoucherSettledRow, one | {"drawn_up_by_id": other, "confirmed_by_id": drawn_up})

    def test_nothing_is_changed_or_deleted(self, shop):
        two_honoured(shop)
        draw_up(shop)
        for table in ("voucher", "voucher_end", "voucher_offer", "voucher_desk", "voucher_settlement"):
            for statement in (f"UPDATE {table} SET community_id = 'abc'", f"DELETE FROM {table}"):
                with pytest.raises(REFUSED), shop.session.begin_nested():
                    shop.session.execute(sa.text(statement))

    def test_the_audit_finds_a_voucher_that_was_written_by_hand(self, shop):
        offer, desk = a_service(shop), a_desk(shop)
        first = take(shop, a_volunteer(shop, points_e2=2000), offer)
        second = take(shop, a_volunteer(shop, points_e2=2000), offer)
        honour(shop, desk, first)
        ended, waiting = self.row(shop, VoucherEndRow, first["number"]), self.row(shop, VoucherRow, second["number"])
        forged = ended | {"voucher_number": second["number"], "place": waiting["place"], "entry_seq": second["seq"]}
        shop.session.execute(sa.insert(VoucherEndRow), forged)

        assert "voucher_entry" in found_wrong(shop)


class TestStatementsAddUp:
    """The audit adds up the entries of a unit's month and lays the sum beside the statement."""

    def test_an_honest_statement_raises_no_alarm(self, shop):
        two_honoured(shop)
        draw_up(shop)

        assert set() == found_wrong(shop)

    @pytest.mark.parametrize("figure", ["vouchers", "points_e2", "value_fen"])
    @pytest.mark.parametrize("more", [-1, 1])
    def test_a_statement_that_says_more_or_less_than_was_honoured_is_found(self, shop, figure, more):
        two_honoured(shop)
        right = {"vouchers": 2, "points_e2": 3000, "value_fen": 4000}
        self.write(shop, right | {figure: right[figure] + more})

        (found,) = self.told(shop)
        assert {"fact": figure, "entries": right[figure], "record": right[figure] + more} == dict(found.facts)

    def test_a_statement_that_was_changed_past_the_triggers_is_found(self, database):
        with writing(database.engine) as session:
            shop = a_shop(session)
            two_honoured(shop)
            draw_up(shop)
        database.meddle("UPDATE voucher_settlement SET value_fen = 400000")

        with reading(database.engine) as session:
            found = [one for one in examine(session, XFL, ()).findings if one.check == "voucher_settlement"]
        facts = {"fact": "value_fen", "entries": 4000, "record": 400000}
        assert [(f"{shop.partner} {MONTH}", facts)] == [(one.subject, dict(one.facts)) for one in found]

    def test_a_statement_of_a_month_in_which_nothing_was_honoured_is_found(self, shop):
        self.write(shop, {"vouchers": 1, "points_e2": 1500, "value_fen": 2000})

        assert ["vouchers", "points_e2", "value_fen"] == [one.facts["fact"] for one in self.told(shop)]

    def write(self, shop, figures):
        """Write a statement as somebody would who has the database and not the program."""
        one = {"community_id": XFL, "partner_code": shop.partner, "month": MONTH, "drawn_up_at": NOON}
        by = {"drawn_up_by_id": shop.coordinator.person_id}
        shop.session.execute(sa.insert(VoucherSettlementRow), one | by | figures)

    def told(self, shop):
        findings = examine(shop.session, XFL, ()).findings
        return [one for one in findings if one.check == "voucher_settlement"]
