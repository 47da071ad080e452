"""Write-offs and counts: nothing leaves the shelf by one person's word, and nothing is corrected twice."""

import pytest

from tests.market.builders import XFL, a_good, a_lot, a_volunteer, pieces_of, redeem, undo
from tests.people import builders as people
from timebank.books.statements import balance
from timebank.ledger.accounts import AccountKind, goods_unit, system
from timebank.market import operations, queries
from timebank.market.operations import (
    CheckerIsReceiver,
    CountNeedsAnother,
    CountNotOpen,
    CountNotSubmitted,
    CountOfOtherGoods,
    CountOpen,
    LotsCounted,
    LotsNotWhole,
    TallyBelowNothing,
    VarianceReason,
    VarianceWithoutReason,
    WriteOffDecided,
    WriteOffMoreThanFree,
    WriteOffNeedsAnother,
)
from timebank.market.queries import NoSuchCount, NoSuchWriteOff, Variance
from timebank.market.rules import CountGoodsMoved, CountIncomplete, WriteOffCause
from timebank.market.texts import MarketText
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role


def propose(shop, *, lot="L000001", pieces=2, cause=WriteOffCause.DAMAGED, note="压坏了", by=None):
    act = shop.act(by)
    answer = operations.propose_write_off(shop.session, act, lot_number=lot, pieces=pieces, cause=cause, note=note)
    return answer["number"]


def confirm(shop, number, by=None):
    act = shop.act(by or shop.other_clerk)
    return operations.confirm_write_off(shop.session, act, write_off_number=number)


def written_off(shop, good):
    return balance(shop.session, XFL, system(AccountKind.WRITTEN_OFF, goods_unit(good)))


class TestWriteOff:
    """trust.md T19 and X17: stock is adjusted by two persons, with a reason, into an account of its own."""

    def test_pieces_stay_until_another_person_confirms(self, shop):
        soap = a_good(shop, pieces=5)

        number = propose(shop)
        assert (5, 0) == (pieces_of(shop, soap), written_off(shop, soap))
        confirm(shop, number)

        assert (3, 2) == (pieces_of(shop, soap), written_off(shop, soap))
        assert ("W0001", "confirmed", 2) == (number, queries.write_offs(shop.session, XFL)[0].state, 2)

    def test_not_by_the_one_who_proposed_it(self, shop):
        a_good(shop)
        with pytest.raises(WriteOffNeedsAnother):
            confirm(shop, propose(shop), by=shop.clerk)

    def test_all_pieces_may_be_written_off_but_not_one_more(self, shop):
        a_good(shop, pieces=5)
        propose(shop, pieces=5)
        for wrong in (0, -1, 6):
            with pytest.raises(WriteOffMoreThanFree):
                propose(shop, pieces=wrong)
        with pytest.raises(WriteOffMoreThanFree):
            propose(shop, lot="L000009")

    def test_pieces_that_were_handed_out_meanwhile_are_not_written_off(self, shop):
        soap = a_good(shop, pieces=2)
        number = propose(shop)
        redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1))

        with pytest.raises(WriteOffMoreThanFree):
            confirm(shop, number)
        assert (1, 0) == (pieces_of(shop, soap), written_off(shop, soap))

    def test_it_is_decided_once(self, shop):
        a_good(shop)
        confirmed, withdrawn = propose(shop), propose(shop)
        confirm(shop, confirmed)
        operations.withdraw_write_off(shop.session, shop.act(), write_off_number=withdrawn)

        for number in (confirmed, withdrawn):
            with pytest.raises(WriteOffDecided):
                confirm(shop, number)
        with pytest.raises(NoSuchWriteOff):
            confirm(shop, "W0009")

    def test_another_cause_needs_words(self, shop):
        a_good(shop)
        propose(shop, note="")
        with pytest.raises(MarketText):
            propose(shop, cause=WriteOffCause.OTHER, note="")

    def test_an_auditor_takes_nothing_off_the_shelf(self, shop):
        a_good(shop)
        auditor = people.a_staff_member(shop.session, Role.AUDITOR)
        with pytest.raises(NotAllowed):
            propose(shop, by=auditor)
        with pytest.raises(NotAllowed):
            confirm(shop, propose(shop), by=auditor)


def begin(shop, *goods, by=None):
    return operations.open_count(shop.session, shop.act(by), goods=goods)["number"]


def tally(shop, count, good, pieces, by=None):
    act = shop.act(by)
    return operations.tally(shop.session, act, count_number=count, good_number=good, pieces=pieces)["pieces"]


