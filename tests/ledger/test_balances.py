"""Balances: a fold that refuses an overdraft, debts that are settled first, vintages that go oldest first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, system
from timebank.ledger.balances import AboveBound, NotEnough, fold, owing_the_rest, settling_debt, take_oldest_first
from timebank.ledger.entries import BALANCE_MAX, Transfer

ISSUANCE = system(AccountKind.ISSUANCE, POINTS)
REDEEMED = system(AccountKind.REDEEMED, POINTS)
POOL = system(AccountKind.POOL, POINTS)
PASSBOOK = AccountRef(AccountKind.PASSBOOK, "V0001", POINTS)
OTHER = AccountRef(AccountKind.PASSBOOK, "V0002", POINTS)
HELD = AccountRef(AccountKind.HELD, "V0001", POINTS)
DEBT = AccountRef(AccountKind.DEBT, "V0001", POINTS)
OF_2025, OF_2026 = (AccountRef(AccountKind.PASSBOOK, "V0001", POINTS, year) for year in (2025, 2026))


def award(amount, target=PASSBOOK):
    return Transfer(ISSUANCE, target, amount)


def spend(amount):
    return Transfer(PASSBOOK, REDEEMED, amount)


class TestFolding:
    """ledger.md section 3: the running balance is right and never on the wrong side of zero."""

    def test_every_transfer_makes_two_lines(self):
        lines = fold([award(50), spend(20)], {})

        assert [
            (ISSUANCE, 1, -50, 0, -50),
            (PASSBOOK, 1, 50, 0, 50),
            (PASSBOOK, 2, -20, 50, 30),
            (REDEEMED, 2, 20, 0, 20),
        ] == [(line.account, line.line, line.delta, line.before, line.after) for line in lines]

    def test_it_goes_on_from_what_was_there(self):
        balances = {PASSBOOK: 7}

        fold([award(50)], balances)

        assert {PASSBOOK: 57, ISSUANCE: -50} == balances

    @pytest.mark.parametrize("amount", [7, 8])
    def test_the_last_one_can_be_spent_and_one_more_cannot(self, amount):
        if amount == 7:
            assert 0 == fold([spend(amount)], {PASSBOOK: 7})[0].after
            return

        with pytest.raises(NotEnough) as refused:
            fold([spend(amount)], {PASSBOOK: 7})

        assert {"account": "passbook/V0001/points", "unit": "points", "balance": 7, "needed": 8} == refused.value.facts

    def test_nothing_can_be_given_back_that_was_never_issued(self):
        with pytest.raises(NotEnough) as refused:
            fold([Transfer(PASSBOOK, ISSUANCE, 5)], {PASSBOOK: 9, ISSUANCE: -4})

        assert ("issuance/points", 4, 5) == tuple(
            refused.value.facts[fact] for fact in ("account", "balance", "needed")
        )

    def test_a_balance_has_a_bound_on_both_sides(self):
        fold([award(1)], {PASSBOOK: BALANCE_MAX - 1})

        with pytest.raises(AboveBound):
            fold([award(1)], {PASSBOOK: BALANCE_MAX})
        with pytest.raises(AboveBound):
            fold([award(1)], {ISSUANCE: -BALANCE_MAX})


class TestSettlingDebts:
    """ledger.md section 1, decision 8: what flows into a passbook settles its owner's debt first."""

    def test_all_of_it_where_the_debt_is_as_large(self):
        assert (award(50, DEBT),) == settling_debt([award(50)], {"V0001": 50})

    def test_part_of_it_where_the_debt_is_smaller(self):
        assert (award(20, DEBT), award(30)) == settling_debt([award(50)], {"V0001": 20})

    def test_over_several_transfers(self):
        settled = settling_debt([award(15), award(15)], {"V0001": 20})

        assert (award(15, DEBT), award(5, DEBT), award(10)) == settled

    def test_other_peoples_debts_are_their_own(self):
        assert (award(50, OTHER),) == settling_debt([award(50, OTHER)], {"V0001": 20})

    @pytest.mark.parametrize("source", [HELD, DEBT])
    def test_what_was_the_holders_own_settles_nothing(self, source):
        back = Transfer(source, PASSBOOK, 5)

        assert (back,) == settling_debt([back], {"V0001": 20})

    def test_what_leaves_a_passbook_settles_nothing(self):
        assert (spend(5),) == settling_debt([spend(5)], {"V0001": 20})


