"""Codes on phones: each says once whose passbook it is, for a minute, at one till of one community."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.people import builders
from tests.people.builders import XFL, acting_as
from timebank.ledger.codes import CodeKind
from timebank.people import queries
from timebank.people.operations.phone_codes import PhoneCodeExpired, PhoneCodeUsed, use_phone_code
from timebank.people.phone_codes import LEEWAY_SECONDS, TURNS_MAX, PhoneCodes, seconds_left
from timebank.people.queries import NoSuchVolunteer, NotAllowed
from timebank.people.roles import Role

CODES = PhoneCodes(b"k" * 32)
A_SECOND = timedelta(seconds=1)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def clerk(session):
    builders.open_the_community(session)
    return builders.a_staff_member(session, Role.CLERK)


@pytest.fixture
def wang(session, clerk):
    builders.a_volunteer(session, name="李强")
    return builders.a_volunteer(session)


def shown(session, volunteer, at=NOON, codes=CODES):
    """What somebody's phone shows."""
    return queries.phone_code(session, codes, XFL, volunteer.number, at)


def use(session, clerk, code, at=NOON, codes=CODES):
    """Scan it at the till."""
    return use_phone_code(session, acting_as(clerk, at=at), payload=code.payload, codes=codes)["number"]


class TestPhoneCodes:
    """experience.md V2; trust.md T2, R1 to R6. At noon a minute begins."""

    def test_it_says_whose_passbook_it_is(self, session, clerk, wang):
        code = shown(session, wang)

        assert CodeKind.PHONE is code.kind
        assert wang.number == use(session, clerk, code)

    def test_it_stays_for_its_minute_and_changes_then(self, session, wang):
        assert shown(session, wang) == shown(session, wang, at=NOON + 59 * A_SECOND)
        assert shown(session, wang) != shown(session, wang, at=NOON + A_MINUTE)
        assert (60, 1) == (seconds_left(NOON), seconds_left(NOON + 59 * A_SECOND))

    def test_it_works_until_its_leeway_is_over(self, session, clerk, wang):
        last = NOON + A_MINUTE + (LEEWAY_SECONDS - 1) * A_SECOND
        code = shown(session, wang)

        with pytest.raises(PhoneCodeExpired):
            use(session, clerk, code, at=last + A_SECOND)
        assert wang.number == use(session, clerk, code, at=last)

    def test_it_does_not_work_before_its_minute(self, session, clerk, wang):
        with pytest.raises(PhoneCodeExpired):
            use(session, clerk, shown(session, wang, at=NOON + A_MINUTE))

    def test_it_works_once_and_another_is_shown(self, session, clerk, wang):
        code = shown(session, wang)
        use(session, clerk, code)
        other_clerk = builders.a_staff_member(session, Role.CLERK)

        for somebody in (clerk, other_clerk):
            with pytest.raises(PhoneCodeUsed):
                use(session, somebody, code)
        again = shown(session, wang)
        assert code != again
        assert wang.number == use(session, clerk, again)

    def test_the_same_request_is_given_the_same_answer(self, session, clerk, wang):
        code = shown(session, wang)
        act = acting_as(clerk, request_key="one scan of a phone")

        first = use_phone_code(session, act, payload=code.payload, codes=CODES)

        assert first == use_phone_code(session, act, payload=code.payload, codes=CODES)

    def test_ten_in_one_minute_are_all(self, session, clerk, wang):
        for _ in range(TURNS_MAX):
            use(session, clerk, shown(session, wang))

        with pytest.raises(PhoneCodeUsed):
            use(session, clerk, shown(session, wang))

    def test_a_code_made_with_another_key_says_nothing(self, session, clerk, wang):
        with pytest.raises(PhoneCodeExpired):
            use(session, clerk, shown(session, wang, codes=PhoneCodes(b"x" * 32)))

    def test_only_who_serves_at_the_till_uses_it_up(self, session, clerk, wang):
        coordinator = builders.a_staff_member(session, Role.COORDINATOR)

        with pytest.raises(NotAllowed):
            use(session, coordinator, shown(session, wang))

    def test_nobody_has_no_code(self, session, clerk):
        with pytest.raises(NoSuchVolunteer):
            queries.phone_code(session, CODES, XFL, "V9999", NOON)