def submit(shop, count, by=None):
    operations.submit_count(shop.session, shop.act(by), count_number=count)


def finalise(shop, count, by=None, **reasons):
    told = tuple(VarianceReason(good, reason) for good, reason in reasons.items())
    act = shop.act(by or shop.coordinator)
    return operations.finalise_count(shop.session, act, count_number=count, reasons=told)


class TestCount:
    """Issue: blind, by scanner, resumable, several people, variance with reason, finalised by a second person."""

    def test_two_people_count_a_third_finalises_and_the_difference_is_booked(self, shop):
        soap, rice = a_good(shop, pieces=5), a_good(shop, pieces=4)
        count = begin(shop)
        tally(shop, count, soap, 3)
        assert 4 == tally(shop, count, soap, 1, by=shop.other_clerk)
        assert 6 == tally(shop, count, rice, 6)
        submit(shop, count)

        answer = finalise(shop, count, G0001="少了一块", G0002="上次漏登")

        assert 2 == answer["differences"]
        assert (4, 6) == (pieces_of(shop, soap), pieces_of(shop, rice, "L000002"))
        assert 1 == written_off(shop, soap)
        assert -2 == balance(shop.session, XFL, system(AccountKind.SURPLUS, goods_unit(rice)))
        expected = (Variance("G0001", 4, 5, "少了一块"), Variance("G0002", 6, 4, "上次漏登"))
        assert expected == queries.variances(shop.session, XFL, count)
        assert "finalised" == queries.stock_counts(shop.session, XFL)[0].state

    def test_whoever_counts_is_shown_what_they_counted_and_never_what_the_books_say(self, shop):
        soap = a_good(shop, pieces=5)
        count = begin(shop)
        tally(shop, count, soap, 2)

        (line,) = queries.tally_lines(shop.session, XFL, count)

        assert (soap, 2, (shop.clerk.person_id,)) == (line.good_number, line.pieces, line.counted_by_ids)
        assert not [name for name in type(line).__slots__ if "expect" in name]

    def test_a_count_without_a_difference_is_an_entry_too(self, shop):
        soap = a_good(shop, pieces=5)
        count = begin(shop)
        tally(shop, count, soap, 5)
        submit(shop, count)

        assert 0 == finalise(shop, count)["differences"]
        assert 5 == pieces_of(shop, soap)

    def test_a_difference_without_a_reason_is_not_booked(self, shop):
        soap = a_good(shop, pieces=5)
        count = begin(shop)
        tally(shop, count, soap, 4)
        submit(shop, count)

        for reasons in ({}, {"G0001": "  "}):
            with pytest.raises(VarianceWithoutReason):
                finalise(shop, count, **reasons)
        assert 5 == pieces_of(shop, soap)

    def test_whoever_counted_or_handed_in_does_not_finalise(self, shop):
        soap = a_good(shop, pieces=5)
        count = begin(shop)
        tally(shop, count, soap, 5)
        submit(shop, count, by=shop.other_clerk)

        for one in (shop.clerk, shop.other_clerk):
            with pytest.raises(CountNeedsAnother):
                finalise(shop, count, by=one)

    def test_everything_that_should_be_there_must_have_been_counted_if_only_as_nothing(self, shop):
        soap, rice = a_good(shop, pieces=5), a_good(shop, pieces=1)
        count = begin(shop)
        tally(shop, count, soap, 5)
        with pytest.raises(CountIncomplete):
            submit(shop, count)
        tally(shop, count, rice, 0)
        submit(shop, count)

        finalise(shop, count, G0002="找不到")

        assert 0 == pieces_of(shop, rice, "L000002")

    def test_a_count_may_be_limited_to_some_goods(self, shop):
        soap, rice = a_good(shop, pieces=5), a_good(shop, pieces=1)
        count = begin(shop, soap)
        with pytest.raises(CountOfOtherGoods):
            tally(shop, count, rice, 1)
        tally(shop, count, soap, 5)
        submit(shop, count)

    def test_one_count_at_a_time(self, shop):
        first = begin(shop)
        with pytest.raises(CountOpen):
            begin(shop)
        operations.drop_count(shop.session, shop.act(), count_number=first, reason="明天再数")
        assert "C0002" == begin(shop)

    def test_no_fewer_than_none_can_have_been_counted(self, shop):
        soap = a_good(shop)
        count = begin(shop)
        tally(shop, count, soap, 1)
        assert 0 == tally(shop, count, soap, -1)
        with pytest.raises(TallyBelowNothing):
            tally(shop, count, soap, -1)

    def test_a_count_that_was_handed_in_is_closed(self, shop):
        soap = a_good(shop, pieces=5)
        count = begin(shop)
        with pytest.raises(CountNotSubmitted):
            finalise(shop, count)
        tally(shop, count, soap, 5)
        submit(shop, count)
        for work in (tally, lambda *args: submit(shop, count)):
            with pytest.raises(CountNotOpen):
                work(shop, count, soap, 1)
        finalise(shop, count)
        with pytest.raises(CountNotSubmitted):
            finalise(shop, count)
        with pytest.raises(CountNotOpen):
            operations.drop_count(shop.session, shop.act(), count_number=count, reason="重数")
        with pytest.raises(NoSuchCount):
            tally(shop, "C0009", soap, 1)


