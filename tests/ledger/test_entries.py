"""Transfers and reversals: what is unbalanced, empty or circular cannot be built."""

from datetime import UTC, date, datetime

import pytest

from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef, goods_unit, system
from timebank.ledger.entries import AMOUNT_MAX, BALANCE_MAX, Entry, EntryKind, ImpossibleEntry, Transfer, reversal_of

PASSBOOK = AccountRef(AccountKind.PASSBOOK, "V0001", POINTS)
HELD = AccountRef(AccountKind.HELD, "V0001", POINTS)
REDEEMED = system(AccountKind.REDEEMED, POINTS)
RICE = goods_unit("G0001")
SHELF = AccountRef(AccountKind.SHELF, "L000001", RICE)
RESERVED = AccountRef(AccountKind.RESERVED, "L000001", RICE)
HANDED_OUT = system(AccountKind.HANDED_OUT, RICE)


def an_entry(kind, *transfers):
    return Entry(
        community_id="xfl",
        seq=4,
        kind=kind,
        event_id="key:1",
        booked_at=datetime(2026, 11, 23, tzinfo=UTC),
        effective_on=date(2026, 11, 23),
        served_on=date(2026, 11, 20),
        actor="S001",
        on_behalf_of=None,
        source="redemption:1",
        memo_hash=None,
        rule_version=2,
        facts={},
        reverses=None,
        transfers=transfers,
    )


def way_back(entry):
    return reversal_of(entry, effective_on=date(2026, 11, 24), memo="wrong")


class TestWordsForEver:
    """Every leaf that was ever written says what happened in these words: they can be added to, never changed."""

    def test_they_stay(self):
        kinds = "community-opened opening-balance service-approved star-granted star-refused star-inquiry-decided"
        kinds += " rules-published goods-received prices-published goods-redeemed goods-written-off"
        kinds += " goods-counted goods-moved relief-issued points-expired points-donated pool-granted hold-placed"
        kinds += " hold-captured hold-released hold-expired reversal account-closed period-closed"
        kinds += " log-key-set log-restored witness-added"
        kinds += " certificate-issued certificate-ended"

        assert {*kinds.split()} <= {kind.value for kind in EntryKind}

    def test_so_do_the_largest_amount_and_balance(self):
        assert (10_000_000_000, 9_000_000_000_000_000) == (AMOUNT_MAX, BALANCE_MAX)
        assert BALANCE_MAX < 2**53


class TestTransfers:
    """ledger.md section 1, decision 1: two accounts, one unit, an amount above zero."""

    @pytest.mark.parametrize("amount", [1, AMOUNT_MAX])
    def test_the_smallest_and_the_largest_amount(self, amount):
        assert amount == Transfer(PASSBOOK, REDEEMED, amount).amount

    @pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1, True, 1.0, "1", None])
    def test_any_other_amount_cannot_be_moved(self, amount):
        with pytest.raises(ImpossibleEntry):
            Transfer(PASSBOOK, REDEEMED, amount)

    def test_units_do_not_mix(self):
        with pytest.raises(ImpossibleEntry):
            Transfer(PASSBOOK, AccountRef(AccountKind.RECOGNISED, "V0001", MINUTES), 1)

    def test_an_account_cannot_pay_itself(self):
        with pytest.raises(ImpossibleEntry):
            Transfer(PASSBOOK, PASSBOOK, 1)

    def test_a_hold_ends_where_it_came_from(self):
        assert Transfer(HELD, PASSBOOK, 1).ends_a_hold
        assert Transfer(RESERVED, SHELF, 1).ends_a_hold
        assert not Transfer(PASSBOOK, HELD, 1).ends_a_hold
        assert not Transfer(HELD, REDEEMED, 1).ends_a_hold


class TestReversal:
    """ledger.md section 1, decision 8: the mirrored entry, linked to the original."""

    def test_points_and_goods_go_back_the_way_they_came(self):
        redemption = an_entry(
            EntryKind.GOODS_REDEEMED, Transfer(PASSBOOK, REDEEMED, 20), Transfer(SHELF, HANDED_OUT, 2)
        )

        assert (Transfer(REDEEMED, PASSBOOK, 20), Transfer(HANDED_OUT, SHELF, 2)) == way_back(redemption).transfers

    def test_what_came_out_of_a_hold_goes_home(self):
        capture = an_entry(
            EntryKind.HOLD_CAPTURED,
            Transfer(HELD, REDEEMED, 15),
            Transfer(HELD, PASSBOOK, 5),
            Transfer(RESERVED, SHELF, 1),
        )

        assert (Transfer(REDEEMED, PASSBOOK, 15),) == way_back(capture).transfers

    def test_it_names_what_it_takes_back_and_keeps_the_day_of_service(self):
        draft = way_back(an_entry(EntryKind.GOODS_REDEEMED, Transfer(PASSBOOK, REDEEMED, 20)))

        assert (4, "redemption:1", 2) == (draft.reverses, draft.source, draft.rule_version)
        assert (date(2026, 11, 20), date(2026, 11, 24)) == (draft.served_on, draft.effective_on)
        assert {"reversed_kind": "goods-redeemed"} == draft.facts
