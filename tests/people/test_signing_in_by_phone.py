"""Signing in by phone, for those who know it better than the number in their passbook."""

import pytest

from tests.people.builders import a_password, a_volunteer
from tests.people.test_signing_in import session, sign_in
from timebank.people.operations.signing_in import SignInFailed

__all__ = ["session"]


class TestByPhone:
    """A phone names the volunteer who alone has it; it is not told whether somebody does."""

    def test_a_volunteer_enters_by_phone(self, session):
        a_volunteer(session, name="张桂芳", phone="19900001234")
        a_password(session, "V0002")

        assert "V0002" == sign_in(session, login="199 0000 1234")
        assert "V0002" == sign_in(session, login="+8619900001234", cookie="another")

    def test_where_a_family_shares_a_phone_nobody_does(self, session):
        for name in ("张桂芳", "李建国"):
            a_volunteer(session, name=name, phone="19900001234")
        a_password(session, "V0002")

        with pytest.raises(SignInFailed):
            sign_in(session, login="19900001234")