class TestMovementsWhileCounting:
    """lessons.md, human-essentials: an edit is not a difference, and a difference is not counted twice."""

    def test_a_redemption_after_the_count_stays_a_redemption(self, shop):
        soap = a_good(shop, pieces=5)
        count = begin(shop)
        tally(shop, count, soap, 4)
        redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1))
        submit(shop, count)

        finalise(shop, count, G0001="少了一块")

        assert 3 == pieces_of(shop, soap)

    def test_a_good_that_moved_between_two_scans_is_counted_again(self, shop):
        soap = a_good(shop, pieces=5)
        count = begin(shop)
        tally(shop, count, soap, 3)
        redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1))
        tally(shop, count, soap, 1)
        with pytest.raises(CountGoodsMoved):
            submit(shop, count)

        operations.recount(shop.session, shop.act(), count_number=count, good_number=soap)
        assert 4 == tally(shop, count, soap, 4)
        submit(shop, count)

        assert 0 == finalise(shop, count)["differences"]

    def test_a_redemption_taken_back_after_a_count_brings_its_goods_back(self, shop):
        soap = a_good(shop, pieces=5)
        answer = redeem(shop, a_volunteer(shop, points_e2=300), (soap, 1))
        counted(shop, soap, 4)

        undo(shop, answer)

        assert 5 == pieces_of(shop, soap)


def counted(shop, good, pieces, **reasons):
    """Let a count of one good be made and finalised."""
    count = begin(shop, good)
    tally(shop, count, good, pieces)
    submit(shop, count)
    finalise(shop, count, **reasons)


class TestCorrectTheReceiptOrRecordALaterMovement:
    """lessons.md, human-essentials #4026: two different acts; a receipt is not corrected for what happened later."""

    def take_back(self, shop, by=None):
        act = shop.act(by or shop.other_clerk)
        return operations.take_back_donation(shop.session, act, donation_number="D0001", reason="登错了")

    def test_a_wrong_receipt_is_taken_back_whole(self, shop):
        soap = a_good(shop, pieces=10)

        self.take_back(shop)
        lot = a_lot(shop, soap, 8)

        assert (0, 8) == (pieces_of(shop, soap), pieces_of(shop, soap, lot))
        assert 0 == written_off(shop, soap)

    def test_not_after_pieces_were_written_off(self, shop):
        a_good(shop, pieces=10)
        confirm(shop, propose(shop, pieces=1))

        with pytest.raises(LotsNotWhole):
            self.take_back(shop)

    def test_not_after_a_count_has_booked_the_difference_already(self, shop):
        soap = a_good(shop, pieces=10)
        counted(shop, soap, 8, G0001="只来了八块")

        with pytest.raises(LotsNotWhole):
            self.take_back(shop)
        assert 8 == pieces_of(shop, soap)

    def test_not_after_a_count_has_found_it_right(self, shop):
        soap = a_good(shop, pieces=10)
        counted(shop, soap, 10)

        with pytest.raises(LotsCounted):
            self.take_back(shop)
        assert 10 == pieces_of(shop, soap)

    def test_a_delivery_after_the_count_can_still_be_taken_back(self, shop):
        soap = a_good(shop, pieces=10)
        counted(shop, soap, 10)
        lot = a_lot(shop, soap, 3)

        act = shop.act(shop.other_clerk)
        operations.take_back_donation(shop.session, act, donation_number="D0002", reason="登错了")

        assert (10, 0) == (pieces_of(shop, soap), pieces_of(shop, soap, lot))

    def test_whoever_received_does_not_take_back(self, shop):
        a_good(shop, pieces=10)
        with pytest.raises(CheckerIsReceiver):
            self.take_back(shop, by=shop.coordinator)