class TestOwing:
    """ledger.md section 1, decision 8: what is there is taken, the rest is owed; there is no force."""

    def test_nothing_is_owed_where_all_is_there(self):
        back = Transfer(PASSBOOK, ISSUANCE, 50)

        assert (back,) == owing_the_rest([back], {PASSBOOK: 50})

    def test_the_rest_is_owed(self):
        taken = owing_the_rest([Transfer(PASSBOOK, ISSUANCE, 50)], {PASSBOOK: 20})

        assert (Transfer(PASSBOOK, ISSUANCE, 20), Transfer(DEBT, ISSUANCE, 30)) == taken

    def test_all_is_owed_where_nothing_is_there(self):
        assert (Transfer(DEBT, ISSUANCE, 50),) == owing_the_rest([Transfer(PASSBOOK, ISSUANCE, 50)], {})

    def test_two_ways_back_share_what_is_there(self):
        ways = [Transfer(PASSBOOK, ISSUANCE, 15), Transfer(PASSBOOK, POOL, 15)]

        taken = owing_the_rest(ways, {PASSBOOK: 20})

        assert (ways[0], Transfer(PASSBOOK, POOL, 5), Transfer(DEBT, POOL, 10)) == taken

    def test_only_a_passbook_can_owe(self):
        back = Transfer(POOL, PASSBOOK, 50)

        assert (back,) == owing_the_rest([back], {POOL: 20})


class TestVintages:
    """ledger.md section 1, decision 9: points of the oldest year are taken first, those that last come last."""

    PURSE = ((OF_2025, 10), (OF_2026, 0), (PASSBOOK, 30))

    @pytest.mark.parametrize(
        ("wanted", "parts"),
        [
            (1, ((OF_2025, 1),)),
            (10, ((OF_2025, 10),)),
            (11, ((OF_2025, 10), (PASSBOOK, 1))),
            (40, ((OF_2025, 10), (PASSBOOK, 30))),
        ],
    )
    def test_the_oldest_first(self, wanted, parts):
        assert parts == take_oldest_first(wanted, self.PURSE)

    @given(st.lists(st.integers(1, 10_000), min_size=1, max_size=8), st.data())
    def test_whatever_is_taken_no_younger_year_is_touched_before_an_older_one_is_empty(self, held, drawn):
        years = [replace(PASSBOOK, vintage=2020 + place) for place in range(len(held))]
        purse = tuple(zip(years, held, strict=True))
        wanted = drawn.draw(st.integers(1, sum(held)))

        parts = take_oldest_first(wanted, purse)

        assert wanted == sum(amount for _, amount in parts)
        assert years[: len(parts)] == [account for account, _ in parts]
        assert [amount for _, amount in parts[:-1]] == held[: len(parts) - 1]
        assert 0 < parts[-1][1] <= held[len(parts) - 1]

    def test_more_than_all_together_is_refused(self):
        with pytest.raises(NotEnough) as refused:
            take_oldest_first(41, self.PURSE)

        assert {"account": self.PURSE[0][0].code, "unit": "points", "balance": 40, "needed": 41} == refused.value.facts

    def test_whoever_never_had_points_is_refused_too(self):
        with pytest.raises(NotEnough) as refused:
            take_oldest_first(1, ())

        assert {"account": "passbook", "unit": "points", "balance": 0, "needed": 1} == refused.value.facts
