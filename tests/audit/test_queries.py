"""What an auditor may ask: balances now, at a moment, as of a day; where all points and pieces are."""

from datetime import timedelta

import pytest

from tests.audit.builders import FIRST_DAY, XFL
from tests.builders import NOON
from tests.market import builders as market
from timebank.audit import queries
from timebank.audit.queries import NOW, When
from timebank.books.statements import AccountFilter
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind

MORNING_AFTER_THE_IMPORT = When(as_of=FIRST_DAY + timedelta(days=1))
MOMENTS = {
    "now": NOW,
    "at a moment": When(at=NOON + timedelta(minutes=1)),
    "before anything was booked": When(at=NOON - timedelta(days=1000)),
    "as of a day": MORNING_AFTER_THE_IMPORT,
    "as of a day before everything": When(as_of=FIRST_DAY - timedelta(days=1)),
}


def balances_of(trial, unit):
    return {line.kind: line.balance for line in trial.lines if line.unit == unit}


class TestTrialBalance:
    """domain.md A1: the trial balance is zero at any date, unit by unit."""

    @pytest.mark.parametrize("when", MOMENTS.values(), ids=MOMENTS.keys())
    def test_every_unit_sums_to_zero(self, busy, when):
        trial = queries.trial_balance(busy, XFL, when)

        assert trial.balanced
        assert set(trial.sums.values()) <= {0}

    def test_every_kind_of_account_has_its_line(self, busy):
        trial = queries.trial_balance(busy, XFL)

        assert [MINUTES] == [line.unit for line in trial.lines if line.kind is AccountKind.SERVICE]
        passbooks = next(line for line in trial.lines if line.kind is AccountKind.PASSBOOK)
        assert (POINTS, 4) == (passbooks.unit, passbooks.accounts)

    def test_before_anything_there_is_nothing(self, busy):
        trial = queries.trial_balance(busy, XFL, MOMENTS["before anything was booked"])

        assert ((), True) == (trial.lines, trial.balanced)

    def test_as_of_a_day_only_what_counts_for_it_is_told(self, busy):
        """Two of the days that were imported, whenever they were booked."""
        trial = queries.trial_balance(busy, XFL, MORNING_AFTER_THE_IMPORT)

        assert {AccountKind.SERVICE: -480, AccountKind.RECOGNISED: 480} == balances_of(trial, MINUTES)

    def test_another_community_has_books_of_its_own(self, busy):
        assert () == queries.trial_balance(busy, "other").lines


class TestIdentities:
    """domain.md A1 and A6: issued − redeemed − expired − held = outstanding; received = on the shelf + gone."""

    @pytest.mark.parametrize("when", MOMENTS.values(), ids=MOMENTS.keys())
    def test_every_point_is_accounted_for_at_any_time(self, busy, when):
        trial = queries.trial_balance(busy, XFL, when)

        assert 0 == queries.points_identity(trial).difference_e2
        assert 0 == queries.goods_identity(trial).difference

    def test_where_the_points_are(self, busy):
        points = queries.points_identity(queries.trial_balance(busy, XFL))

        assert (111_500, 930, 1_000, 50) == (points.issued_e2, points.redeemed_e2, points.expired_e2, points.held_e2)
        assert (109_720, 200, 0, 0) == (points.passbooks_e2, points.owed_e2, points.pool_e2, points.carried_e2)

    def test_where_the_pieces_are(self, busy):
        goods = queries.goods_identity(queries.trial_balance(busy, XFL))

        assert (14, 7, 4) == (goods.received, goods.shelf, goods.handed_out)
        assert (0, 0, 3) == (goods.found, goods.reserved, goods.written_off)

    def test_nothing_is_nowhere(self, session):
        market.a_shop(session)
        trial = queries.trial_balance(session, XFL)

        assert 0 == queries.points_identity(trial).issued_e2
        assert 0 == queries.goods_identity(trial).received


class TestAccountBalances:
    """experience.md A7: one question, three times it may be asked for."""

    def test_of_one_persons_accounts(self, busy, made):
        owner = made.community.volunteers[0].number
        wanted = AccountFilter(owners=(owner,), unit=POINTS)

        now = queries.account_balances(busy, XFL, wanted=wanted)
        first = queries.account_balances(busy, XFL, MORNING_AFTER_THE_IMPORT, wanted)

        assert {"held": 50, "passbook": 108_720} == {item.account.kind: item.balance for item in now}
        assert {"passbook": 8_000} == {item.account.kind: item.balance for item in first}

    def test_a_moment_before_a_redemption(self, busy):
        """The redemption was booked at noon; a moment before it the points were all there."""
        wanted = AccountFilter(kind=AccountKind.REDEEMED)
        before = When(at=NOON - timedelta(seconds=1))

        assert () == queries.account_balances(busy, XFL, before, wanted)
