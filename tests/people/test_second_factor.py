"""The second factor: an authenticator on the phone, and recovery codes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON, an_act
from tests.people.builders import VAULT, XFL, a_staff_member, acting_as, open_the_community, signed_in
from timebank.books import trail
from timebank.books.requests import Secret
from timebank.books.trail import TrailFilter
from timebank.people import operations
from timebank.people.one_time_codes import RECOVERY_CODES, code_at, find_step, grouped
from timebank.people.operations.second_factor import (
    NoSecondFactor,
    SecondFactorWrong,
    StepUpNeeded,
    TooManyCodes,
    give_second_factor,
    renew_recovery_codes,
    set_up_totp,
)
from timebank.people.operations.signing_in import open_session
from timebank.people.queries.factors import second_factor
from timebank.people.tables import TotpFactorRow

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = tuple(Secret(letter * 16) for letter in "abcdefgh")
STEP = timedelta(seconds=30)
COOKIE, NEXT = Secret("cookie"), Secret("next cookie")


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


@pytest.fixture
def chen(session):
    """A coordinator with a session begun by a password alone."""
    chen = a_staff_member(session, login="chen", name="陈敏")
    open_session(session, acting_as(chen), chen.person_id, COOKIE, "192.0.2.7")
    return chen


def set_up(session, staff, *, at=NOON, typed=None, secret=SECRET, cookie=COOKIE, codes=CODES):
    """Set an authenticator up as its owner does."""
    return set_up_totp(
        session,
        acting_as(staff, at=at),
        secret=Secret(secret),
        typed=Secret(typed or code_at(secret, at)),
        recovery_codes=codes,
        session_secret=cookie,
        vault=VAULT,
    )


def give(session, staff, typed, *, at, cookie=COOKIE, then=NEXT):
    """Type a code."""
    give_second_factor(
        session,
        acting_as(staff, at=at),
        typed=Secret(typed),
        session_secret=cookie,
        next_secret=then,
        vault=VAULT,
        source="192.0.2.7",
    )


class TestTheCode:
    """RFC 6238: six digits of a half minute, and of the one before and after, for clocks differ."""

    @pytest.mark.parametrize("off", [-1, 0, 1])
    def test_a_clock_may_be_half_a_minute_off(self, off):
        assert find_step(SECRET, code_at(SECRET, NOON + off * STEP), at=NOON, after=0) is not None

    @pytest.mark.parametrize("off", [-2, 2])
    def test_a_minute_off_is_too_much(self, off):
        assert find_step(SECRET, code_at(SECRET, NOON + off * STEP), at=NOON, after=0) is None

    def test_a_code_that_was_used_and_those_before_it_count_no_more(self):
        step = find_step(SECRET, code_at(SECRET, NOON), at=NOON, after=0)
        assert step is not None

        assert find_step(SECRET, code_at(SECRET, NOON), at=NOON, after=step) is None
        assert find_step(SECRET, code_at(SECRET, NOON - STEP), at=NOON, after=step) is None
        assert step + 1 == find_step(SECRET, code_at(SECRET, NOON + STEP), at=NOON, after=step)

    def test_blanks_and_full_width_digits_are_read(self):
        code = code_at(SECRET, NOON)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)

        assert find_step(SECRET, f" {code[:3]} {code[3:]} ", at=NOON, after=0) is not None
        assert find_step(SECRET, wide, at=NOON, after=0) is not None

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "²²²²²²", "٣٣٣٣٣٣"])
    def test_what_is_no_code_fits_nothing(self, typed):
        assert find_step(SECRET, typed, at=NOON, after=0) is None


class TestSettingUp:
    """ASVS 6.5: nothing is taken into use before it has shown that it works."""

    def test_the_session_in_which_it_is_set_up_has_given_it(self, session, chen):
        set_up(session, chen)

        assert (True, NOON) == (signed_in(session).has_second, signed_in(session).second_at)
        found = second_factor(session, XFL, chen.person_id)
        assert (NOON, len(CODES)) == (found.set_up_at, found.codes_left)

    def test_a_wrong_code_sets_nothing_up(self, session, chen):
        with pytest.raises(SecondFactorWrong):
            set_up(session, chen, typed=code_at(SECRET, NOON + 5 * STEP))

        assert not signed_in(session).has_second

    def test_other_sessions_end(self, session, chen):
        open_session(session, acting_as(chen), chen.person_id, Secret("elsewhere"), "203.0.113.9")

        set_up(session, chen)

        assert signed_in(session, "elsewhere") is None

    def test_the_secret_is_not_stored_in_clear(self, session, chen):
        set_up(session, chen)

        assert SECRET.encode() not in session.scalars(sa.select(TotpFactorRow)).one().ciphertext

    def test_another_phone_asks_for_a_fresh_code(self, session, chen):
        set_up(session, chen)
        other = "K" * 32

        set_up(session, chen, at=NOON + timedelta(minutes=10), secret=other)
        with pytest.raises(StepUpNeeded):
            set_up(session, chen, at=NOON + timedelta(minutes=20, seconds=1))

    def test_pressed_twice_counts_once(self, session, chen):
        act = acting_as(chen)
        told = [
            set_up_totp(
                session,
                act,
                secret=Secret(SECRET),
                typed=Secret(code_at(SECRET, NOON)),
                recovery_codes=CODES,
                session_secret=COOKIE,
                vault=VAULT,
            )
            for _time in range(2)
        ]

        assert told[0] == told[1]
        assert len(CODES) == second_factor(session, XFL, chen.person_id).codes_left

    def test_there_are_as_many_codes_as_the_page_says(self):
        assert len(CODES) == RECOVERY_CODES


class TestGiving:
    """trust.md A10: replay, one step off, brute force."""

    def test_the_session_goes_on_under_another_secret(self, session, chen):
        set_up(session, chen)
        later = NOON + timedelta(minutes=5)

        give(session, chen, code_at(SECRET, later), at=later)

        assert signed_in(session, at=later) is None
        assert later == signed_in(session, NEXT.value, later).second_at

    def test_its_absolute_end_does_not_move(self, session, chen):
        set_up(session, chen)
        later = NOON + timedelta(minutes=5)

        give(session, chen, code_at(SECRET, later), at=later)

        assert NOON == signed_in(session, NEXT.value, later).started_at

    def test_a_code_works_once(self, session, chen):
        set_up(session, chen)

        with pytest.raises(SecondFactorWrong):
            give(session, chen, code_at(SECRET, NOON), at=NOON)

    def test_a_recovery_code_works_once_however_it_is_written(self, session, chen):
        set_up(session, chen)

        give(session, chen, grouped("c" * 16).upper(), at=NOON)
        with pytest.raises(SecondFactorWrong):
            give(session, chen, "c" * 16, at=NOON, cookie=NEXT, then=Secret("third"))

        assert len(CODES) - 1 == second_factor(session, XFL, chen.person_id).codes_left

    def test_nobody_uses_the_code_of_another(self, session, chen):
        set_up(session, chen)
        li = a_staff_member(session, login="li", name="李建国")
        open_session(session, acting_as(li), li.person_id, Secret("li"), "192.0.2.7")

        with pytest.raises(SecondFactorWrong):
            give(session, li, "c" * 16, at=NOON, cookie=Secret("li"))

    @pytest.mark.parametrize(("wrong", "kept_out"), [(4, False), (5, True)])
    def test_after_five_wrong_ones_the_right_one_is_not_looked_at(self, session, chen, wrong, kept_out):
        set_up(session, chen)
        at = NOON + timedelta(minutes=2)
        for place in range(wrong):
            with pytest.raises(SecondFactorWrong):
                give(session, chen, "not a code", at=at + timedelta(seconds=place))
        soon = at + timedelta(seconds=wrong)

        if kept_out:
            with pytest.raises(TooManyCodes):
                give(session, chen, code_at(SECRET, soon), at=soon)
            soon = at + timedelta(minutes=6)
        give(session, chen, code_at(SECRET, soon), at=soon)

        assert signed_in(session, NEXT.value, soon) is not None

    def test_wrong_and_right_leave_one_line_each(self, session, chen):
        set_up(session, chen)
        with pytest.raises(SecondFactorWrong):
            give(session, chen, "000000", at=NOON)
        give(session, chen, "a" * 16, at=NOON + timedelta(seconds=1))

        lines = trail.lines(session, XFL, wanted=TrailFilter(verb="people.give_second_factor"))

        assert ["done", "refused"] == [line.outcome for line in lines]

    def test_the_demo_and_badges_ask_for_no_more(self, session, chen):
        operations.open_demo_session(session, an_act(number="nobody"), login="chen", session_secret=Secret("demo"))

        assert NOON == signed_in(session, "demo").second_at


class TestRecoveryCodes:
    """New ones in place of the old, with a fresh code only."""

    def test_the_old_ones_work_no_more(self, session, chen):
        set_up(session, chen)
        fresh = tuple(Secret(letter * 16) for letter in "ijklmnop")

        renew_recovery_codes(session, acting_as(chen), recovery_codes=fresh, session_secret=COOKIE)

        with pytest.raises(SecondFactorWrong):
            give(session, chen, "a" * 16, at=NOON)
        give(session, chen, "i" * 16, at=NOON + timedelta(seconds=1))

    def test_a_code_given_long_ago_is_not_enough(self, session, chen):
        set_up(session, chen)
        late = acting_as(chen, at=NOON + timedelta(minutes=11))

        with pytest.raises(StepUpNeeded):
            renew_recovery_codes(session, late, recovery_codes=CODES, session_secret=COOKIE)

    def test_without_an_authenticator_there_is_nothing_to_recover(self, session, chen):
        with pytest.raises(NoSecondFactor):
            renew_recovery_codes(session, acting_as(chen), recovery_codes=CODES, session_secret=COOKIE)
